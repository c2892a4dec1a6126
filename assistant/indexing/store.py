"""Index generations on disk: written whole or not at all, checked whole before use (docs/adr/0003).

    index/CURRENT            one line: the generation in use and the sha256 of its manifest
    index/gen-000007/        manifest.json
                             documents.jsonl  facts of each document     trees.jsonl  its clauses and sentences
                             chunks.jsonl     what is found and quoted   columns/     what it is filtered by
                             words.txt        its search tokens          pieces.bin   its pieces for late interaction
                             lexical/  dense.faiss  dense-questions.faiss
    index/tmp-…              a build in progress, or what a killed one left
    index/.lock              held while building

A reader opens one generation and keeps it; a build changes nothing that an open reader uses (POSIX systems).
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import IndexBusyError, IndexCorruptError, IndexMissingError, IndexStoreError
from assistant.indexing.columns import Columns, open_columns
from assistant.indexing.dense import DenseIndex
from assistant.indexing.generation_writer import GenerationWriter, disk_errors
from assistant.indexing.lexical import LexicalIndex
from assistant.indexing.manifest import (
    FORMAT_VERSION,
    MANIFEST_FILE,
    REBUILD,
    EncoderRecord,
    Manifest,
    Provenance,
    SourceFile,
    check_files,
    check_fit,
    file_records,
    program_version,
    read_manifest,
    sha256_of,
)
from assistant.indexing.pieces import PieceFile
from assistant.indexing.record_file import LineFile, RecordFile
from assistant.indexing.records import read_records, write_records
from assistant.indexing.stored_document import Facts, Tree, parts_of, stored_documents
from assistant.model import Chunk, PolicyDocument

LEXICAL_FOLDER = "lexical"
DENSE_FILE = "dense.faiss"
DENSE_QUESTIONS_FILE = "dense-questions.faiss"
WORDS_FILE = "words.txt"
PIECES_FILE = "pieces.bin"
_TREES_KEPT = 1024

_CURRENT = re.compile(rb"(gen-[0-9]{6,}) ([0-9a-f]{64})\n")


@dataclass(frozen=True, slots=True)
class Generation:
    """An opened index. Row numbers of `lexical` and `dense` are positions in `chunks`.

    Row numbers of `dense_questions` count the lay questions of all chunks in order.

    Attributes:
        documents: in their order; clause trees are read when asked for.
        chunks: records, read when asked for.
        columns: what chunks are filtered by.
        words: the search tokens of each chunk as written, for the next generation; None where they were not kept.
        pieces: of each chunk, for late interaction; None where the encoder has none.
    """

    generation_id: str
    documents: Mapping[str, PolicyDocument]
    chunks: RecordFile[Chunk]
    columns: Columns
    lexical: LexicalIndex
    dense: DenseIndex | None
    dense_questions: DenseIndex | None
    manifest: Manifest
    facts: tuple[Facts, ...]
    trees: RecordFile[Tree]
    words: LineFile | None = None
    pieces: PieceFile | None = None


def write_generation(
    index_dir: Path,
    documents: Iterable[PolicyDocument],
    chunks: Iterable[Chunk],
    *,
    write_searchers: Callable[[Path], None],
    provenance: Provenance,
    dense_kind: str | None = None,
    questions: int = 0,
) -> str:
    """Write a new generation from records that are at hand; see `written_generation`.

    Args:
        index_dir: the index folder; made where missing.
        documents: the policies.
        chunks: in row order.
        write_searchers: writes `LEXICAL_FOLDER` (made for it) and, with an encoder, `DENSE_FILE` into the folder it is
            given.
        provenance: what the index is built from.
        dense_kind: recorded in the manifest.
        questions: the number of lay questions; those of the chunks are counted all the same.
    """

    def write(writer: GenerationWriter) -> None:
        for document in documents:
            facts, tree = parts_of(document)
            writer.tree(tree)
            writer.facts(facts)
        for chunk in chunks:
            writer.chunk(chunk)
        writer.dense_kind = dense_kind
        write_searchers(writer.folder)

    return written_generation(index_dir, write, provenance)


def written_generation(
    index_dir: Path, write: Callable[[GenerationWriter], None], provenance: Provenance | Callable[[], Provenance]
) -> str:
    """Write a new generation, make it current, and remove all but it and the one before.

    Args:
        index_dir: the index folder; made where missing.
        write: writes everything. Called under the lock, so that a second build is refused before it has read anything.
        provenance: what the index is built from; a function of it is called when all is written.

    Returns:
        The new generation's id.

    Raises:
        IndexBusyError: another build is running.
        IndexStoreError: the disk is full or not writable. Nothing is left behind, and the old index stays in use.
    """
    with disk_errors(), _build_lock(index_dir):
        _sweep(index_dir)
        generation_id = f"gen-{max(map(_number, index_dir.glob('gen-*')), default=0) + 1:06}"
        folder = index_dir / f"tmp-{generation_id}"
        pending = index_dir / "tmp-CURRENT"
        try:
            (folder / LEXICAL_FOLDER).mkdir(parents=True)
            with ExitStack() as files:
                writer = GenerationWriter(folder, files)
                write(writer)
            writer.close()
            manifest = Manifest(
                format_version=FORMAT_VERSION,
                program_version=program_version(),
                generation_id=generation_id,
                provenance=provenance if isinstance(provenance, Provenance) else provenance(),
                dense_kind=writer.dense_kind,
                documents=writer.documents,
                chunks=writer.rows,
                questions=writer.questions,
                files=tuple(file_records(folder)),
            )
            write_records(folder / MANIFEST_FILE, [manifest])
            pending.write_bytes(f"{generation_id} {sha256_of(folder / MANIFEST_FILE)}\n".encode("ascii"))
            for path in (*folder.rglob("*"), folder, pending):
                _sync(path)
            folder.rename(index_dir / generation_id)
            _sync(index_dir)  # the folder's name must last before CURRENT points to it
            before = _current_or_none(index_dir)
            pending.replace(index_dir / "CURRENT")
        except BaseException:
            _sweep(index_dir)
            raise
        _sync(index_dir)
        for path in index_dir.glob("gen-*"):
            if path.name not in (generation_id, before):
                shutil.rmtree(path, ignore_errors=True)
    return generation_id


def open_generation(
    index_dir: Path,
    *,
    tokenizer: str | None = None,
    encoder: EncoderRecord | None = None,
    sources: Sequence[SourceFile] | None = None,
) -> Generation:
    """Open the current generation after checking the size and sha256 of every file of it.

    Args:
        index_dir: the index folder.
        tokenizer: refuse an index built with another tokenizer; None does not check.
        encoder: refuse an index built with another model; None opens it for keyword search only.
        sources: refuse an index built from other files; None does not check.

    Raises:
        IndexMissingError: nothing has been built.
        IndexStaleError: built by another version, from other files, or with another tokenizer.
        IndexCorruptError: a file is not the one that was written; the message names it.
        EncoderError: built with another model, or with none.
    """
    while True:
        generation_id, manifest_sha256 = _current(index_dir)
        folder = index_dir / generation_id
        try:
            manifest = read_manifest(folder, manifest_sha256)
            check_fit(manifest, tokenizer, encoder, sources)
            check_files(folder, manifest)
            facts = tuple(read_records(folder / "documents.jsonl", Facts))
            trees = RecordFile(folder / "trees.jsonl", Tree, kept=_TREES_KEPT)
            return Generation(
                generation_id=manifest.generation_id,
                documents=stored_documents(facts, trees),
                chunks=RecordFile(folder / "chunks.jsonl", Chunk),
                columns=open_columns(folder / "columns"),
                lexical=LexicalIndex.open(folder / LEXICAL_FOLDER),
                dense=DenseIndex.open(folder / DENSE_FILE) if encoder else None,
                dense_questions=_open_questions(folder) if encoder else None,
                manifest=manifest,
                facts=facts,
                trees=trees,
                words=LineFile(folder / WORDS_FILE) if (folder / WORDS_FILE).exists() else None,
                pieces=PieceFile(folder / PIECES_FILE) if encoder and (folder / PIECES_FILE).exists() else None,
            )
        except IndexCorruptError:
            # Two builds while we were reading remove the generation under us: then read the new one. Else it is damage.
            if _current(index_dir)[0] == generation_id:
                raise


def current_generation(index_dir: Path) -> str:
    """The id of the generation in use.

    Raises:
        IndexMissingError, IndexCorruptError: As `open_generation`.
    """
    return _current(index_dir)[0]


def _open_questions(folder: Path) -> DenseIndex | None:
    path = folder / DENSE_QUESTIONS_FILE
    return DenseIndex.open(path) if path.exists() else None


def _current(index_dir: Path) -> tuple[str, str]:
    """The generation in use and its manifest's sha256."""
    try:
        match = _CURRENT.fullmatch((index_dir / "CURRENT").read_bytes())
    except FileNotFoundError as error:
        raise IndexMissingError("还没有建立索引，无法检索和作答。请先运行 python -m assistant build。") from error
    except OSError as error:
        raise IndexCorruptError(
            f"索引文件 CURRENT 读不出来（{error.strerror}），不知道该用哪一份索引。{REBUILD}"
        ) from error
    if match is None:
        raise IndexCorruptError(f"索引文件 CURRENT 的内容不合格式，不知道该用哪一份索引。{REBUILD}")
    return match[1].decode("ascii"), match[2].decode("ascii")


def _current_or_none(index_dir: Path) -> str | None:
    try:
        return _current(index_dir)[0]
    except IndexStoreError:  # rebuilding is the cure for it
        return None


def _number(generation: Path) -> int:
    digits = generation.name.removeprefix("gen-")
    return int(digits) if digits.isdecimal() else 0


def _sweep(index_dir: Path) -> None:
    for leftover in index_dir.glob("tmp-*"):
        if leftover.is_dir():
            shutil.rmtree(leftover)
        else:
            leftover.unlink()


def _sync(path: Path) -> None:
    """Have the disk keep a file's content, or a folder's list of names."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _build_lock(index_dir: Path) -> Iterator[None]:
    """Hold the one build lock; the system frees it when the process dies, however it dies."""
    index_dir.mkdir(parents=True, exist_ok=True)
    with (index_dir / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise IndexBusyError("另一个进程正在建立索引，本次没有开始，以免互相覆盖。请等它结束后再运行。") from error
        yield
