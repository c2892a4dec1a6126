"""What a process keeps of the database: records by row, which never change, and word counts for one generation."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from psycopg import Connection
from psycopg.rows import TupleRow

from assistant.indexing.dense import Vectors
from assistant.indexing.postgres.filing import Opening
from assistant.model import Chunk, Span

MOST_RECORDS = 10_000
"""Records kept, some 4 KB each with their vectors."""
MOST_WORDS = 50_000

_COLUMNS = "row, chunk_id, policy_id, clause_id, jurisdiction, span_start, span_end, kind, text, context, questions"


@dataclass(frozen=True, slots=True)
class Held:
    """A row as it was read."""

    chunk: Chunk
    vector: Vectors | None
    question_vectors: Vectors | None


class Records:
    """Rows read before, the longest unused dropped first; safe for threads."""

    def __init__(self) -> None:
        self._by_row: OrderedDict[int, Held] = OrderedDict()
        self._row_of: dict[str, int] = {}
        self._lock = threading.Lock()

    def rows(self, connection: Connection[TupleRow], rows: Sequence[int], vectors: bool) -> Mapping[int, Held]:
        """The rows that are there, from memory or the database."""
        with self._lock:
            known = {
                row: held
                for row in rows
                if (held := self._by_row.get(row)) and (held.vector is not None or not vectors)
            }
            for row in known:
                self._by_row.move_to_end(row)
        missing = [row for row in rows if row not in known]
        return {**known, **self._keep(_read(connection, missing, vectors))} if missing else known

    def by_id(self, connection: Connection[TupleRow], chunk_id: str) -> Chunk | None:
        """A chunk by its id; one that a search has just found is found again even if it is being replaced."""
        with self._lock:
            row = self._row_of.get(chunk_id)
            if row is not None and row in self._by_row:
                return self._by_row[row].chunk
        found = connection.execute("SELECT row FROM chunk WHERE chunk_id = %s", (chunk_id,)).fetchone()
        if found is None:
            return None
        held = self.rows(connection, [found[0]], vectors=False)
        return held[found[0]].chunk if held else None

    def _keep(self, found: Mapping[int, Held]) -> Mapping[int, Held]:
        with self._lock:
            for row, held in found.items():
                self._by_row[row] = held
                self._row_of[held.chunk.chunk_id] = row
            while len(self._by_row) > MOST_RECORDS:
                row, held = self._by_row.popitem(last=False)
                if self._row_of.get(held.chunk.chunk_id) == row:
                    del self._row_of[held.chunk.chunk_id]
        return found


def read_chunks(connection: Connection[TupleRow], clause: str, values: Sequence[object]) -> dict[int, Chunk]:
    """Records by row; `clause` is what follows the table's name."""
    found = connection.execute(f"SELECT {_COLUMNS} FROM chunk {clause}".encode(), values, binary=True).fetchall()
    return {
        row: Chunk(chunk_id, policy_id, clause_id, place, Span(start, end), kind, text, context, tuple(questions))
        for row, chunk_id, policy_id, clause_id, place, start, end, kind, text, context, questions in found
    }


def _read(connection: Connection[TupleRow], rows: Sequence[int], vectors: bool) -> dict[int, Held]:
    chunks = read_chunks(connection, "WHERE row = ANY(%s)", (list(rows),))
    if not vectors:
        return {row: Held(chunk, None, None) for row, chunk in chunks.items()}
    own = _vectors(connection, "SELECT row, vector FROM chunk_vector WHERE row = ANY(%s)", list(chunks))
    asked = [row for row, chunk in chunks.items() if chunk.questions]
    ordered = "SELECT row, vector FROM question_vector WHERE row = ANY(%s) ORDER BY row, position"
    questions = _vectors(connection, ordered, asked) if asked else {}
    # A row that went between the two statements has no vector any more, and is gone.
    return {
        row: Held(chunk, own[row][0], questions.get(row))
        for row, chunk in chunks.items()
        if row in own and (not chunk.questions or len(questions.get(row, ())) == len(chunk.questions))
    }


def _vectors(connection: Connection[TupleRow], statement: str, rows: Sequence[int]) -> dict[int, Vectors]:
    found: dict[int, list[Vectors]] = {}
    for row, vector in connection.execute(statement.encode(), (list(rows),), binary=True):
        found.setdefault(row, []).append(vector.to_numpy())
    return {row: np.asarray(vectors, dtype=np.float32) for row, vectors in found.items()}


@dataclass(frozen=True, slots=True)
class Word:
    """A word's number and in how many chunks each field has it, fields in the order of `FIELDS`."""

    number: int
    found: tuple[int, int, int]


class Words:
    """Word counts of one generation; those of another are read anew."""

    def __init__(self) -> None:
        self._generation = -1
        self._known: dict[str, Word | None] = {}
        self._lock = threading.Lock()

    def of(self, opening: Opening, terms: Iterable[str], generation: int) -> Mapping[str, Word | None]:
        """Each term's word; None for one that stands nowhere. No connection is asked for where all are known."""
        wanted = set(terms)
        with self._lock:
            if self._generation != generation or len(self._known) > MOST_WORDS:
                self._generation, self._known = generation, {}
            known = {term: self._known[term] for term in wanted if term in self._known}
        missing = [term for term in wanted if term not in known]
        if missing:
            read: dict[str, Word | None] = dict.fromkeys(missing)
            statement = "SELECT term, number, in_text, in_context, in_questions FROM word WHERE term = ANY(%s)"
            with opening() as connection:
                found = connection.execute(statement, (missing,), binary=True).fetchall()
            for term, number, *counts in found:
                read[term] = Word(number, (counts[0], counts[1], counts[2]))
            known |= read
            with self._lock:
                if self._generation == generation:
                    self._known |= read
        return known
