"""Rankings of chunks for a query. Whatever is out of scope is excluded before ranking; an empty scope finds nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Protocol

from assistant.indexing.embedding import Embedder
from assistant.indexing.lexical import DEFAULT_WEIGHTS, FieldWeights, RowScores
from assistant.indexing.protocol import Filter, Store, WordSearch
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


def scope_filter(scope: Scope, kinds: frozenset[str] | None) -> Filter:
    """What a scope lets through, as stores take it."""
    return Filter(scope.jurisdictions, scope.policy_ids, kinds)


class LexicalRetriever:
    """BM25 over the sentence, its headings and its lay questions.

    Args:
        store: what is searched.
        weights: what a match in each field counts.
        kinds: only chunks of these kinds; None for all.
        unasked: how many times the score of a document counts for which nobody wrote lay questions.
    """

    def __init__(
        self,
        store: Store,
        *,
        weights: FieldWeights = DEFAULT_WEIGHTS,
        kinds: frozenset[str] | None = None,
        unasked: float = 1.0,
    ) -> None:
        self._store = store
        self._weights = weights
        self._kinds = kinds
        self._times = unasked

    def retrieve(self, query: Query, scope: Scope, k: int) -> Ranking:
        """See `Retriever`."""
        asked, where = WordSearch(query.terms, self._weights), scope_filter(scope, self._kinds)
        if self._times == 1.0 or k < 1:
            return _ranking(self._store, self._store.search_words(asked, k, where))
        found = self._store.search_words(asked, max(k, DEPTH), where)
        chunks = self._store.records([row for row, _ in found])
        counted = [
            Hit(chunks[row].chunk_id, score * (1.0 if self._store.asked(chunks[row].policy_id) else self._times))
            for row, score in found
            if row in chunks and score > 0
        ]
        return tuple(sorted(counted, key=lambda hit: -hit.score)[:k])


class DenseRetriever:
    """Cosine similarity of sentence (with its headings) and question.

    Args:
        store: opened with its encoder.
        embedder: that encoder.
        kinds: only chunks of these kinds; None for all.

    Raises:
        ValueError: the store was opened without its vectors.
    """

    def __init__(self, store: Store, embedder: Embedder, *, kinds: frozenset[str] | None = None) -> None:
        if store.dimension is None:
            raise ValueError("The store has no vectors open; open it with its encoder.")
        self._store = store
        self._embedder = embedder
        self._kinds = kinds

    def retrieve(self, query: Query, scope: Scope, k: int) -> Ranking:
        """See `Retriever`. Expansions are not used: the encoder sees the question as it was asked."""
        where = scope_filter(scope, self._kinds)
        if k < 1 or not query.text.strip() or where.empty:
            return ()
        vector = self._embedder.embed_queries([query.text])[0]
        return _ranking(self._store, self._store.search_vectors(vector, k, where))


def _ranking(store: Store, found: RowScores) -> Ranking:
    hits = [(row, score) for row, score in found if score > 0]
    chunks = store.records([row for row, _ in hits])
    return tuple(Hit(chunks[row].chunk_id, score) for row, score in hits if row in chunks)
