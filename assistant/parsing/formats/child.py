"""The child process that reads one untrusted file: limits first, then the parsers.

Standard input is a line of JSON (name, limits) and the file's bytes; standard output one JSON object: the extraction,
or {"refusal": "…"}. Run as a script by `isolation.extract_file`, with nothing of the parent's but these.
"""

from __future__ import annotations

import json
import resource
import sys
from dataclasses import asdict
from pathlib import Path
from types import ModuleType

_PACKAGE = Path(__file__).resolve().parents[2]


def _open_side_door() -> None:
    """Let `assistant.parsing` be imported without `assistant/__init__.py`, which loads the search engines.

    They would take as much address space as all of the limit.
    """
    package = ModuleType("assistant")
    package.__path__ = [str(_PACKAGE)]
    sys.modules["assistant"] = package


def main() -> int:
    """Read, limit, extract, answer."""
    order = json.loads(sys.stdin.buffer.readline())
    for limit, value in (
        (resource.RLIMIT_AS, order["memory"]),
        (resource.RLIMIT_CPU, order["seconds"]),
        (resource.RLIMIT_FSIZE, order["written"]),
        (resource.RLIMIT_CORE, 0),
    ):
        if value is not None:
            resource.setrlimit(limit, (value, value))
    sys.path[:] = [path for path in sys.path if Path(path or ".").resolve() != Path(__file__).resolve().parent]
    _open_side_door()
    from assistant.parsing.formats.extracting import extract_or_refuse  # after the limits

    answer: dict[str, object]
    try:
        found = extract_or_refuse(sys.stdin.buffer.read(), order["name"])
        answer = {"refusal": found} if isinstance(found, str) else asdict(found)
    except MemoryError:
        answer = {"refusal": "文件解开后占用的内存超过上限，不像正常的文件，未读取。请另存或拆分后再试。"}
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=True).encode("ascii"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
