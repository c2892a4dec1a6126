"""Several rankings into one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.indexing.ranked import first_seen
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
    named = [[hit.chunk_id for hit in ranking] for ranking in rankings]
    if any(len(set(ids)) < len(ids) for ids in named):
        raise ValueError("A ranking names a chunk twice.")
    scores: dict[str, float] = {}
    for ids in named:
        for rank, chunk_id in enumerate(ids, start=1):
            scores[chunk_id] = scores.get(chunk_id, 0.0) + 1 / (k + rank)
    # sorted() is stable and dictionaries keep insertion order: ties stay in first-seen order.
    return tuple(Hit(chunk_id, score) for chunk_id, score in sorted(scores.items(), key=lambda item: -item[1]))


def fused_rows(rankings: Sequence[Sequence[int] | NDArray[np.int64]], *, k: int = 60) -> list[int]:
    """The same for row numbers, each at most once in a ranking; best first.

    Example:
        >>> fused_rows([[7, 3], [3]])
        [3, 7]
    """
    rows, _, place = first_seen(np.concatenate([np.asarray(ranking, dtype=np.int64) for ranking in rankings]))
    earned = np.concatenate([1 / np.arange(k + 1, k + 1 + len(ranking)) for ranking in rankings])
    scores = np.bincount(place, weights=earned, minlength=len(rows))
    found: list[int] = rows[np.argsort(-scores, kind="stable")].tolist()
    return found
