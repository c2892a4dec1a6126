"""`FileReader`: files read in processes of their own, so that a hostile one can harm nothing but its own answer."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from assistant.errors import ExtractionError, UnsafeFileError
from assistant.parsing.formats.extraction import MAX_BYTES, Extraction, extraction_of
from assistant.parsing.formats.sniffing import format_of

_CHILD = Path(__file__).resolve().parent / "child.py"
_PATIENCE_S = 30.0
"""How much later than a file's own limit the process that watches over it may answer; it has to start, too."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may use: address space and written bytes, processor seconds, and seconds on the wall."""

    memory: int = 512 * 2**20
    written: int = 64 * 2**20
    seconds: int = 20
    wall: float = 30.0


LIMITS = Limits()
Extract = Callable[[bytes, str], Extraction]
"""The bytes of a file and its name → its text; raises `ExtractionError` where it cannot be used."""
_OFFICE = Limits(memory=4 * 2**30, written=256 * 2**20, seconds=60, wall=90.0)
"""LibreOffice maps much more than it uses."""


class FileReader:
    """Reads many files, one after another, through one process that is started when the first comes.

    That process forks for each file; the limits bind the fork. Close it, or use it in a `with`; after `close` it may
    be used again.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def extract(self, data: bytes, name: str, limits: Limits = LIMITS) -> Extraction:
        """The text of a file.

        Raises:
            ExtractionError: It cannot be used; the message says why and what to do.
            UnsafeFileError: It used more memory or time than any real document, or broke its parser.
        """
        if len(data) > MAX_BYTES:
            raise ExtractionError(f"文件有 {len(data) // 2**20} MB，超过 20 MB 的上限，未读取。请拆分后再试。")
        if limits is LIMITS and format_of(data, name) in ("doc", "rtf"):
            limits = _OFFICE
        head, answer = self._asked(data, name, limits)
        if head["late"]:
            raise UnsafeFileError(
                f"读了 {limits.wall:.0f} 秒还没有读完，不像正常的文件，已停下，未入库。请另存后再试。"
            )
        return _read_answer(answer, head["code"])

    def close(self) -> None:
        """End the process; nothing where there is none."""
        process, self._process = self._process, None
        if process is None:
            return
        with process:
            if process.stdin is not None:
                process.stdin.close()
            try:
                process.wait(_PATIENCE_S)
            except subprocess.TimeoutExpired:
                process.kill()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _asked(self, data: bytes, name: str, limits: Limits) -> tuple[dict[str, Any], bytes]:
        """Ask; once more where the process was killed from outside, for it parses nothing that could break it."""
        left = 2
        while True:
            left -= 1
            try:
                return self._ask(data, name, limits)
            except OSError as error:
                self._kill()
                if not left or isinstance(error, TimeoutError):
                    raise UnsafeFileError(
                        "读文件的子进程出错退出，这份文件未入库；别的文件不受影响。请重试，还不行就另存后再试。"
                    ) from error
            except BaseException:
                self._kill()  # half an answer may be on its way
                raise

    def _ask(self, data: bytes, name: str, limits: Limits) -> tuple[dict[str, Any], bytes]:
        """Send a file, and wait for its answer.

        Raises:
            OSError: The process is gone or does not answer.
        """
        order = {
            "name": name,
            "size": len(data),
            "memory": limits.memory,
            "seconds": limits.seconds,
            "written": limits.written,
            "wall": limits.wall,
        }
        process = self._started()
        if process.stdin is None or process.stdout is None:
            raise BrokenPipeError
        process.stdin.write(json.dumps(order).encode("ascii") + b"\n" + data)
        process.stdin.flush()
        until = time.monotonic() + limits.wall + _PATIENCE_S
        come = b""
        while b"\n" not in come:
            come += _piece(process.stdout.fileno(), until)
        line, _, answer = come.partition(b"\n")
        head = json.loads(line)
        pieces = [answer]
        missing = head["size"] - len(answer)
        while missing > 0:
            pieces.append(_piece(process.stdout.fileno(), until))
            missing -= len(pieces[-1])
        return head, b"".join(pieces)

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is not None:
            self.close()
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-s", str(_CHILD)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env=_environment(),
                start_new_session=True,
            )
        return self._process

    def _kill(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):  # it may be gone by itself
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):  # what was not sent is of no use to anyone
                    pipe.close()


def extract_file(data: bytes, name: str, limits: Limits = LIMITS) -> Extraction:
    """As `FileReader.extract`, for a single file."""
    with FileReader() as reader:
        return reader.extract(data, name, limits)


def _piece(pipe: int, until: float) -> bytes:
    """What comes next.

    Raises:
        OSError: Nothing comes any more, or not in time.
    """
    left = until - time.monotonic()
    if left <= 0 or not select.select([pipe], [], [], left)[0]:
        raise TimeoutError
    piece = os.read(pipe, 1 << 16)
    if not piece:
        raise BrokenPipeError
    return piece


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "TMPDIR") if name in os.environ}
    return {**kept, "PYTHONUTF8": "1"}


def _read_answer(output: bytes, code: int) -> Extraction:
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
