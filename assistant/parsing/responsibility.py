"""Who leads and who assists: the bracket at the end of a clause.

(牵头单位:市教育局、市科技局,配合单位:市国资委)      广州
（区人社局牵头，区委组织部、各街道等配合）             海珠
（区教育局、区人社局分工牵头，…等配合）                海珠
（责任单位：市人力社保局，市财政局）                   common elsewhere
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.model import Span, reading_text

_BRACKET = re.compile(r"[（(][^（）()]*(?:[（(][^（）()]*[）)][^（）()]*)*[）)]。?\s*$")
_UNBRACKETED = re.compile(
    r"(?<=[。；;\n])[ \t\u3000]*"
    r"((?:牵头|责任|主办|负责)(?:单位|部门)\s*[:：][^。\r\n\f\v\x85\u2028\u2029]{2,300})。?\s*$"
)
_LABELLED = re.compile(
    r"(牵头(?:[\u4e00-\u9fff]{0,2}(?:单位|部门))?|责任(?:单位|部门)|主办单位|负责单位|配合(?:单位|部门)?|协办单位|参与单位)\s*[:：]\s*"
)
_LEADING = re.compile(r"^(.+?)(?:按职责)?(?:分工)?(?:牵头|负责)(?:[，,；;]\s*(.*))?$")
_ASSISTING = re.compile(r"^(.*?)等?(?:按职责)?(?:分工)?(?:配合|参与|协同)(?:负责)?$")


@dataclass(frozen=True, slots=True)
class Responsibility:
    """Units as printed, in order, and where the bracket stands in the text."""

    lead: tuple[str, ...]
    cooperating: tuple[str, ...]
    span: Span


def find_responsibility(text: str, span: Span) -> Responsibility | None:
    """The responsible units at the end of `span`, or None."""
    if match := _BRACKET.search(text, span.start, span.end):
        bracket = match.group().rstrip().rstrip("。")
        words = reading_text(bracket)[1:-1].strip()
        where = Span(match.start(), match.start() + len(bracket))
    elif opened := _UNBRACKETED.search(text, span.start, span.end):
        words = reading_text(opened.group(1))
        where = Span(opened.start(1), opened.end(1))
    else:
        return None
    parts = _LABELLED.split(words)
    # 「持续推进，牵头考核单位：…」: a remark on time may stand first
    if len(parts) >= 3 and re.fullmatch(r"\s*(?:[^：:。]{1,20}[，,；;])?\s*", parts[0]):
        lead: tuple[str, ...] = ()
        cooperating: tuple[str, ...] = ()
        for label, names in zip(parts[1::2], parts[2::2], strict=True):
            if label.startswith(("配合", "协办", "参与")):
                cooperating += _units(names)
            else:
                lead += _units(names)
        return Responsibility(lead, cooperating, where)
    leading = _LEADING.match(words)
    if leading is None or "。" in words or len(words) > 300:
        return None
    assisting = _ASSISTING.match(leading.group(2) or "")
    return Responsibility(_units(leading.group(1)), _units(assisting.group(1)) if assisting else (), where)


def _units(names: str) -> tuple[str, ...]:
    return tuple(name for raw in re.split(r"[、，,；;]", names) if (name := re.sub(r"等$", "", raw.strip())))
