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

from assistant.indexing.dense import Rows, Vectors
from assistant.indexing.embedding import Embedder
from assistant.indexing.lexical import FieldWeights
from assistant.indexing.static_encoder import Pieces, StaticEncoder
from assistant.indexing.store import Generation
from assistant.model import Hit, Ranking, Scope
from assistant.retrieval.fusion import reciprocal_rank_fusion
from assistant.retrieval.reranking import late_interaction, passage_pieces
from assistant.retrieval.retrievers import Query, RowTable, unasked_rows
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
    """A `Retriever` over an index that holds vectors. Late interaction needs the bundled encoder; others go without.

    Args:
        generation: an index opened with its encoder.
        embedder: that encoder.
        weights: of the features.
        kinds: only chunks of these kinds; None for all.

    Raises:
        ValueError: the generation was opened without its vectors.
    """

    def __init__(
        self,
        generation: Generation,
        embedder: Embedder,
        *,
        weights: HybridWeights = DEFAULT,
        kinds: frozenset[str] | None = None,
    ) -> None:
        if generation.dense is None:
            raise ValueError("The generation has no vectors open; pass the encoder to open_generation.")
        self._generation, self._dense, self._embedder = generation, generation.dense, embedder
        self._asked = generation.dense_questions
        self._weights, self._kinds = weights, kinds
        self._rows = RowTable.of(generation, kinds)
        counts = [len(chunk.questions) for chunk in generation.chunks]
        self._first_question = np.cumsum([0, *counts])
        self._owner = np.repeat(np.arange(len(counts)), counts)
        self._unasked = unasked_rows(generation)
        self._late = embedder if isinstance(embedder, StaticEncoder) else None
        self._pieces: dict[str, Pieces] = {}
        self._threads = ThreadpoolController()

    def retrieve(self, query: Query, scope: Scope, k: int) -> Ranking:
        """See `Retriever`."""
        allowed = self._rows.admitted(scope)
        if k < 1 or not len(allowed) or not (query.tokens or query.expansions or query.text.strip()):
            return ()
        # The matrices of one question are small: threads that wait for each other cost more than they save.
        with self._threads.limit(limits=1):
            return self._ranked(query, scope, allowed, k)

    def _ranked(self, query: Query, scope: Scope, allowed: Rows, k: int) -> Ranking:
        vector = self._embedder.embed_queries([query.text])[0]
        terms = query.terms
        lexical = {
            name: self._lexical(terms, scope, weights)
            for name, weights in (("text", _TEXT), ("context", _CONTEXT), ("questions", _QUESTIONS))
        }
        unasked = {row: UNASKED_WORDS * score for row, score in lexical["text"].items() if self._unasked[row]}
        lexical["questions"] = {**unasked, **lexical["questions"]}
        lexical["wording"] = self._lexical(dict(query.wording), scope, _TEXT, ceiling_of=terms)
        rows = self._candidates(lexical, vector, allowed)
        scores = self._scored(query, rows, lexical, vector)
        order = np.argsort(-scores, kind="stable")[:k]
        chunks = self._generation.chunks
        return tuple(Hit(chunks[rows[i]].chunk_id, float(scores[i])) for i in order if scores[i] > 0)

    def _lexical(
        self,
        terms: Mapping[str, float],
        scope: Scope,
        weights: FieldWeights,
        ceiling_of: Mapping[str, float] | None = None,
    ) -> dict[int, float]:
        """BM25 of one field, divided by the most a chunk could score for the query's terms."""
        index = self._generation.lexical
        found = index.search(
            terms,
            DEPTH,
            jurisdictions=scope.jurisdictions,
            policy_ids=scope.policy_ids,
            kinds=self._kinds,
            weights=weights,
        )
        ceiling = index.ceiling(ceiling_of or terms, weights)
        return {row: score / ceiling for row, score in found} if ceiling > 0 else {}

    def _candidates(self, lexical: Mapping[str, Mapping[int, float]], vector: Vectors, allowed: Rows) -> list[int]:
        summed: Counter[int] = Counter()
        for scores in lexical.values():
            summed.update(scores)
        by_words = [row for row, _ in summed.most_common(DEPTH)]
        by_vector = [row for row, _ in self._dense.search(vector, DEPTH, allowed)]
        by_question = self._question_owners(vector, allowed)
        rankings = [
            tuple(Hit(str(row), 0.0) for row in ranking) for ranking in (by_words, by_vector, by_question) if ranking
        ]
        return [int(hit.chunk_id) for hit in reciprocal_rank_fusion(rankings)[:CANDIDATES]]

    def _question_owners(self, vector: Vectors, allowed: Rows) -> list[int]:
        """Chunks by their nearest lay question."""
        if self._asked is None or not self._asked.count:
            return []
        questions = np.flatnonzero(np.isin(self._owner, allowed))
        found = self._asked.search(vector, DEPTH, questions)
        return list(dict.fromkeys(int(self._owner[question]) for question, _ in found))

    def _scored(
        self, query: Query, rows: list[int], lexical: Mapping[str, Mapping[int, float]], vector: Vectors
    ) -> Vectors:
        weights = self._weights
        parts = {"text": weights.text, "context": weights.context, "questions": weights.questions}
        parts["wording"] = weights.wording
        scores = np.array([sum(w * lexical[name].get(row, 0.0) for name, w in parts.items()) for row in rows])
        dense = self._dense.vectors(rows) @ vector
        scores += weights.dense * dense
        scores += weights.dense_questions * self._nearest_question(rows, vector, dense)
        if self._late is not None:
            chunks = [self._generation.chunks[row] for row in rows]
            placed = self._pieces_of([chunk.placed for chunk in chunks])
            late = late_interaction(self._late, query.text, placed)
            scores += weights.late * late
            scores += weights.late_questions * np.where(self._unasked[rows], late, 0)
            best = [i for i in np.argsort(-scores, kind="stable")[:LATE_QUESTIONS] if chunks[i].questions]
            if best:
                asked = [question for i in best for question in chunks[i].questions]
                nearest = late_interaction(self._late, query.text, self._pieces_of(asked))
                starts = np.cumsum([0, *(len(chunks[i].questions) for i in best[:-1])])
                scores[best] += weights.late_questions * np.maximum.reduceat(nearest, starts)
        return np.asarray(scores, dtype=np.float32)

    def _nearest_question(self, rows: list[int], vector: Vectors, otherwise: Vectors) -> Vectors:
        """Cosine with each chunk's nearest lay question; with the chunk itself where it has none."""
        best = np.asarray(otherwise + UNASKED_COSINE * self._unasked[rows], dtype=np.float32)
        if self._asked is None:
            return best
        ranges = [(int(self._first_question[row]), int(self._first_question[row + 1])) for row in rows]
        filled = [i for i, (first, end) in enumerate(ranges) if end > first]
        if filled:
            questions = np.concatenate([np.arange(*ranges[i]) for i in filled])
            starts = np.cumsum([0, *(ranges[i][1] - ranges[i][0] for i in filled[:-1])])
            best[filled] = np.maximum.reduceat(self._asked.vectors(questions) @ vector, starts)
        return best

    def _pieces_of(self, texts: list[str] | tuple[str, ...]) -> list[Pieces]:
        """Pieces of texts, cut once and kept."""
        if self._late is None:
            return []
        new = [text for text in texts if text not in self._pieces]
        if new:
            self._pieces.update(zip(new, passage_pieces(self._late, new), strict=True))
        return [self._pieces[text] for text in texts]
