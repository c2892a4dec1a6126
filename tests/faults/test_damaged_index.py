"""F3: every file of a real index, changed in eight ways, is found and named before anything is answered from it."""

from __future__ import annotations

import random
import shutil

import pytest

from assistant.errors import IndexCorruptError
from assistant.indexing.store import open_generation


def flipped(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


MUTATIONS = {
    "half": lambda content: content[: len(content) // 2],
    "one byte short": lambda content: content[:-1],
    "empty": lambda content: b"",
    "header": lambda content: flipped(content, 0),
    "one bit": lambda content: flipped(content, len(content) // 2),
    "last bit": lambda content: flipped(content, len(content) - 1),
    "junk appended": lambda content: content + b"\0junk",
    "garbage": lambda content: random.Random(1).randbytes(len(content)),
}


@pytest.fixture
def index(real_answerer, real_settings, tmp_path):
    """A copy of the index of the five policies."""
    shutil.copytree(real_settings.index_dir, tmp_path / "index")
    return tmp_path / "index"


def tried(index, mutations) -> tuple[int, list[str]]:
    """How many changes were tried, and those that were not found by name."""
    files = sorted(path for path in index.rglob("*") if path.is_file() and not path.name.endswith(".lock"))
    assert len(files) >= 10
    count, missed = 0, []
    for path in files:
        intact = path.read_bytes()
        for name in mutations:
            if not intact:
                continue
            path.write_bytes(MUTATIONS[name](intact))
            count += 1
            try:
                open_generation(index)
                missed.append(f"{path.name}: {name}")
            except IndexCorruptError as error:
                if path.name not in str(error):
                    missed.append(f"{path.name} not named: {name}")
        path.write_bytes(intact)
    open_generation(index)
    return count, missed


def test_some_changes_are_found(index):
    _, missed = tried(index, ["one bit", "one byte short"])
    assert missed == []


@pytest.mark.fault
def test_every_change_is_found(index, report):
    count, missed = tried(index, MUTATIONS)
    report(f"F3：{count} 处改动（8 种 × 每个文件），没有发现或没有指明文件的 {len(missed)} 处")
    assert missed == []


def test_swapped_files_are_found(index):
    """Two files of one generation in each other's place."""
    folder = next(index.glob("gen-*"))
    one, other = folder / "chunks.jsonl", folder / "documents.jsonl"
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)
    with pytest.raises(IndexCorruptError, match=r"chunks\.jsonl|documents\.jsonl"):
        open_generation(index)
