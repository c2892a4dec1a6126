"""Characters on a page → lines; lines → paragraphs, with page heads, feet and numbers told apart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from assistant.parsing.headings import heading_of

_FOOT = re.compile(
    r"[-—–－―]?\s*\d{1,4}\s*[-—–－―]?|第\s*\d{1,4}\s*页(?:\s*[，,/]?\s*共\s*\d{1,4}\s*页)?|\d{1,4}\s*/\s*\d{1,4}|[ivxIVX]{1,5}"
)
_EDGE = 0.12
"""The part of a page, above and below, where heads and feet stand."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """One printed character and its box; `top` counts down from the upper edge."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line of a page. `table` lines are rows, and join nothing."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    table: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of one page, top to bottom."""

    width: float
    height: float
    lines: tuple[PrintedLine, ...]


def lines_of(glyphs: Sequence[Glyph]) -> tuple[PrintedLine, ...]:
    """Group characters into lines by their middle, and set a blank where a gap is wider than a letter.

    A raised or lowered small character (m²) joins the line it touches.
    """
    rows: list[list[Glyph]] = []
    usual = median(glyph.size for glyph in glyphs) if glyphs else 0.0
    small = sorted((glyph for glyph in glyphs if glyph.size < 0.9 * usual), key=lambda g: g.x0)
    for glyph in sorted((g for g in glyphs if g.size >= 0.9 * usual), key=lambda g: ((g.top + g.bottom) / 2, g.x0)):
        middle = (glyph.top + glyph.bottom) / 2
        if rows and rows[-1][0].top + 0.2 * rows[-1][0].size < middle < rows[-1][0].bottom - 0.2 * rows[-1][0].size:
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    alone: list[Glyph] = []
    for glyph in small:
        middle = (glyph.top + glyph.bottom) / 2
        near = [row for row in rows if row[0].top <= middle <= row[0].bottom]
        beside = [row for row in near if any(abs(other.x1 - glyph.x0) < 0.5 * other.size for other in row)]
        (beside[0] if beside else alone).append(glyph)
    if alone:
        lowered = lines_of(alone)
        whole = [line for row in rows if (line := _line(sorted(row, key=lambda g: g.x0))) is not None]
        return tuple(sorted((*lowered, *whole), key=lambda line: line.top))
    return tuple(line for row in rows if (line := _line(sorted(row, key=lambda g: g.x0))) is not None)


def _line(row: list[Glyph]) -> PrintedLine | None:
    text = ""
    for before, glyph in zip((None, *row), row, strict=False):
        if before is not None and text and not text.endswith((" ", "\u3000")) and glyph.text.strip():
            gap = glyph.x0 - before.x1
            both_latin = before.text.isascii() and glyph.text.isascii()
            if gap > (0.25 if both_latin else 0.6) * glyph.size:
                text += "\u3000" if gap > 0.9 * glyph.size and not both_latin else " "
        text += glyph.text
    words = text.strip()
    if not words:
        return None
    solid = [glyph for glyph in row if glyph.text.strip()]
    return PrintedLine(
        words,
        solid[0].x0,
        max(glyph.x1 for glyph in solid),
        min(glyph.top for glyph in solid),
        max(glyph.bottom for glyph in solid),
        median(glyph.size for glyph in solid),
    )


def running_heads(pages: Sequence[Page]) -> frozenset[tuple[int, int]]:
    """(page, line) of page numbers, and of heads and feet that come again on most pages with other digits."""
    found: set[tuple[int, int]] = set()
    edges = [
        (at, number, line)
        for at, page in enumerate(pages)
        for number, line in enumerate(page.lines)
        if not line.table and (line.bottom < _EDGE * page.height or line.top > (1 - _EDGE) * page.height)
    ]
    seen = Counter(
        {key: len({at for at, _, line in edges if _key(line) == key}) for key in {_key(e[2]) for e in edges}}
    )
    for at, number, line in edges:
        outermost = number in (0, len(pages[at].lines) - 1)
        repeated = len(pages) >= 2 and seen[_key(line)] >= max(2, 0.6 * len(pages)) and len(line.text) <= 60
        if (outermost and _FOOT.fullmatch(line.text)) or repeated:
            found.add((at, number))
    return frozenset(found)


def _key(line: PrintedLine) -> tuple[str, int]:
    return re.sub(r"[\d\s]+", "0", line.text), round(line.top / 4)


def continues(before: PrintedLine, line: PrintedLine, left: float, right: float, same_page: bool) -> bool:
    """Whether a line goes on from the one before: that one is full, and this one begins at the margin.

    `left` and `right` are the margins of running text. A full line that ends a sentence may end its paragraph too; then
    the indent of the next decides, and where paragraphs have none, the gap between the lines.
    """
    if before.table or line.table:
        return False
    em = max(line.size, 1.0)
    if abs(before.size - line.size) > 0.16 * em:
        return False
    full = before.x1 >= right - 2.2 * em
    open_title = before.text.count("《") > before.text.count("》")
    if not full and not open_title:
        return False
    indented = line.x0 > left + 1.2 * em
    if indented:
        return False
    if before.x0 > left + 4 * em and line.x0 > left + 0.6 * em:
        return False
    ended = bool(re.search(r"[。！？；：:;][”’」』）)]?$", before.text))
    heading = heading_of(line.text)
    if heading is not None and (ended or (heading.certain and heading.label.startswith("第"))):
        return False  # 「第一条　…」 opens an article, whatever stands above; 「第一条规定的…」 may go on
    return not (same_page and line.top - before.bottom > 1.9 * em)


def margins(pages: Sequence[Page], aside: frozenset[tuple[int, int]]) -> tuple[float, float]:
    """The left and right edge of running text: where most lines begin, and where the long ones end."""
    lines = [
        line
        for at, page in enumerate(pages)
        for number, line in enumerate(page.lines)
        if (at, number) not in aside and not line.table and len(line.text) >= 12
    ]
    if not lines:
        return 0.0, 1e9
    ends = sorted(line.x1 for line in lines)
    right = ends[min(len(ends) - 1, len(ends) * 9 // 10)]
    starts = Counter(round(line.x0) for line in lines if line.x1 >= right - 3 * line.size)
    common = [x for x, count in starts.items() if count >= max(1, 0.1 * sum(starts.values()))]
    return float(min(common or starts or [0])), right
