"""Lines as read: where they begin, how far apart they stand, and which continue the line before.

Nothing is deleted or changed: every decision is a span with a ledger entry.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from assistant.model import LedgerEntry, Span
from assistant.parsing.headings import heading_of
from assistant.parsing.numerals import NUMERAL

_LINE = re.compile(r"[^\r\n\f\v\x85\u2028\u2029]+")
_BLANK = " \t\u3000\xa0\ufeff\u200b\u200c\u200d\u2060\u1680\u202f\u205f" + "".join(
    chr(c) for c in range(0x2000, 0x200B)
)
# Markdown's heading marks stand before a label and hide it
_MARK = re.compile(r"#{1,6}(?:\s+(?=\S)|$)")
_INLINE_ARTICLE = re.compile(
    rf"(第\s?{NUMERAL}+\s?[章节]\s*[^\s，。；、：]{{1,24}}(?:\s[^\s，。；、：]{{1,8}})?)\s+(?=第\s?{NUMERAL}+\s?条\s)"
)
_TERMINAL = re.compile(r"[。！？；;：:!?…][”’」』]*$|[）)》]$")


@dataclass(frozen=True, slots=True)
class Line:
    """A line with words on it.

    Attributes:
        span: without the blanks at both ends.
        text: the slice.
        indented: it begins with two or more blanks or an ideographic space, as paragraphs do.
        gap: number of empty lines before it.
        continues: it goes on from the line before, across a wrap or a page break.
        after_aside: something set aside (a page number, an image mark) stands between it and the line before.
        row: it is a row of a table; `head` holds the names of its columns, "" for the row that names them.
        section: it is one of the unnumbered headings of a service guide.
    """

    span: Span
    text: str
    indented: bool = False
    gap: int = 0
    continues: bool = False
    after_aside: bool = False
    row: bool = False
    head: str = ""
    section: bool = False


def read_lines(text: str) -> tuple[Line, ...]:
    """All lines of `text` that hold more than blanks, in order."""
    lines: list[Line] = []
    previous_end = 0
    for match in _LINE.finditer(text):
        raw = match.group()
        words = raw.strip(_BLANK)
        if not words:
            continue
        start = match.start() + raw.index(words)
        lead = raw[: start - match.start()]
        if mark := _MARK.match(words):
            start, words = start + mark.end(), words[mark.end() :]
        if not words:
            continue
        between = text[previous_end : match.start()]
        gap = max(0, between.replace("\r\n", "\n").count("\n") + between.count("\f") - 1) if lines else 0
        indented = len(lead) > 1 or "\u3000" in lead
        inline = _INLINE_ARTICLE.match(words)
        if inline:
            # 「第一章 总则 第一条 …」 on one line: two units
            lines.append(Line(Span(start, start + inline.end(1)), words[: inline.end(1)], indented, gap))
            start, words, gap = start + inline.end(), words[inline.end() :], 0
        lines.append(Line(Span(start, start + len(words)), words, indented, gap))
        previous_end = match.end()
    return tuple(lines)


def join_wrapped(
    lines: tuple[Line, ...], is_running: Callable[[str], bool] = lambda _: True
) -> tuple[tuple[Line, ...], tuple[LedgerEntry, ...]]:
    """Mark the lines that continue the one before, and note each join over empty lines as a page break.

    A line continues when the one before is running text cut off mid-sentence and this one opens no clause.
    `is_running` says which lines may be cut off at all: titles and issuers, read by `header`, are not. Over a page
    number or an image mark nothing is joined: the quotation would show it.
    """
    marked: list[Line] = []
    ledger: list[LedgerEntry] = []
    full = _full_width(lines)
    for line in lines:
        if (
            marked
            and is_running(marked[-1].text)
            and (_cut_off(marked[-1]) or _fills(marked[-1], full))
            and not line.indented
            and not line.after_aside
            and not (line.row or line.section or marked[-1].row or marked[-1].section)
            and heading_of(line.text) is None
        ):
            previous = marked[-1]
            marked.append(replace(line, continues=True))
            if line.gap:
                note = f"「{previous.text[-6:]}」与「{line.text[:6]}」之间有分页，阅读时连起来，原文位置不变。"
                ledger.append(LedgerEntry("page_break", Span(previous.span.end, line.span.start), note))
        else:
            marked.append(line)
    return tuple(marked), tuple(ledger)


def _width(line: Line) -> float:
    """Width in Chinese characters; Latin letters and digits are half as wide."""
    return sum(0.5 if char.isascii() else 1.0 for char in line.text)


def _full_width(lines: tuple[Line, ...]) -> float:
    """The width at which a text copied from a page was wrapped, 0 where its lines are whole paragraphs."""
    widths = sorted(_width(line) for line in lines)
    if len(widths) < 12:
        return 0
    full = widths[len(widths) * 9 // 10]
    filled = sum(full - 4 <= width <= full + 2 for width in widths)
    return full if 15 <= full <= 60 and filled >= 0.4 * len(widths) else 0


def _fills(line: Line, full: float) -> bool:
    """Whether a line of a wrapped text goes up to the margin without ending a sentence."""
    return full > 0 and _width(line) >= full - 4 and not re.search(r"[。！？；;：:!?…][”’」』）)]*$", line.text)


def _cut_off(line: Line) -> bool:
    """Running text without an end: long, or itself a continuation, or stopped at a comma."""
    if _TERMINAL.search(line.text):
        return False
    if line.text.endswith(("，", ",", "、")):
        return True
    running = bool(re.search(r"[，。；,;]", line.text)) or line.continues
    return running or len(line.text) >= 35 or (len(line.text) >= 25 and heading_of(line.text) is None)
