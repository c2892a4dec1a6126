"""How fast this machine can read memory at all, and how far a search over n vectors is from that."""

from __future__ import annotations

import time

import numpy as np

_BYTES = 1_000_000_000


def bandwidth() -> float:
    """Bytes a second one thread reads from memory: the best of five passes over a gigabyte."""
    block = np.ones(_BYTES // 8, dtype=np.float64)
    best = 0.0
    for _ in range(5):
        begun = time.perf_counter()
        block.max()
        best = max(best, _BYTES / (time.perf_counter() - begun))
    return best
