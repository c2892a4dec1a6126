"""Hybrid retrieval: candidates from BM25 and vectors fused by rank, then scored by weighted signs of relevance.

    candidates   BM25 · dense · dense over lay questions  → reciprocal rank fusion → the first `CANDIDATES`
    score        Σ weight · feature (assistant/retrieval/weights.py); near 0 where nothing fits, 2 and more where all do

The scores of different questions compare, so that one floor can say "not about this".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from assistant.indexing.dense import Vectors
from assistant.indexing.embedding import Embedder
from assistant.indexing.lexical import K1, FieldWeights
from assistant.indexing.protocol import Candidates, Filter, Store, WordSearch, WordStatistics, fields_of
from assistant.indexing.ranked import RankedRows, first_seen
from assistant.indexing.static_encoder import Pieces, StaticEncoder
from assistant.model import Hit, Ranking, Scope
from assistant.retrieval.fusion import fused_rows
from assistant.retrieval.reranking import late_scores, passage_pieces
from assistant.retrieval.retrievers import Query, scope_filter
from assistant.retrieval.weights import DEFAULT, HybridWeights

CANDIDATES = 100
"""Chunks scored in full per search."""
DEPTH = 200
"""Hits asked of each searcher before fusion."""
LATE_QUESTIONS = 24
"""Candidates whose lay questions are compared piece by piece."""

UNASKED_WORDS, UNASKED_COSINE = 3.0, 0.2
"""What stands in for the lay questions of a document for which nobody wrote any: so many times its sentence's own BM25,
its own cosine and so much, its own late interaction. Without it a new document would lose to every one that has them.
Chosen on development questions, each document left out in turn, asked of an encoder that saw no lay question of any."""

_TEXT, _CONTEXT, _QUESTIONS = FieldWeights(1, 0, 0), FieldWeights(0, 1, 0), FieldWeights(0, 0, 1)


class HybridRetriever:
    """A `Retriever` over a store that holds vectors. Late interaction needs the bundled encoder; others go without.

    Args:
        store: opened with its encoder.
        embedder: that encoder.
        weights: of the features.
        kinds: only chunks of these kinds; None for all.

    Raises:
        ValueError: the store was opened without its vectors.
    """

    def __init__(
        self,
        store: Store,
        embedder: Embedder,
        *,
        weights: HybridWeights = DEFAULT,
        kinds: frozenset[str] | None = None,
    ) -> None:
        if store.dimension is None:
            raise ValueError("The store has no vectors open; open it with its encoder.")
        self._store, self._embedder = store, embedder
        self._weights, self._kinds = weights, kinds
        self._late = embedder if isinstance(embedder, StaticEncoder) else None
        # The matrices of one question are small: threads that wait for each other cost more than they save.
        ThreadpoolController().limit(limits=1)

    def retrieve(self, query: Query, scope: Scope, k: int) -> Ranking:
        """See `Retriever`."""
        where = scope_filter(scope, self._kinds)
        if k < 1 or where.empty or not (query.tokens or query.expansions or query.text.strip()):
            return ()
        return self._ranked(query, where, k)

    def _ranked(self, query: Query, where: Filter, k: int) -> Ranking:
        vector = self._embedder.embed_queries([query.text])[0]
        words, rows = self._found(query, vector, where)
        if not rows:
            return ()
        held = self._store.candidates(rows)
        scores = self._scored(query, held, words, vector)
        order = np.argsort(-scores, kind="stable")[:k]
        return tuple(Hit(held.chunks[i].chunk_id, float(scores[i])) for i in order if scores[i] > 0)

    def _found(self, query: Query, vector: Vectors, where: Filter) -> tuple[WordShares, list[int]]:
        """BM25 of each field, divided by the most a chunk could score for the query's terms; and the candidates."""
        terms = query.terms
        searches = (
            WordSearch(terms, _TEXT),
            WordSearch(terms, _CONTEXT),
            WordSearch(terms, _QUESTIONS),
            WordSearch(dict(query.wording), _TEXT),
        )
        found = self._store.search(searches, vector, DEPTH, where)
        shares = []
        for search, ranking in zip(searches, found.words, strict=True):
            ceiling = best_score(self._store, terms or search.terms, search.weights) if len(ranking) else 0.0
            held = RankedRows.of(ranking if ceiling > 0 else ())
            shares.append(RankedRows(held.rows, held.scores / (ceiling or 1.0)))
        words = WordShares.of(shares)
        by_vector, by_question = RankedRows.of(found.vectors).rows, RankedRows.of(found.questions).rows
        return words, fused_rows((words.best(DEPTH), by_vector, by_question))[:CANDIDATES]

    def _scored(self, query: Query, held: Candidates, words: WordShares, vector: Vectors) -> Vectors:
        weights, rows = self._weights, held.rows
        found = words.of_rows(np.asarray(rows, dtype=np.int64))
        scores = np.zeros(len(rows))
        for weight, shares in zip(
            (weights.text, weights.context, weights.questions, weights.wording), found, strict=True
        ):
            scores += weight * shares
        dense = held.cosines(vector)
        scores += weights.dense * dense
        scores += weights.dense_questions * _nearest_question(held, vector, dense)
        unasked = self._without_questions(held)
        scores[unasked] += weights.questions * UNASKED_WORDS * found[0][unasked]
        scores[unasked] += weights.dense_questions * UNASKED_COSINE
        if self._late is not None:
            kept = held.pieces or _CutPieces(self._late, held)
            late = late_scores(self._late, query.text, *kept.sentences())
            scores += weights.late * late
            scores[unasked] += weights.late_questions * late[unasked]
            counts = held.question_counts
            best = [int(i) for i in np.argsort(-scores, kind="stable")[:LATE_QUESTIONS] if counts[i]]
            if best:
                nearest = late_scores(self._late, query.text, *kept.questions(best))
                starts = np.cumsum([0, *(counts[i] for i in best[:-1])])
                scores[best] += weights.late_questions * np.maximum.reduceat(nearest, starts)
        return np.asarray(scores, dtype=np.float32)

    def _without_questions(self, held: Candidates) -> list[int]:
        """Which candidates are of documents for which nobody wrote lay questions."""
        without = held.question_counts == 0
        if not without.any():
            return []
        policies = held.policy_ids()
        asked = {policies[i] for i in np.flatnonzero(~without).tolist()}  # known without looking
        return [
            i
            for i in np.flatnonzero(without).tolist()
            if policies[i] not in asked and not self._store.asked(policies[i])
        ]


