"""Hard negatives: passages a first model takes for the answer although they are not."""

from __future__ import annotations

import numpy as np
from pieces import Encoded

KEPT = 24
"""Negatives kept for a pair; a training step draws some of them."""


def mean_vectors(table: np.ndarray, encoded: Encoded) -> np.ndarray:
    """Unit mean vectors of encoded texts."""
    vectors = np.zeros((len(encoded), table.shape[1]), dtype=np.float32)
    lengths = np.diff(encoded.starts)
    for start in range(0, len(encoded), 2048):
        stop = min(len(encoded), start + 2048)
        ids = encoded.ids[encoded.starts[start] : encoded.starts[stop]]
        filled = np.flatnonzero(lengths[start:stop] > 0)
        if len(filled):
            offsets = (encoded.starts[start:stop] - encoded.starts[start])[filled]
            vectors[start + filled] = np.add.reduceat(table[ids], offsets, axis=0)
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def mine(
    table: np.ndarray,
    queries: Encoded,
    passages: Encoded,
    pool: Encoded,
    answers: list[set[int]],
    *,
    within: list[slice | None],
    depth: int = 40,
    margin: float = 0.95,
) -> np.ndarray:
    """Pool numbers of hard negatives for each pair, KEPT columns, −1 where there is none.

    Args:
        answers: pool numbers that answer the pair's question and so are never negatives.
        within: the part of the pool to search for this pair, None for all of it.
        margin: a passage nearer than this share of the positive's score is likely an unlabelled answer: left out,
            unless too few others remain.
    """
    asked, passage, offered = (mean_vectors(table, part) for part in (queries, passages, pool))
    positive = (asked * passage).sum(axis=1)
    found = np.full((len(queries), KEPT), -1, dtype=np.int64)
    seen: dict[bytes, np.ndarray] = {}
    order = np.arange(len(queries))
    for start in range(0, len(order), 256):
        block = order[start : start + 256]
        wide = [i for i in block if within[i] is None and asked[i].tobytes() not in seen]
        if wide:
            scores = asked[wide] @ offered.T
            best = np.argpartition(-scores, depth, axis=1)[:, :depth]
            for row, i in enumerate(wide):
                seen[asked[i].tobytes()] = best[row][np.argsort(-scores[row, best[row]])]
        for i in block:
            part = within[i]
            if part is None:
                ranked = seen[asked[i].tobytes()]
            else:
                inside = offered[part] @ asked[i]
                ranked = np.argsort(-inside)[:depth] + part.start
            ranked = np.array([number for number in ranked if number not in answers[i]], dtype=np.int64)
            if not len(ranked):
                continue
            clear = ranked[offered[ranked] @ asked[i] < margin * positive[i]]
            chosen = clear[:KEPT] if len(clear) >= 8 else ranked[-8:]
            found[i] = np.resize(chosen, KEPT)
    return found
