"""What retrieval asks of a store, whichever engine keeps it (docs/adr/0012).

A chunk is known by its id; a *row* is the number a store has for it, good for the store object that gave it. Scope is a
`Filter` handed to the search itself: what it shuts out is never compared, and takes no place among the first `k`.

    EmbeddedStore   files of one generation: tantivy and FAISS (assistant/indexing/embedded.py)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.indexing.dense import Vectors
from assistant.indexing.lexical import FieldWeights, LexicalEntry, RowScores
from assistant.jurisdictions import PlaceLevel
from assistant.model import Chunk, Policy, PolicyDocument


@dataclass(frozen=True, slots=True)
class Filter:
    """Which chunks may be found.

    Attributes:
        jurisdictions: only chunks of these places; none, no chunk. None for every place: said, never by default.
        policy_ids: only chunks of these policies; None for all.
        kinds: only chunks of these kinds; None for all.
        levels: only chunks of policies of places of these levels; None for all.
        drafts: True for drafts (征求意见稿) alone, False for none of them; None for both.
        issued_from: only chunks of policies that bear this date (`Policy.issued_on`) or a later one.
        issued_until: likewise, this or an earlier one. A policy without a date is shut out by either.
    """

    jurisdictions: frozenset[str] | None
    policy_ids: frozenset[str] | None = None
    kinds: frozenset[str] | None = None
    levels: frozenset[PlaceLevel] | None = None
    drafts: bool | None = None
    issued_from: date | None = None
    issued_until: date | None = None

    @property
    def empty(self) -> bool:
        """Whether it shuts out everything, so that nothing need be searched."""
        sets = (self.jurisdictions, self.policy_ids, self.kinds, self.levels)
        return any(values is not None and not values for values in sets)

    @property
    def of_policies(self) -> bool:
        """Whether it asks for something only the policy can tell: level, draft or date."""
        return any(asked is not None for asked in (self.levels, self.drafts, self.issued_from, self.issued_until))

    def admits(self, policy: Policy) -> bool:
        """Whether chunks of this policy may be found; `kinds` is the chunk's own affair.

        Example:
            >>> where = Filter(None, levels=frozenset({PlaceLevel.CITY}))
            >>> [where.admits(Policy("a", "", "", "", "", place)) for place in ("440100", "440000")]
            [True, False]
        """
        if self.jurisdictions is not None and (policy.jurisdiction or "") not in self.jurisdictions:
            return False
        if self.policy_ids is not None and policy.policy_id not in self.policy_ids:
            return False
        if self.levels is not None and level_of(policy.jurisdiction or "") not in self.levels:
            return False
        if self.drafts is not None and (policy.draft_mark is not None) is not self.drafts:
            return False
        if self.issued_from is None and self.issued_until is None:
            return True
        issued = policy.issued_on
        return issued is not None and (self.issued_from or issued) <= issued <= (self.issued_until or issued)


def level_of(jurisdiction: str) -> PlaceLevel | None:
    """The level of a division code of six digits; None for anything else.

    Example:
        >>> [str(level_of(code)) for code in ("440105", "440100", "440000", "100000", "")]
        ['district', 'city', 'province', 'nation', 'None']
    """
    if len(jurisdiction) != 6:
        return None
    if jurisdiction.endswith("0000"):
        return PlaceLevel.NATION if jurisdiction == "100000" else PlaceLevel.PROVINCE
    return PlaceLevel.CITY if jurisdiction.endswith("00") else PlaceLevel.DISTRICT


EVERYWHERE = Filter(None)
"""No limit at all: for tools that know no scope, never for an answer."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What a store holds."""

    documents: int
    chunks: int
    questions: int


@dataclass(frozen=True, slots=True)
class WordSearch:
    """A search by words: term → weight, and what a match in each field counts."""

    terms: Mapping[str, float]
    weights: FieldWeights


@dataclass(frozen=True, slots=True)
class Rankings:
    """What the searches of one question found.

    Attributes:
        words: one ranking for each `WordSearch`, in their order.
        vectors: rows by nearness of their sentence.
        questions: rows by their nearest lay question, each row once; fewer than asked for where rows share.
    """

    words: tuple[RowScores, ...]
    vectors: RowScores
    questions: RowScores


