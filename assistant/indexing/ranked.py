"""A ranking of rows as two arrays; still a sequence of (row, score) pairs, as every store gives them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import overload

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]
Scores = NDArray[np.float64]
Pair = tuple[int, float]


class RankedRows(Sequence[Pair]):
    """Rows, best first, with their scores.

    Attributes:
        rows, scores: shape (hits,).
    """

    __slots__ = ("rows", "scores")

    def __init__(self, rows: Rows, scores: Scores) -> None:
        self.rows, self.scores = rows, scores

    @classmethod
    def of(cls, pairs: Sequence[Pair]) -> RankedRows:
        """A ranking in either form."""
        if isinstance(pairs, RankedRows):
            return pairs
        rows = np.fromiter((row for row, _ in pairs), np.int64, len(pairs))
        return cls(rows, np.fromiter((score for _, score in pairs), np.float64, len(pairs)))

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, at: int) -> Pair: ...
    @overload
    def __getitem__(self, at: slice) -> RankedRows: ...
    def __getitem__(self, at: int | slice) -> Pair | RankedRows:
        if isinstance(at, slice):
            return RankedRows(self.rows[at], self.scores[at])
        return int(self.rows[at]), float(self.scores[at])

    def __iter__(self) -> Iterator[Pair]:
        return zip(self.rows.tolist(), self.scores.tolist(), strict=True)

    def within(self, mask: NDArray[np.bool_]) -> RankedRows:
        """Those of its rows that a mask over all rows lets through, in their order."""
        kept = mask[self.rows]
        return RankedRows(self.rows[kept], self.scores[kept])


def first_seen(rows: Rows) -> tuple[Rows, Rows, NDArray[np.intp]]:
    """The distinct rows in the order in which they first occur, where that is, and for each given row its place in it.

    Example:
        >>> first_seen(np.array([7, 3, 7]))
        (array([7, 3]), array([0, 1]), array([0, 1, 0]))
    """
    order = np.argsort(rows, kind="stable")
    begins = np.flatnonzero(np.diff(rows[order], prepend=-1))  # no row is numbered -1
    first = order[begins]  # stable: of equal rows the one met first
    number = np.empty(len(rows), dtype=np.intp)
    number[order] = np.repeat(np.arange(len(begins)), np.diff(begins, append=len(rows)))
    met = np.argsort(first)
    rank = np.empty(len(met), dtype=np.intp)
    rank[met] = np.arange(len(met))
    first = first[met]
    return rows[first], first, rank[number]
