"""Issuing organs: joint names apart, and the whole name of one that a title shortens."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.model import Evidence, Span
from assistant.parsing.blocks import ORGANS, LineKind
from assistant.parsing.cleaning import Line
from assistant.parsing.facts import facts_in
from assistant.parsing.header_record import Header, ends_title

_RELATIVE = re.compile(r"^[省市区县州](?!人大)")


def split_organs(text: str) -> tuple[str, ...]:
    """The names in a line of organs, each once; the word 文件 of a printed head is none."""
    names = re.split(r"[\s\u3000、]+", re.sub(r"\s*文件$", "", text.replace(" 文件", "")))
    return tuple(dict.fromkeys(name for name in names if name and name != "文件"))


def is_relative(name: str) -> bool:
    """「市人社局」: an office of a place that the name does not give."""
    return _RELATIVE.match(name) is not None


def whole_issuer(short: str, organs: Iterable[tuple[tuple[str, ...], Span]]) -> tuple[str, Span] | None:
    """「市人民政府关于…」 signed 武汉市人民政府: the signature, or the site's table, tells which city.

    None where the name is whole, or nothing tells.
    """
    if not _RELATIVE.match(short):
        return None
    for names, span in organs:
        if len(names) == 1 and names[0] != short and names[0].endswith(short):
            return names[0], span
    return None


def read_issuers(header: Header, organs: list[tuple[tuple[str, ...], Span]], fields: tuple[Line, ...]) -> None:
    """Issuers: the printed head, else the words before 关于 in the title, else signature, else the page's own lines."""
    before = [entry for entry in organs if header.title_span is None or entry[1].start < _first_title_start(header)]
    if before:
        names = tuple(dict.fromkeys(name for entry in before for name in entry[0]))
        header.set_once("issuers", names, before[0][1])
    titled = [(header.notice_title or "", "notice_title"), (header.title, "title")]
    for title, name in titled:
        prefix = re.split(r"关于|转发|印发", title, maxsplit=1)[0].strip() if "关于" in title or "印发" in title else ""
        if prefix and ORGANS.match(prefix):
            span = next(entry.span for entry in header.evidence if entry.field == name)
            header.set_once("issuers", split_organs(prefix), span or Span(0, 0))
    if organs:
        signature = [entry for entry in organs if entry not in before] or organs
        header.set_once("issuers", signature[-1][0], signature[-1][1])
    organs = [*organs, *_issuers_of_the_page(header, fields)]
    if len(header.issuers) == 1 and (whole := whole_issuer(header.issuers[0], organs)):
        header.issuers = (whole[0],)
        header.evidence = [entry for entry in header.evidence if entry.field != "issuers"]
        header.evidence.append(Evidence("issuers", whole[1]))


def _issuers_of_the_page(header: Header, fields: tuple[Line, ...]) -> list[tuple[tuple[str, ...], Span]]:
    """Issuers that the site's own fields name; an issuing office goes before a source."""
    printed = [(item.text, item.span) for lines in (header.front, fields) for item in lines]
    facts = [(fact, span) for text, span in printed for fact in facts_in(text)]
    joint = tuple(name for fact, _ in facts if fact.kind == "joint" for name in split_organs(fact.value))
    named = []
    for kind in ("issuer", "source"):
        for fact, span in facts:
            if fact.kind == kind and ORGANS.match(fact.value) and not is_relative(fact.value):
                names = (*split_organs(fact.value), *(joint if kind == "issuer" else ()))
                header.set_once("issuers", tuple(dict.fromkeys(names)), span, fact.label or "来源")
                named.append((names, span))
    return named


def _first_title_start(header: Header) -> int:
    starts = [block.span.start for block in header.front if block.kind is LineKind.TITLE and ends_title(block.text)]
    return min(starts) if starts else header.title_span.start if header.title_span else 0
