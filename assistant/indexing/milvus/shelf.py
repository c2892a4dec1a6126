"""The store itself: what retrieval asks, as requests to Milvus."""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from pymilvus import MilvusClient

from assistant.errors import EncoderError, IndexMissingError, IndexStaleError
from assistant.indexing.dense import Vectors
from assistant.indexing.lexical import RowScores
from assistant.indexing.manifest import EncoderRecord
from assistant.indexing.milvus import writing
from assistant.indexing.milvus.collections import (
    CHUNKS,
    QUESTIONS,
    WORDS,
    chunk_of,
    dimension_of,
    expression,
    row_of,
    translated,
)
from assistant.indexing.milvus.writing import FORMAT, State, every, read_documents, read_state
from assistant.indexing.protocol import Candidates, Counts, Entry, Filter, Rankings, Store, WordSearch, fields_of
from assistant.indexing.weighting import FIELDS, query_weights, rarity
from assistant.model import Chunk, PolicyDocument

FRESH_FOR = 1.0
"""Seconds for which counts, documents and word counts are taken for current."""
BREADTH = 256
"""Neighbours looked at in the graph, or as many as are asked for."""
MOST = 16_384
"""Hits Milvus gives at most."""


@dataclass(frozen=True, slots=True)
class _Seen:
    state: State
    documents: Mapping[str, PolicyDocument]
    until: float


