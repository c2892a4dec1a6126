"""The log's lines: ours with their words, others' without, exceptions by kind and place."""

from __future__ import annotations

import json
import logging
import subprocess
import sys

from assistant.interfaces.recording import JsonLines, where_it_broke

SECRET = "13800138000"


def line(name, message, *args, error=None, **extra):
    record = logging.LogRecord(name, logging.ERROR, "somewhere/module.py", 7, message, args, error)
    record.__dict__.update(extra)
    return json.loads(JsonLines().format(record))


def broken():
    try:
        raise ValueError(SECRET)
    except ValueError as error:
        return error


def test_our_own_words_are_written_with_the_fields_of_a_request():
    found = line("assistant.requests", "已应答", method="POST", route="/api/v1/ask", status=200, ms=1.5, request="ab")
    assert found.pop("time").endswith("Z")
    assert found == {
        "level": "error",
        "logger": "assistant.requests",
        "message": "已应答",
        "method": "POST",
        "route": "/api/v1/ask",
        "status": 200,
        "ms": 1.5,
        "request": "ab",
    }


def test_words_of_other_libraries_are_not_written():
    for name in ("gradio", "uvicorn.error", "assistants", "py.warnings", "mcp.server"):
        found = line(name, f"bad value {SECRET} %s", SECRET)
        assert found["place"] == "module.py:7"
        assert SECRET not in json.dumps(found)


def test_of_an_exception_kind_and_place():
    error = broken()
    found = line("uvicorn.error", "boom", error=(ValueError, error, error.__traceback__))
    assert found["error"].startswith("ValueError，test_recording.py:")
    assert SECRET not in json.dumps(found)
    assert where_it_broke(RuntimeError(SECRET)) == "RuntimeError"


PROGRAM = f"""
import sys, threading, traceback, warnings
from assistant.interfaces.recording import start_log
start_log()
try:
    raise ValueError("{SECRET}")
except ValueError:
    traceback.print_exc()
warnings.warn("{SECRET}")
raise RuntimeError("{SECRET}")
"""


def test_nothing_a_process_prints_on_failure_repeats_a_value(root):
    told = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, cwd=root, check=False)
    records = [json.loads(line) for line in told.stderr.splitlines()]
    assert [record["logger"] for record in records] == ["assistant.faults", "py.warnings", "assistant.faults"]
    assert "ValueError，<string>:6" in records[0]["message"]
    assert "RuntimeError" in records[2]["message"]
    assert SECRET not in told.stderr + told.stdout
    assert told.returncode == 1
