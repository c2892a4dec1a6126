"""What retrieval asks of a store, whichever engine keeps it (docs/adr/0012).

A chunk is known by its id; a *row* is the number a store has for it, good for the store object that gave it. Scope is a
`Filter` handed to the search itself: what it shuts out is never compared, and takes no place among the first `k`.

    EmbeddedStore   files of one generation: tantivy and FAISS (assistant/indexing/embedded.py)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.indexing.dense import Vectors
from assistant.indexing.lexical import FieldWeights, LexicalEntry, RowScores
from assistant.model import Chunk, PolicyDocument


@dataclass(frozen=True, slots=True)
class Filter:
    """Which chunks may be found.

    Attributes:
        jurisdictions: only chunks of these places; none, no chunk. None for every place: said, never by default.
        policy_ids: only chunks of these policies; None for all.
        kinds: only chunks of these kinds; None for all.
    """

    jurisdictions: frozenset[str] | None
    policy_ids: frozenset[str] | None = None
    kinds: frozenset[str] | None = None

    @property
    def empty(self) -> bool:
        """Whether it shuts out everything, so that nothing need be searched."""
        return any(values is not None and not values for values in (self.jurisdictions, self.policy_ids, self.kinds))


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


@dataclass(frozen=True, slots=True)
class Candidates:
    """Chunks with what they are scored by; those that are gone by now are left out.

    Attributes:
        rows: which of the rows asked for are there, in the order asked.
        chunks: their records.
        vectors: of their sentences, shape (rows, dimension).
        question_vectors: of the lay questions of all of them, one after the other; shape (questions, dimension).
        question_counts: how many each has; shape (rows,).
    """

    rows: tuple[int, ...]
    chunks: tuple[Chunk, ...]
    vectors: Vectors
    question_vectors: Vectors
    question_counts: NDArray[np.int64]


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


def fields_of(weights: FieldWeights) -> dict[str, float]:
    """The fields that are searched, with what a match in each counts."""
    named = {"text": weights.text, "context": weights.context, "questions": weights.questions}
    return {field: weight for field, weight in named.items() if weight > 0}
