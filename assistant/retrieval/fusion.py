"""Several rankings into one."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TypeVar

from assistant.model import Hit, Ranking

T = TypeVar("T", bound=Hashable)


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
    named = [[hit.chunk_id for hit in ranking] for ranking in rankings]
    if any(len(set(ids)) < len(ids) for ids in named):
        raise ValueError("A ranking names a chunk twice.")
    scores = _summed(named, k)
    # sorted() is stable and dictionaries keep insertion order: ties stay in first-seen order.
    return tuple(Hit(chunk_id, score) for chunk_id, score in sorted(scores.items(), key=lambda item: -item[1]))


def fused_rows(rankings: Sequence[Sequence[int]], *, k: int = 60) -> list[int]:
    """The same for row numbers, each at most once in a ranking; best first.

    Example:
        >>> fused_rows([[7, 3], [3]])
        [3, 7]
    """
    scores = _summed(rankings, k)
    return sorted(scores, key=scores.__getitem__, reverse=True)


def _summed(rankings: Sequence[Sequence[T]], k: int) -> dict[T, float]:
    scores: dict[T, float] = {}
    for ranking in rankings:
        for rank, item in enumerate(ranking, start=1):
            scores[item] = scores.get(item, 0.0) + 1 / (k + rank)
    return scores