class MilvusStore:
    """A `Store` over a Milvus that other processes read too; one process at a time writes.

    Args:
        address: http://host:19530, or the path of a Milvus Lite file.
        tokenizer: refuse a store built with another tokenizer; None does not check.
        encoder: refuse a store built with another model; None opens it for keywords alone.

    Raises:
        IndexMissingError: no store has been made there.
        IndexStaleError, EncoderError: it was built with other parts.
        IndexStoreError: Milvus cannot be used.
    """

    def __init__(self, address: str, *, tokenizer: str | None = None, encoder: EncoderRecord | None = None) -> None:
        self._address = address
        with translated(address):
            self._client = MilvusClient(address)
            self.close = weakref.finalize(self, self._client.close)
            state = read_state(self._client)
        self._words: dict[int, int] = {}
        self._asked: dict[tuple[int, str], bool] = {}
        self._seen: _Seen | None = None
        self._lock = threading.Lock()
        self._tokenizer, self._encoder = tokenizer, encoder
        self._check(state)
        self.dimension = encoder.dimension if encoder else None

    @property
    def generation(self) -> str:
        """The number of changes since the store was made."""
        return f"milvus-{self._now().state.generation}"

    @property
    def counts(self) -> Counts:
        """As kept in the state."""
        seen = self._now()
        return Counts(len(seen.documents), seen.state.chunks, seen.state.questions)

    @property
    def documents(self) -> Mapping[str, PolicyDocument]:
        """By policy id, kept in memory until the store changes."""
        return self._now().documents

    @property
    def chunks(self) -> Mapping[str, Chunk]:
        """By chunk id, each read when asked for."""
        return _ByChunkId(self)

    def chunk_ids(self) -> list[str]:
        """The ids of all chunks, in no order."""
        with translated(self._address):
            return [chunk_of(row["record"]).chunk_id for row in every(self._client, CHUNKS, "row >= 0", ["record"])]

    def chunks_of(self, policy_id: str) -> tuple[Chunk, ...]:
        """See `Store`."""
        with translated(self._address):
            rows = every(self._client, CHUNKS, expression(Filter(None, frozenset({policy_id}))), ["record"])
            return tuple(sorted((chunk_of(row["record"]) for row in rows), key=lambda c: (c.span.start, c.span.end)))

    def asked(self, policy_id: str) -> bool:
        """See `Store`; looked through once a generation."""
        state = self._now().state
        key = (state.generation, policy_id)
        if key not in self._asked:
            self._asked = {known: value for known, value in self._asked.items() if known[0] == state.generation}
            self._asked[key] = bool(state.questions) and any(chunk.questions for chunk in self.chunks_of(policy_id))
        return self._asked[key]

    def records(self, rows: Sequence[int]) -> Mapping[int, Chunk]:
        """See `Store`."""
        if not rows:
            return {}
        with translated(self._address):
            found = self._client.get(CHUNKS, ids=[int(row) for row in rows], output_fields=["row", "record"])
        return {row["row"]: chunk_of(row["record"]) for row in found}

    def candidates(self, rows: Sequence[int]) -> Candidates:
        """See `Store`."""
        dimension, none = self._needed_dimension(), np.zeros((0, self.dimension or 0), np.float32)
        if not rows:
            return Candidates((), (), none, none, np.zeros(0, np.int64))
        with translated(self._address):
            found = {
                row["row"]: row
                for row in self._client.get(CHUNKS, ids=list(rows), output_fields=["row", "record", "vector"])
            }
            chunks = {row: chunk_of(found[row]["record"]) for row in rows if row in found}
            asked: dict[int, list[tuple[int, Sequence[float]]]] = {}
            if owners := [row for row, chunk in chunks.items() if chunk.questions]:
                for row in self._client.query(
                    QUESTIONS, filter=f"owner in {owners}", output_fields=["owner", "position", "vector"]
                ):
                    asked.setdefault(row["owner"], []).append((row["position"], row["vector"]))
        there = [row for row, chunk in chunks.items() if len(asked.get(row, ())) == len(chunk.questions)]
        ordered = [vector for row in there for _, vector in sorted(asked.get(row, ()), key=lambda part: part[0])]
        return Candidates(
            tuple(there),
            tuple(chunks[row] for row in there),
            np.array([found[row]["vector"] for row in there], np.float32).reshape(-1, dimension),
            np.array(ordered, np.float32).reshape(-1, dimension),
            np.array([len(chunks[row].questions) for row in there], np.int64),
        )

    def idf(self, terms: Iterable[str], field: str = "text") -> Mapping[str, float]:
        """See `WordStatistics`."""
        wanted, number = list(terms), FIELDS.index(field)
        found = self._found({dimension_of(term, number) for term in wanted})
        chunks = self._now().state.chunks
        return {term: rarity(chunks, found[dimension_of(term, number)]) for term in wanted}

    def search_words(self, asked: WordSearch, k: int, where: Filter) -> RowScores:
        """See `Store`."""
        fields = fields_of(asked.weights)
        idf = {field: self.idf(asked.terms, field) for field in fields}
        weighted = [
            (dimension_of(word, field), weight) for word, field, weight in query_weights(asked.terms, fields, idf)
        ]
        found = self._found({dimension for dimension, _ in weighted})
        query = {dimension: weight for dimension, weight in weighted if found[dimension]}
        if k < 1 or where.empty or not query:
            return ()
        with translated(self._address):
            hits = self._client.search(
                CHUNKS,
                [query],
                anns_field="words",
                limit=min(k, MOST),
                filter=expression(where),
                search_params={"metric_type": "IP"},
                output_fields=["row"],
            )[0]
        return _sorted((hit["row"], hit["distance"]) for hit in hits if hit["distance"] > 0)

    def search_vectors(self, vector: Vectors, k: int, where: Filter) -> RowScores:
        """See `Store`."""
        return self._near(CHUNKS, vector, k, where, "row")

    def search(self, words: Sequence[WordSearch], vector: Vectors, k: int, where: Filter) -> Rankings:
        """See `Store`."""
        return Rankings(
            tuple(self.search_words(asked, k, where) for asked in words),
            self.search_vectors(vector, k, where),
            self._near(QUESTIONS, vector, k, where, "owner") if self._now().state.questions else (),
        )

    def upsert(self, documents: Sequence[PolicyDocument], entries: Sequence[Entry]) -> Store:
        """See `Store`."""
        with translated(self._address):
            state = read_state(self._client) or self._now().state
            writing.upsert(self._client, state, read_documents(self._client), documents, entries)
        return self._forgetting()

    def delete(self, chunk_ids: Iterable[str] = (), policy_ids: Iterable[str] = ()) -> Store:
        """See `Store`."""
        with translated(self._address):
            writing.delete(self._client, read_state(self._client) or self._now().state, chunk_ids, policy_ids)
        return self._forgetting()

    def _near(self, collection: str, vector: Vectors, k: int, where: Filter, number: str) -> RowScores:
        if vector.shape != (self._needed_dimension(),):
            raise ValueError(f"A vector of shape {vector.shape} in a store of dimension {self.dimension}.")
        if k < 1 or where.empty:
            return ()
        limit = min(k, MOST)
        parameters = {"metric_type": "IP", "params": {"ef": max(BREADTH, limit)}}
        with translated(self._address):
            hits = self._client.search(
                collection,
                [vector.tolist()],
                anns_field="vector",
                limit=limit,
                filter=expression(where),
                search_params=parameters,
                output_fields=[number],
            )[0]
        return _sorted((hit["entity"][number] if number != "row" else hit["row"], hit["distance"]) for hit in hits)

    def _found(self, dimensions: set[int]) -> Mapping[int, int]:
        """In how many chunks each dimension is."""
        self._now()
        missing = [dimension for dimension in dimensions if dimension not in self._words]
        if missing:
            with translated(self._address):
                rows = self._client.get(WORDS, ids=missing, output_fields=["dimension", "found"])
            self._words |= {**dict.fromkeys(missing, 0), **{row["dimension"]: row["found"] for row in rows}}
        return {dimension: self._words[dimension] for dimension in dimensions}

    def _check(self, state: State | None) -> State:
        build = "请运行 python -m assistant build --store 地址。"
        if state is None:
            raise IndexMissingError(f"Milvus 里还没有建立索引，无法检索和作答。{build}")
        if state.format != FORMAT or (self._tokenizer is not None and state.tokenizer != self._tokenizer):
            raise IndexStaleError(f"Milvus 里的索引是用另一种格式、分词器或词典建的，继续检索会漏掉条款。{build}")
        if self._encoder is not None and state.encoder != self._encoder:
            raise EncoderError(
                f"Milvus 里的索引用的不是现在的向量模型“{self._encoder.name}”，向量不能相互比较。{build}"
            )
        return state

    def _needed_dimension(self) -> int:
        if self.dimension is None:
            raise ValueError("The store has no vectors open; open it with its encoder.")
        return self.dimension

    def _forgetting(self) -> MilvusStore:
        with self._lock:
            self._seen = None
        return self

    def _now(self) -> _Seen:
        with self._lock:
            seen = self._seen
            if seen is None or time.monotonic() >= seen.until:
                until = time.monotonic() + FRESH_FOR
                with translated(self._address):
                    state = self._check(read_state(self._client))  # it may have been built anew meanwhile
                    if seen is not None and seen.state == state:
                        seen = _Seen(state, seen.documents, until)
                    else:
                        self._words = {}
                        seen = _Seen(state, read_documents(self._client), until)
                self._seen = seen
            return seen


def _sorted(hits: Iterable[tuple[int, float]]) -> RowScores:
    """Best first, equal scores in row order, each row with its best score."""
    best: dict[int, float] = {}
    for row, score in hits:
        best[row] = max(score, best.get(row, score))
    return tuple(sorted(best.items(), key=lambda hit: (-hit[1], hit[0])))


class _ByChunkId(Mapping[str, Chunk]):
    """Chunks by id."""

    def __init__(self, store: MilvusStore) -> None:
        self._store = store

    def __getitem__(self, chunk_id: str) -> Chunk:
        found = self._store.records([row_of(chunk_id)])
        if not found:
            raise KeyError(chunk_id)
        return next(iter(found.values()))

    def __iter__(self) -> Iterator[str]:
        return iter(self._store.chunk_ids())

    def __len__(self) -> int:
        return self._store.counts.chunks
