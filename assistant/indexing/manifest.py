"""What a generation is made of and from, and whether it still is: sizes, sha256, and fit with this program."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import EncoderError, IndexCorruptError, IndexStaleError
from assistant.indexing.records import decode

FORMAT_VERSION = 2
"""Raised when the layout of a generation changes."""

MANIFEST_FILE = "manifest.json"
REBUILD = "请运行 python -m assistant build 重建索引。"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file the index was built from: its path, relative and with forward slashes, and sha256."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class EncoderRecord:
    """The embedding model of an index."""

    name: str
    fingerprint: str
    dimension: int


@dataclass(frozen=True, slots=True)
class Provenance:
    """What decides the answers of an index: the tokenizer's fingerprint, the embedding model and the files read."""

    tokenizer: str
    encoder: EncoderRecord | None
    sources: tuple[SourceFile, ...]


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file of the generation: path inside its folder, size in bytes, sha256."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The first file read of a generation.

    Attributes:
        dense_kind: FAISS's name for the vector index, None without an encoder.
        questions: number of lay questions indexed with the chunks.
        files: every file of the generation but this one, whose sha256 stands in CURRENT.
    """

    format_version: int
    program_version: str
    generation_id: str
    provenance: Provenance
    dense_kind: str | None
    documents: int
    chunks: int
    questions: int
    files: tuple[FileRecord, ...]


def program_version() -> str:
    """The installed version of this program; another one may read texts differently."""
    try:
        return importlib.metadata.version("policy-assistant")
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def sha256_of(path: Path) -> str:
    """The sha256 of a file's bytes, in hexadecimal.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def file_records(folder: Path) -> Iterator[FileRecord]:
    """Describe every file below `folder`, in path order."""
    for path in sorted(folder.rglob("*")):
        # tantivy's empty lock files are opened for writing by readers too.
        if path.is_file() and path.suffix != ".lock":
            yield FileRecord(path.relative_to(folder).as_posix(), path.stat().st_size, sha256_of(path))


def read_manifest(folder: Path, sha256: str) -> Manifest:
    """Read a generation's manifest.

    Args:
        folder: the generation.
        sha256: what the manifest's bytes must have.

    Raises:
        IndexCorruptError: it is missing or not the one that was written.
        IndexStaleError: it is of another format version.
    """
    damaged = IndexCorruptError(
        f"索引清单 {folder.name}/{MANIFEST_FILE} 缺失，或与 CURRENT 文件的记录不符，索引不可信。{REBUILD}"
    )
    try:
        content = (folder / MANIFEST_FILE).read_bytes()
        if hashlib.sha256(content).hexdigest() != sha256:
            raise damaged
        data = json.loads(content)
        if isinstance(data, dict) and data.get("format_version") != FORMAT_VERSION:
            raise IndexStaleError(f"索引是另一种格式（第 {data.get('format_version')} 版），本程序读不了。{REBUILD}")
        return decode(Manifest, data)
    except (OSError, ValueError) as error:
        raise damaged from error


def check_files(folder: Path, manifest: Manifest) -> None:
    """Check size and sha256 of every file of a generation (1 GB/s).

    Raises:
        IndexCorruptError: a file is missing or changed; the message names it.
    """
    for record in manifest.files:
        path = folder / record.path
        try:
            intact = path.stat().st_size == record.size and sha256_of(path) == record.sha256
        except OSError:
            intact = False
        if not intact:
            raise IndexCorruptError(
                f"索引文件 {folder.name}/{record.path} 缺失，或与写入时不同（大小或 sha256 不符），"
                f"据此回答可能出错。{REBUILD}"
            )


def check_fit(
    manifest: Manifest, tokenizer: str | None, encoder: EncoderRecord | None, sources: Sequence[SourceFile] | None
) -> None:
    """Check that an index was built by this version, and with what is given; None is not compared.

    Raises:
        IndexStaleError: another version, tokenizer or set of files.
        EncoderError: another embedding model, or none.
    """
    built = manifest.provenance
    if manifest.program_version != program_version():
        raise IndexStaleError(
            f"索引由本程序的另一版本（{manifest.program_version}）建立，条款的切分可能不同，不能混用。{REBUILD}"
        )
    if tokenizer is not None and built.tokenizer != tokenizer:
        raise IndexStaleError(f"索引建立之后分词器或用户词典有改动，继续检索会漏掉条款。{REBUILD}")
    if sources is not None and set(built.sources) != set(sources):
        changed = sorted({source.path for source in set(built.sources) ^ set(sources)})
        named = "、".join(changed[:3]) + (" 等" if len(changed) > 3 else "")
        raise IndexStaleError(f"索引建立之后资料库有改动（{named}），按旧索引作答可能与原文不符。{REBUILD}")
    if encoder is not None and built.encoder != encoder:
        name = f"“{built.encoder.name}”" if built.encoder else "空"
        raise EncoderError(
            f"索引所用的向量模型为{name}，与现在的“{encoder.name}”不是同一个，向量不能相互比较。"
            "请改回原来的模型，或运行 python -m assistant build 用现在的模型重建索引。"
        )
