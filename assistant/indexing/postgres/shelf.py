"""The store itself: what retrieval asks, in statements."""

from __future__ import annotations

import json
import threading
import time
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from psycopg import Connection
from psycopg.rows import TupleRow

from assistant.indexing.dense import Vectors
from assistant.indexing.lexical import RowScores
from assistant.indexing.manifest import EncoderRecord
from assistant.indexing.postgres import writing
from assistant.indexing.postgres.connecting import CONNECTIONS, Pool, open_pool, translated
from assistant.indexing.postgres.remembering import Records, Word, Words, read_chunks
from assistant.indexing.postgres.schema import Place, State, check_state, read_state
from assistant.indexing.postgres.statements import WeightedWords, sorted_hits, statement
from assistant.indexing.protocol import Candidates, Counts, Entry, Filter, Rankings, Store, WordSearch, fields_of
from assistant.indexing.records import decode
from assistant.indexing.weighting import FIELDS, query_weights, rarity
from assistant.model import Chunk, PolicyDocument

FRESH_FOR = 1.0
"""Seconds for which counts, documents and word counts are taken for current."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a process knows of the store as a whole."""

    state: State
    places: Mapping[str, Place]
    documents: Mapping[str, PolicyDocument]
    until: float


class PostgresStore:
    """A `Store` over a database that other processes read and write too.

    Every statement sees what is committed at its time. Counts and documents may be `FRESH_FOR` seconds old.

    Args:
        url: postgresql://…
        tokenizer: refuse a store built with another tokenizer; None does not check.
        encoder: refuse a store built with another model; None opens it for keywords alone.
        connections: at most open at once.

    Raises:
        IndexMissingError: the database holds no store.
        IndexStaleError, EncoderError: it was built with other parts.
        IndexStoreError: the database cannot be used.
    """

    def __init__(
        self,
        url: str,
        *,
        tokenizer: str | None = None,
        encoder: EncoderRecord | None = None,
        connections: int = CONNECTIONS,
    ) -> None:
        self._url = url
        self._tokenizer, self._encoder = tokenizer, encoder
        self._pool: Pool = open_pool(url, connections)
        self.close = weakref.finalize(self, self._pool.close)
        self._records, self._words, self._lock = Records(), Words(), threading.Lock()
        self._seen: _Seen | None = None
        try:
            with self._connection() as connection:
                state = read_state(connection)
            check_state(state, tokenizer, encoder)
        except BaseException:
            self.close()
            raise
        self.dimension = state.dimension if encoder is not None else None

    @property
    def generation(self) -> str:
        """The number of changes since the store was made."""
        return f"postgresql-{self._now().state.generation}"

    @property
    def counts(self) -> Counts:
        """As kept in the state."""
        state = self._now().state
        return Counts(state.documents, state.chunks, state.questions)

    @property
    def documents(self) -> Mapping[str, PolicyDocument]:
        """By policy id, kept in memory; those that changed are read anew."""
        return self._now().documents

    @property
    def chunks(self) -> Mapping[str, Chunk]:
        """By chunk id, each read when asked for."""
        return _ByChunkId(self)

    def chunk(self, chunk_id: str) -> Chunk | None:
        """One chunk; None where it is not held."""
        with self._connection() as connection:
            return self._records.by_id(connection, chunk_id)

    def chunk_ids(self) -> list[str]:
        """The ids of all chunks, in row order."""
        with self._connection() as connection:
            return [chunk_id for (chunk_id,) in connection.execute("SELECT chunk_id FROM chunk ORDER BY row")]

    def chunks_of(self, policy_id: str) -> tuple[Chunk, ...]:
        """See `Store`."""
        with self._connection() as connection:
            found = read_chunks(connection, "WHERE policy_id = %s ORDER BY span_start, row", (policy_id,))
            return tuple(found.values())

    def records(self, rows: Sequence[int]) -> Mapping[int, Chunk]:
        """See `Store`."""
        with self._connection() as connection:
            held = self._records.rows(connection, rows, vectors=False)
        return {row: held[row].chunk for row in rows if row in held}

    def candidates(self, rows: Sequence[int]) -> Candidates:
        """See `Store`."""
        dimension = self._needed_dimension()
        with self._connection() as connection:
            held = self._records.rows(connection, rows, vectors=True)
        there = [row for row in rows if row in held]
        vectors, questions = [np.zeros((0, dimension), np.float32)], [np.zeros((0, dimension), np.float32)]
        for row in there:
            own, asked = held[row].vector, held[row].question_vectors
            vectors += [own[np.newaxis]] if own is not None else []
            questions += [asked] if asked is not None else []
        chunks = tuple(held[row].chunk for row in there)
        counts = np.array([len(chunk.questions) for chunk in chunks], dtype=np.int64)
        return Candidates(tuple(there), chunks, np.concatenate(vectors), np.concatenate(questions), counts)

    def idf(self, terms: Iterable[str], field: str = "text") -> Mapping[str, float]:
        """See `WordStatistics`."""
        wanted = list(terms)
        if not wanted:
            return {}
        with self._connection() as connection:
            words = self._words.of(connection, wanted, self._now().state.generation)
        return {term: self._rarity(words[term], FIELDS.index(field)) for term in wanted}

    def search_words(self, asked: WordSearch, k: int, where: Filter) -> RowScores:
        """See `Store`."""
        return self._searched([asked], None, k, where).words[0]

    def search_vectors(self, vector: Vectors, k: int, where: Filter) -> RowScores:
        """See `Store`."""
        return self._searched([], vector, k, where).vectors

    def search(self, words: Sequence[WordSearch], vector: Vectors, k: int, where: Filter) -> Rankings:
        """See `Store`."""
        return self._searched(words, vector, k, where)

    def upsert(self, documents: Sequence[PolicyDocument], entries: Sequence[Entry]) -> Store:
        """See `Store`."""
        with self._connection() as connection:
            writing.upsert(connection, documents, entries)
        return self.refreshed()

    def delete(self, chunk_ids: Iterable[str] = (), policy_ids: Iterable[str] = ()) -> Store:
        """See `Store`."""
        with self._connection() as connection:
            writing.delete(connection, chunk_ids, policy_ids)
        return self.refreshed()

    def refreshed(self) -> PostgresStore:
        """This store, with all it knows of the database to be read anew."""
        self._seen = (
            None
            if self._seen is None
            else _Seen(self._seen.state, self._seen.places, self._seen.documents, float("-inf"))
        )
        return self

    def _searched(self, words: Sequence[WordSearch], vector: Vectors | None, k: int, where: Filter) -> Rankings:
        if vector is not None and vector.shape != (self._needed_dimension(),):
            raise ValueError(f"A vector of shape {vector.shape} in a store of dimension {self.dimension}.")
        nothing = Rankings(((),) * len(words), (), ())
        if k < 1 or where.empty:
            return nothing
        seen = self._now()
        with self._connection() as connection:
            state = seen.state
            made = statement(
                self._weighted(connection, words),
                vector,
                k,
                where,
                places=_places(seen, where),
                chunks=state.chunks,
                questions=state.questions,
            )
            if made is None:
                return nothing
            hits: list[list[tuple[int, float]]] = [[] for _ in range(len(words) + 2)]
            for leg, row, score in connection.execute(made[0].encode(), made[1], binary=True):
                hits[leg].append((row, score))
        rankings = [sorted_hits(found) for found in hits]
        return Rankings(tuple(rankings[: len(words)]), rankings[-2], rankings[-1])

    def _weighted(self, connection: Connection[TupleRow], words: Sequence[WordSearch]) -> list[WeightedWords]:
        generation = self._now().state.generation
        known = self._words.of(connection, {term for search in words for term in search.terms}, generation)
        weighted = []
        for search in words:
            # A word no chunk holds has no dimension.
            terms = {term: weight for term, weight in search.terms.items() if known[term] is not None}
            fields = fields_of(search.weights)
            idf = {field: {term: self._rarity(known[term], FIELDS.index(field)) for term in terms} for field in fields}
            weights, found = {}, {}
            for term, field, weight in query_weights(terms, fields, idf):
                word = known[term]
                if word is not None and word.found[field]:
                    dimension = word.number * len(FIELDS) + field
                    weights[dimension], found[dimension] = weight, word.found[field]
            weighted.append(WeightedWords(weights, found))
        return weighted

    def _rarity(self, word: Word | None, field: int) -> float:
        return rarity(self._now().state.chunks, word.found[field] if word else 0)

    def _needed_dimension(self) -> int:
        if self.dimension is None:
            raise ValueError("The store has no vectors open; open it with its encoder.")
        return self.dimension

    def _now(self) -> _Seen:
        seen = self._seen
        if seen is not None and time.monotonic() < seen.until:
            return seen
        with self._lock:
            if self._seen is None or time.monotonic() >= self._seen.until:
                with self._connection() as connection:
                    seen = _look(connection, self._seen)
                check_state(seen.state, self._tokenizer, self._encoder)  # it may have been built anew meanwhile
                self._seen = seen
            return self._seen

    @contextmanager
    def _connection(self) -> Iterator[Connection[TupleRow]]:
        with translated(self._url), self._pool.connection() as connection:
            yield connection


