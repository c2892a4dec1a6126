"""Lines of a file by their number, read when asked for: a million records take no memory until they are wanted.

Beside `NAME.jsonl` lies `NAME.offsets.npy`: where each line begins, and behind them the length of the file.
"""

from __future__ import annotations

import functools
import json
import mmap
from array import array
from collections.abc import Callable, Hashable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Generic, Self, TypeVar, cast, overload

import numpy as np
from numpy.typing import NDArray

from assistant.errors import IndexCorruptError
from assistant.indexing.records import decoder_of, encode

T = TypeVar("T")

_KEPT = 8192


def offsets_path(path: Path) -> Path:
    """Where the offsets of a file's lines are kept."""
    return path.with_suffix(".offsets.npy")


class LineWriter:
    """Writes lines and remembers where they begin; as a context manager it leaves both files complete."""

    def __init__(self, path: Path) -> None:
        self._path, self._file = path, path.open("wb", buffering=1 << 20)
        self._offsets, self._at = array("Q", [0]), 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()
        if kind is None:
            np.save(offsets_path(self._path), np.frombuffer(self._offsets, dtype=np.uint64))

    @property
    def count(self) -> int:
        """Lines written so far."""
        return len(self._offsets) - 1

    def line(self, content: bytes) -> None:
        """Add one line; `content` ends with its line end."""
        self._file.write(content)
        self._at += len(content)
        self._offsets.append(self._at)

    def lines(self, other: LineFile, first: int, end: int) -> None:
        """Add the lines `first` to `end` of another file as they are."""
        content, begins = other.stretch(first, end)
        self._file.write(content)
        self._offsets.frombytes((begins[1:] - begins[0] + np.uint64(self._at)).tobytes())
        self._at += len(content)

    def record(self, value: object) -> None:
        """Add a record (see `records.encode`)."""
        self.line(json.dumps(encode(value), ensure_ascii=False, separators=(",", ":")).encode("utf-8") + b"\n")


class LineFile:
    """The lines of a file, by number. An open one outlives its folder.

    Raises:
        IndexCorruptError: the files are missing or do not belong together.
    """

    def __init__(self, path: Path) -> None:
        self.name = path.name
        try:
            loaded = np.load(offsets_path(path), mmap_mode="r", allow_pickle=False)
            self._offsets: NDArray[np.uint64] = np.asarray(loaded)  # a memmap makes an object of every slice
            size = path.stat().st_size
            with path.open("rb") as file:
                self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if size else b""
            if int(self._offsets[-1]) != size:
                raise ValueError("lengths differ")
        except (OSError, ValueError, IndexError) as error:
            raise IndexCorruptError(
                f"索引文件 {path.name} 读不出来（{error}），没有它无法作答。请运行 python -m assistant build 重建索引。"
            ) from error

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __getitem__(self, number: int) -> bytes:
        """One line with its line end."""
        return self._bytes[int(self._offsets[number]) : int(self._offsets[number + 1])]

    def stretch(self, first: int, end: int) -> tuple[bytes, NDArray[np.uint64]]:
        """The lines `first` to `end` together, and where each begins in the file; with the end of the last."""
        begins = self._offsets[first : end + 1]
        return self._bytes[int(begins[0]) : int(begins[-1])], begins


class RecordFile(Sequence[T], Generic[T]):
    """Records in file order, decoded when asked for; the last few thousand are kept.

    Raises:
        IndexCorruptError: a line is not such a record; the message names file and line.
    """

    def __init__(self, path: Path, record_type: type[T], *, kept: int = _KEPT) -> None:
        self.lines = LineFile(path)
        self._type, self._decode = record_type, decoder_of(cast(Hashable, record_type))
        self._kept: Callable[[int], T] = functools.lru_cache(maxsize=kept)(self._read)

    def __len__(self) -> int:
        return len(self.lines)

    @overload
    def __getitem__(self, at: int) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[T]: ...
    def __getitem__(self, at: int | slice) -> T | Sequence[T]:
        if isinstance(at, slice):
            return tuple(self._kept(number) for number in range(*at.indices(len(self))))
        number = at + len(self) if at < 0 else at
        if not 0 <= number < len(self):
            raise IndexError(at)
        return self._kept(number)

    def __iter__(self) -> Iterator[T]:
        return (self._read(number) for number in range(len(self)))

    def _read(self, number: int) -> T:
        try:
            return cast(T, self._decode(json.loads(self.lines[number])))
        except ValueError as error:
            raise IndexCorruptError(
                f"索引文件 {self.lines.name} 第 {number + 1} 行不是完整的 {self._type.__name__} 记录，"
                "据此回答可能出错。请运行 python -m assistant build 重建索引。"
            ) from error
