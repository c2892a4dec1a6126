"""Hybrid retrieval: candidates from BM25 and vectors fused by rank, then scored by weighted signs of relevance.

    candidates   BM25 · dense · dense over lay questions  → reciprocal rank fusion → the first `CANDIDATES`
    score        Σ weight · feature (assistant/retrieval/weights.py); near 0 where nothing fits, 2 and more where all do

The scores of different questions compare, so that one floor can say "not about this".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np
from threadpoolctl import ThreadpoolController

from assistant.indexing.dense import Vectors
from assistant.indexing.embedding import Embedder
from assistant.indexing.lexical import K1, FieldWeights
from assistant.indexing.protocol import Candidates, Filter, Store, WordSearch, WordStatistics, fields_of
from assistant.indexing.static_encoder import Pieces, StaticEncoder
from assistant.model import Hit, Ranking, Scope
from assistant.retrieval.fusion import reciprocal_rank_fusion
from assistant.retrieval.reranking import late_interaction, passage_pieces
from assistant.retrieval.retrievers import Query, scope_filter
from assistant.retrieval.weights import DEFAULT, HybridWeights

CANDIDATES = 100
"""Chunks scored in full per search."""
DEPTH = 200
"""Hits asked of each searcher before fusion."""
LATE_QUESTIONS = 24
"""Candidates whose lay questions are compared piece by piece."""

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
        self._pieces: dict[str, Pieces] = {}
        self._threads = ThreadpoolController()

    def retrieve(self, query: Query, scope: Scope, k: int) -> Ranking:
        """See `Retriever`."""
        where = scope_filter(scope, self._kinds)
        if k < 1 or where.empty or not (query.tokens or query.expansions or query.text.strip()):
            return ()
        # The matrices of one question are small: threads that wait for each other cost more than they save.
        with self._threads.limit(limits=1):
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
        for (name, search), ranking in zip(searches.items(), found.words, strict=True):
            ceiling = best_score(self._store, terms or search.terms, search.weights)
            lexical[name] = {row: score / ceiling for row, score in ranking} if ceiling > 0 else {}
        summed: Counter[int] = Counter()
        for scores in lexical.values():
            summed.update(scores)
        by_words = [row for row, _ in summed.most_common(DEPTH)]
        by_vector, by_question = ([row for row, _ in ranking] for ranking in (found.vectors, found.questions))
        rankings = [
            tuple(Hit(str(row), 0.0) for row in ranking) for ranking in (by_words, by_vector, by_question) if ranking
        ]
        return lexical, [int(hit.chunk_id) for hit in reciprocal_rank_fusion(rankings)[:CANDIDATES]]

    def _scored(
        self, query: Query, held: Candidates, lexical: Mapping[str, Mapping[int, float]], vector: Vectors
    ) -> Vectors:
        weights, rows, chunks = self._weights, held.rows, held.chunks
        parts = {"text": weights.text, "context": weights.context, "questions": weights.questions}
        parts["wording"] = weights.wording
        scores = np.array([sum(w * lexical[name].get(row, 0.0) for name, w in parts.items()) for row in rows])
        dense = held.vectors @ vector
        scores += weights.dense * dense
        scores += weights.dense_questions * _nearest_question(held, vector, dense)
        if self._late is not None:
            placed = self._pieces_of([chunk.placed for chunk in chunks])
            scores += weights.late * late_interaction(self._late, query.text, placed)
            best = [i for i in np.argsort(-scores, kind="stable")[:LATE_QUESTIONS] if chunks[i].questions]
            if best:
                asked = [question for i in best for question in chunks[i].questions]
                nearest = late_interaction(self._late, query.text, self._pieces_of(asked))
                starts = np.cumsum([0, *(len(chunks[i].questions) for i in best[:-1])])
                scores[best] += weights.late_questions * np.maximum.reduceat(nearest, starts)
        return np.asarray(scores, dtype=np.float32)

    def _pieces_of(self, texts: list[str] | tuple[str, ...]) -> list[Pieces]:
        """Pieces of texts, cut once and kept."""
        if self._late is None:
            return []
        new = [text for text in texts if text not in self._pieces]
        if new:
            self._pieces.update(zip(new, passage_pieces(self._late, new), strict=True))
        return [self._pieces[text] for text in texts]


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
