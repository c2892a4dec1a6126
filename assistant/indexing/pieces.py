"""The distinct pieces of every chunk and of its lay questions, for late interaction (assistant/retrieval/reranking.py).

`pieces.bin` holds piece numbers, two bytes each, one text after the other: the chunks in row order, then the lay
questions in theirs. `pieces.offsets.npy` says where each text's begin.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.errors import IndexCorruptError
from assistant.indexing.record_file import offsets_path

Pieces = NDArray[np.int32]
MOST = 1 << 16
"""A table with more pieces than this is not kept so."""


class PieceWriter:
    """Writes the pieces of texts in order."""

    def __init__(self, path: Path, files: ExitStack) -> None:
        self._path, self._file = path, files.enter_context(path.open("wb", buffering=1 << 20))
        self._offsets, self._at = array("Q", [0]), 0

    def add(self, texts: Sequence[Pieces]) -> None:
        """The next texts'."""
        for pieces in texts:
            self._at += len(pieces)
            self._offsets.append(self._at)
        if texts:
            self._file.write(np.concatenate(texts).astype(np.uint16).tobytes())

    def copy(self, other: PieceFile, first: int, end: int) -> None:
        """The texts `first` to `end` of another file as the next ones."""
        begins = other.offsets[first : end + 1]
        self._offsets.frombytes((begins[1:] - begins[0] + self._at).astype(np.uint64).tobytes())
        self._at += int(begins[-1] - begins[0])
        self._file.write(other.pieces[int(begins[0]) : int(begins[-1])].tobytes())

    def close(self) -> None:
        """Complete the files."""
        self._file.close()
        np.save(offsets_path(self._path), np.frombuffer(self._offsets, dtype=np.uint64))


class PieceFile:
    """What a `PieceWriter` wrote; stays on disk until it is used.

    Attributes:
        pieces: all of them.
        offsets: where each text's begin, and where the last ends.

    Raises:
        IndexCorruptError: the files do not belong together.
    """

    def __init__(self, path: Path) -> None:
        try:
            # as plain arrays: a memmap makes an object of every slice
            self.offsets = np.asarray(np.load(offsets_path(path), mmap_mode="r", allow_pickle=False)).view(np.int64)
            count = int(self.offsets[-1])
            mapped = np.memmap(path, np.uint16, "r", shape=(count,)) if count else np.zeros(0, np.uint16)
            self.pieces = np.asarray(mapped)
        except (OSError, ValueError, IndexError) as error:
            raise IndexCorruptError(
                f"索引文件 {path.name} 读不出来（{error}），无法按语义检索。请运行 python -m assistant build 重建索引。"
            ) from error

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def of(self, number: int) -> Pieces:
        """The pieces of one text."""
        found: Pieces = self.pieces[int(self.offsets[number]) : int(self.offsets[number + 1])].astype(np.int32)
        return found

    def flat(self, numbers: NDArray[np.int64]) -> tuple[Pieces, NDArray[np.int64]]:
        """The pieces of several texts one after the other, and how many each has."""
        begins = self.offsets[numbers]
        lengths = self.offsets[numbers + 1] - begins
        ends = np.cumsum(lengths)
        at = np.repeat(begins - ends + lengths, lengths) + np.arange(int(ends[-1]) if len(ends) else 0)
        return self.pieces[at].astype(np.int32), lengths
