"""Lines that are what they are by their neighbours: rows of a table, headings of a service guide."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.parsing.cleaning import Line
from assistant.parsing.facts import facts_in
from assistant.parsing.headings import is_named_section

_BAR = re.compile(r"\s\|(?:\s|$)|^\|\s")
_UNIT = re.compile(r"[（(]?\s*(?:计量|金额)?单位\s*[：:]\s*([\u4e00-\u9fffA-Za-z/／·²%％]{1,12})\s*[）)]?")
_FIGURE = re.compile(r"[\d,.]+(?:[-—~～至][\d,.]+)?")
_SECTIONS = 3
"""Named headings from which a text is a service guide."""
_HEAD_WORDS = 24


def mark_layout(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines, rows of tables with the names of their columns, named headings marked as such."""
    return _with_sections(_with_rows(lines))


def cells_of(line: str) -> list[str]:
    """The cells of a row."""
    return [cell.strip() for cell in _BAR.split(line.strip().strip("|"))]


def _with_rows(lines: Sequence[Line]) -> list[Line]:
    marked: list[Line] = []
    at = 0
    while at < len(lines):
        end = at
        while end < len(lines) and _is_row(lines[end].text):
            end += 1
        unit = _UNIT.fullmatch(lines[at - 1].text) if at and end > at else None
        if end - at >= 2 and (table := _table(lines[at:end], unit.group(1) if unit else "")):
            marked += table
            at = end
        else:
            marked += lines[at : max(end, at + 1)]
            at = max(end, at + 1)
    return marked


def _is_row(line: str) -> bool:
    return _BAR.search(line) is not None and not facts_in(line) and not re.match(r"首页|当前位置", line)


def _table(lines: Sequence[Line], unit: str) -> list[Line]:
    """The rows with their heads; `unit` (「单位：元/人」 above the table) goes with the columns of bare figures."""
    rows = [cells_of(line.text) for line in lines]
    heads = _heads(rows)
    said_before = {cell for row in rows[:heads] for cell in row}
    if heads and all(not cell or cell in said_before for row in rows[heads:] for cell in row):
        return []  # a form or a search box, printed with its frame
    width = max(map(len, rows))
    names = []
    for column in range(width):
        said = dict.fromkeys(row[column] for row in rows[:heads] if column < len(row) and row[column])
        figures = [row[column] for row in rows[heads:] if column < len(row)]
        bare = unit and column and sum(bool(_FIGURE.fullmatch(cell)) for cell in figures) * 2 > len(figures)
        names.append(" ".join(said) + (f"（{unit}）" if bare and said and unit not in " ".join(said) else ""))
    head = " | ".join(names) if heads else ""
    return [replace(line, row=True, head="" if at < heads else head) for at, line in enumerate(lines)]


def _heads(rows: Sequence[Sequence[str]]) -> int:
    """How many rows at the top name the columns."""
    if not _names(rows[0]):
        return 0
    heads = 1
    while heads < len(rows) - 1 and heads < 3:
        above, row = rows[heads - 1], rows[heads]
        said_again = any(one and one == other for one, other in zip(above, row, strict=False))
        if not (said_again and _names(row) and not any(cell.isdecimal() for cell in row)):
            break
        heads += 1
    return heads


def _names(row: Sequence[str]) -> bool:
    """Whether a row may name columns: short cells, none a mere figure."""
    filled = [cell for cell in row if cell]
    return len(filled) >= 2 and all(
        len(cell) <= _HEAD_WORDS and not re.fullmatch(r"[\d.,%％－—\-~～]+(?:元|万元|人)?", cell) and "。" not in cell
        for cell in filled
    )


def _with_sections(lines: Sequence[Line]) -> tuple[Line, ...]:
    named = [at for at, line in enumerate(lines) if not line.row and is_named_section(line.text)]
    if len(named) < _SECTIONS:
        return tuple(lines)
    return tuple(replace(line, section=at in set(named)) for at, line in enumerate(lines))
