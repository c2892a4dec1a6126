"""比地区: topics × places over the register, each cell the quotes with their force, or 未提及."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.model import FORCE_LABELS, Force, StatusReading
from assistant.parsing.status import status_on
from assistant.provisions.quantities import quantities
from assistant.registers.employers import FIRM_KINDS
from assistant.registers.records import Act, Record, Register

Search = Callable[[str, str], Sequence[str]]
"""(topic, division code) → record ids, best first: how a topic in free words is looked up in one place's own texts."""

PER_CELL = 3
"""Quotes shown in a cell; the rest are counted."""

NOT_MENTIONED = "未提及"
NO_DUTY = "没有对企业提要求"
_STRENGTH = {Force.MUST: 0, Force.ENCOURAGED: 1, Force.MAY: 2, Force.GOAL: 3, Force.NONE: 4}


@dataclass(frozen=True, slots=True)
class Quote:
    """One sentence in a cell, and its part that the topic stands in.

    Attributes:
        record: the sentence.
        act: the part, with its force and bearer.
        numbers: the quantities of that part, or of the sentence where the topic is no word of it.
        levers: what it is linked to (与申请用地…挂钩), as printed.
    """

    record: Record
    act: Act
    numbers: tuple[str, ...]
    levers: tuple[str, ...]

    @property
    def badge(self) -> str:
        """「必须（要）·企业·60%以上·挂钩」, 「陈述（督促）·企业·60%以上」."""
        word = self.act.word or ("督促" if self.act.text.lstrip().startswith("督促") else "")
        force = FORCE_LABELS[self.act.force]
        told = [
            f"{force}（{word}）" if word and word != force else force,
            self.act.bearer,
            *self.numbers,
            "挂钩" if self.levers else "",
        ]
        return "·".join(word for word in told if word)


@dataclass(frozen=True, slots=True)
class Cell:
    """What one place says on one topic.

    Attributes:
        place: division code asked for.
        speaks: the place whose own text speaks, which is above it where it has none; "" where no text applies.
        quotes: strongest first, at most `PER_CELL`.
        more: how many further sentences there are.
        status: of the policy quoted first; None where nothing is.
        note: 未提及, 没有对企业提要求, or "".
    """

    place: str
    speaks: str
    quotes: tuple[Quote, ...]
    more: int
    status: StatusReading | None
    note: str


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """One topic across places; `difference` is how many ways of putting it there are, silence being one."""

    topic: str
    cells: tuple[Cell, ...]
    difference: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Rows by difference, greatest first."""

    places: tuple[str, ...]
    rows: tuple[ComparisonRow, ...]


def compare(
    register: Register, topics: Sequence[str], places: Sequence[str], as_of: date, search: Search | None = None
) -> Comparison:
    """The matrix.

    Args:
        register: of the corpus.
        topics: names of the table of topics, words of the texts (职工教育经费), or, with `search`, free words.
        places: division codes; each is read from its own text, else from the nearest above it.
        as_of: the day of the statuses.
        search: looks up what is neither a topic nor a word of the texts; None leaves such cells 未提及.
    """
    rows = [_row(register, topic, places, as_of, search) for topic in dict.fromkeys(topics)]
    rows.sort(key=lambda row: -row.difference)
    return Comparison(tuple(places), tuple(rows))


def _row(register: Register, topic: str, places: Sequence[str], as_of: date, search: Search | None) -> ComparisonRow:
    known = any(topic == held.name for held in register.rules.topics)
    literal = not known and any(topic in record.text for record in register.records)
    cells = []
    for place in places:
        speaks = next(iter(register.chain(place)), "")
        own = register.of_place(speaks) if speaks else ()
        if known:
            found = [record for record in own if topic in record.topics]
        elif literal or search is None:
            found = [record for record in own if topic in record.text]
        else:
            held = {record.record_id: record for record in own}
            found = [held[record_id] for record_id in search(topic, speaks) if record_id in held] if speaks else []
        cells.append(_cell(place, speaks, found, topic if literal else "", as_of))
    noted = _with_duty_notes(cells)
    return ComparisonRow(topic, tuple(noted), len({_signature(cell) for cell in noted}))


def _cell(place: str, speaks: str, found: Sequence[Record], word: str, as_of: date) -> Cell:
    quotes = [_quote(record, word) for record in found]
    if word:
        quotes.sort(key=lambda quote: (_STRENGTH[quote.act.force], quote.record.span))
    else:
        quotes.sort(key=lambda quote: (_STRENGTH[quote.act.force], not quote.numbers, quote.record.span))
    status = status_on(quotes[0].record.policy, as_of) if quotes else None
    more = max(0, len(quotes) - PER_CELL)
    return Cell(place, speaks, tuple(quotes[:PER_CELL]), more, status, "" if quotes else NOT_MENTIONED)


def _quote(record: Record, word: str) -> Quote:
    act = next((act for act in record.acts if word and word in act.text), None)
    if act is None:
        act = next((act for act in record.acts if act.force is record.force), record.acts[0])
    scope = act.text if word else record.text
    levers = tuple(c.text for c in record.consequences if re.search(r"挂钩|重要", c.text))
    return Quote(record, act, tuple(quantity.text for quantity in quantities(scope)), levers)


def _with_duty_notes(cells: Sequence[Cell]) -> list[Cell]:
    """Where some place asks something of firms, a place that speaks of the matter and asks nothing of them says so."""
    if not any(_asks_firms(cell) for cell in cells):
        return list(cells)
    return [
        Cell(c.place, c.speaks, c.quotes, c.more, c.status, NO_DUTY) if c.quotes and not _asks_firms(c) else c
        for c in cells
    ]


def _asks_firms(cell: Cell) -> bool:
    return any(FIRM_KINDS.intersection(quote.act.kinds) for quote in cell.quotes)


def _signature(cell: Cell) -> tuple[str, ...]:
    if not cell.quotes:
        return (NOT_MENTIONED,)
    first = cell.quotes[0]
    return (first.act.force.value, *first.numbers, "lever" if first.levers else "", cell.note)
