"""A pack as a workbook: the table, what was asked, the documents. Every cell is text; none can be a formula."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from assistant.registers.packs import NOTICE, Pack

MAX_WIDTH, MIN_WIDTH = 60, 8
"""Characters of a column."""

LONGEST_CELL = 32_000
"""A little under what a cell of a workbook can hold (32,767 characters)."""


def xlsx_bytes(pack: Pack, harmless: Callable[[str], str]) -> bytes:
    """The workbook.

    Args:
        pack: what to export.
        harmless: makes a cell's text safe; strings are also stored as text, never as formulas.
    """
    book = Workbook()
    first = book.active
    if not isinstance(first, Worksheet):  # a new workbook always has one
        raise ValueError("The workbook has no sheet.")
    first.title = pack.sheet.name
    _fill(first, [pack.sheet.columns, *pack.sheet.rows], harmless)
    asked = [(pack.title, ""), *pack.heads, *(("注意", notice) for notice in pack.notices), ("说明", NOTICE)]
    _fill(book.create_sheet("说明"), asked, harmless)
    _fill(book.create_sheet(pack.sources.name), [pack.sources.columns, *pack.sources.rows], harmless)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(sheet: Worksheet, rows: Iterable[Sequence[str]], harmless: Callable[[str], str]) -> None:
    widths: list[int] = []
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            text = harmless(value)[:LONGEST_CELL]
            cell = sheet.cell(number, column)
            if text:
                cell.value = text
                cell.data_type = "s"  # whatever it looks like
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if number == 1:
                cell.font = Font(bold=True)
            if len(widths) < column:
                widths.append(MIN_WIDTH)
            widths[column - 1] = max(widths[column - 1], min(MAX_WIDTH, 2 * max(map(len, text.split("\n")))))
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"
