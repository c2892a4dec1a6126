"""What a text says of others, as it is kept with the index; how it is read is in `mentions.py`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from assistant.model import Reference, Span


@dataclass(frozen=True, slots=True)
class Repeal:
    """A mention of another text that this one ends, and the words that say so."""

    reference: Reference
    span: Span
    words: str


@dataclass(frozen=True, slots=True)
class Extension:
    """A mention of another text whose validity this one extends: to a day, or by years."""

    reference: Reference
    span: Span
    words: str
    until: date | None
    years: int = 0


@dataclass(frozen=True, slots=True)
class Mentions:
    """What one text says of others."""

    repeals: tuple[Repeal, ...] = ()
    extensions: tuple[Extension, ...] = ()
