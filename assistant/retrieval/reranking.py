"""Late interaction: each piece of a question looks for its nearest piece in a passage.

ColBERT's MaxSim (Khattab & Zaharia, SIGIR 2020) over static vectors.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assistant.indexing.dense import Vectors
from assistant.indexing.static_encoder import Pieces, StaticEncoder

LONGEST = 256
"""Distinct pieces of a passage that are compared; a sentence has some forty."""


def passage_pieces(encoder: StaticEncoder, texts: Sequence[str]) -> list[Pieces]:
    """The distinct pieces of passages, to be kept and scored many times."""
    return [np.unique(ids[:LONGEST]) for ids in encoder.pieces(texts)]


def late_interaction(encoder: StaticEncoder, question: str, passages: Sequence[Pieces]) -> Vectors:
    """Σ w(q) · max cos(q, d) / Σ w(q) for each passage; shape (passages,).

    Between 0 and 1 for sensible text, so scores of different questions compare; a question that is part of the passage
    scores 1. The cost grows with (distinct pieces of the question) × (pieces of the passages).
    """
    near, weights = piece_matches(encoder, question, passages)
    return near @ weights if len(weights) else np.zeros(len(passages), dtype=np.float32)


def piece_matches(encoder: StaticEncoder, question: str, passages: Sequence[Pieces]) -> tuple[Vectors, Vectors]:
    """Max cos(q, d) of each passage for each piece of the question, shape (passages, pieces); w(q), sum 1."""
    asked, counts = np.unique(encoder.pieces([question])[0], return_counts=True)
    near = np.zeros((len(passages), len(asked)), dtype=np.float32)
    filled = [i for i, ids in enumerate(passages) if len(ids)]
    if not len(asked):
        return near, np.zeros(0, dtype=np.float32)
    weights = encoder.late_weights[asked] * counts
    if filled:
        flat = np.concatenate([passages[i] for i in filled])
        units = encoder.late_units
        # distinct pieces by a table of the vocabulary: faster than sorting some thousands of numbers
        seen = np.flatnonzero(np.bincount(flat, minlength=len(units)))
        row_of = np.zeros(len(units), dtype=np.intp)
        row_of[seen] = np.arange(len(seen))
        cosines = units[seen] @ units[asked].T
        starts = np.cumsum([0, *(len(passages[i]) for i in filled[:-1])])
        near[filled] = np.maximum.reduceat(cosines[row_of[flat]], starts, axis=0)
    return near, weights / weights.sum()
