"""时间与名额: deadlines, targets and quotas of the register by date, each 已过 or 未到."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from assistant.model import Force, StatusReading
from assistant.parsing.status import status_on
from assistant.provisions.deadlines import DueTime
from assistant.provisions.quantities import QuantityKind
from assistant.registers.records import Record, Register


class Kind(StrEnum):
    """What a row is."""

    TARGET = "target"
    DEADLINE = "deadline"
    QUOTA = "quota"

    @property
    def label(self) -> str:
        """In Chinese."""
        return {Kind.TARGET: "目标", Kind.DEADLINE: "期限", Kind.QUOTA: "名额或限额"}[self]


class Passed(StrEnum):
    """Where a row stands on the day."""

    OVER = "over"
    AHEAD = "ahead"
    UNDATED = "undated"

    @property
    def label(self) -> str:
        """In Chinese."""
        return {Passed.OVER: "已过", Passed.AHEAD: "未到", Passed.UNDATED: "没有写年份"}[self]


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """One sentence that sets a time or a number.

    Attributes:
        record: the sentence.
        kind: target, deadline, or a quota without a time.
        due: its time; None for a quota or a yearly target without one.
        on: the last day, where it can be told.
        passed: on the day asked for.
        numbers: its quantities as printed.
        status: of its policy.
    """

    record: Record
    kind: Kind
    due: DueTime | None
    on: date | None
    passed: Passed
    numbers: tuple[str, ...]
    status: StatusReading


_NUMBERS = frozenset({QuantityKind.QUOTA, QuantityKind.COUNT, QuantityKind.PERCENT, QuantityKind.AMOUNT})
_BOUNDING = frozenset({QuantityKind.QUOTA, QuantityKind.AMOUNT, QuantityKind.RATIO, QuantityKind.PERCENT})


def calendar(register: Register, as_of: date, places: Sequence[str] = ()) -> tuple[CalendarRow, ...]:
    """All rows, dated ones first by date, then by place.

    Args:
        register: of the corpus.
        as_of: the day from which 已过 and 未到 are counted.
        places: division codes; empty for all. A place brings those above it.
    """
    wanted = {code for place in places for code in register.chain(place)} if places else set(register.places)
    rows = [row for record in register.records if record.place in wanted for row in _rows(record, as_of)]
    return tuple(sorted(rows, key=lambda row: (row.on is None, row.on or date.max, row.record.place, row.record.span)))


def _rows(record: Record, as_of: date) -> list[CalendarRow]:
    numbers = tuple(quantity.text for quantity in record.quantities)
    status = status_on(record.policy, as_of)
    kind = Kind.TARGET if record.force is Force.GOAL else Kind.DEADLINE
    if record.due:
        return [CalendarRow(record, kind, due, due.on, _passed(due.on, as_of), numbers, status) for due in record.due]
    counted = {quantity.kind for quantity in record.quantities}
    if record.force is Force.GOAL and counted & _NUMBERS:
        return [CalendarRow(record, Kind.TARGET, None, None, Passed.UNDATED, numbers, status)]
    if counted & _BOUNDING or (counted & _NUMBERS and record.force is Force.MUST):
        return [CalendarRow(record, Kind.QUOTA, None, None, Passed.UNDATED, numbers, status)]
    return []


def _passed(on: date | None, as_of: date) -> Passed:
    if on is None:
        return Passed.UNDATED
    return Passed.OVER if on < as_of else Passed.AHEAD


def targets_by_year(rows: Sequence[CalendarRow]) -> tuple[tuple[int, str, int], ...]:
    """(year, division code, how many targets and deadlines fall in it), for a chart; undated rows are left out."""
    counted = Counter((row.on.year, row.record.place) for row in rows if row.on is not None)
    return tuple((year, place, count) for (year, place), count in sorted(counted.items()))
