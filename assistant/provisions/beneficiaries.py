"""For whom a sentence is: how far it reaches, which rungs of the ladder, and which groups of people.

Groups (退役军人, 竞赛获奖 …) are read by the table corpus/lexicon/groups.tsv, the same from a text and from what a
person says of themself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from assistant.provisions.levels import LevelRange, SkillLevel, level_range
from assistant.provisions.lexicon_rows import pattern, read_rows

COLUMNS = ("group", "kind", "in_text", "in_profile", "question", "example")


class Reach(StrEnum):
    """How far a sentence reaches, as its widest word says."""

    EVERYONE = "everyone"  # 各类劳动者
    STAFF = "staff"  # 一线职工
    SKILLED = "skilled"  # 技能人才, 新工匠
    CERTIFIED = "certified"  # 取得职业技能等级证书的: 初级工 and above
    HIGHLY_SKILLED = "highly_skilled"  # 高技能人才, 领军人才: 高级工以上
    UNSTATED = "unstated"


class GroupKind(StrEnum):
    """What it means when a person does not say they belong."""

    STATUS = "status"  # one knows it of oneself, so then one does not: 退役军人, 全国技术能手
    ASK = "ask"  # it must be asked: 新工匠, 领军人才
    NEED = "need"  # a need that a benefit answers: 外地户籍 for 落户


@dataclass(frozen=True, slots=True)
class Group:
    """A row of the table of groups."""

    name: str
    kind: GroupKind
    in_text: re.Pattern[str]
    in_profile: re.Pattern[str]
    question: str


@dataclass(frozen=True, slots=True)
class Beneficiary:
    """Who a sentence is for.

    Attributes:
        reach: the widest word.
        levels: the rungs the sentence names; None where it names none.
        groups: the groups it names; one of them is enough.
        staff_too: it names the staff of firms beside the groups (「企业职工和高校毕业生」).
    """

    reach: Reach
    levels: LevelRange | None
    groups: tuple[Group, ...]
    staff_too: bool = False

    @property
    def required(self) -> LevelRange | None:
        """The rungs one must stand on, by the words or by what 高技能人才 means; None for anyone."""
        if self.levels is not None:
            return self.levels
        if self.reach is Reach.HIGHLY_SKILLED:
            return LevelRange(SkillLevel.SENIOR, SkillLevel.CHIEF_TECHNICIAN)
        if self.reach is Reach.CERTIFIED:
            return LevelRange(SkillLevel.JUNIOR, SkillLevel.CHIEF_TECHNICIAN)
        if self.reach is Reach.SKILLED:
            return LevelRange(SkillLevel.APPRENTICE, SkillLevel.CHIEF_TECHNICIAN)
        return None

    @property
    def label(self) -> str:
        """In words: 「高级工以上；退役军人」."""
        told = [self.levels.label] if self.levels else []
        told += [] if self.levels else [_REACH_LABELS[self.reach]] if self.reach in _REACH_LABELS else []
        return "；".join([*told, *(group.name for group in self.groups)])


_REACH_LABELS = {
    Reach.EVERYONE: "劳动者",
    Reach.STAFF: "职工",
    Reach.SKILLED: "技能人才",
    Reach.CERTIFIED: "持有等级证书的人",
    Reach.HIGHLY_SKILLED: "高技能人才",
}
_REACHES: tuple[tuple[Reach, re.Pattern[str]], ...] = (
    # 「鼓励劳动者参加线上培训」「各类劳动者」; not 「社会学习者」, and not 「企业和劳动者」 of propaganda
    (Reach.EVERYONE, re.compile(r"劳动者|全民技能")),
    # 「技能人才」 without 高 before it, 「产业技能人才」, 「新工匠」, 「技能水平」 in a scheme of pay
    (Reach.SKILLED, re.compile(r"(?<!高)技能人才|新工匠|技能人员|技术工人|技能劳动者")),
    # 「高技能人才」「高技能领军人才」「领军人才」「高层次人才」
    (
        Reach.HIGHLY_SKILLED,
        re.compile(r"高技能(?:领军)?人才(?!供给|供需|队伍|培训|培养|工作|规模|总量)|领军人才|高技能专家"),
    ),
    # 「取得职业技能等级证书的社会学习者」
    (Reach.CERTIFIED, re.compile(r"取得职业技能(?:等级)?证书的(?!学生|同时)")),
    # 「一线职工」「企业职工」「职工教育经费」「新录用员工」
    (Reach.STAFF, re.compile(r"(?<!转岗)职工(?!代表)|员工|从业人员|家政服务人员")),
)
_STAFF_TOO = re.compile(r"(?:企业|新录用|一线)(?:职工|员工)(?:和|、|及|与)")
# A level that one may come to, not one that one has: 「可直接申报首席技师」
_APPLIED_FOR = re.compile(r"申报(?:[、和]?(?:首席|特级|高级)?技师|高级工)+")


def read_groups(path: Path) -> tuple[Group, ...]:
    """Read the table of groups.

    Raises:
        SettingsError: A row cannot be read; the message names the file.
    """
    return tuple(
        Group(name, GroupKind(kind), pattern(in_text, path), pattern(in_profile, path), question)
        for name, kind, in_text, in_profile, question, _ in read_rows(path, COLUMNS)
    )


def beneficiary(sentence: str, groups: tuple[Group, ...], headings: tuple[str, ...] = ()) -> Beneficiary:
    """Read for whom a sentence is.

    Args:
        sentence: the words.
        groups: the table of groups.
        headings: those above it, innermost first: they say for whom where the sentence itself does not.

    Example: 「放宽对高级工以上的高技能人才的年龄限制」 → 高级工以上; 「放宽中心城区入户条件」 under
    「完善高技能人才引进机制」 → 高技能人才.
    """
    told = tuple(group for group in groups if group.in_text.search(sentence))
    reach = _reach(sentence)
    if reach is Reach.UNSTATED and not told:
        reach = next((found for words in headings if (found := _reach(words)) is not Reach.UNSTATED), reach)
    levels = level_range(_APPLIED_FOR.sub("", sentence))
    return Beneficiary(reach, levels, told, bool(told and _STAFF_TOO.search(sentence)))


def _reach(words: str) -> Reach:
    return next((reach for reach, cue in _REACHES if cue.search(words)), Reach.UNSTATED)


def groups_of(facts: tuple[str, ...], groups: tuple[Group, ...]) -> frozenset[str]:
    """The names of the groups that what a person says of themself puts them in."""
    return frozenset(group.name for group in groups if any(group.in_profile.search(fact) for fact in facts))
