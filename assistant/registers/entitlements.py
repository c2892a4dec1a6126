"""查待遇: a profile → every sentence that gives a person something, sorted by whether and how it applies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from assistant.model import Status, StatusReading
from assistant.parsing.status import status_on
from assistant.registers.applicability import Applies, Person, judge
from assistant.registers.profile import Profile
from assistant.registers.records import Record, Register


@dataclass(frozen=True, slots=True)
class EntitlementRow:
    """One sentence for one person.

    Attributes:
        record: the sentence.
        applies: whether and how.
        reason: why, in Chinese; for `NEEDS_CONDITION` the questions to answer first.
        tier: 0 for the person's own place, 1 for the one above it, and so on.
        status: of its policy on the day.
    """

    record: Record
    applies: Applies
    reason: str
    tier: int
    status: StatusReading


@dataclass(frozen=True, slots=True)
class Entitlements:
    """All rows for a person, own place first, in the order of `Applies` within a place, then by topic.

    Attributes:
        profile: who asked.
        rows: what may apply.
        excluded: what does not, each with its reason.
        notices: what to know first: no text for the place, a draft, a target period that is over.
    """

    profile: Profile
    rows: tuple[EntitlementRow, ...]
    excluded: tuple[EntitlementRow, ...]
    notices: tuple[str, ...]

    def of(self, applies: Applies) -> tuple[EntitlementRow, ...]:
        """The rows of one kind."""
        return tuple(row for row in self.rows if row.applies is applies)


_ORDER = {applies: index for index, applies in enumerate(Applies)}


def entitlements(register: Register, profile: Profile, as_of: date) -> Entitlements:
    """What applies to a person on a day: of their own place and of those above it, nothing of other places."""
    places = register.chain(profile.place)
    status = {document.policy.policy_id: status_on(document.policy, as_of) for document in register.documents}
    person = Person.of(profile, register.rules.groups)
    found: list[EntitlementRow] = []
    for tier, place in enumerate(places):
        for record in register.of_place(place):
            if record.benefits:
                held = status[record.policy.policy_id]
                applies, reason = judge(record, person, held, as_of)
                found.append(EntitlementRow(record, applies, reason, tier, held))
    topics = {topic.name: index for index, topic in enumerate(register.rules.topics)}
    found.sort(
        key=lambda row: (row.tier, _ORDER[row.applies], topics.get(row.record.topics[0], len(topics)), row.record.span)
    )
    return Entitlements(
        profile,
        tuple(row for row in found if row.applies is not Applies.NOT),
        tuple(row for row in found if row.applies is Applies.NOT),
        _notices(register, profile, places, {row.record.policy.policy_id: row for row in found}),
    )


def _notices(
    register: Register, profile: Profile, places: tuple[str, ...], policies: dict[str, EntitlementRow]
) -> tuple[str, ...]:
    name = register.gazetteer.full_name(profile.place)
    if not places:
        return (f"库里没有对{name}适用的文件（不等于没有政策）；别处的规定不适用，没有列出。",)
    told = []
    if places[0] != profile.place:
        told.append(f"库里没有{name}自己的文件（不等于没有政策），下面是对它也适用的上级文件。")
    for row in policies.values():
        if row.status.status not in (Status.UNKNOWN, Status.IN_FORCE):
            told.append(f"《{row.record.policy.title}》：{row.status.explanation}")
    return tuple(told)


class Grouping(StrEnum):
    """How rows are put together for reading."""

    TOPIC = "topic"
    APPLIES = "applies"


def grouped(rows: tuple[EntitlementRow, ...], by: Grouping) -> tuple[tuple[str, tuple[EntitlementRow, ...]], ...]:
    """The rows under their topic, or under how they apply; groups in the order in which they first come."""
    found: dict[str, list[EntitlementRow]] = {}
    for row in rows:
        found.setdefault(row.record.topics[0] if by is Grouping.TOPIC else row.applies.label, []).append(row)
    return tuple((name, tuple(held)) for name, held in found.items())
