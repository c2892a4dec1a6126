"""The process that has untrusted files read, each in a fork of its own: limits first, then the parsers.

It loads the parsers once and itself parses nothing, so that no file can leave anything behind for the next one.
Standard input is, for each file, a line of JSON (name, size, limits) and its bytes; standard output, for each, a line
of JSON (exit code, whether it was late, size) and the answer: the extraction as JSON, or {"refusal": "…"}. Run as a
script by `isolation.FileReader`, with nothing of the parent's but these; it ends with its standard input.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import select
import shutil
import signal
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from types import ModuleType
from typing import Any, BinaryIO

_PACKAGE = Path(__file__).resolve().parents[2]
_PIECE = 1 << 16


def _open_side_door() -> None:
    """Let `assistant.parsing` be imported without `assistant/__init__.py`, which loads the search engines.

    They would take as much address space as all of the limit.
    """
    package = ModuleType("assistant")
    package.__path__ = [str(_PACKAGE)]
    sys.modules["assistant"] = package


def _load_parsers() -> None:
    from assistant.parsing.formats import extracting, markdown, pages, printed_pages, word

    del extracting, markdown, pages, printed_pages, word
    gc.collect()
    gc.freeze()


def _limit(order: dict[str, Any]) -> None:
    for limit, value in (
        (resource.RLIMIT_AS, order["memory"]),
        (resource.RLIMIT_CPU, order["seconds"]),
        (resource.RLIMIT_FSIZE, order["written"]),
        (resource.RLIMIT_CORE, 0),
    ):
        if value is not None:
            resource.setrlimit(limit, (value, value))


def _answer(data: bytes, name: str) -> bytes:
    from assistant.parsing.formats.extracting import extract_or_refuse

    answer: dict[str, object]
    try:
        found = extract_or_refuse(data, name)
        answer = {"refusal": found} if isinstance(found, str) else asdict(found)
    except MemoryError:
        answer = {"refusal": "文件解开后占用的内存超过上限，不像正常的文件，未读取。请另存或拆分后再试。"}
    return json.dumps(answer, ensure_ascii=True).encode("ascii")


def _read_alone(order: dict[str, Any], data: bytes, folder: str, pipe: int) -> None:
    """In the fork: give up what is the parent's, limit, extract, answer into the pipe; never returns."""
    code = 1
    try:
        os.setsid()
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.chdir(folder)
        os.environ.update({"HOME": folder, "TMPDIR": folder})
        tempfile.tempdir = folder
        _limit(order)
        with os.fdopen(pipe, "wb") as file:
            file.write(_answer(data, order["name"]))
        code = 0
    finally:
        os._exit(code)


def _collect(pipe: int, most: int, until: float) -> tuple[bytes, bool]:
    """What the fork answers, and whether it went on for too long or said too much."""
    pieces: list[bytes] = []
    size = 0
    while (left := until - time.monotonic()) > 0 and size <= most:
        if select.select([pipe], [], [], left)[0]:
            piece = os.read(pipe, _PIECE)
            if not piece:
                return b"".join(pieces), False
            pieces.append(piece)
            size += len(piece)
    return b"", size <= most


def _ended(child: int, until: float) -> int:
    """The exit code of a fork, negative for a signal; it and what it started are gone after this."""
    pause = 0.0005
    found, status = os.waitpid(child, os.WNOHANG)
    while found == 0 and time.monotonic() < until:
        time.sleep(pause)
        pause = min(0.05, 2 * pause)
        found, status = os.waitpid(child, os.WNOHANG)
    with suppress(ProcessLookupError, PermissionError):  # where nothing of its group is left
        os.killpg(child, signal.SIGKILL)
    if found == 0:
        _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def _serve(order: dict[str, Any], data: bytes, folder: str, answers: BinaryIO) -> None:
    """Have one file read in a fork, and pass its answer on."""
    until = time.monotonic() + order["wall"]
    own = tempfile.mkdtemp(dir=folder)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _read_alone(order, data, own, writing)
    os.close(writing)
    answer, late = _collect(reading, order["written"], until)
    os.close(reading)
    code = _ended(child, 0 if late else until)
    shutil.rmtree(own, ignore_errors=True)
    head = {"code": code, "late": late, "size": len(answer)}
    answers.write(json.dumps(head).encode("ascii") + b"\n" + answer)
    answers.flush()


def main() -> int:
    """Load, then read, fork and answer until nothing more comes."""
    sys.path[:] = [path for path in sys.path if Path(path or ".").resolve() != Path(__file__).resolve().parent]
    _open_side_door()
    _load_parsers()
    with tempfile.TemporaryDirectory() as folder:
        while line := sys.stdin.buffer.readline():
            order = json.loads(line)
            data = sys.stdin.buffer.read(order["size"])
            if len(data) < order["size"]:
                break
            _serve(order, data, folder, sys.stdout.buffer)
    return 0


if __name__ == "__main__":
    sys.exit(main())
