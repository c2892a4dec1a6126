"""Forms: their fields as markup, and what was filled in as plain values. They are posted: addresses hold nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends, Query, Request

from assistant.errors import AssistantError, JurisdictionError, ProfileError
from assistant.registers.records import Register

MAX_FIELDS = 80
LONGEST = 300
_UNKNOWN = {
    JurisdictionError: "没有这个地名，或者同名的不止一处，无法确定适用哪里的文件。请写全名，如 广东省广州市海珠区。",
    ProfileError: "技能等级或单位性质写的不认识，无法判断哪些规定适用。请从列出的里面选。",
}


@dataclass(frozen=True, slots=True)
class Filled:
    """The fields of a form in order, blanks left out."""

    pairs: tuple[tuple[str, str], ...] = ()

    def one(self, name: str) -> str:
        """A field's value, "" where it was left empty."""
        return next((value for key, value in self.pairs if key == name), "")

    def many(self, name: str) -> tuple[str, ...]:
        """All values of a field."""
        return tuple(value for key, value in self.pairs if key == name)


async def posted(request: Request) -> Filled:
    """What was posted; a body that is no form counts as an empty one."""
    try:
        pairs = parse_qsl((await request.body()).decode("utf-8", "replace"), max_num_fields=MAX_FIELDS)
    except ValueError:
        pairs = []
    return Filled(tuple((name, value.strip()[:LONGEST]) for name, value in pairs if value.strip()))


Posted = Annotated[Filled, Depends(posted)]
Named = Annotated[str, Query(max_length=60)]
"""What a link from the chat fills in: a place, a level."""


def words_for(error: AssistantError) -> str:
    """A failure in a sentence that does not repeat what was filled in."""
    return next((words for kind, words in _UNKNOWN.items() if isinstance(error, kind)), str(error))


def named_place(register: Register, words: str) -> str:
    """A place's full name where a link gives its code; other words stay as they are."""
    try:
        return register.gazetteer.full_name(register.gazetteer.resolve(words).code) if words.isdecimal() else words
    except JurisdictionError:
        return ""


def select(name: str, label: str, options: Iterable[tuple[str, str]], chosen: str) -> str:
    """A choice of one; options are (value, name)."""
    shown = "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(text)}</option>'
        for value, text in options
    )
    return f'<label class="field"><span>{label}</span><select name="{name}">{shown}</select></label>'


def place_field(places: Sequence[str], value: str, label: str = "地区") -> str:
    """A place by name: those with a text are offered, any other may be written."""
    offered = "".join(f'<option value="{escape(place)}"></option>' for place in places)
    return (
        f'<label class="field"><span>{label}</span><input name="place" list="places" value="{escape(value)}" required '
        f'maxlength="60" autocomplete="off" placeholder="如 海珠区"></label><datalist id="places">{offered}</datalist>'
    )


def checks(name: str, legend: str, options: Iterable[str], chosen: Sequence[str]) -> str:
    """A choice of several."""
    boxes = "".join(
        f'<label class="check"><input type="checkbox" name="{name}" value="{escape(text)}"'
        f"{' checked' if text in chosen else ''}><span>{escape(text)}</span></label>"
        for text in options
    )
    return f'<fieldset class="checks"><legend>{legend}</legend><div>{boxes}</div></fieldset>'


def form_html(action: str, fields: str, button: str) -> str:
    """A form that is posted and shown again above its result."""
    return (
        f'<form class="asked-for" method="post" action="{action}#result">{fields}'
        f'<p class="go"><button class="primary">{button}</button></p></form>'
    )


def export_html(action: str, filled: Filled) -> str:
    """The buttons that give the same table as a file."""
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in filled.pairs
    )
    buttons = "".join(
        f'<button name="format" value="{ending}"{" formtarget=_blank" if ending == ".html" else ""}>{text}</button>'
        for ending, text in ((".xlsx", "Excel"), (".csv", "CSV"), (".md", "Markdown"), (".html", "打印版"))
    )
    return f'<form class="export" method="post" action="{action}"><span>导出：</span>{hidden}{buttons}</form>'
