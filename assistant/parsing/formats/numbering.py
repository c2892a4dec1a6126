"""The numbers Word prints before paragraphs and does not store as text: 第一条, 一、, （一）, 1."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from assistant.parsing.numerals import chinese

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_CHINESE = frozenset(
    [
        "chineseCounting",
        "chineseCountingThousand",
        "japaneseCounting",
        "taiwaneseCounting",
        "taiwaneseCountingThousand",
        "ideographDigital",
        "japaneseDigitalTenThousand",
        "koreanCounting",
    ]
)


@dataclass(frozen=True, slots=True)
class _Level:
    pattern: str
    kind: str
    start: int


@dataclass(slots=True)
class Numbering:
    """The lists of a document and how far each has counted."""

    lists: Mapping[str, tuple[str, Mapping[int, _Level]]]  # list → its definition's id and levels
    styles: Mapping[str, tuple[str, int]]
    counted: dict[tuple[str, int], int] = field(default_factory=dict)

    def label(self, paragraph: etree._Element) -> str:
        """The number printed before this paragraph, "" where there is none; counts it."""
        number, level = self._place(paragraph)
        if number not in self.lists:
            return ""
        definition, levels = self.lists[number]
        if level not in levels:
            return ""
        key = (definition, level)
        self.counted[key] = self.counted.get(key, levels[level].start - 1) + 1
        for below in range(level + 1, 9):
            self.counted.pop((definition, below), None)
        if levels[level].kind in ("bullet", "none"):
            return ""

        def value(match: re.Match[str]) -> str:
            at = int(match.group(1)) - 1
            if at not in levels:
                return ""
            return printed(self.counted.get((definition, at), levels[at].start), levels[at].kind)

        return re.sub(r"%(\d)", value, levels[level].pattern)

    def _place(self, paragraph: etree._Element) -> tuple[str, int]:
        own = paragraph.find(f"{W}pPr/{W}numPr")
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        inherited = self.styles.get(style.get(f"{W}val", ""), ("", 0)) if style is not None else ("", 0)
        if own is None:
            return inherited
        number, level = own.find(f"{W}numId"), own.find(f"{W}ilvl")
        return (
            number.get(f"{W}val", "") if number is not None else inherited[0],
            _small(level.get(f"{W}val"), 0) if level is not None else inherited[1],
        )


def read_numbering(numbering: etree._Element | None, styles: etree._Element | None) -> Numbering:
    """The lists that `numbering.xml` defines, and the styles that number their paragraphs."""
    if numbering is None:
        return Numbering({}, {})
    definitions: dict[str, dict[int, _Level]] = {}
    for definition in numbering.findall(f"{W}abstractNum"):
        levels = {}
        for level in definition.findall(f"{W}lvl"):
            pattern, kind, start = (level.find(f"{W}{name}") for name in ("lvlText", "numFmt", "start"))
            levels[_small(level.get(f"{W}ilvl"), 0)] = _Level(
                pattern.get(f"{W}val", "") if pattern is not None else "",
                kind.get(f"{W}val", "decimal") if kind is not None else "decimal",
                _small(start.get(f"{W}val"), 1) if start is not None else 1,
            )
        definitions[definition.get(f"{W}abstractNumId", "")] = levels
    lists = {}
    for instance in numbering.findall(f"{W}num"):
        link = instance.find(f"{W}abstractNumId")
        name = link.get(f"{W}val", "") if link is not None else ""
        if name in definitions:
            own = instance.find(f"{W}lvlOverride") is not None
            number = instance.get(f"{W}numId", "")
            lists[number] = (f"{name}/{number}" if own else name, definitions[name])
    return Numbering(lists, _numbered_styles(styles))


def _numbered_styles(styles: etree._Element | None) -> dict[str, tuple[str, int]]:
    found = {}
    for style in styles.findall(f"{W}style") if styles is not None else ():
        place = style.find(f"{W}pPr/{W}numPr")
        number = place.find(f"{W}numId") if place is not None else None
        if place is None or number is None:
            continue
        level = place.find(f"{W}ilvl")
        found[style.get(f"{W}styleId", "")] = (
            number.get(f"{W}val", ""),
            _small(level.get(f"{W}val"), 0) if level is not None else 0,
        )
    return found


def printed(number: int, kind: str) -> str:
    """A number in one of Word's formats.

    Example:
        >>> printed(12, "chineseCounting"), printed(3, "decimalEnclosedCircle"), printed(2, "upperLetter")
        ('十二', '③', 'B')
    """
    if kind in _CHINESE and 1 <= number <= 9999:
        return chinese(number)
    if kind.startswith("decimalEnclosedCircle") and 1 <= number <= len(_CIRCLED):
        return _CIRCLED[number - 1]
    if kind in ("lowerLetter", "upperLetter") and 1 <= number <= 26:
        return chr((97 if kind == "lowerLetter" else 65) + number - 1)
    if kind in ("lowerRoman", "upperRoman") and 1 <= number <= 39:
        roman = "X" * (number // 10) + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[number % 10]
        return roman if kind == "upperRoman" else roman.lower()
    if kind == "decimalZero":
        return f"{number:02}"
    return str(number)


def _small(value: str | None, default: int) -> int:
    return int(value) if value is not None and value.isdecimal() and len(value) <= 5 else default
