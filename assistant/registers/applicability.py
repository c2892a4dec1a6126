"""Whether a sentence that gives a person something gives it to this one, and what is missing to tell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from assistant.model import Force, Status, StatusReading
from assistant.provisions.bearers import BearerKind
from assistant.provisions.beneficiaries import Group, GroupKind, Reach, groups_of
from assistant.provisions.benefits import needs
from assistant.provisions.conditions import Condition, ConditionKind
from assistant.provisions.levels import LEVEL_LABELS
from assistant.registers.employers import EMPLOYER_LABELS, FIRM_KINDS, FIRMS, reaches
from assistant.registers.profile import Profile
from assistant.registers.records import Act, Record


class Applies(StrEnum):
    """How a sentence applies, from the surest to not at all."""

    DIRECT = "direct"
    NEEDS_CONDITION = "needs_condition"
    EMPLOYER_DECIDES = "employer_decides"
    NOT_IN_FORCE = "not_in_force"
    PERIOD_OVER = "period_over"
    NOT = "not_applicable"

    @property
    def label(self) -> str:
        """In Chinese."""
        return _LABELS[self]


_LABELS = {
    Applies.DIRECT: "直接适用",
    Applies.NEEDS_CONDITION: "需补充条件",
    Applies.EMPLOYER_DECIDES: "由单位决定",
    Applies.NOT_IN_FORCE: "尚未生效",
    Applies.PERIOD_OVER: "目标期已过",
    Applies.NOT: "不适用",
}
_ASKED = frozenset({ConditionKind.OPEN, ConditionKind.MERIT, ConditionKind.PROCEDURE})
STUDENTS = "在校或毕业学年学生"
NO_STAFF = frozenset({"失业或转岗", "灵活就业", STUDENTS, "创业者"})
"""Groups whose members are nobody's staff."""


@dataclass(frozen=True, slots=True)
class Person:
    """A profile with what it amounts to in the table of groups, worked out once for all sentences."""

    profile: Profile
    groups: tuple[Group, ...]
    mine: frozenset[str]

    @classmethod
    def of(cls, profile: Profile, groups: tuple[Group, ...]) -> Person:
        """Read a profile by a table of groups."""
        return cls(profile, groups, groups_of(profile.facts, groups))


def judge(record: Record, person: Person, status: StatusReading, as_of: date) -> tuple[Applies, str]:
    """Whether and how a sentence applies to a person on a day, with the reason in Chinese.

    The ladder decides first, then the groups named, then needs (落户 is for who lives elsewhere), then the employer;
    of what is left, a draft is not in force, a passed date is over, what a firm may or is urged to do is for the firm
    to decide, and an open condition is asked for.
    """
    questions: list[str] = []
    for refused in (
        _level(record, person.profile, questions),
        _group(record, person, questions),
        _need(record, person, questions),
        _employment(record, person, questions),
    ):
        if refused:
            return Applies.NOT, refused
    if status.status is Status.DRAFT:
        return Applies.NOT_IN_FORCE, status.explanation
    if status.status in (Status.REPEALED, Status.EXPIRED):
        return Applies.PERIOD_OVER, status.explanation
    over = next((due for due in record.due if due.is_over(as_of)), None)
    if over is not None:
        return Applies.PERIOD_OVER, f"原文写的时间是“{over.text}”，已经过了；之后是否继续，文件没有写。"
    act = _firm_act(record)
    if act is not None and act.force in (Force.ENCOURAGED, Force.MAY):
        word = "鼓励" if act.force is Force.ENCOURAGED else "允许"
        return Applies.EMPLOYER_DECIDES, f"原文是{word}{act.bearer}去做，做不做、做多少由单位决定。"
    questions += [_question(record, condition) for condition in record.conditions if _is_asked(record, condition)]
    if questions:
        return Applies.NEEDS_CONDITION, " ".join(dict.fromkeys(questions))
    return Applies.DIRECT, "条件符合。"


def _level(record: Record, profile: Profile, questions: list[str]) -> str:
    required = record.beneficiary.required
    if required is None:
        return ""
    if not profile.level_told:
        questions.append("您的技能等级是什么？")
        return ""
    if profile.level is None:
        return f"只对{required.label}。"
    if profile.level not in required:
        return f"只对{required.label}，您是{LEVEL_LABELS[profile.level]}。"
    return ""


def _group(record: Record, person: Person, questions: list[str]) -> str:
    profile, mine = person.profile, person.mine
    told = record.beneficiary.groups
    if not told or any(group.name in mine for group in told) or record.beneficiary.staff_too:
        return ""
    if any(honour in record.text for honour in profile.honours):
        return ""
    asked = [group for group in told if group.kind is GroupKind.ASK or not profile.situation_told]
    if not asked:
        return f"只对{'、'.join(group.name for group in told)}。"
    questions += [group.question for group in asked]
    return ""


def _need(record: Record, person: Person, questions: list[str]) -> str:
    wanted = needs(record.benefits)
    if not wanted or person.mine.intersection(wanted):
        return ""
    if person.profile.situation_told:
        return f"只与{'、'.join(wanted)}的人有关。"
    questions += [group.question for group in person.groups if group.name in wanted]
    return ""


def _employment(record: Record, person: Person, questions: list[str]) -> str:
    """A firm's act is for its own people; 职工 are for those who have an employer."""
    profile, mine = person.profile, person.mine
    if STUDENTS in mine and any(group.name == STUDENTS for group in record.beneficiary.groups):
        return ""
    groups = record.beneficiary.groups
    staff = record.beneficiary.reach is Reach.STAFF and not any(group.name in mine for group in groups)
    if staff and NO_STAFF.intersection(mine):
        return "只对在职职工。"
    act = _firm_act(record)
    if act is None and not staff:
        return ""
    if profile.employer is None:
        if act is None or act.force is Force.MUST or act.force is Force.NONE:
            questions.append("您在什么单位工作？")
        return ""
    reached = reaches(act.bearer, profile.employer) if act else profile.employer in FIRMS
    return (
        "" if reached else f"只对{act.bearer if act else '企业'}的职工，您的单位是{EMPLOYER_LABELS[profile.employer]}。"
    )


def _firm_act(record: Record) -> Act | None:
    """The act of a firm that the benefit comes from: the first named one with a bearer, where that is a firm."""
    first = next((act for act in record.acts if act.kinds and act.kinds[0] is not BearerKind.PERSON), None)
    return first if first is not None and first.kinds[0] in FIRM_KINDS else None


def _is_asked(record: Record, condition: Condition) -> bool:
    if condition.kind not in _ASKED or condition.of_body:
        return False
    # 「获得高级工…证书的高技能人才」: the level has answered it
    return not (condition.kind is ConditionKind.PROCEDURE and record.beneficiary.levels and "证书" in condition.text)


def _question(record: Record, condition: Condition) -> str:
    office = f"，可问{record.lead_units[0]}" if record.lead_units else ""
    if condition.kind is ConditionKind.OPEN:
        return f"您是否“{condition.text}”？条件是什么，这句话没有写{office}。"
    if condition.kind is ConditionKind.MERIT:
        return f"您是否“{condition.text}”？由谁认定，这句话没有写{office}。"
    return f"您是否已“{condition.text}”？"
