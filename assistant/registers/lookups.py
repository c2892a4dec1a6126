"""The four look-ups in plain values, as a form, a command line or a request gives them: names, not codes or types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.provisions.beneficiaries import GroupKind
from assistant.provisions.levels import LEVEL_LABELS
from assistant.registers.calendar import CalendarRow, calendar
from assistant.registers.comparison import Comparison, Search, compare
from assistant.registers.employers import EMPLOYER_LABELS, parse_employer
from assistant.registers.entitlements import Entitlements, entitlements
from assistant.registers.obligations import Obligations, obligations
from assistant.registers.profile import read_profile
from assistant.registers.records import Register


@dataclass(frozen=True, slots=True)
class Choices:
    """What a form offers; every text is also accepted as input.

    Attributes:
        places: full names of the places that have a policy.
        levels: the ladder, lowest first.
        employers: kinds of employer.
        facts: honours and situations, each with the question that asks for it.
        topics: the table of topics.
    """

    places: tuple[str, ...]
    levels: tuple[str, ...]
    employers: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    topics: tuple[str, ...]


def choices(register: Register) -> Choices:
    """What a form can offer for this corpus."""
    facts = tuple((g.name, g.question) for g in register.rules.groups if g.kind is not GroupKind.ASK and g.question)
    return Choices(
        tuple(register.gazetteer.full_name(code) for code in register.places),
        tuple(LEVEL_LABELS.values()),
        tuple(EMPLOYER_LABELS.values()),
        facts,
        tuple(topic.name for topic in register.rules.topics),
    )


def look_up_entitlements(
    register: Register,
    place: str,
    as_of: date,
    *,
    level: str | None = None,
    honours: Sequence[str] = (),
    employer: str | None = None,
    situation: Sequence[str] | None = None,
) -> Entitlements:
    """查待遇 for a person; what was not said is asked for.

    Raises:
        JurisdictionError: The place is unknown.
        ProfileError: The level or the kind of employer is none.

    Example: `look_up_entitlements(register, "海珠", today, level="技师", employer="国企", situation=["有子女"])`.
    """
    profile = read_profile(register.gazetteer, place, level, honours, employer, situation)
    return entitlements(register, profile, as_of)


def look_up_obligations(register: Register, employer: str, place: str, as_of: date) -> Obligations:
    """查义务 for a kind of employer in a place.

    Raises:
        JurisdictionError: The place is unknown.
        ProfileError: The kind of employer is none.
    """
    return obligations(register, parse_employer(employer), register.gazetteer.resolve(place).code, as_of)


def look_up_comparison(
    register: Register, topics: Sequence[str], places: Sequence[str], as_of: date, search: Search | None = None
) -> Comparison:
    """比地区; no topics means the whole table, no places all that have a policy.

    Raises:
        JurisdictionError: A place is unknown.
    """
    codes = [register.gazetteer.resolve(place).code for place in places] or list(register.places)
    names = [topic for topic in topics if topic.strip()] or [topic.name for topic in register.rules.topics]
    return compare(register, names, codes, as_of, search)


def look_up_calendar(register: Register, places: Sequence[str], as_of: date) -> tuple[CalendarRow, ...]:
    """时间与名额; no places means all.

    Raises:
        JurisdictionError: A place is unknown.
    """
    return calendar(register, as_of, [register.gazetteer.resolve(place).code for place in places])