@dataclass(frozen=True)
class WordShares:
    """What each chunk found by words has of the most it could score, in several searches.

    Attributes:
        rows: all that were found, as first met.
        shares: of each search; 0 where it did not find the row; shape (searches, rows).
    """

    rows: NDArray[np.int64]
    shares: NDArray[np.float64]

    @classmethod
    def of(cls, rankings: Sequence[RankedRows]) -> WordShares:
        """From the ranking of each search, scores divided already."""
        rows, _, place = first_seen(np.concatenate([ranking.rows for ranking in rankings]))
        shares = np.zeros((len(rankings), len(rows)))
        at = 0
        for own, ranking in zip(shares, rankings, strict=True):
            own[place[at : at + len(ranking)]] = ranking.scores
            at += len(ranking)
        return cls(rows, shares)

    def best(self, k: int) -> NDArray[np.int64]:
        """The rows of the highest sums; equal ones as first met."""
        found: NDArray[np.int64] = self.rows[np.argsort(-self.shares.sum(axis=0), kind="stable")[:k]]
        return found

    def of_rows(self, wanted: NDArray[np.int64]) -> NDArray[np.float64]:
        """The shares of some rows; shape (searches, rows wanted)."""
        found = np.zeros((len(self.shares), len(wanted)))
        if len(self.rows):
            order = np.argsort(self.rows)
            at = order[np.minimum(np.searchsorted(self.rows, wanted, sorter=order), len(order) - 1)]
            met = self.rows[at] == wanted
            found[:, met] = self.shares[:, at[met]]
        return found


class _CutPieces:
    """The pieces of candidates of a store that keeps none."""

    def __init__(self, encoder: StaticEncoder, held: Candidates) -> None:
        self._encoder, self._held = encoder, held

    def sentences(self) -> tuple[Pieces, NDArray[np.int64]]:
        return self._flat([chunk.placed for chunk in self._held.chunks])

    def questions(self, at: Sequence[int]) -> tuple[Pieces, NDArray[np.int64]]:
        return self._flat([question for i in at for question in self._held.chunks[i].questions])

    def _flat(self, texts: Sequence[str]) -> tuple[Pieces, NDArray[np.int64]]:
        cut = passage_pieces(self._encoder, texts)
        flat = np.concatenate(cut) if cut else np.zeros(0, dtype=np.int32)
        return flat, np.fromiter((len(ids) for ids in cut), np.int64, len(cut))


def best_score(words: WordStatistics, terms: Mapping[str, float], weights: FieldWeights) -> float:
    """The most a chunk could score for these terms: every term, as often as BM25 still rewards.

    With k1 = 1.2 a term adds at most 2.2 times its idf to a field. A score divided by this lies between 0 and 1, so
    that scores of different queries compare.
    """
    wanted = [(term, weight) for term, weight in terms.items() if weight > 0]
    fields = {
        field: (weight, words.idf([term for term, _ in wanted], field)) for field, weight in fields_of(weights).items()
    }
    return sum(
        weight * field_weight * (K1 + 1) * idf[term] for term, weight in wanted for field_weight, idf in fields.values()
    )


def _nearest_question(held: Candidates, vector: Vectors, otherwise: Vectors) -> Vectors:
    """Cosine with each chunk's nearest lay question; with the chunk itself where it has none."""
    best = otherwise.copy()
    filled = np.flatnonzero(held.question_counts)
    if len(filled):
        starts = np.cumsum([0, *held.question_counts[filled][:-1]])
        best[filled] = np.maximum.reduceat(held.question_cosines(vector), starts)
    return best
