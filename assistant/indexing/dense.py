"""Nearest vectors by inner product, in FAISS. Row numbers are those of the chunks.

Scope is a set of rows handed to the search itself, so a vector out of scope is never compared, let alone returned.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from assistant.errors import IndexCorruptError, IndexStoreError
from assistant.indexing.lexical import RowScores

Vectors = NDArray[np.float32]
Rows = NDArray[np.int64]

# Exact search is the default; measured on two cores at 256 dimensions, 100k vectors take 3 ms and 98 MB. Above that one
# byte a number (a quarter of the space, recall 0.97 at 1M), and past a million a graph.
_EXACT_UP_TO = 100_000
_QUANTISED_UP_TO = 1_000_000
_GRAPH_BREADTH = 128


def dense_kind(count: int) -> str:
    """FAISS's name for the index that `count` vectors get; recorded in the manifest.

    Example:
        >>> dense_kind(600)
        'Flat'
    """
    if count <= _EXACT_UP_TO:
        return "Flat"
    return "SQ8" if count <= _QUANTISED_UP_TO else "HNSW32,Flat"


class DenseIndex:
    """Vectors in row order; made by `build` or `open`."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @classmethod
    def build(cls, vectors: Vectors, *, kind: str | None = None) -> DenseIndex:
        """Index L2-normalised vectors, one a row.

        Args:
            vectors: float32, shape (rows, dimension).
            kind: a FAISS index name instead of the one `dense_kind` gives.

        Raises:
            ValueError: the array is not two-dimensional.
        """
        if vectors.ndim != 2:
            raise ValueError(f"Vectors of shape {vectors.shape}: need (rows, dimension).")
        index = faiss.index_factory(vectors.shape[1], kind or dense_kind(len(vectors)), faiss.METRIC_INNER_PRODUCT)
        rows = np.ascontiguousarray(vectors, dtype=np.float32)
        index.train(rows)
        index.add(rows)
        return cls(index)

    @classmethod
    def open(cls, path: Path) -> DenseIndex:
        """Read what `save` wrote. The caller has checked the file's sha256: FAISS trusts what it reads.

        Raises:
            IndexCorruptError: the file is no FAISS index.
        """
        try:
            # No array in the file can be longer than the file: a forged header cannot ask for all memory.
            faiss.set_deserialization_vector_byte_limit(path.stat().st_size)
            return cls(faiss.read_index(str(path)))
        except (OSError, RuntimeError) as error:
            raise IndexCorruptError(
                f"向量索引 {path.name} 读不出来，无法按语义检索。请运行 python -m assistant build 重建索引。"
            ) from error

    def save(self, path: Path) -> None:
        """Write the index to `path`.

        Raises:
            IndexStoreError: the disk is full or the file cannot be written.
        """
        try:
            faiss.write_index(self._index, str(path))
        except RuntimeError as error:
            raise IndexStoreError(
                f"向量索引 {path.name} 没有写成，索引未更新，原有索引不受影响。"
                "请检查磁盘空间和权限后重新运行 python -m assistant build。"
            ) from error

    @property
    def count(self) -> int:
        """The number of rows."""
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """Numbers per vector."""
        return int(self._index.d)

    def vectors(self, rows: Sequence[int] | Rows) -> Vectors:
        """The stored vectors of some rows, in their order; shape (rows, dimension)."""
        numbers = np.asarray(rows, dtype=np.int64)
        found: Vectors = self._index.reconstruct_batch(numbers)
        return found

    def search(self, vector: Vectors, k: int, allowed: Sequence[int] | Rows) -> RowScores:
        """The `k` rows of `allowed` nearest to `vector`, with their inner products.

        Args:
            vector: shape (dimension,), L2-normalised.
            k: at most so many rows.
            allowed: the rows in scope; none, no result.

        Raises:
            ValueError: the vector has another dimension than the index.
        """
        if vector.shape != (self.dimension,):
            raise ValueError(f"A vector of shape {vector.shape} in an index of dimension {self.dimension}.")
        rows = np.asarray(allowed, dtype=np.int64)
        k = min(k, len(rows))
        if k < 1:
            return ()
        selector = faiss.IDSelectorBatch(rows)
        # FAISS's type information leaves out half of its parameters.
        if isinstance(self._index, faiss.IndexHNSW):
            breadth = max(_GRAPH_BREADTH, 2 * k)
            parameters = faiss.SearchParametersHNSW(sel=selector, efSearch=breadth)  # type: ignore[attr-defined]
        else:
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        query = np.ascontiguousarray(vector[np.newaxis], dtype=np.float32)
        scores, found = self._index.search(query, k, params=parameters)
        # FAISS fills a short list with row -1, which Python would take for the last chunk.
        pairs = [(int(row), float(score)) for row, score in zip(found[0], scores[0], strict=True) if row >= 0]
        return tuple(sorted(pairs, key=lambda hit: (-hit[1], hit[0])))
