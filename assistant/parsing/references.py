"""《…》 mentions of other texts, with the number that follows or stands inside."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache

from assistant.model import Reference, Span, reading_text

DOCUMENT_NUMBER = re.compile(
    r"([\u4e00-\u9fff]{2,12}?)\s*[〔\[【（(]\s*((?:19|20)\d{2})\s*[〕\]】）)]\s*(?:第\s*)?(\d{1,5})\s*号"
)
"""A document number such as 穗府办〔2025〕7号, with any bracket a typist may have used."""

_LEAD_IN = re.compile(r"^.*?(?:根据|依据|依照|按照|按|参照|见|的|和|与|及|是|以|原|由)(?=[\u4e00-\u9fff]{2})")
_AFTER = re.compile(r"\s*[（(]?\s*" + DOCUMENT_NUMBER.pattern)
_MARKS = re.compile(r"[《》。\n]")
_INSIDE = re.compile(r"[（(]\s*" + DOCUMENT_NUMBER.pattern + r"\s*[）)]?")


def normal_number(code: str, year: str, number: str) -> str:
    """The number in its official form.

    Example:
        >>> normal_number("粤人社规", "2023", "013")
        '粤人社规〔2023〕13号'
    """
    return f"{_LEAD_IN.sub('', code)}〔{year}〕{int(number)}号"


def find_references(text: str, titles: Mapping[str, str] | None = None) -> tuple[Reference, ...]:
    """All outermost 《…》 in `text`.

    `titles` maps folded titles (see `fold_title`) to policy ids of the corpus; a mention found there is marked present.
    """
    found: list[Reference] = []
    depth, start = 0, 0
    for mark in _MARKS.finditer(text):
        at, char = mark.start(), mark.group()
        if char == "《":
            if depth == 0:
                start = at
            depth += 1
        elif char == "》" and depth:
            depth -= 1
            if depth == 0:
                found.append(_reference(text, Span(start, at + 1), titles or {}))
        elif char in "。\n":
            depth = 0  # an opening mark that is never closed must not swallow the rest
    return tuple(found)


def resolved(references: Iterable[Reference], titles: Mapping[str, str]) -> tuple[Reference, ...]:
    """The mentions, those of texts of the corpus marked present and no others; `titles` as in `find_references`."""
    return tuple(
        reference if reference.policy_id == held else replace(reference, policy_id=held)
        for reference in references
        for held in (titles.get(fold_title(reference.title)),)
    )


def _reference(text: str, span: Span, titles: Mapping[str, str]) -> Reference:
    title = reading_text(text[span.start + 1 : span.end - 1])
    number = None
    inside = _INSIDE.search(title)
    after = _AFTER.match(text, span.end)
    if inside:
        number = normal_number(*inside.groups())
        title = title[: inside.start()] + title[inside.end() :]
    elif after:
        number = normal_number(*after.groups())
    return Reference(title, number, span, titles.get(fold_title(title)))


@lru_cache(maxsize=20_000)
def fold_title(title: str) -> str:
    """A title for comparison: no blanks, book marks or (试行)-like tails."""
    return re.sub(r"[\s《》〈〉<>]|[（(][^（）()]{1,8}[）)]$", "", title)
