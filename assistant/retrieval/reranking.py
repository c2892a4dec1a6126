"""Late interaction: each piece of a question looks for its nearest piece in a passage.

ColBERT's MaxSim (Khattab & Zaharia, SIGIR 2020) over static vectors.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.indexing.dense import Vectors
from assistant.indexing.static_encoder import Pieces, StaticEncoder


def passage_pieces(encoder: StaticEncoder, texts: Sequence[str]) -> list[Pieces]:
    """The distinct pieces of passages, to be scored many times."""
    return encoder.distinct_pieces(texts)


def late_interaction(encoder: StaticEncoder, question: str, passages: Sequence[Pieces]) -> Vectors:
    """Σ w(q) · max cos(q, d) / Σ w(q) for each passage; shape (passages,).

    Between 0 and 1 for sensible text, so scores of different questions compare; a question that is part of the passage
    scores 1. The cost grows with (distinct pieces of the question) × (pieces of the passages); cosines of pieces met
    before with the same question are not worked out again.
    """
    near, weights = piece_matches(encoder, question, passages)
    return near @ weights if len(weights) else np.zeros(len(passages), dtype=np.float32)


def piece_matches(encoder: StaticEncoder, question: str, passages: Sequence[Pieces]) -> tuple[Vectors, Vectors]:
    """Max cos(q, d) of each passage for each piece of the question, shape (passages, pieces); w(q), sum 1."""
    lengths = np.fromiter((len(ids) for ids in passages), np.int64, len(passages))
    flat = np.concatenate(passages) if len(passages) else np.zeros(0, dtype=np.int32)
    return _nearest(encoder, question, flat, lengths)


def late_scores(encoder: StaticEncoder, question: str, flat: Pieces, lengths: NDArray[np.int64]) -> Vectors:
    """`late_interaction` for passages whose pieces lie one after the other, so many for each."""
    near, weights = _nearest(encoder, question, flat, lengths)
    return near @ weights if len(weights) else np.zeros(len(lengths), dtype=np.float32)


def _nearest(
    encoder: StaticEncoder, question: str, flat: Pieces, lengths: NDArray[np.int64]
) -> tuple[Vectors, Vectors]:
    asked = encoder.asked(question)
    near = np.zeros((len(lengths), len(asked.weights)), dtype=np.float32)
    if len(asked.weights) and len(flat):
        starts, filled = np.cumsum(lengths) - lengths, lengths > 0
        if filled.all():
            return asked.nearest(flat, starts), asked.weights
        near[filled] = asked.nearest(flat, starts[filled])
    return near, asked.weights
