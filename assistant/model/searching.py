"""A question, where may be searched for it, and what was found."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.model.documents import Span


@dataclass(frozen=True, slots=True)
class Chunk:
    """What is indexed: one sentence in its place. `context` is searched and embedded, never quoted.

    Attributes:
        chunk_id: "<policy_id>@<start>-<end>".
        jurisdiction: division code of the policy, "" where unknown; the field that scope filters on.
        text: the sentence as read; of a row of a table, with the names of its columns.
        context: title and heading path, space separated.
        questions: lay questions that the sentence answers; searched, never quoted.
    """

    chunk_id: str
    policy_id: str
    clause_id: str
    jurisdiction: str
    span: Span
    kind: str
    text: str
    context: str
    questions: tuple[str, ...] = ()

    @property
    def placed(self) -> str:
        """The sentence in its place, as it is embedded: alone it often does not say whom or what it is about."""
        return f"{self.context}。{self.text}" if self.context else self.text


@dataclass(frozen=True, slots=True)
class Question:
    """What a person asked, and where they stand."""

    text: str
    jurisdiction: str | None = None  # division code chosen in the page's selector
    role: str = "other"
    history: tuple[str, ...] = ()  # earlier questions, oldest first


@dataclass(frozen=True, slots=True)
class Scope:
    """Which texts may be searched, decided before ranking.

    Attributes:
        tiers: sets of division codes, nearest place first (district, city, province). Seats are reserved per tier.
            Empty means nothing is in scope, and nothing is searched.
        asked: the place the question is about, None where none was named or chosen.
        asked_in_question: the place came from the question's words, not from the selector.
        policy_ids: only these texts, where the question names a document; None for no such limit.
    """

    tiers: tuple[frozenset[str], ...]
    asked: str | None = None
    asked_in_question: bool = False
    policy_ids: frozenset[str] | None = None

    @property
    def jurisdictions(self) -> frozenset[str]:
        """The division codes of all tiers."""
        return frozenset().union(*self.tiers)

    def admits(self, chunk: Chunk) -> bool:
        """Whether the chunk may be shown at all."""
        if self.policy_ids is not None and chunk.policy_id not in self.policy_ids:
            return False
        return any(chunk.jurisdiction in tier for tier in self.tiers)


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk in a ranking; scores of different retrievers do not compare."""

    chunk_id: str
    score: float


Ranking = tuple[Hit, ...]
"""Hits, best first."""


@dataclass(frozen=True, slots=True)
class Timing:
    """How long a stage took."""

    stage: str
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What a search found: hits kept and hits set aside, with the times. All are within the scope.

    `parts`: of several things asked, the score of each one's best hit, 0 where it has none; the first few only.
    """

    kept: Ranking
    rejected: Ranking = ()
    timings: tuple[Timing, ...] = ()
    parts: tuple[float, ...] = ()
