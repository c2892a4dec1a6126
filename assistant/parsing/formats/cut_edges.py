"""PDF pages that a browser printed narrower than the page it showed: the ends of lines are not in the file.

The browser clips what it prints to a rectangle, and leaves out characters that lie wholly beyond it. The one that the
edge runs through is still there, and gives it away.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pdfminer.pdfexceptions import PDFException
from pdfminer.pdftypes import resolve1
from pdfplumber.page import Page as PdfPage

from assistant.parsing.formats.printed_lines import Page

_HEAD = 2000
"""Bytes of a page's drawing that may set its clip."""
_NUMBER = rb"(-?\d*\.?\d+)"
_CLIP = re.compile(
    rb"\A\s*(?:"
    + rb"\s+".join([_NUMBER] * 6)
    + rb"\s+cm\s+)?q\s+"
    + rb"\s+".join([_NUMBER] * 4)
    + rb"\s+re\s+W\*?\s+n\b"
)
_LONG = 12
"""Characters of a line of running text."""
_OVER = 0.08
"""How much of a character, of its size, stands out on both sides of the edge that cuts it."""


def right_edge(page: PdfPage) -> float:
    """Where the page, or the rectangle it is clipped to from the start, ends on the right; in points."""
    found = _CLIP.match(_drawing(page)[:_HEAD])
    if found is None:
        return float(page.width)
    scale, _, turn, _, shift, _ = (float(part) for part in (found.groups()[:6] if found[1] else (1, 0, 0, 1, 0, 0)))
    left, _, width, _ = (float(part) for part in found.groups()[6:])
    edge = scale * (left + width) + shift - float(page.bbox[0])
    return min(float(page.width), edge) if turn == 0 and scale > 0 and width > 0 else float(page.width)


def cut_lines(pages: Sequence[Page], edges: Sequence[float]) -> tuple[int, int]:
    """How many lines of running text end in a character that the right edge cuts, and how many lines there are."""
    cut = lines = 0
    for page, edge in zip(pages, edges, strict=True):
        for line in page.lines:
            if not line.table and len(line.text) >= _LONG:
                lines += 1
                over = _OVER * line.size
                cut += line.x1 - line.size + over < edge < line.x1 - over
    return cut, lines


def _drawing(page: PdfPage) -> bytes:
    try:
        first = next(iter(page.page_obj.contents), None)
        return bytes(resolve1(first).get_data()) if first is not None else b""
    except (PDFException, AttributeError, TypeError, ValueError):
        return b""
