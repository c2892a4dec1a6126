"""Rankings of chunks for a query. Whatever is out of scope is excluded before ranking; an empty scope finds nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.indexing.dense import Rows
from assistant.indexing.embedding import Embedder
from assistant.indexing.lexical import DEFAULT_WEIGHTS, FieldWeights
from assistant.indexing.store import Generation
from assistant.model import Hit, Ranking, Scope


@dataclass(frozen=True, slots=True)
class Query:
    """What a retriever is given.

    Attributes:
        text: for dense retrieval.
        tokens: of the text, for keyword retrieval.
        expansions: further tokens with their weights: words of the question before.
        wording: policy words for the question's lay words, with their weights; used by hybrid retrieval.
    """

    text: str
    tokens: tuple[str, ...]
    expansions: tuple[tuple[str, float], ...] = ()
    wording: tuple[tuple[str, float], ...] = ()

    @property
    def terms(self) -> dict[str, float]:
        """What keyword retrieval looks for: a token counts as often as it occurs, an expansion by its weight."""
        weighted = {token: float(count) for token, count in Counter(self.tokens).items()}
        for token, weight in self.expansions:
            weighted[token] = weighted.get(token, 0.0) + weight
        return weighted


DEPTH = 200
"""Hits asked of keyword search before they are counted and cut."""


class Retriever(Protocol):
    """Ranks chunks; every implementation passes tests/retrieval/contract.py."""

    def retrieve(self, query: Query, scope: Scope, k: int) -> Ranking:
        """The best `k` chunks in scope, best first, scores above 0; fewer where fewer match."""
        ...


class LexicalRetriever:
    """BM25 over the sentence, its headings and its lay questions.

    Args:
        generation: the opened index.
        weights: what a match in each field counts.
        kinds: only chunks of these kinds; None for all.
        unasked: how many times the score of a document counts for which nobody wrote lay questions.
    """

    def __init__(
        self,
        generation: Generation,
        *,
        weights: FieldWeights = DEFAULT_WEIGHTS,
        kinds: frozenset[str] | None = None,
        unasked: float = 1.0,
    ) -> None:
        self._generation = generation
        self._weights = weights
        self._kinds = kinds
        self._counts = np.where(unasked_rows(generation), unasked, 1.0)

    def retrieve(self, query: Query, scope: Scope, k: int) -> Ranking:
        """See `Retriever`."""
        if k < 1:
            return ()
        found = self._generation.lexical.search(
            query.terms,
            max(k, DEPTH),
            jurisdictions=scope.jurisdictions,
            policy_ids=scope.policy_ids,
            kinds=self._kinds,
            weights=self._weights,
        )
        counted = ((row, score * float(self._counts[row])) for row, score in found)
        return _ranking(self._generation, sorted(counted, key=lambda hit: (-hit[1], hit[0]))[:k])


class DenseRetriever:
    """Cosine similarity of sentence (with its headings) and question.

    Args:
        generation: an index opened with its encoder.
        embedder: that encoder.
        kinds: only chunks of these kinds; None for all.

    Raises:
        ValueError: the generation was opened without its vectors.
    """

    def __init__(self, generation: Generation, embedder: Embedder, *, kinds: frozenset[str] | None = None) -> None:
        if generation.dense is None:
            raise ValueError("The generation has no vectors open; pass the encoder to open_generation.")
        self._generation = generation
        self._dense = generation.dense
        self._embedder = embedder
        self._rows = RowTable.of(generation, kinds)

    def retrieve(self, query: Query, scope: Scope, k: int) -> Ranking:
        """See `Retriever`. Expansions are not used: the encoder sees the question as it was asked."""
        allowed = self._rows.admitted(scope)
        if k < 1 or not query.text.strip() or not len(allowed):
            return ()
        vector = self._embedder.embed_queries([query.text])[0]
        return _ranking(self._generation, self._dense.search(vector, k, allowed))


def unasked_rows(generation: Generation) -> NDArray[np.bool_]:
    """Which chunks belong to documents for which nobody wrote lay questions: all documents a user adds."""
    asked = {chunk.policy_id for chunk in generation.chunks if chunk.questions}
    return np.array([chunk.policy_id not in asked for chunk in generation.chunks], dtype=np.bool_)


@dataclass(frozen=True, slots=True)
class RowTable:
    """Row numbers by place and by policy, so that a scope becomes rows without a look at every chunk."""

    by_jurisdiction: dict[str, Rows] = field(default_factory=dict)
    by_policy: dict[str, Rows] = field(default_factory=dict)

    @classmethod
    def of(cls, generation: Generation, kinds: frozenset[str] | None) -> RowTable:
        """The rows of the chunks of these kinds; None for all."""
        places: dict[str, list[int]] = {}
        policies: dict[str, list[int]] = {}
        for row, chunk in enumerate(generation.chunks):
            if kinds is None or chunk.kind in kinds:
                places.setdefault(chunk.jurisdiction, []).append(row)
                policies.setdefault(chunk.policy_id, []).append(row)
        return cls({key: np.array(rows) for key, rows in places.items()}, {k: np.array(v) for k, v in policies.items()})

    def admitted(self, scope: Scope) -> Rows:
        """The rows whose chunks `Scope.admits`."""
        rows = _union(self.by_jurisdiction, scope.jurisdictions)
        if scope.policy_ids is None:
            return rows
        return np.intersect1d(rows, _union(self.by_policy, scope.policy_ids), assume_unique=True)


def _union(table: dict[str, Rows], keys: frozenset[str]) -> Rows:
    parts = [table[key] for key in sorted(keys) if key in table]
    return np.concatenate(parts) if parts else np.array([], dtype=np.int64)


def _ranking(generation: Generation, found: Iterable[tuple[int, float]]) -> Ranking:
    return tuple(Hit(generation.chunks[row].chunk_id, score) for row, score in found if score > 0)
