"""Chunks on their way into a generation, some hundreds at a time: records, tokens, vectors and pieces.

Memory does not grow with the corpus: vectors wait in a file until their number, and so the kind of index, is known.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from assistant.indexing.dense import DenseIndex, Vectors
from assistant.indexing.embedding import Embedder
from assistant.indexing.generation_writer import GenerationWriter
from assistant.indexing.lexical import LexicalWriter
from assistant.indexing.pieces import MOST, Pieces, PieceWriter
from assistant.indexing.record_file import LineWriter
from assistant.indexing.static_encoder import StaticEncoder
from assistant.indexing.store import (
    DENSE_FILE,
    DENSE_QUESTIONS_FILE,
    LEXICAL_FOLDER,
    PIECES_FILE,
    WORDS_FILE,
    Generation,
)
from assistant.model import Chunk
from assistant.tokenization import Tokenizer

BATCH = 1024
"""Chunks that are embedded at once."""

COPIED = 16_384
"""Rows of another generation that are copied at once."""

_SPOOL = "vectors.spool"
_CONTEXTS_KEPT = 4096


class RowWriter:
    """Adds rows to a generation in order.

    Args:
        writer: of the generation; its documents are somebody else's affair.
        tokenizer: cuts the sentences.
        embedder: None for keywords alone.
        told: called with the number of rows done, now and then.
    """

    def __init__(
        self,
        writer: GenerationWriter,
        tokenizer: Tokenizer,
        embedder: Embedder | None,
        told: Callable[[int], None] = lambda done: None,
    ) -> None:
        folder = writer.folder
        self._writer, self._tokenizer, self._embedder, self._told = writer, tokenizer, embedder, told
        self._lexical = LexicalWriter(folder / LEXICAL_FOLDER)
        writer.files.callback(self._lexical.stop)
        self._words = writer.files.enter_context(LineWriter(folder / WORDS_FILE))
        self._pending: list[Chunk] = []
        self._run: tuple[Generation, int, int] | None = None
        self._contexts: dict[str, str] = {}
        self._spool = None if embedder is None else _Spool(folder / _SPOOL, embedder.dimension, writer.files)
        self._question_vectors: list[Vectors] = []
        static = embedder if isinstance(embedder, StaticEncoder) and len(embedder.rows) <= MOST else None
        self._static = static
        self._pieces = None if static is None else PieceWriter(folder / PIECES_FILE, writer.files)
        self._question_pieces: list[Pieces] = []

    def add(self, chunk: Chunk) -> None:
        """The next row."""
        self._copy_run()
        self._pending.append(chunk)
        if len(self._pending) >= BATCH:
            self._flush()

    def copy(self, held: Generation, first: int, end: int) -> None:
        """The rows `first` to `end` of another generation, made with the same tokenizer and encoder, as the next ones.

        Rows that follow on are copied together: a document by itself has few.

        Raises:
            ValueError: it keeps no tokens, or was opened without its encoder.
        """
        self._flush()
        if self._run is not None:
            before, start, until = self._run
            if before is held and until == first and end - start <= COPIED:
                self._run = held, start, end
                return
            self._copy_run()
        self._run = held, first, end

    def _copy_run(self) -> None:
        if self._run is None:
            return
        held, first, end = self._run
        self._run = None
        columns, words = held.columns, held.words
        if words is None or (self._embedder is not None and held.dense is None):
            raise ValueError("The other generation keeps no tokens, or was opened without its encoder.")
        self._writer.copy(held, first, end)
        self._words.lines(words, first, end)
        places, policies, kinds = columns.places, columns.policies, columns.kinds
        self._lexical.add_all(
            (places[place], policies[policy], kinds[kind], *line.split("\t"))
            for place, policy, kind, line in zip(
                columns.place[first:end].tolist(),
                columns.policy[first:end].tolist(),
                columns.kind[first:end].tolist(),
                words.stretch(first, end)[0].decode("utf-8").split("\n"),
                strict=False,
            )
        )
        asked, asked_end = int(columns.first_question[first]), int(columns.first_question[end])
        if asked_end > asked and held.dense_questions is not None:
            self._question_vectors.append(held.dense_questions.vectors(range(asked, asked_end)))
        if held.pieces is not None and self._pieces is not None:
            self._pieces.copy(held.pieces, first, end)
            self._question_pieces += [held.pieces.of(columns.count + number) for number in range(asked, asked_end)]
        if self._spool is not None and held.dense is not None:
            self._spool.add(held.dense.vectors(range(first, end)))
        self._told(self._writer.rows)

    def close(self) -> None:
        """Complete the searchers.

        Raises:
            IndexStoreError: the disk is full or not writable.
        """
        self._flush()
        self._copy_run()
        self._lexical.close()
        if self._pieces is not None:
            self._pieces.add(self._question_pieces)
            self._pieces.close()
        if self._spool is not None:
            folder = self._writer.folder
            self._writer.dense_kind = self._spool.index(folder / DENSE_FILE)
            if self._question_vectors:
                DenseIndex.build(np.concatenate(self._question_vectors)).save(folder / DENSE_QUESTIONS_FILE)

    def _flush(self) -> None:
        batch, self._pending = self._pending, []
        if not batch:
            return
        for chunk in batch:
            questions = " ".join(token for question in chunk.questions for token in self._tokenizer.tokens(question))
            text, context = " ".join(self._tokenizer.cut(chunk.text)), self._context(chunk.context)
            self._lexical.add(chunk.jurisdiction, chunk.policy_id, chunk.kind, text, context, questions)
            self._words.line(f"{text}\t{context}\t{questions}\n".encode())
            self._writer.chunk(chunk)
        if self._embedder is not None and self._spool is not None:
            self._embed(batch, self._embedder, self._spool)
        self._told(self._writer.rows)

    def _embed(self, batch: list[Chunk], embedder: Embedder, spool: _Spool) -> None:
        placed = [chunk.placed for chunk in batch]
        asked = [question for chunk in batch for question in chunk.questions]
        if self._static is None or self._pieces is None:
            spool.add(embedder.embed_passages(placed))
            if asked:
                self._question_vectors.append(embedder.embed_passages(asked))
            return
        pieces = self._static.pieces(placed)
        spool.add(self._static.embed_pieces(pieces))
        self._pieces.add(self._static.distinct(pieces))
        if asked:
            pieces = self._static.pieces(asked)
            self._question_vectors.append(self._static.embed_pieces(pieces))
            self._question_pieces += self._static.distinct(pieces)

    def _context(self, context: str) -> str:
        """The tokens of headings; the sentences of one clause share theirs."""
        found = self._contexts.get(context)
        if found is None:
            if len(self._contexts) >= _CONTEXTS_KEPT:
                self._contexts.clear()
            found = self._contexts[context] = " ".join(self._tokenizer.cut(context))
        return found


class _Spool:
    """Vectors waiting in a file."""

    def __init__(self, path: Path, dimension: int, files: ExitStack) -> None:
        self._path, self._dimension, self._count = path, dimension, 0
        self._file = files.enter_context(path.open("wb"))

    def add(self, vectors: Vectors) -> None:
        """The next rows."""
        self._file.write(np.ascontiguousarray(vectors, dtype=np.float32).tobytes())
        self._count += len(vectors)

    def index(self, path: Path) -> str:
        """Write the index of all of them and remove the file; returns FAISS's name for its kind."""
        self._file.close()
        shape = (self._count, self._dimension)
        vectors = np.memmap(self._path, np.float32, "r", shape=shape) if self._count else np.zeros(shape, np.float32)
        index = DenseIndex.build(vectors)
        index.save(path)
        self._path.unlink()
        return index.kind
