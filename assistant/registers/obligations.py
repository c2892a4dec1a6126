"""查义务: a kind of employer and a place → what must, must not, should, may be done, and what is held against it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from assistant.model import Force, Status, StatusReading
from assistant.parsing.status import status_on
from assistant.provisions.consequences import ConsequenceKind
from assistant.registers.employers import EMPLOYER_LABELS, FIRMS, Employer, reaches
from assistant.registers.records import Act, Record, Register


class Duty(StrEnum):
    """What a sentence is to an employer, strongest first."""

    MUST = "must"
    MUST_NOT = "must_not"
    LEVER = "lever"
    ENCOURAGED = "encouraged"
    MAY = "may"

    @property
    def label(self) -> str:
        """In Chinese."""
        return _LABELS[self]


_LABELS = {
    Duty.MUST: "必须做",
    Duty.MUST_NOT: "不得做",
    Duty.LEVER: "与评优、用地、招投标等挂钩",
    Duty.ENCOURAGED: "鼓励做",
    Duty.MAY: "可以做",
}
_OF_FORCE = {Force.MUST: Duty.MUST, Force.ENCOURAGED: Duty.ENCOURAGED, Force.MAY: Duty.MAY}
_LEVERS = frozenset(
    {
        ConsequenceKind.LINK,
        ConsequenceKind.LIMIT,
        ConsequenceKind.RECOVERY,
        ConsequenceKind.FINE,
        ConsequenceKind.CORRECTION,
        ConsequenceKind.LIABILITY,
    }
)
_PRESSED = re.compile(r"(?:督促|指导|引导|动员|组织)")
# Whom a consequence is held against; 亩均效益 is a measure of firms
_FIRMS_NAMED = re.compile(r"企业|公司|实体|用人单位|经营者|亩均效益")
_STATE_ONLY = re.compile(r"国有企业")
_SCHOOLS_NAMED = re.compile(r"学校|院校|学院")
_TRAINERS_NAMED = re.compile(r"培训机构|办学机构")
_ANYONE = re.compile(r"(?<!所在)(?<!承担)单位|任何组织")
_AREAS = re.compile(r"地区|各地|各区|各县|各市|部门(?!责令|给予|处)")


@dataclass(frozen=True, slots=True)
class ObligationRow:
    """One sentence for one kind of employer.

    Attributes:
        record: the sentence.
        duty: what it is.
        act: the part of it that reaches the employer; None for a lever.
        tier: 0 for the employer's own place, 1 for the one above it, and so on.
        status: of its policy on the day.
        over: its dates have passed on the day.
    """

    record: Record
    duty: Duty
    act: Act | None
    tier: int
    status: StatusReading
    over: bool


@dataclass(frozen=True, slots=True)
class Obligations:
    """All rows for an employer, by duty, own place first; `notices` say what to know first."""

    employer: Employer
    place: str
    rows: tuple[ObligationRow, ...]
    notices: tuple[str, ...]

    def of(self, duty: Duty) -> tuple[ObligationRow, ...]:
        """The rows of one duty."""
        return tuple(row for row in self.rows if row.duty is duty)


_ORDER = {duty: index for index, duty in enumerate(Duty)}


def obligations(register: Register, employer: Employer, place: str, as_of: date) -> Obligations:
    """What binds, urges, allows or is held against a kind of employer in a place (a division code), on a day.

    What binds government offices is left out; ask for `Employer.OFFICE` to see it.
    """
    places = register.chain(place)
    rows = []
    for tier, code in enumerate(places):
        for record in register.of_place(code):
            found = duty_of(record, employer)
            if found is not None:
                duty, act = found
                over = any(due.is_over(as_of) for due in record.due)
                rows.append(ObligationRow(record, duty, act, tier, status_on(record.policy, as_of), over))
    rows.sort(key=lambda row: (_ORDER[row.duty], row.tier, row.record.policy.policy_id, row.record.span))
    return Obligations(employer, place, tuple(rows), _notices(register, employer, place, rows))


def duty_of(record: Record, employer: Employer) -> tuple[Duty, Act | None] | None:
    """What a sentence is to a kind of employer, with the part that reaches it; None where it does not.

    The first part that reaches the employer counts; where none does, a consequence held against it is a lever.
    """
    for act in record.acts:
        if act.bearer and reaches(act.bearer, employer):
            if act.negative:
                return Duty.MUST_NOT, act
            if act.force in _OF_FORCE:
                return _OF_FORCE[act.force], act
            if act.force is Force.NONE:
                # 「督促企业提取…」 presses; 「技师学院按照…开展设置工作」 states what is to be done
                return (Duty.ENCOURAGED if _PRESSED.search(act.text) else Duty.MUST), act
    if any(consequence.kind in _LEVERS for consequence in record.consequences) and _held_against(record, employer):
        return Duty.LEVER, None
    return None


def _held_against(record: Record, employer: Employer) -> bool:
    text = record.text
    if employer is Employer.OFFICE:
        return bool(_AREAS.search(text))
    if _ANYONE.search(text):
        return True
    firms, schools = _FIRMS_NAMED.search(text), _SCHOOLS_NAMED.search(text)
    trainers = _TRAINERS_NAMED.search(text)
    if not (firms or schools or trainers):
        # 「对于违规发放补贴的，予以追回」 names nobody and so spares nobody who may get money
        recovered = any(c.kind is ConsequenceKind.RECOVERY for c in record.consequences)
        return recovered and not _AREAS.search(text)
    if employer in FIRMS:
        state_only = _STATE_ONLY.search(text) and not re.search(
            r"(?<!国有)企业(?!考核)", text.replace("技能型企业", "")
        )
        return bool(firms) and (not state_only or employer is Employer.STATE_ENTERPRISE)
    if employer is Employer.SCHOOL:
        return bool(schools)
    return employer is Employer.TRAINING_BODY and bool(trainers)


def _notices(register: Register, employer: Employer, place: str, rows: list[ObligationRow]) -> tuple[str, ...]:
    name = register.gazetteer.full_name(place)
    places = register.chain(place)
    if not places:
        return (f"库里没有对{name}适用的文件（不等于没有政策）；别处的规定不适用，没有列出。",)
    told = []
    if places[0] != place:
        told.append(f"库里没有{name}自己的文件（不等于没有政策），下面是对它也适用的上级文件。")
    if employer is not Employer.OFFICE:
        told.append(f"只列与{EMPLOYER_LABELS[employer]}有关的；只约束政府部门的没有列出。")
    policies = {row.record.policy.policy_id: row for row in rows}
    for row in policies.values():
        if row.status.status not in (Status.UNKNOWN, Status.IN_FORCE):
            told.append(f"《{row.record.policy.title}》：{row.status.explanation}")
    return tuple(told)
