"""The store that needs no server: the files of one generation behind the protocol every store speaks.

Rows are row numbers of the generation. A generation never changes, so neither does a store over one: `upsert` and
`delete` write the next generation whole (docs/adr/0003) and return a store over that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from assistant.indexing.dense import DenseIndex, Rows, Vectors
from assistant.indexing.lexical import RowScores
from assistant.indexing.protocol import Candidates, Counts, Entry, Filter, Rankings, Store, WordSearch, narrowed
from assistant.indexing.rewriting import rewritten
from assistant.indexing.store import Generation
from assistant.model import Chunk, PolicyDocument
from assistant.tokenization import Tokenizer


class EmbeddedStore:
    """A `Store` over an opened generation.

    Args:
        generation: for keywords alone where it was opened without its encoder.
        index_dir: where the next generation goes.
        tokenizer: the one it was built with; like the folder, needed to write only.
    """

    def __init__(
        self, generation: Generation, index_dir: Path | None = None, tokenizer: Tokenizer | None = None
    ) -> None:
        self._held = generation
        self._index_dir, self._tokenizer = index_dir, tokenizer
        self._tables: dict[frozenset[str] | None, _RowTable] = {}

    @property
    def generation(self) -> str:
        """The id of the generation."""
        return self._held.generation_id

    @property
    def counts(self) -> Counts:
        """From the manifest."""
        manifest = self._held.manifest
        return Counts(manifest.documents, manifest.chunks, manifest.questions)

    @property
    def dimension(self) -> int | None:
        """Numbers per vector; None where it is open for keywords alone."""
        return self._held.dense.dimension if self._held.dense else None

    @property
    def documents(self) -> Mapping[str, PolicyDocument]:
        """By policy id."""
        return self._held.documents

    @property
    def chunks(self) -> Mapping[str, Chunk]:
        """By chunk id."""
        return _ByChunkId(self._held.chunks, self._row_of)

    def chunks_of(self, policy_id: str) -> tuple[Chunk, ...]:
        """See `Store`."""
        return tuple(self._held.chunks[row] for row in self._table(None).by_policy.get(policy_id, ()))

    def records(self, rows: Sequence[int]) -> Mapping[int, Chunk]:
        """See `Store`."""
        return {row: self._held.chunks[row] for row in rows}

    def candidates(self, rows: Sequence[int]) -> Candidates:
        """See `Store`."""
        chunks = tuple(self._held.chunks[row] for row in rows)
        counts = np.array([len(chunk.questions) for chunk in chunks], dtype=np.int64)
        dense, asked = self._dense, self._held.dense_questions
        first = self._first_question
        questions = np.concatenate([_NONE, *(np.arange(first[row], first[row + 1]) for row in rows)])
        vectors = asked.vectors(questions) if asked is not None else np.zeros((0, dense.dimension), dtype=np.float32)
        return Candidates(tuple(rows), chunks, dense.vectors(rows), vectors, counts)

    def idf(self, terms: Iterable[str], field: str = "text") -> Mapping[str, float]:
        """See `WordStatistics`."""
        return {term: self._held.lexical.idf(term, field) for term in terms}

    def search_words(self, asked: WordSearch, k: int, where: Filter) -> RowScores:
        """See `Store`."""
        where = narrowed(where, self.documents)
        if where.empty:
            return ()
        return self._held.lexical.search(
            asked.terms,
            k,
            jurisdictions=where.jurisdictions,
            policy_ids=where.policy_ids,
            kinds=where.kinds,
            weights=asked.weights,
        )

    def search_vectors(self, vector: Vectors, k: int, where: Filter) -> RowScores:
        """See `Store`."""
        return self._dense.search(vector, k, self._admitted(where))

    def search(self, words: Sequence[WordSearch], vector: Vectors, k: int, where: Filter) -> Rankings:
        """See `Store`."""
        allowed = self._admitted(where)
        return Rankings(
            tuple(self.search_words(asked, k, where) for asked in words),
            self._dense.search(vector, k, allowed),
            self._by_question(vector, k, allowed),
        )

    def upsert(self, documents: Sequence[PolicyDocument], entries: Sequence[Entry]) -> Store:
        """See `Store`. The whole generation is written anew: for many changes, put them in one batch."""
        return self._rewritten(documents, entries, frozenset(), frozenset())

    def delete(self, chunk_ids: Iterable[str] = (), policy_ids: Iterable[str] = ()) -> Store:
        """See `Store`."""
        return self._rewritten((), (), frozenset(chunk_ids), frozenset(policy_ids))

    def _rewritten(
        self,
        documents: Sequence[PolicyDocument],
        entries: Sequence[Entry],
        chunk_ids: frozenset[str],
        policy_ids: frozenset[str],
    ) -> Store:
        folder, tokenizer = self._index_dir, self._tokenizer
        if folder is None or tokenizer is None:
            raise ValueError("This store was opened for reading; to write, it needs its folder and its tokenizer.")
        generation = rewritten(folder, self._held, tokenizer, documents, entries, chunk_ids, policy_ids)
        return EmbeddedStore(generation, folder, tokenizer)

    @property
    def _dense(self) -> DenseIndex:
        if self._held.dense is None:
            raise ValueError("The generation has no vectors open; pass the encoder to open_generation.")
        return self._held.dense

    def _by_question(self, vector: Vectors, k: int, allowed: Rows) -> RowScores:
        """Chunks by their nearest lay question."""
        asked = self._held.dense_questions
        if asked is None or not asked.count:
            return ()
        found = asked.search(vector, k, np.flatnonzero(np.isin(self._owner, allowed)))
        best: dict[int, float] = {}
        for question, score in found:
            best.setdefault(int(self._owner[question]), score)
        return tuple(best.items())

    def _admitted(self, where: Filter) -> Rows:
        return self._table(where.kinds).admitted(narrowed(where, self.documents))

    def _table(self, kinds: frozenset[str] | None) -> _RowTable:
        if kinds not in self._tables:
            self._tables[kinds] = _RowTable(self._held.chunks, kinds)
        return self._tables[kinds]

    @cached_property
    def _row_of(self) -> dict[str, int]:
        return {chunk.chunk_id: row for row, chunk in enumerate(self._held.chunks)}

    @cached_property
    def _first_question(self) -> Rows:
        """The number of each row's first lay question, and behind them the number of all; shape (rows + 1,)."""
        counts = np.array([len(chunk.questions) for chunk in self._held.chunks], dtype=np.int64)
        return np.concatenate([_ZERO, np.cumsum(counts)])

    @cached_property
    def _owner(self) -> Rows:
        """The row of each lay question; shape (questions,)."""
        counts = np.diff(self._first_question)
        return np.repeat(np.arange(len(counts)), counts)


