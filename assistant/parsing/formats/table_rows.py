"""Cells of a table → lines: merged cells said again in each row they cover, fields as 「label：value」."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.parsing.facts import label_of
from assistant.parsing.headings import is_named_section

BAR = " | "
_ASKED = frozenset(["问题", "咨询问题", "常见问题", "提问", "问", "问题描述", "咨询内容", "热点问题"])
_ANSWERED = frozenset(["答复", "回答", "解答", "答案", "答", "回复", "解读", "答复内容", "政策解答"])
_MOST = 200
"""Rows or columns a merged cell may cover; more is not a table but an attack."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its words on one line, how many rows and columns it covers, whether it is marked as a head."""

    words: str
    rows: int = 1
    columns: int = 1
    head: bool = False


def table_lines(rows: Sequence[Sequence[Cell]]) -> list[str]:
    """The lines of a table, one a row; empty rows are left out.

    A cell that covers several rows is said in each, so that each row can be quoted by itself. A head that covers
    several columns is said in each where the row below divides it. A table of fields gives a line for each field.

    Example:
        >>> table_lines([[Cell("等级", head=True), Cell("标准", head=True)], [Cell("技师"), Cell("3000元")]])
        ['等级 | 标准', '技师 | 3000元']
        >>> table_lines([[Cell("文号"), Cell("甲府〔2024〕1号"), Cell("有效性"), Cell("有效")]])
        ['文号：甲府〔2024〕1号', '有效性：有效']
    """
    if fields := _fields(rows):
        return fields
    if questions := _questions(rows):
        return questions
    lines = []
    divided = max((cell.rows for cell in rows[0]), default=1) if rows else 1
    carried: dict[int, tuple[str, int]] = {}
    for at, row in enumerate(rows):
        words: list[str] = []
        cells = iter(row)
        column = 0
        coming = next(cells, None)
        while coming is not None or column in carried:
            if column in carried:
                said, left = carried.pop(column)
                words.append(said)
                if left > 1:
                    carried[column] = (said, left - 1)
                column += 1
                continue
            if coming is None:
                break
            wide = min(max(1, coming.columns), _MOST)
            again = wide if at < divided and divided > 1 else 1
            words += [coming.words] * again
            for covered in range(column, column + wide):
                if coming.rows > 1 and (covered == column or again > 1):
                    carried[covered] = (coming.words, min(coming.rows, _MOST) - 1)
            column += wide
            coming = next(cells, None)
        if any(words):
            lines.append(BAR.join(words).strip())
    return lines


def _fields(rows: Sequence[Sequence[Cell]]) -> list[str]:
    """The fields of a table that is a form: label and value side by side; empty where it is none."""
    pairs: list[tuple[Cell, Cell]] = []
    for row in rows:
        if len(row) % 2:
            return []
        pairs += list(zip(row[::2], row[1::2], strict=True))
    if not pairs:
        return []
    known = sum(label_of(label.words) is not None or is_named_section(label.words) for label, _ in pairs)
    headed = all(label.head and not value.head for label, value in pairs)
    colons = all(label.words.rstrip().endswith(("：", ":")) or not label.words for label, _ in pairs)
    if not (headed or (colons and len(pairs) > 1) or known >= max(1, (len(pairs) + 1) // 2)):
        return []
    return [_field(label, value) for label, value in pairs if label.words or value.words]


def _questions(rows: Sequence[Sequence[Cell]]) -> list[str]:
    """The questions and answers of a table headed 问题 | 答复, each on a line; empty where it is none."""
    heads = [cell.words.strip() for cell in rows[0]] if rows else []
    asked = next((at for at, head in enumerate(heads) if head in _ASKED), None)
    answered = next((at for at, head in enumerate(heads) if head in _ANSWERED), None)
    if asked is None or answered is None or any(len(row) != len(heads) for row in rows):
        return []
    lines = []
    for row in rows[1:]:
        lines += [f"问：{row[asked].words}", f"答：{row[answered].words}"]
        others = [
            cell.words for at, cell in enumerate(row) if at not in (asked, answered) and not cell.words.isdecimal()
        ]
        lines += [words for words in others if words]
    return lines


def _field(label: Cell, value: Cell) -> str:
    name = label_of(label.words) or label.words.strip().rstrip("：:")
    return f"{name}：{value.words}" if name else value.words
