"""Stand-ins that behave the same on every run."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np

from assistant.indexing.dense import Vectors


class FakeEmbedder:
    """Vectors of hashed character n-grams: texts that share characters are near, equal texts are equal."""

    def __init__(self, dimension: int = 64, name: str = "fake-ngrams") -> None:
        self.dimension = dimension
        self.name = name
        self.fingerprint = f"{name}-{dimension}"
        self.batches: list[int] = []

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self.batches.append(len(texts))
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for size in (1, 2, 3):
                for start in range(len(text) - size + 1):
                    vectors[row, zlib.crc32(text[start : start + size].encode()) % self.dimension] += 1
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.divide(vectors, lengths, out=vectors, where=lengths > 0)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        return self.embed_passages(texts)
