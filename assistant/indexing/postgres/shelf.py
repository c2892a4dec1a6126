"""The store itself: what retrieval asks, in statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from assistant.indexing.dense import Vectors
from assistant.indexing.lexical import RowScores
from assistant.indexing.manifest import EncoderRecord
from assistant.indexing.postgres import writing
from assistant.indexing.postgres.connecting import CONNECTIONS, Lending
from assistant.indexing.postgres.remembering import Records, Word, Words, read_chunks
from assistant.indexing.postgres.schema import State, check_state, read_state
from assistant.indexing.postgres.seeing import Outlook
from assistant.indexing.postgres.statements import WeightedWords, sorted_hits, statement
from assistant.indexing.protocol import Candidates, Counts, Entry, Filter, Rankings, Store, WordSearch, fields_of
from assistant.indexing.weighting import FIELDS, query_weights, rarity
from assistant.model import Chunk, PolicyDocument


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
        self._connection = Lending(url, connections)  # documents hold it too: their trees are read later
        self.close = self._connection.close
        self._records, self._words = Records(), Words()
        self._outlook = Outlook(self._connection, lambda state: check_state(state, tokenizer, encoder))
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
        return f"postgresql-{self._outlook.latest().state.generation}"

    @property
    def counts(self) -> Counts:
        """As kept in the state."""
        state = self._outlook.latest().state
        return Counts(state.documents, state.chunks, state.questions)

    @property
    def documents(self) -> Mapping[str, PolicyDocument]:
        """By policy id, kept in memory; those that changed are read anew."""
        return self._outlook.latest().documents

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

    def asked(self, policy_id: str) -> bool:
        """See `Store`."""
        return policy_id in self._outlook.latest().asked

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
        seen = self._outlook.latest()
        words = self._words.of(self._connection, wanted, seen.state.generation)
        number = FIELDS.index(field)
        return {term: _rarity(seen.state, words[term], number) for term in wanted}

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
        self._outlook.anew()
        return self

    def _searched(self, words: Sequence[WordSearch], vector: Vectors | None, k: int, where: Filter) -> Rankings:
        if vector is not None and vector.shape != (self._needed_dimension(),):
            raise ValueError(f"A vector of shape {vector.shape} in a store of dimension {self.dimension}.")
        nothing = Rankings(((),) * len(words), (), ())
        if k < 1 or where.empty:
            return nothing
        seen = self._outlook.latest()
        made = statement(
            self._weighted(seen.state, words),
            vector,
            k,
            where,
            places=seen.places_of(where),
            chunks=seen.state.chunks,
            questions=seen.state.questions,
        )
        if made is None:
            return nothing
        with self._connection() as connection:
            found = connection.execute(made[0].encode(), made[1], binary=True).fetchall()
        hits: list[list[tuple[int, float]]] = [[] for _ in range(len(words) + 2)]
        for leg, row, score in found:
            hits[leg].append((row, score))
        rankings = [sorted_hits(found) for found in hits]
        return Rankings(tuple(rankings[: len(words)]), rankings[-2], rankings[-1])

    def _weighted(self, state: State, words: Sequence[WordSearch]) -> list[WeightedWords]:
        terms_asked = {term for search in words for term in search.terms}
        known = self._words.of(self._connection, terms_asked, state.generation)
        weighted = []
        for search in words:
            # A word no chunk holds has no dimension.
            terms = {term: weight for term, weight in search.terms.items() if known[term] is not None}
            fields = fields_of(search.weights)
            idf = {
                field: {term: _rarity(state, known[term], FIELDS.index(field)) for term in terms} for field in fields
            }
            weights = {}
            for term, field, weight in query_weights(terms, fields, idf):
                word = known[term]
                if word is not None and word.found[field]:
                    weights[word.number * len(FIELDS) + field] = weight
            weighted.append(WeightedWords(weights))
        return weighted

    def _needed_dimension(self) -> int:
        if self.dimension is None:
            raise ValueError("The store has no vectors open; open it with its encoder.")
        return self.dimension


def _rarity(state: State, word: Word | None, field: int) -> float:
    return rarity(state.chunks, word.found[field] if word else 0)


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
