"""Late interaction of several texts with several passages at once: one product of matrices serves all of them.

The scores are those of `assistant/retrieval/reranking.py`, which compares one text; the signs of the judge compare a
question, its stretches and the words around each question word with the same sentences.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.indexing.dense import Vectors
from assistant.indexing.static_encoder import Pieces, StaticEncoder, counted, occurring

_Rows = NDArray[np.intp]


@dataclass(frozen=True)
class Nearness:
    """Cosines of every piece of some texts with every piece of some passages; made by `compare`.

    Attributes:
        cosines: shape (distinct pieces of the passages, distinct pieces of the texts).
        passages: rows of each passage.
        texts: columns of each text, without repeats, with the weight of each in the text; the weights sum to 1.
        weights: of the columns, as the encoder has them.
    """

    cosines: Vectors
    passages: tuple[_Rows, ...]
    texts: tuple[tuple[_Rows, Vectors], ...]
    weights: Vectors

    def late(self, text: int, passages: Sequence[int]) -> Vectors:
        """The late interaction score of a text with each of these passages; 0 where one of them is empty."""
        columns, shares = self.texts[text]
        scores = np.zeros(len(passages), dtype=np.float32)
        filled = [i for i, passage in enumerate(passages) if len(self.passages[passage])]
        if not len(columns) or not filled:
            return scores
        rows = np.concatenate([self.passages[passages[i]] for i in filled])
        starts = np.cumsum([0, *(len(self.passages[passages[i]]) for i in filled[:-1])])
        best = np.maximum.reduceat(self.cosines[np.ix_(rows, columns)], starts, axis=0)
        # summed, not a product of matrices: on these odd shapes BLAS raises the floating point flags for nothing
        scores[filled] = (best * shares).sum(axis=1)
        return scores

    def union(self, text: int, passages: Sequence[int]) -> float:
        """The score of a text with these passages read as one."""
        columns, shares = self.texts[text]
        rows = np.concatenate([self.passages[passage] for passage in passages])
        if not len(columns) or not len(rows):
            return 0.0
        return float((self.cosines[np.ix_(rows, columns)].max(axis=0) * shares).sum())

    def matched(self, text: int, passages: Sequence[int]) -> tuple[Vectors, Vectors]:
        """For each distinct piece of a text its best cosine anywhere in these passages, and its weight."""
        columns, _ = self.texts[text]
        rows = np.concatenate([self.passages[passage] for passage in passages])
        if not len(columns) or not len(rows):
            return np.zeros(0, dtype=np.float32), np.zeros(0, dtype=np.float32)
        return self.cosines[np.ix_(rows, columns)].max(axis=0), self.weights[columns]


def compare(encoder: StaticEncoder, texts: Sequence[str], passages: Sequence[Pieces]) -> Nearness:
    """Compare texts with passages; both keep their order, and indices into them name them later."""
    cut = [counted(ids) for ids in encoder.pieces(texts)]
    units, weights = encoder.late_units, encoder.late_weights
    held = occurring(np.concatenate([*passages, np.zeros(0, dtype=np.int32)]), len(units))
    asked = occurring(np.concatenate([*(ids for ids, _ in cut), np.zeros(0, dtype=np.int32)]), len(units))
    shares = []
    for ids, counts in cut:
        heavy = weights[ids] * counts
        shares.append((np.searchsorted(asked, ids), (heavy / (heavy.sum() or 1.0)).astype(np.float32)))
    cosines = np.asarray(units[held] @ units[asked].T, dtype=np.float32)
    rows = tuple(np.searchsorted(held, ids) for ids in passages)
    return Nearness(cosines, rows, tuple(shares), weights[asked])
