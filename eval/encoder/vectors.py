"""First vectors of the pieces: a factorised co-occurrence matrix, so that training starts from meaning."""

from __future__ import annotations

import numpy as np
from pieces import Encoded
from scipy import sparse
from sklearn.utils.extmath import randomized_svd


def _cooccurrence(encoded: Encoded, size: int, window: int) -> sparse.csr_matrix:
    """How often two pieces stand within `window` of each other in one text, nearer counting more."""
    ids = encoded.ids.astype(np.int64)
    owner = np.repeat(np.arange(len(encoded)), np.diff(encoded.starts))
    total = sparse.csr_matrix((size, size), dtype=np.float32)
    for distance in range(1, window + 1):
        same = owner[:-distance] == owner[distance:]
        left, right = ids[:-distance][same], ids[distance:][same]
        weight = np.full(len(left), 1.0 / distance, dtype=np.float32)
        total = total + sparse.coo_matrix((weight, (left, right)), shape=(size, size)).tocsr()
    return total + total.T


def cooccurrence_vectors(encoded: Encoded, size: int, dimensions: int, *, window: int, seed: int) -> np.ndarray:
    """Piece vectors from the positive pointwise mutual information of neighbours (Levy & Goldberg 2014).

    Rows have unit length times a smooth inverse frequency weight, so that a plain mean already discounts common pieces.
    """
    counts = _cooccurrence(encoded, size, window).tocoo()
    frequency = np.bincount(encoded.ids, minlength=size).astype(np.float64)
    rows = np.asarray(counts.tocsr().sum(axis=1)).ravel() + 1e-9
    context = rows**0.75
    information = np.log(counts.data * context.sum() / (rows[counts.row] * context[counts.col])).astype(np.float32)
    kept = information > 0
    matrix = sparse.coo_matrix((information[kept], (counts.row[kept], counts.col[kept])), shape=(size, size)).tocsr()
    left, strength, _ = randomized_svd(matrix, dimensions, n_iter=2, n_oversamples=10, random_state=seed)
    table = left * np.sqrt(strength)
    table -= table.mean(axis=0)
    table /= np.linalg.norm(table, axis=1, keepdims=True) + 1e-9
    share = frequency / frequency.sum()
    return (table * (1e-3 / (1e-3 + share))[:, None]).astype(np.float32)
