"""The site on a real loopback socket, and answerers with a known cost, for tests of servers."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from assistant.answering.answerer import Answerer
from assistant.model import Question, Reply
from assistant.settings import ServingSettings

AS_OF = date(2026, 11, 20)
OPEN = {"questions_per_minute": 0, "reads_per_minute": 0}


def settings(folder: Path, **given: Any) -> ServingSettings:
    """Settings of a test: no page, no rate limits, a state folder of its own, unless told otherwise."""
    return ServingSettings(**{"page": False, "state_dir": folder, **OPEN, **given})


@dataclass
class Wrapped:
    """The real answerer with something done before each answer; everything else is the real one's."""

    real: Answerer
    before: Callable[[Question], object]
    asked: list[Question] = field(default_factory=list)

    def answer(self, question: Question, as_of: date) -> Reply:
        self.asked.append(question)
        self.before(question)
        return self.real.answer(question, as_of)

    def stages(self, question: Question, as_of: date) -> Iterator[Reply]:
        self.asked.append(question)
        self.before(question)
        yield from self.real.stages(question, as_of)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)


def burn(seconds: float) -> Callable[[Question], None]:
    """Keep a processor busy for so long, as a search does."""

    def burning(_question: Question) -> None:
        until = time.thread_time() + seconds
        while time.thread_time() < until:
            sum(range(500))

    return burning


@contextlib.contextmanager
def running(app: ASGIApp, **options: Any) -> Iterator[str]:
    """The application from a thread on a free port; gives its address."""
    from assistant.interfaces.web.serving import listening_socket

    listener = listening_socket("127.0.0.1", 0)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
        forwarded_allow_ips="127.0.0.1",
        **options,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: server.run(sockets=[listener]), daemon=True)
    thread.start()
    until = time.monotonic() + 60
    while not server.started:
        assert thread.is_alive()
        assert time.monotonic() < until
        time.sleep(0.02)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=20)
    listener.close()
