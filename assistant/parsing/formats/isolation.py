"""`extract_file`: read a file in a child process, so that a hostile one can harm nothing but its own answer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import ExtractionError, UnsafeFileError
from assistant.parsing.formats.extraction import MAX_BYTES, Extraction, extraction_of
from assistant.parsing.formats.sniffing import format_of

_CHILD = Path(__file__).resolve().parent / "child.py"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use: address space and written bytes, processor seconds, and seconds on the wall."""

    memory: int = 512 * 2**20
    written: int = 64 * 2**20
    seconds: int = 20
    wall: float = 30.0


LIMITS = Limits()
_OFFICE = Limits(memory=4 * 2**30, written=256 * 2**20, seconds=60, wall=90.0)
"""LibreOffice maps much more than it uses."""


def extract_file(data: bytes, name: str, limits: Limits = LIMITS) -> Extraction:
    """The text of a file, read in a child process under limits.

    Raises:
        ExtractionError: It cannot be used; the message says why and what to do.
        UnsafeFileError: It used more memory or time than any real document, or broke its parser.
    """
    if len(data) > MAX_BYTES:
        raise ExtractionError(f"文件有 {len(data) // 2**20} MB，超过 20 MB 的上限，未读取。请拆分后再试。")
    if limits is LIMITS and format_of(data, name) in ("doc", "rtf"):
        limits = _OFFICE
    order = {"name": name, "memory": limits.memory, "seconds": limits.seconds, "written": limits.written}
    head = json.dumps(order).encode("ascii") + b"\n"
    with tempfile.TemporaryFile() as answer, tempfile.TemporaryDirectory() as folder:
        try:
            ended = subprocess.run(
                [sys.executable, "-s", str(_CHILD)],
                input=head + data,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                timeout=limits.wall,
                cwd=folder,
                env=_environment(folder),
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise UnsafeFileError(
                f"读了 {limits.wall:.0f} 秒还没有读完，不像正常的文件，已停下，未入库。请另存后再试。"
            ) from error
        answer.seek(0)
        return _answer(answer.read(limits.written), ended.returncode)


def _environment(folder: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
    return {**kept, "PYTHONUTF8": "1", "HOME": folder, "TMPDIR": folder}


def _answer(output: bytes, code: int) -> Extraction:
    try:
        row = json.loads(output)
    except ValueError:
        row = None
    if isinstance(row, dict) and "refusal" in row:
        raise ExtractionError(str(row["refusal"]))
    if code != 0 or not isinstance(row, dict):
        reason = "占用的处理器时间或内存超过上限" if code < 0 else "读取程序出错退出"
        raise UnsafeFileError(f"读这份文件时{reason}，它可能已损坏或不怀好意，未入库；别的文件不受影响。请另存后再试。")
    try:
        return extraction_of(row)
    except (KeyError, TypeError, ValueError) as error:
        raise UnsafeFileError("读取程序的答复不完整，未入库。请另存后再试。") from error
