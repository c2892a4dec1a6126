"""The grammar of clause labels: what a line's beginning says about the unit it opens.

    第一编 第二章 第三节 第四条 第四条之一      regulations
    第一部分                                    plans
    一、  （一） (一)  1.  1、  （1） 1）  ①  ——  notices, opinions, plans
    问：                                        questions and answers
    附件  附件1  附件1：…                       attachments

Half- and full-width brackets and stops mix inside one file, so both are accepted everywhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from assistant.model import Level
from assistant.parsing.numerals import NUMERAL, chinese, ordinal

RANK = {
    Level.PART: 1,
    Level.CHAPTER: 2,
    Level.SECTION: 3,
    Level.ARTICLE: 4,
    Level.PARAGRAPH: 5,
    Level.ITEM: 6,
    Level.SUBITEM: 7,
    Level.POINT: 8,
    Level.BULLET: 9,
}
"""Depth of the labelled levels: a node of smaller rank closes every open node of equal or larger rank."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A label at the start of a line.

    Attributes:
        level: the unit it opens.
        number: its ordinal; 0 for bullets and an unnumbered 附件.
        insertion: 1 for 第四条之一, else 0.
        label: as printed, without blanks around it.
        length: characters of the line up to the end of the label.
        certain: False where the same characters also begin ordinary text ("第三条规定的…" has no blank after 条).
    """

    level: Level
    number: int
    insertion: int
    label: str
    length: int
    certain: bool = True

    @property
    def rank(self) -> float:
        """Depth of the label; ① stands below （1）, both being points."""
        return RANK.get(self.level, 0) + (0.5 if self.label and self.label[0] in _CIRCLED else 0)

    @property
    def path_label(self) -> str:
        """The label as it stands in a path: brackets full width, numerals as printed."""
        if self.label and self.label[0] in _CIRCLED:
            return self.label
        match self.level:
            case Level.ITEM if self.label[0] in "问Q":
                return f"问{self.number}" if self.number else "问"
            case Level.ATTACHMENT:
                return re.sub(r"\s|[：:].*", "", self.label)
            case Level.CHAPTER if self.label[0] != "第":
                return chinese(self.number)
            case Level.ITEM if self.label[0] != "第":
                return f"（{chinese(self.number)}）"
            case Level.SUBITEM:
                return f"{self.number}."
            case Level.POINT:
                return f"（{self.number}）"
            case _:
                return re.sub(r"\s", "", self.label)


_CN = NUMERAL.replace("0-9０-９", "")
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_PATTERNS: tuple[tuple[re.Pattern[str], Level | None], ...] = (
    # 第三章 总则 / 第十条 …… / 第十条之一 / 第二部分
    (re.compile(rf"第\s?({NUMERAL}+)\s?(编|章|节|条|部分)(?:之({_CN}+))?(?=(\s|　|$)?)"), None),
    # 一、  (not "一是", not "一、二、三产业": a second numeral right after the stop is a list of ordinals)
    (re.compile(rf"({_CN}+)[、.．](?!{_CN}+[、，,产线])"), Level.CHAPTER),
    (re.compile(rf"[（(]\s?({_CN}+)\s?[）)](?![、，,](?:[（(]|第)|\s?[项款目条。；，、）)])"), Level.ITEM),
    # 1.  1、  (not 2025.4.10, not 1.5倍)
    (re.compile(r"([0-9０-９]{1,2})\s?(?:[、．]|[.](?![0-9]))(?![。；，、）)])"), Level.SUBITEM),
    (re.compile(r"[（(]\s?([0-9０-９]{1,2})\s?[）)](?![、，,][（(]|\s?[项款目条。；，、）)])"), Level.POINT),
    (re.compile(r"([0-9０-９]{1,2})[）)](?!\s?[项款目条。；，、）)])"), Level.POINT),
    (re.compile(rf"([{_CIRCLED}])"), Level.POINT),
    (re.compile(r"(?:——|––|──|――|—)(?=[^\s—―])"), Level.BULLET),
    (re.compile(r"(?:问|Q)\s?([0-9]{0,2})\s?[：:]"), Level.ITEM),
    (re.compile(r"附\s?件\s?([0-9]*)\s*[：:]?(?=\s*$)"), Level.ATTACHMENT),
    (re.compile(r"附\s?件\s?([0-9]{1,2})\s*[：:]?(?=\s*\S)"), Level.ATTACHMENT),
)
_UNITS = {
    "编": Level.PART,
    "部分": Level.PART,
    "章": Level.CHAPTER,
    "节": Level.SECTION,
    "条": Level.ARTICLE,
}


@lru_cache(maxsize=4096)
def heading_of(line: str) -> Heading | None:
    """The label that `line` (without leading blanks) begins with, or None.

    Example:
        >>> heading_of("(六)全面推行").path_label, heading_of("（六）全面推行").path_label
        ('（六）', '（六）')
        >>> heading_of("2025年的目标") is None
        True
    """
    for pattern, level in _PATTERNS:
        match = pattern.match(line)
        if match is None:
            continue
        groups = match.groups()
        label = match.group().strip()
        if level is None:
            insertion = ordinal(groups[2]) if groups[2] else 0
            return Heading(
                _UNITS[groups[1]], ordinal(groups[0]), insertion, label, match.end(), certain=groups[3] is not None
            )
        if level is Level.BULLET:
            return Heading(level, 0, 0, label, match.end())
        number = _number(groups[0])
        if level in (Level.CHAPTER, Level.ITEM) and label[0] not in "问Q" and not 1 <= number <= 999:
            continue
        # 「附件1：申报表」 opens an attachment only behind the signature; before it, it is a list
        certain = level is not Level.ATTACHMENT or match.end() == len(line.rstrip())
        return Heading(level, number, 0, label, match.end(), certain)
    return None


def _number(numeral: str) -> int:
    if not numeral:
        return 0
    return _CIRCLED.index(numeral) + 1 if numeral in _CIRCLED else ordinal(numeral)
