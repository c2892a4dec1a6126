"""One process watches over many files: each is read in a fork of its own, and none leaves anything behind."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest
from made_files import RULES, laid_out, make_page, make_pdf, make_word

from assistant.errors import ExtractionError, UnsafeFileError
from assistant.parsing.formats.isolation import FileReader, Limits, extract_file


@pytest.fixture
def reader():
    with FileReader() as reader:
        yield reader


def children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def test_many_files_of_all_formats_as_one_by_one(reader):
    files = [(make_page(RULES), "a.html"), (make_word(RULES.splitlines()), "b.docx"), (RULES.encode(), "c.txt")]
    files += [(make_pdf(laid_out(RULES)), "d.pdf"), (b"", "e.txt")]
    for data, name in files:
        try:
            alone: object = extract_file(data, name)
        except ExtractionError as error:
            with pytest.raises(ExtractionError, match=str(error)[:10]):
                reader.extract(data, name)
            continue
        assert reader.extract(data, name) == alone


def test_a_file_over_its_time_ends_alone(reader):
    slow = make_page("字" * 1_000_000)
    with pytest.raises(UnsafeFileError, match="没有读完"):
        reader.extract(slow, "a.html", Limits(wall=0.05))
    only = reader._process.pid
    assert "第一条" in reader.extract(RULES.encode(), "b.txt").text
    assert reader._process.pid == only
    assert children(only) == []


def test_a_process_killed_from_outside_is_started_again(reader):
    reader.extract(RULES.encode(), "a.txt")
    before = reader._process.pid
    os.kill(before, signal.SIGKILL)
    assert "第一条" in reader.extract(RULES.encode(), "a.txt").text
    assert reader._process.pid != before


def test_closing_ends_the_process_and_its_folder(reader, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    reader.extract(RULES.encode(), "a.txt")
    pid = reader._process.pid
    reader.close()
    reader.close()
    for _ in range(100):
        if not Path(f"/proc/{pid}").exists():
            break
        time.sleep(0.01)
    assert not Path(f"/proc/{pid}").exists()
    assert list(tmp_path.iterdir()) == []
    assert "第一条" in reader.extract(RULES.encode(), "a.txt").text


def test_the_process_ends_with_whoever_started_it(tmp_path):
    """Where its parent is killed its input ends, and so does it."""
    started, ended = os.pipe()
    child = os.fork()
    if child == 0:
        reader = FileReader()
        reader.extract(RULES.encode(), "a.txt")
        os.write(ended, str(reader._process.pid).encode())
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    pid = int(os.read(started, 20))
    for pipe in (started, ended):
        os.close(pipe)
    for _ in range(500):
        state = Path(f"/proc/{pid}/stat")
        if not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z":
            return
        time.sleep(0.02)
    pytest.fail("it goes on alone")
