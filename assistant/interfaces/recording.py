"""The server's log: one JSON object a line on stderr, about requests and faults, never about what was asked.

Only this package's own messages are written out; they are made of numbers, names of ours and ids. Of other libraries'
records the logger's name and place are kept and the words dropped, since they may repeat what a person typed; of an
exception its kind and place.
"""

from __future__ import annotations

import json
import logging
import sys
import time
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

OWN = "assistant"
REQUESTS = logging.getLogger(f"{OWN}.requests")
_FIELDS = ("method", "route", "status", "ms", "request")
_PRINTERS = ("print_exc", "print_exception", "print_last")


class JsonLines(logging.Formatter):
    """A record as a line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level and logger; then the words of ours, or the place of another library's."""
        line: dict[str, Any] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        if record.name == OWN or record.name.startswith(f"{OWN}."):
            line["message"] = record.getMessage()
            line |= {name: getattr(record, name) for name in _FIELDS if hasattr(record, name)}
        else:
            line["place"] = f"{Path(record.pathname).name}:{record.lineno}"
        if record.exc_info and isinstance(record.exc_info[1], BaseException):
            line["error"] = where_it_broke(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def start_log(stream: TextIO | None = None) -> None:
    """Send every logger to `stream` (stderr) as JSON lines: our own from INFO, the rest from WARNING."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(OWN).setLevel(logging.INFO)
    logging.captureWarnings(True)
    _log_instead_of_printing_tracebacks()


def where_it_broke(error: BaseException) -> str:
    """Kind and place of an error without its words, which may repeat what the person wrote."""
    return _kind_and_place(type(error), error.__traceback__)


def _kind_and_place(kind: type[BaseException], trace: TracebackType | None) -> str:
    frames = traceback.extract_tb(trace)
    place = f"，{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{kind.__name__}{place}"


def _log_instead_of_printing_tracebacks() -> None:
    """Gradio prints the traceback of a failed event, with the values it was given; here it becomes a line of ours.

    There is no setting for it, and a filter on stderr would see single lines only, so the printers are replaced.
    """

    def log_it(*_given: object, **_options: object) -> None:
        kind, _, trace = sys.exc_info()
        if kind is not None:
            logging.getLogger(f"{OWN}.faults").error("库内部出错：%s", _kind_and_place(kind, trace))

    for name in _PRINTERS:
        setattr(traceback, name, log_it)
    sys.excepthook = lambda kind, _error, trace: logging.getLogger(f"{OWN}.faults").error(
        "没有料到的错误：%s", _kind_and_place(kind, trace)
    )