def _look(connection: Connection[TupleRow], before: _Seen | None) -> _Seen:
    """The store as it is now; of documents only those are read that changed."""
    until = time.monotonic() + FRESH_FOR
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        state = read_state(connection)
        if before is not None and before.state == state:
            return _Seen(state, before.places, before.documents, until)
        found = connection.execute("SELECT jurisdiction, number, chunks FROM place WHERE chunks > 0")
        places = {name: Place(number, chunks) for name, number, chunks in found}
        documents = dict(before.documents) if before else {}
        since = before.state.generation if before else -1
        if before is not None and before.state.removals != state.removals:
            held = {policy_id for (policy_id,) in connection.execute("SELECT policy_id FROM document")}
            documents = {key: document for key, document in documents.items() if key in held}
        changed = connection.execute("SELECT record FROM document WHERE generation > %s ORDER BY ctid", (since,))
        for (record,) in changed:
            document = decode(PolicyDocument, json.loads(record))
            documents[document.policy.policy_id] = document
    return _Seen(state, MappingProxyType(places), MappingProxyType(documents), until)


def _places(seen: _Seen, where: Filter) -> list[Place]:
    """The places with chunks that a filter lets through."""
    chosen = seen.places if where.jurisdictions is None else where.jurisdictions
    return [seen.places[name] for name in sorted(chosen) if name in seen.places]


class _ByChunkId(Mapping[str, Chunk]):
    """Chunks by id, in row order."""

    def __init__(self, store: PostgresStore) -> None:
        self._store = store

    def __getitem__(self, chunk_id: str) -> Chunk:
        chunk = self._store.chunk(chunk_id)
        if chunk is None:
            raise KeyError(chunk_id)
        return chunk

    def __iter__(self) -> Iterator[str]:
        return iter(self._store.chunk_ids())

    def __len__(self) -> int:
        return self._store.counts.chunks
