"""Candidates of an opened generation: nothing of them is read before it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import overload

import numpy as np
from numpy.typing import NDArray

from assistant.indexing.columns import Columns
from assistant.indexing.dense import DenseIndex, Vectors
from assistant.indexing.pieces import PieceFile, Pieces
from assistant.indexing.protocol import Candidates, KeptPieces
from assistant.indexing.store import Generation
from assistant.model import Chunk


class EmbeddedCandidates(Candidates):
    """Some rows of a generation.

    Args:
        held: the generation.
        dense: its vectors.
        rows: which.
    """

    def __init__(self, held: Generation, dense: DenseIndex, rows: Sequence[int]) -> None:
        vars(self).update(rows=tuple(rows), _held=held, _dense=dense, _numbers=np.asarray(rows, dtype=np.int64))

    _held: Generation
    _dense: DenseIndex
    _numbers: NDArray[np.int64]

    @cached_property
    def chunks(self) -> Sequence[Chunk]:
        """See `Candidates`."""
        return _Records(self._held.chunks, self.rows) if self.rows else ()

    @cached_property
    def vectors(self) -> Vectors:
        """See `Candidates`."""
        return self._dense.vectors(self._numbers)

    @cached_property
    def question_vectors(self) -> Vectors:
        """See `Candidates`."""
        asked = self._held.dense_questions
        return np.zeros((0, self._dense.dimension), np.float32) if asked is None else asked.vectors(self._questions)

    @cached_property
    def question_counts(self) -> NDArray[np.int64]:
        """See `Candidates`."""
        first = self._held.columns.first_question
        return (first[self._numbers + 1] - first[self._numbers]).astype(np.int64)

    @cached_property
    def pieces(self) -> KeptPieces | None:
        """See `Candidates`."""
        kept = self._held.pieces
        return None if kept is None else _Pieces(kept, self._numbers, self._held.columns)

    def cosines(self, vector: Vectors) -> Vectors:
        """See `Candidates`; where searching went through all of them, taken from there."""
        products = self._dense.products(vector)
        return super().cosines(vector) if products is None else products[self._numbers]

    def question_cosines(self, vector: Vectors) -> Vectors:
        """Likewise."""
        asked = self._held.dense_questions
        products = asked.products(vector) if asked is not None else None
        return super().question_cosines(vector) if products is None else products[self._questions]

    def policy_ids(self) -> Sequence[str]:
        """See `Candidates`."""
        columns = self._held.columns
        return [columns.policies[number] for number in columns.policy[self._numbers].tolist()]

    @cached_property
    def _questions(self) -> NDArray[np.int64]:
        return self._held.columns.questions_of(self._numbers)


class _Records(Sequence[Chunk]):
    """The records of some rows, each read when it is looked at."""

    def __init__(self, chunks: Sequence[Chunk], rows: tuple[int, ...]) -> None:
        self._chunks, self._rows = chunks, rows

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, at: int) -> Chunk: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Chunk]: ...
    def __getitem__(self, at: int | slice) -> Chunk | Sequence[Chunk]:
        return _Records(self._chunks, self._rows[at]) if isinstance(at, slice) else self._chunks[self._rows[at]]


class _Pieces:
    """See `KeptPieces`; the lay questions' stand behind those of all sentences."""

    def __init__(self, kept: PieceFile, rows: NDArray[np.int64], columns: Columns) -> None:
        self._kept, self._rows, self._columns = kept, rows, columns

    def sentences(self) -> tuple[Pieces, NDArray[np.int64]]:
        return self._kept.flat(self._rows)

    def questions(self, at: Sequence[int]) -> tuple[Pieces, NDArray[np.int64]]:
        return self._kept.flat(self._columns.count + self._columns.questions_of(self._rows[list(at)]))
