"""The records of a generation on their way to disk, one document at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import IndexUnwritableError
from assistant.indexing.columns import ColumnWriter
from assistant.indexing.record_file import LineWriter
from assistant.indexing.stored_document import Facts, Tree
from assistant.model import Chunk

if TYPE_CHECKING:
    from assistant.indexing.store import Generation


class GenerationWriter:
    """Writes the records of a generation one document at a time; made by `written_generation`.

    Attributes:
        folder: what belongs to the generation besides goes in here: `LEXICAL_FOLDER` is there, `DENSE_FILE` may follow.
        dense_kind: to be set where vectors are written; recorded in the manifest.
        files: what is to be closed whatever happens.
    """

    def __init__(self, folder: Path, files: ExitStack) -> None:
        self.folder, self.files = folder, files
        self.dense_kind: str | None = None
        self._facts, self._trees, self._chunks = (
            files.enter_context(LineWriter(folder / f"{name}.jsonl")) for name in ("documents", "trees", "chunks")
        )
        self._columns = ColumnWriter()

    @property
    def documents(self) -> int:
        """Documents written so far."""
        return self._facts.count

    @property
    def rows(self) -> int:
        """Chunks written so far."""
        return self._chunks.count

    def tree(self, tree: Tree | bytes) -> None:
        """Add the clauses of a document, or their line as another generation has it."""
        if isinstance(tree, bytes):
            self._trees.line(tree)
        else:
            self._trees.record(tree)

    def facts(self, facts: Facts | bytes) -> None:
        """Add the facts of a document, or their line; they may come later than the trees, in the same order."""
        if isinstance(facts, bytes):
            self._facts.line(facts)
        else:
            self._facts.record(facts)

    def chunk(self, chunk: Chunk) -> None:
        """Add the next row."""
        span, asked = chunk.span, len(chunk.questions)
        self._columns.add(chunk.jurisdiction, chunk.policy_id, chunk.kind, span.start, span.end, asked)
        self._chunks.record(chunk)

    def copy(self, held: Generation, first: int, end: int) -> None:
        """Add the rows `first` to `end` of another generation as it has them."""
        self._columns.copy(held.columns, first, end)
        self._chunks.lines(held.chunks.lines, first, end)

    @property
    def questions(self) -> int:
        """Lay questions of the chunks written so far."""
        return self._columns.questions

    def close(self) -> None:
        """Write what was collected, when all files are closed."""
        self._columns.save(self.folder / "columns")


@contextmanager
def disk_errors() -> Iterator[None]:
    """Say what a full or unwritable disk means for the index."""
    try:
        yield
    except OSError as error:
        raise IndexUnwritableError(
            f"索引没有写成（{error.strerror or error}），索引未更新，原有索引不受影响。"
            "请检查磁盘空间和权限后重新运行 python -m assistant build。"
        ) from error
