"""F2: the disk fills at different places. A clear line, an exit code, the old index serves, nothing half-made stays."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest
from conftest import Place, notice, put

SIZES_KB = (4, 12, 24, 48, 96, 160, 224, 288, 352, 416)
"""Free room left on the disk when the run begins: too little for the text, its record, or some file of the index."""


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 16 MB with a corpus of one text on it, indexed: room for the two generations kept and a third."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", folder]).returncode:
        pytest.skip("a small disk cannot be mounted here")
    try:
        place = Place(folder)
        place.corpus.mkdir()
        assert place.run("ingest", str(put(place, "0.txt", notice(0)))).returncode == 0
        yield place
    finally:
        subprocess.run(["umount", "-l", folder], check=False)


def fill(place: Place, free_kb: int) -> None:
    """Leave only so much room."""
    room = shutil.disk_usage(place.folder).free - free_kb * 1024
    with (place.folder / "filler").open("wb") as file:
        file.write(b"\0" * max(0, room))


def answered(place: Place) -> bool:
    done = place.run("ask", "广州技师补贴多少钱", "--json")
    assert "Traceback" not in done.stderr
    return '"answered"' in done.stdout


def full_at(place: Place, number: int, free_kb: int) -> tuple[bool, str]:
    """Whether the run failed, and what it said; checks all that must hold when it does."""
    incoming = put(place, "new.txt", notice(number) + "第五条　补充。" * 400)
    fill(place, free_kb)
    done = place.run("ingest", str(incoming))
    if done.returncode == 0:
        return False, ""
    said = done.stderr.strip().splitlines()
    assert "Traceback" not in done.stderr
    assert any("磁盘" in line or "写不" in line or "没有写成" in line for line in said), said
    assert place.leftovers() == []
    assert answered(place), "the old index does not serve while the disk is full"
    return True, said[-1]


def recovered(place: Place) -> None:
    """With room again, the same command does what it could not; then the text goes, so that the index stays small."""
    (place.folder / "filler").unlink()
    done = place.run("ingest", str(place.folder / "incoming" / "new.txt"))
    assert done.returncode == 0, done.stderr
    assert answered(place)
    first, *others = sorted(place.corpus.glob("*/*.txt"), key=lambda path: path.stat().st_size)
    assert [len(path.read_text(encoding="utf-8")) > 2000 for path in (first, *others)] == [False, True]
    assert place.run("remove", others[0].stem).returncode == 0


def test_a_full_disk_is_said_and_nothing_breaks(small_disk):
    failed, said = full_at(small_disk, 1, 24)
    assert failed
    assert "磁盘" in said


@pytest.mark.fault
def test_a_disk_full_at_ten_places(small_disk, report):
    failures = 0
    for number, free_kb in enumerate(SIZES_KB, 1):
        failed, _ = full_at(small_disk, number, free_kb)
        failures += failed
        recovered(small_disk)
    report(f"F2：10 个位置磁盘写满，{failures} 次没写成，都说明白、旧索引照常、没有半成品，腾出地方后照常入库")
    assert failures >= 8
