"""Several rankings into one."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.model import Hit, Ranking


def reciprocal_rank_fusion(rankings: Sequence[Ranking], *, k: int = 60) -> Ranking:
    """Fuse rankings by summing 1 / (k + rank), with rank counted from 1.

    Input scores are ignored: only order counts, so out-of-scope hits must be removed before fusion; a hit of score 0
    still earns credit for its rank. Ties keep first-seen order. Cormack, Clarke & Büttcher, SIGIR 2009.

    Raises:
        ValueError: If `k` is not positive, or a ranking names a chunk twice.

    Example:
        >>> bm25, dense = (Hit("a", 9.1), Hit("b", 4.0)), (Hit("b", 0.8),)
        >>> [hit.chunk_id for hit in reciprocal_rank_fusion([bm25, dense])]
        ['b', 'a']
    """
    if k <= 0:
        raise ValueError(f"k must be positive, not {k}.")
    scores: dict[str, float] = {}
    for ranking in rankings:
        if len({hit.chunk_id for hit in ranking}) < len(ranking):
            raise ValueError("A ranking names a chunk twice.")
        for rank, hit in enumerate(ranking, start=1):
            scores[hit.chunk_id] = scores.get(hit.chunk_id, 0.0) + 1 / (k + rank)
    # sorted() is stable and dictionaries keep insertion order: ties stay in first-seen order.
    return tuple(Hit(chunk_id, score) for chunk_id, score in sorted(scores.items(), key=lambda item: -item[1]))
