"""What searching needs of every chunk, as arrays by row number: no record is read to decide whether it is in scope."""

from __future__ import annotations

import json
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.errors import IndexCorruptError

Numbers = NDArray[np.int32]
Mask = NDArray[np.bool_]

_ARRAYS = ("place", "policy", "kind", "start", "end", "first_question")
_NAMES = ("places", "policies", "kinds")


@dataclass(frozen=True)
class Columns:
    """The fields of all chunks.

    Attributes:
        places, policies, kinds: the values that occur, in order of first appearance.
        place, policy, kind: for each row, the number of its value; shape (rows,).
        start, end: of its span; shape (rows,).
        first_question: the number of each row's first lay question, and behind them that of all; shape (rows + 1,).
    """

    places: tuple[str, ...]
    policies: tuple[str, ...]
    kinds: tuple[str, ...]
    place: Numbers
    policy: Numbers
    kind: Numbers
    start: Numbers
    end: Numbers
    first_question: Numbers

    @property
    def count(self) -> int:
        """The number of rows."""
        return len(self.place)

    def admitted(
        self, places: frozenset[str] | None, policies: frozenset[str] | None, kinds: frozenset[str] | None
    ) -> Mask:
        """Which rows have a value of each of these sets; None for any value. Shape (rows,)."""
        mask = np.ones(self.count, dtype=np.bool_)
        for wanted, names, column in (
            (places, self.places, self.place),
            (policies, self.policies, self.policy),
            (kinds, self.kinds, self.kind),
        ):
            if wanted is not None and not wanted.issuperset(names):
                chosen = np.array([name in wanted for name in names], dtype=np.bool_)
                mask &= chosen[column] if len(chosen) else False
        return mask

    @cached_property
    def owner(self) -> Numbers:
        """The row of each lay question; shape (questions,)."""
        counts = np.diff(self.first_question)
        return np.repeat(np.arange(len(counts), dtype=np.int32), counts)

    def questions_of(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """The numbers of the lay questions of some rows, one row's after the other's."""
        begins = self.first_question[rows].astype(np.int64)
        counts = self.first_question[rows + 1] - begins
        ends = np.cumsum(counts)
        return np.repeat(begins - ends + counts, counts) + np.arange(int(ends[-1]) if len(ends) else 0)

    def rows_of(self, policy_id: str) -> Sequence[int]:
        """The rows of one policy in text order."""
        number = self._policy_number.get(policy_id)
        if number is None:
            return ()
        first, end = np.searchsorted(self._sorted_keys, [number << 32, (number + 1) << 32])
        return [int(row) for row in self._by_key[first:end]]

    def row_of(self, policy_id: str, start: int, end: int) -> int | None:
        """The row of a span of a policy."""
        number = self._policy_number.get(policy_id)
        if number is None:
            return None
        key = (number << 32) + start
        at = int(np.searchsorted(self._sorted_keys, key))
        while at < self.count and int(self._sorted_keys[at]) == key:
            row = int(self._by_key[at])
            if int(self.end[row]) == end:
                return row
            at += 1
        return None

    @cached_property
    def _policy_number(self) -> Mapping[str, int]:
        return {name: number for number, name in enumerate(self.policies)}

    @cached_property
    def _keys(self) -> NDArray[np.int64]:
        return (self.policy.astype(np.int64) << 32) + self.start

    @cached_property
    def _by_key(self) -> NDArray[np.int64]:
        return np.argsort(self._keys, kind="stable")

    @cached_property
    def _sorted_keys(self) -> NDArray[np.int64]:
        return self._keys[self._by_key]


class ColumnWriter:
    """Collects the columns of chunks in row order; some twenty bytes a row.

    Attributes:
        questions: lay questions of all rows so far.
    """

    def __init__(self) -> None:
        self._values: dict[str, dict[str, int]] = {name: {} for name in _NAMES}
        self._arrays = {name: array("i") for name in _ARRAYS}
        self.questions = 0

    def add(self, place: str, policy: str, kind: str, start: int, end: int, questions: int) -> None:
        """The next row: the fields of `Columns`, and how many lay questions it has."""
        numbers = (self._number("places", place), self._number("policies", policy), self._number("kinds", kind))
        for name, value in zip(_ARRAYS, (*numbers, start, end, self.questions), strict=True):
            self._arrays[name].append(value)
        self.questions += questions

    def copy(self, other: Columns, first: int, end: int) -> None:
        """The rows `first` to `end` of other columns as the next ones."""
        for name, values, column in (
            ("place", "places", other.place),
            ("policy", "policies", other.policy),
            ("kind", "kinds", other.kind),
        ):
            occurring, at = np.unique(column[first:end], return_inverse=True)
            named = getattr(other, values)
            numbers = np.array([self._number(values, named[number]) for number in occurring], dtype=np.int32)
            self._arrays[name].frombytes(numbers[at].tobytes())
        self._arrays["start"].frombytes(other.start[first:end].tobytes())
        self._arrays["end"].frombytes(other.end[first:end].tobytes())
        asked = other.first_question[first : end + 1]
        self._arrays["first_question"].frombytes((asked[:-1] - asked[0] + np.int32(self.questions)).tobytes())
        self.questions += int(asked[-1] - asked[0])

    def _number(self, names: str, value: str) -> int:
        values = self._values[names]
        return values.setdefault(value, len(values))

    def save(self, folder: Path) -> None:
        """Write the columns into a folder, which is made."""
        folder.mkdir()
        self._arrays["first_question"].append(self.questions)
        for name, values in self._arrays.items():
            np.save(folder / f"{name}.npy", np.array(values, dtype=np.int32))
        names = {name: list(values) for name, values in self._values.items()}
        (folder / "names.json").write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")


def open_columns(folder: Path) -> Columns:
    """Open what a `ColumnWriter` saved; the arrays stay on disk until they are used.

    Raises:
        IndexCorruptError: a file is missing or is not that.
    """
    try:
        names = json.loads((folder / "names.json").read_text(encoding="utf-8"))
        loaded = (np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False) for name in _ARRAYS)
        arrays = dict(zip(_ARRAYS, map(np.asarray, loaded), strict=True))  # a memmap makes an object of every slice
        places, policies, kinds = (tuple(names[name]) for name in _NAMES)
        return Columns(places, policies, kinds, *(arrays[name] for name in _ARRAYS))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexCorruptError(
            f"索引的 {folder.name}/ 读不出来（{error}），无法检索。请运行 python -m assistant build 重建索引。"
        ) from error
