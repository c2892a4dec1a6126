"""The corpus folder as a store: add a text with its record, take one away; whole or not at all.

The text is renamed into place last: a record or an original without its text is a leftover of an interrupted run, is
never read, and is swept by the next one.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.errors import CorpusError, IndexBusyError
from assistant.ingesting.preparing import Prepared
from assistant.parsing.origins import SUFFIX, Origin, origin_json, origin_path, read_origin

_NOT_PLACES = ("lexicon", "questions")
_TEMPORARY = ".ingest-"


@contextmanager
def corpus_lock(corpus: Path) -> Iterator[None]:
    """Hold the corpus while changing it.

    Raises:
        IndexBusyError: Another process is changing it.
    """
    with _writing(), (corpus / ".ingest.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise IndexBusyError(
                "另一个进程正在入库或移除文件，本次没有开始，以免互相覆盖。请等它结束后再运行。"
            ) from error
        sweep(corpus)
        yield


def texts(corpus: Path) -> tuple[Path, ...]:
    """The texts held, in the order of their ids."""
    found = (path for path in corpus.glob("*/*.txt") if path.parent.name not in _NOT_PLACES)
    return tuple(sorted(found, key=lambda path: path.stem))


def origins(corpus: Path) -> dict[str, tuple[Path, Origin | None]]:
    """Policy id → text and record."""
    return {path.stem: (path, read_origin(path)) for path in texts(corpus)}


def store(corpus: Path, prepared: Prepared) -> Path:
    """Write a text with its record and original; returns the text's path.

    Raises:
        CorpusError: The disk is full or not writable; nothing is left that would be read.
    """
    folder = corpus / prepared.folder
    text = folder / f"{prepared.document.policy.policy_id}.txt"
    with _writing():
        folder.mkdir(exist_ok=True)
        try:
            if prepared.kept is not None and prepared.origin.original is not None:
                _write(folder / prepared.origin.original, prepared.kept)
            _write(origin_path(text), origin_json(prepared.origin).encode("utf-8"))
            _write(text, prepared.text)
        except BaseException:
            _take_back(text, prepared.origin)  # a record alone would make the index look older than the corpus
            raise
    return text


def _take_back(text: Path, origin: Origin) -> None:
    """Remove what was written of a text that is not whole, and its folder where it holds nothing else."""
    origin_path(text).unlink(missing_ok=True)
    if origin.original is not None:
        text.with_name(Path(origin.original).name).unlink(missing_ok=True)
    if not any(text.parent.iterdir()):
        text.parent.rmdir()


def discard(text: Path, origin: Origin | None) -> None:
    """Take a text away with its record and original, the text first.

    Raises:
        CorpusError: The disk does not allow it.
    """
    with _writing():
        text.unlink()
        origin_path(text).unlink(missing_ok=True)
        if origin is not None and origin.original is not None:
            text.with_name(Path(origin.original).name).unlink(missing_ok=True)
        if not any(text.parent.iterdir()):
            text.parent.rmdir()


def sweep(corpus: Path) -> None:
    """Remove what an interrupted run left: half-written files, records and originals without a text."""
    for path in corpus.glob(f"*/{_TEMPORARY}*"):
        path.unlink(missing_ok=True)
    for record in corpus.glob(f"*/*{SUFFIX}"):
        text = record.with_name(record.name.removesuffix(SUFFIX) + ".txt")
        if text.exists() or record.parent.name in _NOT_PLACES:
            continue
        origin = read_origin(text)
        if origin is not None and origin.original is not None:
            record.with_name(Path(origin.original).name).unlink(missing_ok=True)
        record.unlink(missing_ok=True)


def _write(path: Path, data: bytes) -> None:
    """Put a file in place whole, and have the disk keep it."""
    pending = path.with_name(f"{_TEMPORARY}{os.getpid()}")
    try:
        with pending.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        pending.replace(path)
    except BaseException:
        pending.unlink(missing_ok=True)
        raise
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CorpusError(
            f"语料目录写不进去（{error.strerror or error}），这份文件没有入库，原有文件不受影响。请检查磁盘空间和权限。"
        ) from error
