"""Late interaction: each piece of a question looks for its nearest piece in a passage.

ColBERT's MaxSim (Khattab & Zaharia, SIGIR 2020) over static vectors.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

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
    scores = np.zeros(len(passages), dtype=np.float32)
    asked = encoder.asked(question)
    filled = [i for i, ids in enumerate(passages) if len(ids)]
    if not len(asked.weights) or not filled:
        return scores
    held = [passages[i] for i in filled] if len(filled) < len(passages) else passages
    starts = np.zeros(len(held), dtype=np.int64)
    np.cumsum([len(ids) for ids in held[:-1]], out=starts[1:])
    best = np.maximum.reduceat(asked.cosines(np.concatenate(held)), starts, axis=0)
    scores[filled] = best @ asked.weights
    return scores
