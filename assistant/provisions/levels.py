"""The ladder of skill levels, 学徒工 to 首席技师, and the range of it a sentence speaks of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum


class SkillLevel(IntEnum):
    """A rung of the 「新八级工」 ladder, lowest first; in certificates 五级 is 初级工 and 一级 高级技师."""

    APPRENTICE = 1
    JUNIOR = 2
    INTERMEDIATE = 3
    SENIOR = 4
    TECHNICIAN = 5
    SENIOR_TECHNICIAN = 6
    SPECIAL_TECHNICIAN = 7
    CHIEF_TECHNICIAN = 8


LEVEL_LABELS = {
    SkillLevel.APPRENTICE: "学徒工",
    SkillLevel.JUNIOR: "初级工",
    SkillLevel.INTERMEDIATE: "中级工",
    SkillLevel.SENIOR: "高级工",
    SkillLevel.TECHNICIAN: "技师",
    SkillLevel.SENIOR_TECHNICIAN: "高级技师",
    SkillLevel.SPECIAL_TECHNICIAN: "特级技师",
    SkillLevel.CHIEF_TECHNICIAN: "首席技师",
}
_BY_NAME = {label: level for level, label in LEVEL_LABELS.items()}
_BY_GRADE = {
    "五": SkillLevel.JUNIOR,
    "四": SkillLevel.INTERMEDIATE,
    "三": SkillLevel.SENIOR,
    "二": SkillLevel.TECHNICIAN,
    "一": SkillLevel.SENIOR_TECHNICIAN,
}
_NAME = re.compile(
    r"(?P<name>学徒工|初级工|中级工|高级工(?!程)|高级技师|特级技师|首席技师|(?<!高级)(?<!特级)(?<!首席)技师)"
    # 技师学院, “首席技师工作室”, “技师+工程师”: no person at that level
    r"(?!学院|工作室|大师|[+＋])"
    r"|(?P<grade>[一二三四五])级(?=职业资格|职业技能等级|技能等级|[）)])"
)
LEVEL_NAME = "首席技师|特级技师|高级技师|(?<![级席])技师(?!学院)|高级工(?!程)|中级工|初级工|学徒工"
"""A pattern of the names as people say them, of whom or of what; a sentence's own levels are read by `level_range`."""
_UP = re.compile(r"(?:[（(][^（）()]*[）)])?(?:及|或|含)?(?:以上|及其以上)")
_DOWN = re.compile(r"(?:[（(][^（）()]*[）)])?(?:及|或)?以下")


@dataclass(frozen=True, slots=True)
class LevelRange:
    """A stretch of the ladder, both ends included.

    Example:
        >>> SkillLevel.TECHNICIAN in LevelRange(SkillLevel.SENIOR, SkillLevel.CHIEF_TECHNICIAN)
        True
    """

    low: SkillLevel
    high: SkillLevel

    def __contains__(self, level: SkillLevel) -> bool:
        return self.low <= level <= self.high

    @property
    def label(self) -> str:
        """The range as said: 「高级工以上」, 「技师至高级技师」, 「首席技师」."""
        if self.low is self.high:
            return LEVEL_LABELS[self.low]
        if self.high is SkillLevel.CHIEF_TECHNICIAN:
            return "各等级" if self.low is SkillLevel.APPRENTICE else f"{LEVEL_LABELS[self.low]}以上"
        return f"{LEVEL_LABELS[self.low]}至{LEVEL_LABELS[self.high]}"


def level_range(sentence: str) -> LevelRange | None:
    """The range of levels a sentence names, from the lowest to the highest; None where it names none.

    Example:
        >>> level_range("放宽对高级工以上的高技能人才的年龄、工种限制").label
        '高级工以上'
        >>> level_range("具有高级技师（一级）任职资格人员").label
        '高级技师'
        >>> level_range("支持技师学院按照高等职业院校规格设置。") is None
        True
    """
    words = re.sub(r"《[^》]*》", lambda match: "□" * len(match.group()), sentence)
    ends: list[SkillLevel] = []
    for match in _NAME.finditer(words):
        level = _BY_NAME[match["name"]] if match["name"] else _BY_GRADE[match["grade"]]
        ends.append(level)
        if _UP.match(words, match.end()):
            ends.append(SkillLevel.CHIEF_TECHNICIAN)
        elif _DOWN.match(words, match.end()):
            ends.append(SkillLevel.APPRENTICE)
    return LevelRange(min(ends), max(ends)) if ends else None


def parse_level(words: str) -> SkillLevel | None:
    """The level a person says they have: 「高级技师」, 「一级」, 「技师（二级）」; None where it is none.

    Certificates count downwards (「一级」 is 高级技师); 「八级工」 is the top of the ladder, 首席技师.

    Example:
        >>> [LEVEL_LABELS[parse_level(said)] for said in ("一级", "首席技师", "技师（二级）", "八级工")]
        ['高级技师', '首席技师', '技师', '首席技师']
    """
    words = words.strip()
    for name, level in sorted(_BY_NAME.items(), key=lambda pair: -len(pair[0])):
        if name in words:
            return level
    if grade := re.search(r"([一二三四五])级", words):
        return _BY_GRADE[grade[1]]
    if re.search(r"[八8]级", words):
        return SkillLevel.CHIEF_TECHNICIAN
    return None
