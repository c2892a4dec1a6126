"""Labels of people for the register: sentences, profiles and employers, one JSON object a line (eval/README.md)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assistant.evaluation.records import Record, read_distinct
from assistant.model import Force
from assistant.provisions.bearers import BearerKind


@dataclass(frozen=True, slots=True)
class SentenceGold:
    """What two readers agreed that a sentence does.

    Attributes:
        sentence_id: "<policy_id>@<start>-<end>".
        levels: lowest and highest rung, None where no level is named.
        topics: the most special first; those only one reader saw last.
        quantities, deadlines: as printed.
        personal: it gives a person something.
    """

    sentence_id: str
    text: str
    force: Force
    bearer_kind: BearerKind
    levels: tuple[int, ...] | None
    topics: tuple[str, ...]
    quantities: tuple[str, ...]
    deadlines: tuple[str, ...]
    personal: bool


@dataclass(frozen=True, slots=True)
class Expected:
    """A row that must come, and how it is to be classed."""

    sentence_id: str
    kind: str


@dataclass(frozen=True, slots=True)
class ProfileGold:
    """A person with every row that applies to them; any other row is wrong."""

    profile_id: str
    place: str
    level: str | None
    honours: tuple[str, ...]
    employer: str | None
    situation: tuple[str, ...]
    expected: tuple[Expected, ...]


@dataclass(frozen=True, slots=True)
class EmployerGold:
    """A kind of employer in a place, with every row that concerns it."""

    employer_id: str
    place: str
    employer: str
    expected: tuple[Expected, ...]


def read_sentence_golds(path: Path) -> tuple[SentenceGold, ...]:
    """The labelled sentences of a file.

    Raises:
        BatchError: A line does not follow the schema; the message names it.
    """
    return tuple(
        SentenceGold(
            row.filled_text("id"),
            row.filled_text("text"),
            row.choice("force", Force),
            row.choice("bearer_kind", BearerKind),
            None if row.get("levels") is None else row.integers("levels"),
            row.texts("topics"),
            row.texts("quantities"),
            row.texts("deadlines"),
            row.flag("personal"),
        )
        for row in read_distinct(path)
    )


def read_profile_golds(path: Path) -> tuple[ProfileGold, ...]:
    """The labelled profiles of a file.

    Raises:
        BatchError: A line does not follow the schema; the message names it.
    """
    return tuple(
        ProfileGold(
            row.filled_text("id"),
            told.filled_text("place"),
            told.optional_text("level"),
            told.texts("honours"),
            told.optional_text("employer"),
            told.texts("situation"),
            _expected(row),
        )
        for row in read_distinct(path)
        for told in (row.record("profile"),)
    )


def read_employer_golds(path: Path) -> tuple[EmployerGold, ...]:
    """The labelled employers of a file.

    Raises:
        BatchError: A line does not follow the schema; the message names it.
    """
    return tuple(
        EmployerGold(row.filled_text("id"), row.filled_text("place"), row.filled_text("employer"), _expected(row))
        for row in read_distinct(path)
    )


def _expected(row: Record) -> tuple[Expected, ...]:
    listed = row.record("expected")
    return tuple(Expected(sentence_id, listed.filled_text(sentence_id)) for sentence_id in listed.values)
