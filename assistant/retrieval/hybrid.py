"""Hybrid retrieval: candidates from BM25 and vectors fused by rank, then scored by weighted signs of relevance.

    candidates   BM25 · dense · dense over lay questions  → reciprocal rank fusion → the first `CANDIDATES`
    score        Σ weight · feature (assistant/retrieval/weights.py); near 0 where nothing fits, 2 and more where all do

The scores of different questions compare, so that one floor can say "not about this".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from assistant.indexing.dense import Vectors
from assistant.indexing.embedding import Embedder
from assistant.indexing.lexical import K1, FieldWeights
from assistant.indexing.protocol import Candidates, Filter, Store, WordSearch, WordStatistics, fields_of
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
        lexical, rows = self._found(query, vector, where)
        if not rows:
            return ()
        held = self._store.candidates(rows)
        scores = self._scored(query, held, lexical, vector)
        order = np.argsort(-scores, kind="stable")[:k]
        return tuple(Hit(held.chunks[i].chunk_id, float(scores[i])) for i in order if scores[i] > 0)

    def _found(self, query: Query, vector: Vectors, where: Filter) -> tuple[dict[str, Mapping[int, float]], list[int]]:
        """BM25 of each field, divided by the most a chunk could score for the query's terms; and the candidates."""
        terms = query.terms
        searches = {
            "text": WordSearch(terms, _TEXT),
            "context": WordSearch(terms, _CONTEXT),
            "questions": WordSearch(terms, _QUESTIONS),
            "wording": WordSearch(dict(query.wording), _TEXT),
        }
        found = self._store.search(list(searches.values()), vector, DEPTH, where)
        lexical: dict[str, Mapping[int, float]] = {}
        summed: dict[int, float] = {}
        for (name, search), ranking in zip(searches.items(), found.words, strict=True):
            ceiling = best_score(self._store, terms or search.terms, search.weights) if ranking else 0.0
            lexical[name] = {row: score / ceiling for row, score in ranking} if ceiling > 0 else {}
            for row, share in lexical[name].items():
                summed[row] = summed.get(row, 0.0) + share
        by_words = sorted(summed, key=summed.__getitem__, reverse=True)[:DEPTH]
        by_vector, by_question = ([row for row, _ in ranking] for ranking in (found.vectors, found.questions))
        return lexical, fused_rows((by_words, by_vector, by_question))[:CANDIDATES]

    def _scored(
        self, query: Query, held: Candidates, lexical: Mapping[str, Mapping[int, float]], vector: Vectors
    ) -> Vectors:
        weights, rows = self._weights, held.rows
        parts = {"text": weights.text, "context": weights.context, "questions": weights.questions}
        parts["wording"] = weights.wording
        scores = np.zeros(len(rows))
        for name, weight in parts.items():
            scores += weight * np.array([lexical[name].get(row, 0.0) for row in rows])
        dense = held.vectors @ vector
        scores += weights.dense * dense
        scores += weights.dense_questions * _nearest_question(held, vector, dense)
        without = [i for i, count in enumerate(held.question_counts) if not count]
        unasked = [i for i in without if not self._store.asked(held.chunks[i].policy_id)]
        own = np.array([lexical["text"].get(rows[i], 0.0) for i in unasked])
        scores[unasked] += weights.questions * UNASKED_WORDS * own + weights.dense_questions * UNASKED_COSINE
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
        best[filled] = np.maximum.reduceat(held.question_vectors @ vector, starts)
    return best