_NONE: Rows = np.array([], dtype=np.int64)
_ZERO: Rows = np.array([0], dtype=np.int64)


class _RowTable:
    """Row numbers by place and by policy, so that a filter becomes rows without a look at every chunk."""

    def __init__(self, chunks: Sequence[Chunk], kinds: frozenset[str] | None) -> None:
        places: dict[str, list[int]] = {}
        policies: dict[str, list[int]] = {}
        for row, chunk in enumerate(chunks):
            if kinds is None or chunk.kind in kinds:
                places.setdefault(chunk.jurisdiction, []).append(row)
                policies.setdefault(chunk.policy_id, []).append(row)
        self.by_jurisdiction = {key: np.array(rows) for key, rows in places.items()}
        self.by_policy = {key: np.array(rows) for key, rows in policies.items()}

    def admitted(self, where: Filter) -> Rows:
        """The rows the filter lets through; kinds have been seen to."""
        places = frozenset(self.by_jurisdiction) if where.jurisdictions is None else where.jurisdictions
        rows = _union(self.by_jurisdiction, places)
        if where.policy_ids is None:
            return rows
        return np.intersect1d(rows, _union(self.by_policy, where.policy_ids), assume_unique=True)


def _union(table: Mapping[str, Rows], keys: frozenset[str]) -> Rows:
    parts = [table[key] for key in sorted(keys) if key in table]
    return np.concatenate(parts) if parts else _NONE


class _ByChunkId(Mapping[str, Chunk]):
    """Records by id, in row order."""

    def __init__(self, chunks: Sequence[Chunk], row_of: Mapping[str, int]) -> None:
        self._chunks, self._row_of = chunks, row_of

    def __getitem__(self, chunk_id: str) -> Chunk:
        return self._chunks[self._row_of[chunk_id]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._row_of)

    def __len__(self) -> int:
        return len(self._row_of)
