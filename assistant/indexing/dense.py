"""Nearest vectors by inner product, in FAISS. Row numbers are those of the chunks.

Scope is a set of rows handed to the search itself, so a vector out of scope is never compared, let alone returned.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from assistant.errors import IndexCorruptError, IndexUnwritableError
from assistant.indexing.lexical import RowScores
from assistant.indexing.ranked import RankedRows

Vectors = NDArray[np.float32]
Rows = NDArray[np.int64]

# Exact search is the default; measured on two cores at 256 dimensions, 100k vectors take 3 ms and 98 MB. Above that one
# byte a number (a quarter of the space, recall 0.97 at 1M), and from a third of a million only the lists nearest to
# the question are read. A graph is faster still, but takes four times the memory and minutes to build, and loses its
# way where a filter shuts out most of it.
_EXACT_UP_TO = 100_000
_QUANTISED_UP_TO = 300_000
_IN_NUMPY_UP_TO = 5_000
_LISTS, _MORE_LISTS, _MORE_FROM = 1024, 4096, 4_000_000
_TRAINED_ON = 100_000
_PROBED, _BREADTH = 64, 512
_AT_ONCE = 65_536
_PRODUCTS_KEPT = 64


def dense_kind(count: int) -> str:
    """FAISS's name for the index that `count` vectors get; recorded in the manifest.

    Example:
        >>> dense_kind(600), dense_kind(1_000_000)
        ('Flat', 'IVF1024,SQ8')
    """
    if count <= _EXACT_UP_TO:
        return "Flat"
    if count <= _QUANTISED_UP_TO:
        return "SQ8"
    return f"IVF{_LISTS if count < _MORE_FROM else _MORE_LISTS},SQ8"


@dataclass(frozen=True)
class Selection:
    """Rows that may be found, in the form FAISS takes; worth keeping for the next question of the same scope.

    Attributes:
        mask: which rows; shape (rows,).
    """

    mask: NDArray[np.bool_] = field(repr=False)

    @cached_property
    def count(self) -> int:
        """How many rows it lets through."""
        return int(np.count_nonzero(self.mask))

    @cached_property
    def rows(self) -> Rows:
        """Those rows, ascending."""
        return np.flatnonzero(self.mask)

    @cached_property
    def selector(self) -> faiss.IDSelector | None:
        """None where every row is let through."""
        if self.count == len(self.mask):
            return None
        first, end = int(np.argmax(self.mask)), len(self.mask) - int(np.argmax(self.mask[::-1]))
        if end - first == self.count:
            return faiss.IDSelectorRange(first, end)
        return faiss.IDSelectorBitmap(np.packbits(self.mask, bitorder="little"))  # type: ignore[arg-type, call-arg]


class DenseIndex:
    """Vectors in row order; made by `build` or `open`.

    Above `_EXACT_UP_TO` rows the index is approximate and the vectors lie beside it with two bytes a number, so that
    `vectors` is exact and the next generation can take them over.
    """

    def __init__(self, index: faiss.Index, stored: NDArray[np.floating] | None = None) -> None:
        self._index, self._stored = index, stored

    @classmethod
    def build(cls, vectors: Vectors, *, kind: str | None = None) -> DenseIndex:
        """Index L2-normalised vectors, one a row.

        Args:
            vectors: shape (rows, dimension), of float32 or float16; may lie on disk, and is read in parts.
            kind: a FAISS index name instead of the one `dense_kind` gives.

        Raises:
            ValueError: the array is not two-dimensional.
        """
        if vectors.ndim != 2:
            raise ValueError(f"Vectors of shape {vectors.shape}: need (rows, dimension).")
        count = len(vectors)
        name = kind or dense_kind(count)
        index = faiss.index_factory(vectors.shape[1], name, faiss.METRIC_INNER_PRODUCT)
        if not index.is_trained:
            step = max(1, count // _TRAINED_ON)
            index.train(np.ascontiguousarray(vectors[::step][:_TRAINED_ON], dtype=np.float32))
        for start in range(0, count, _AT_ONCE):
            index.add(np.ascontiguousarray(vectors[start : start + _AT_ONCE], dtype=np.float32))
        return cls(index, None if name == "Flat" else vectors)

    @classmethod
    def open(cls, path: Path) -> DenseIndex:
        """Read what `save` wrote. The caller has checked the file's sha256: FAISS trusts what it reads.

        Raises:
            IndexCorruptError: the file is no FAISS index.
        """
        try:
            # No array in the file can be longer than the file: a forged header cannot ask for all memory.
            size = path.stat().st_size
            faiss.set_deserialization_vector_byte_limit(size)
            mapped = faiss.IO_FLAG_MMAP_IFC if size > _AT_ONCE * 64 else 0
            index = faiss.read_index(str(path), mapped)
            stored = _stored_path(path)
            return cls(index, np.load(stored, mmap_mode="r", allow_pickle=False) if stored.exists() else None)
        except (OSError, RuntimeError, ValueError) as error:
            raise IndexCorruptError(
                f"向量索引 {path.name} 读不出来，无法按语义检索。请运行 python -m assistant build 重建索引。"
            ) from error

    def save(self, path: Path) -> None:
        """Write the index to `path`, and the vectors beside it where it does not hold them exactly.

        Raises:
            IndexStoreError: the disk is full or the file cannot be written.
        """
        try:
            faiss.write_index(self._index, str(path))
            if self._stored is not None:
                _save_in_parts(_stored_path(path), self._stored)
        except (OSError, RuntimeError) as error:
            raise IndexUnwritableError(
                f"向量索引 {path.name} 没有写成，索引未更新，原有索引不受影响。"
                "请检查磁盘空间和权限后重新运行 python -m assistant build。"
            ) from error

    @property
    def kind(self) -> str:
        """FAISS's name for an index of so many rows; see `dense_kind`."""
        return dense_kind(self.count)

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
        if self._stored is not None:
            return self._stored[numbers].astype(np.float32)
        if self.count <= _IN_NUMPY_UP_TO:
            return self._matrix[numbers]
        found: Vectors = self._index.reconstruct_batch(numbers)
        return found

    def search(self, vector: Vectors, k: int, allowed: Sequence[int] | Rows | Selection) -> RowScores:
        """The `k` rows of `allowed` nearest to `vector`, with their inner products.

        Args:
            vector: shape (dimension,), L2-normalised.
            k: at most so many rows.
            allowed: the rows in scope; none, no result.

        Raises:
            ValueError: the vector has another dimension than the index.
        """
        return tuple(self.ranked(vector, k, allowed))

    def ranked(self, vector: Vectors, k: int, allowed: Sequence[int] | Rows | Selection) -> RankedRows:
        """`search` as arrays."""
        if vector.shape != (self.dimension,):
            raise ValueError(f"A vector of shape {vector.shape} in an index of dimension {self.dimension}.")
        selection = allowed if isinstance(allowed, Selection) else self._selected(allowed)
        k = min(k, selection.count)
        if k < 1:
            return RankedRows(np.zeros(0, np.int64), np.zeros(0))
        if (products := self.products(vector)) is not None:
            return _best(products, selection.rows, k)
        query = np.ascontiguousarray(vector[np.newaxis], dtype=np.float32)
        scores, found = self._index.search(query, k, params=self._parameters(selection))
        # FAISS fills a short list with row -1, which Python would take for the last chunk.
        held = found[0] >= 0
        rows, values = found[0][held], scores[0][held]
        order = np.lexsort((rows, -values))
        return RankedRows(rows[order], values[order].astype(np.float64))

    def products(self, vector: Vectors) -> Vectors | None:
        """Inner products of all rows with a vector, to six digits; None where there are too many for that."""
        small = self._stored is None and self.count <= _IN_NUMPY_UP_TO
        return self._products(vector.tobytes()) if small else None

    def _parameters(self, selection: Selection) -> faiss.SearchParameters:
        # FAISS's type information leaves out half of its parameters.
        if isinstance(self._index, faiss.IndexHNSW):
            return faiss.SearchParametersHNSW(  # type: ignore[attr-defined, no-any-return]
                sel=selection.selector, efSearch=_BREADTH
            )
        if not isinstance(self._index, faiss.IndexIVF):
            return faiss.SearchParameters(sel=selection.selector)  # type: ignore[call-arg]
        # The fewer rows are in scope, the more lists are read: a district's few sentences may lie in any of them.
        lists = int(self._index.nlist)
        probed = min(lists, _PROBED * max(1, self.count // max(1, selection.count)))
        return faiss.SearchParametersIVF(sel=selection.selector, nprobe=probed)  # type: ignore[call-arg]

    def _selected(self, rows: Sequence[int] | Rows) -> Selection:
        mask = np.zeros(self.count, dtype=np.bool_)
        mask[np.asarray(rows, dtype=np.int64)] = True
        return Selection(mask)

    @cached_property
    def _products(self) -> Callable[[bytes], Vectors]:
        """Inner products of all rows with a vector; the tiers of one question ask for the same.

        Rounded, so that equal sentences, multiplied in other blocks, stay equal.
        """

        def products(vector: bytes) -> Vectors:
            found: Vectors = np.round(self._matrix @ np.frombuffer(vector, dtype=np.float32), 6)
            return found

        return lru_cache(maxsize=_PRODUCTS_KEPT)(products)

    @cached_property
    def _matrix(self) -> Vectors:
        found: Vectors = self._index.reconstruct_n(0, self.count)
        return found


def _best(scores: Vectors, rows: Rows, k: int) -> RankedRows:
    """The first k of some rows in row order; equal scores stay in it."""
    held = scores[rows]
    if k < len(rows):
        least = np.partition(held, len(held) - k)[len(held) - k]
        rows, held = rows[held >= least], held[held >= least]
    order = np.argsort(-held, kind="stable")[:k]
    return RankedRows(rows[order], held[order].astype(np.float64))


def _save_in_parts(path: Path, vectors: NDArray[np.floating]) -> None:
    """Two bytes a number; the vectors may be more than memory holds."""
    saved = np.lib.format.open_memmap(path, mode="w+", dtype=np.float16, shape=vectors.shape)
    for start in range(0, len(vectors), _AT_ONCE):
        saved[start : start + _AT_ONCE] = vectors[start : start + _AT_ONCE]
    saved.flush()


def _stored_path(path: Path) -> Path:
    return path.with_suffix(".npy")
