"""Query → retrieval: rank each tier of the scope by itself, give every tier its seats, merge."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.indexing.embedding import Embedder
from assistant.indexing.lexical import FieldWeights
from assistant.indexing.protocol import Store
from assistant.model import Hit, Ranking, Retrieval, Scope, Timing
from assistant.retrieval.hybrid import HybridRetriever
from assistant.retrieval.retrievers import LexicalRetriever, Query, Retriever
from assistant.retrieval.weights import HYBRID_FLOORS, LEXICAL_FLOORS, Floors

DEPTH = 60
"""Hits asked of each retriever per tier, before fusion."""

WEIGHTS = FieldWeights(text=1.0, context=0.3, questions=1.5)
"""Field weights; chosen on the development questions (eval/README.md)."""

UNASKED = 4.0
"""How many times the score of a document without lay questions counts in keyword search: the field that counts most is
empty there. Chosen on development questions, each document's lay questions left out in turn (eval/README.md)."""

TIER_DISCOUNT = 0.85
"""What a hit one level up counts beside one of the place itself: the nearer text applies first."""


@dataclass(frozen=True, slots=True)
class Searcher:
    """A retriever over one opened store, and the scores from which its hits count."""

    retriever: Retriever
    floors: Floors

    @classmethod
    def over(cls, store: Store, embedder: Embedder | None, kinds: frozenset[str]) -> Searcher:
        """Hybrid retrieval where the store holds vectors, else BM25 alone."""
        if embedder is None or store.dimension is None:
            return cls(LexicalRetriever(store, weights=WEIGHTS, kinds=kinds, unasked=UNASKED), LEXICAL_FLOORS)
        return cls(HybridRetriever(store, embedder, kinds=kinds), HYBRID_FLOORS)

    def search(self, query: Query, scope: Scope, k: int = 12) -> Retrieval:
        """The best `k` hits in scope; every tier with hits has at least one among the first three per tier asked.

        Scores are the retriever's, discounted by `TIER_DISCOUNT` per level up.
        """
        started = time.perf_counter()
        depth = min(DEPTH, 2 * k)  # a tier cannot have more among the hits kept and as many rejected
        tiers = [self.retriever.retrieve(query, replace(scope, tiers=(tier,)), depth) for tier in scope.tiers]
        retrieved = time.perf_counter()
        discounted = [
            tuple(Hit(hit.chunk_id, hit.score * TIER_DISCOUNT**level) for hit in ranking)
            for level, ranking in enumerate(tiers)
        ]
        kept = seat(discounted, k)
        chosen = {hit.chunk_id for hit in kept}
        rejected = sorted((h for r in discounted for h in r if h.chunk_id not in chosen), key=lambda h: -h.score)
        done = time.perf_counter()
        return Retrieval(
            kept,
            tuple(rejected[:k]),
            (Timing("retrieve", (retrieved - started) * 1000), Timing("merge", (done - retrieved) * 1000)),
        )


def seat(tiers: Sequence[Ranking], k: int) -> Ranking:
    """Merge tier rankings by score, with a seat among the first `k` reserved for the best hit of each tier.

    The nearest tier's best hit is also never below third place: a long provincial text cannot crowd the district out.
    With fewer places than tiers the score decides.

    Example:
        >>> own, province = (Hit("d", 1.0),), tuple(Hit(f"p{i}", 9.0 - i) for i in range(5))
        >>> [hit.chunk_id for hit in seat([own, province], 4)]
        ['p0', 'p1', 'd', 'p2']
    """
    merged = sorted((hit for ranking in tiers for hit in ranking), key=lambda hit: -hit.score)
    bests = [ranking[0] for ranking in tiers if ranking]
    reserved = sorted(bests, key=lambda hit: -hit.score)[:k]
    seated = set(reserved)
    others = set([hit for hit in merged if hit not in seated][: k - len(reserved)])
    kept = [hit for hit in merged if hit in seated or hit in others]
    if bests and bests[0] in kept[3:]:
        kept.remove(bests[0])
        kept.insert(2, bests[0])
    return tuple(kept)