class KeptPieces(Protocol):
    """The distinct pieces of candidates, for late interaction (assistant/retrieval/reranking.py)."""

    def sentences(self) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Of each candidate's sentence in its place, one after the other, and how many each has."""
        ...

    def questions(self, at: Sequence[int]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Of the lay questions of some candidates, likewise."""
        ...


@dataclass(frozen=True)
class Candidates:
    """Chunks with what they are scored by; those that are gone by now are left out.

    Attributes:
        rows: which of the rows asked for are there, in the order asked.
        chunks: their records; a store may read each when it is looked at.
        vectors: of their sentences, shape (rows, dimension).
        question_vectors: of the lay questions of all of them, one after the other; shape (questions, dimension).
        question_counts: how many each has; shape (rows,).
        pieces: of the bundled encoder, where the store keeps them; else they are cut from the records.
    """

    rows: tuple[int, ...]
    chunks: Sequence[Chunk]
    vectors: Vectors
    question_vectors: Vectors
    question_counts: NDArray[np.int64]
    pieces: KeptPieces | None = None

    def cosines(self, vector: Vectors) -> Vectors:
        """With each sentence of a unit vector of shape (dimension,); shape (rows,)."""
        found: Vectors = self.vectors @ vector
        return found

    def question_cosines(self, vector: Vectors) -> Vectors:
        """With each lay question; shape (questions,)."""
        found: Vectors = self.question_vectors @ vector
        return found

    def policy_ids(self) -> Sequence[str]:
        """The policy of each row."""
        return [chunk.policy_id for chunk in self.chunks]


@dataclass(frozen=True, slots=True)
class Entry:
    """A chunk as it is put into a store.

    Attributes:
        chunk: with its lay questions.
        words: the tokens of its fields.
        vector: of the sentence in its place, shape (dimension,); None in a store for keywords alone.
        question_vectors: of its lay questions, shape (questions, dimension); None likewise.
    """

    chunk: Chunk
    words: LexicalEntry
    vector: Vectors | None = None
    question_vectors: Vectors | None = None


class WordStatistics(Protocol):
    """How rare words are."""

    def idf(self, terms: Iterable[str], field: str = "text") -> Mapping[str, float]:
        """BM25's inverse document frequency of each term in a field, over the whole store: the rarer, the higher."""
        ...


class Store(WordStatistics, Protocol):
    """Documents and chunks that can be searched; every implementation passes tests/indexing/store_contract.py.

    Attributes:
        generation: changes whenever what is found may change.
        counts: what it holds.
        dimension: numbers per vector; None where it is open for keywords alone.
        documents: by policy id.
        chunks: by chunk id, read when asked for; going through all of them reads all.
    """

    @property
    def generation(self) -> str: ...  # noqa: D102
    @property
    def counts(self) -> Counts: ...  # noqa: D102
    @property
    def dimension(self) -> int | None: ...  # noqa: D102
    @property
    def documents(self) -> Mapping[str, PolicyDocument]: ...  # noqa: D102
    @property
    def chunks(self) -> Mapping[str, Chunk]: ...  # noqa: D102

    def chunks_of(self, policy_id: str) -> tuple[Chunk, ...]:
        """The chunks of one policy in text order; none for a policy that is not held."""
        ...

    def asked(self, policy_id: str) -> bool:
        """Whether any chunk of the policy has a lay question; asked for every candidate, so it must be at hand."""
        ...

    def records(self, rows: Sequence[int]) -> Mapping[int, Chunk]:
        """The chunks of some rows; those that are gone are left out."""
        ...

    def candidates(self, rows: Sequence[int]) -> Candidates:
        """The chunks of some rows with their vectors, those of their lay questions too.

        Raises:
            ValueError: the store is open for keywords alone.
        """
        ...

    def search_words(self, asked: WordSearch, k: int, where: Filter) -> RowScores:
        """The best `k` rows by BM25 that hold at least one term (see `LexicalIndex`)."""
        ...

    def search_vectors(self, vector: Vectors, k: int, where: Filter) -> RowScores:
        """The `k` rows nearest to a unit vector of shape (dimension,), with their inner products.

        Raises:
            ValueError: the vector has another dimension, or the store is open for keywords alone.
        """
        ...

    def search(self, words: Sequence[WordSearch], vector: Vectors, k: int, where: Filter) -> Rankings:
        """All searches of one question at once, `k` hits each; a store on a server answers them in one statement.

        Raises:
            ValueError: as `search_vectors`.
        """
        ...

    def upsert(self, documents: Sequence[PolicyDocument], entries: Sequence[Entry]) -> Store:
        """Put documents and chunks in, over those of the same id; doing it twice changes nothing more.

        Returns:
            The store as it is now. Readers of this one may keep seeing what it held before, never a mixture.

        Raises:
            ValueError: an entry is of a policy that is neither held nor given, or two entries have the same id.
            IndexStoreError: it could not be written; what was held stays.
        """
        ...

    def delete(self, chunk_ids: Iterable[str] = (), policy_ids: Iterable[str] = ()) -> Store:
        """Take chunks out, and policies with all their chunks; ids that are not held are passed over.

        Returns:
            The store as it is now.

        Raises:
            IndexStoreError: it could not be written; what was held stays.
        """
        ...


def narrowed(where: Filter, documents: Mapping[str, PolicyDocument]) -> Filter:
    """The same filter with what only policies can tell turned into a set of them."""
    if not where.of_policies:
        return where
    admitted = frozenset(key for key, document in documents.items() if where.admits(document.policy))
    return Filter(where.jurisdictions, admitted, where.kinds)


def fields_of(weights: FieldWeights) -> dict[str, float]:
    """The fields that are searched, with what a match in each counts."""
    named = {"text": weights.text, "context": weights.context, "questions": weights.questions}
    return {field: weight for field, weight in named.items() if weight > 0}
