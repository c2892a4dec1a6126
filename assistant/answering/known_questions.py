"""Questions of which it is known whether the sentences found for them answer: what is asked again in other words.

A sentence has lay questions that it answers (`corpus`); of other questions it is known that it does not: 「人才公寓租金
多少」 beside 「实行人才公寓常态化申请」. Which of the two kinds a new question is nearer to, is a sign for the judge.
Only the known questions of the very sentences found count, so that a new document is judged without any.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from assistant.indexing.dense import Vectors
from assistant.indexing.static_encoder import Pieces, StaticEncoder, counted

SEVERAL = 3
"""Nearest known questions of a kind whose mean nearness is a sign too; fewer count as zeros."""

Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Near:
    """The known questions of the sentences found, with the likeness of each to the question, 0 to 1.

    Attributes:
        rows: which they are, ascending.
        likeness: shape (rows,).
    """

    rows: Rows
    likeness: Vectors


@dataclass(frozen=True)
class KnownQuestions:
    """Known questions by the sentences found for them.

    Attributes:
        pieces: of each question, its pieces in the encoder's numbering, repeats kept.
        chunks: of each, the ids of the best sentences, best first.
        silent: of each, whether the text does not answer it; shape (questions,).
        encoder: whose pieces these are.
    """

    pieces: tuple[Pieces, ...]
    chunks: tuple[tuple[str, ...], ...]
    silent: NDArray[np.bool_]
    encoder: StaticEncoder = field(repr=False)
    _best: Mapping[str, tuple[int, ...]] = field(init=False, repr=False)
    _found: Mapping[str, tuple[int, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        best: dict[str, list[int]] = {}
        found: dict[str, list[int]] = {}
        for row, ids in enumerate(self.chunks):
            if not ids or not len(self.pieces[row]):
                continue
            best.setdefault(ids[0], []).append(row)
            for chunk_id in ids:
                found.setdefault(chunk_id, []).append(row)
        object.__setattr__(self, "_best", {key: tuple(rows) for key, rows in best.items()})
        object.__setattr__(self, "_found", {key: tuple(rows) for key, rows in found.items()})

    def near(self, pieces: Pieces, chunks: Sequence[str]) -> Near:
        """The known questions that share their best sentence with those found for a question.

        Args:
            pieces: of the question.
            chunks: ids of the sentences found for it, best first.
        """
        if not chunks or not len(pieces):
            return Near(np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.float32))
        shared = {row for chunk_id in chunks for row in self._best.get(chunk_id, ())}
        rows = np.array(sorted(shared.union(self._found.get(chunks[0], ()))), dtype=np.intp)
        return Near(rows, self._likeness(pieces, rows))

    def _likeness(self, pieces: Pieces, rows: Rows) -> Vectors:
        """The mean of the late interaction scores in both directions."""
        if not len(rows):
            return np.zeros(0, dtype=np.float32)
        held = np.concatenate([self.pieces[row] for row in rows])
        starts = np.cumsum([0, *(len(self.pieces[row]) for row in rows[:-1])])
        units, weights = self.encoder.late_units, self.encoder.late_weights
        asked, counts = counted(pieces)
        shares = weights[asked] * counts
        # einsum, not a product of matrices: on these odd shapes BLAS raises the floating point flags for nothing
        cosines = np.einsum("hd,ad->ha", units[held], units[asked])
        forth = np.maximum.reduceat(cosines, starts, axis=0) @ (shares / max(float(shares.sum()), 1e-9))
        heavy = weights[held]
        back = np.add.reduceat(cosines.max(axis=1) * heavy, starts) / np.maximum(np.add.reduceat(heavy, starts), 1e-9)
        return np.asarray((forth + back) / 2, dtype=np.float32)

    def signs(self, near: Near, left_out: NDArray[np.bool_] | None = None) -> dict[str, float]:
        """How near the nearest known questions are that are answered, and that are not.

        Args:
            near: from `near`.
            left_out: known questions not to be looked at, as training needs it; shape (questions,).
        """
        held = np.ones(len(near.rows), dtype=bool) if left_out is None else ~left_out[near.rows]
        silent = self.silent[near.rows]
        one, several = _nearest(near.likeness[held & silent])
        answered, several_answered = _nearest(near.likeness[held & ~silent])
        return {
            "known_silent": one,
            "known_silent_several": several,
            "known_answered": answered,
            "known_answered_several": several_answered,
            "known_lead": one - answered,
            "known_lead_several": several - several_answered,
        }


def _nearest(likeness: Vectors) -> tuple[float, float]:
    """The highest likeness, and the mean of the `SEVERAL` highest."""
    if not len(likeness):
        return 0.0, 0.0
    highest = np.sort(likeness)[::-1][:SEVERAL]
    return float(highest[0]), float(highest.sum() / SEVERAL)
