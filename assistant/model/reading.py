"""How a slice of a text is read: line ends inside it joined, a table row with the names of its columns."""

from __future__ import annotations

import re

# A line end inside a quoted passage, with the blanks and empty lines around it. Chinese sets no space between
# words, so a passage broken over lines or pages reads on without one.
_LINE_BREAK = re.compile(r"[ \t\u3000]*(?:\r\n|\r|\n|\f)[\s\u3000]*")


def reading_text(raw: str) -> str:
    r"""A raw slice as a person reads it: line and page breaks inside it removed, nothing else changed.

    Example:
        >>> reading_text("从就业补助资金中列支。企\n\n业要按")
        '从就业补助资金中列支。企业要按'
    """
    return _LINE_BREAK.sub("", raw).strip()


def raw_offsets(raw: str) -> tuple[int, ...]:
    r"""Where in a raw slice each character of its `reading_text` stands.

    Example:
        >>> raw = " 企\n业要"
        >>> [raw[at] for at in raw_offsets(raw)] == list(reading_text(raw))
        True
    """
    breaks = [match.span() for match in _LINE_BREAK.finditer(raw)]
    kept = [at for at in range(len(raw)) if not any(start <= at < end for start, end in breaks)]
    while kept and raw[kept[0]].isspace():
        kept.pop(0)
    while kept and raw[kept[-1]].isspace():
        kept.pop()
    return tuple(kept)


_BAR = re.compile(r"\s*\|\s*")


_FIGURE = re.compile(r"[\d,.]+(?:[-—~～至][\d,.]+)?")


_UNIT = re.compile(r"(.+?)[（(]((?:百|千|万)?元[^（）()]*|%|％|人|个|天|年|月|课时|学时)[）)]")


def row_text(names: str, row: str) -> str:
    """A row of a table with the name of its column before each cell, and the unit behind a bare figure.

    Example:
        >>> row_text("等级 | 标准（元/人）", "高级工 | 2000")
        '等级：高级工；标准：2000元/人'
    """
    heads, cells = _BAR.split(names), _BAR.split(row)
    if not names or len(heads) != len(cells):
        return row
    parts = []
    for head, cell in zip(heads, cells, strict=True):
        unit = _UNIT.fullmatch(head) if _FIGURE.fullmatch(cell) else None
        name, words = (unit.group(1), cell + unit.group(2)) if unit else (head, cell)
        parts.append(f"{name}：{words}" if name else words)
    return "；".join(part for part, cell in zip(parts, cells, strict=True) if cell)
