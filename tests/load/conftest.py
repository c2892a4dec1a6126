"""A server process, many clients, and a table of what was measured."""

from __future__ import annotations

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
JSON = {"content-type": "application/json"}
QUESTIONS = (
    "广州首席技师有什么待遇",
    "我是高级技师，在湛江能落户吗，孩子读书呢",
    "职工教育经费不提够会怎样",
    "广州技能津贴一个月多少钱",
    "海珠区首席技师评多少名",
    "广东三、（四）",
    "企业新型学徒制怎么补贴",
    "谁牵头薪酬分配",
)


@dataclass
class Loaded:
    """A running server."""

    process: subprocess.Popen
    port: int
    log: Path
    connections: list[http.client.HTTPConnection] = field(default_factory=list)

    def rss(self) -> float:
        """Resident memory in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024

    def wait_until_ready(self) -> None:
        """Until it answers `/readyz`, a minute at most."""
        until = time.monotonic() + 60
        while True:
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < until
            try:
                if self.call(self.connect(), "GET", "/readyz")[0] == 200:
                    return
            except OSError:
                time.sleep(0.05)

    def connect(self, timeout: float = 60) -> http.client.HTTPConnection:
        self.connections.append(http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout))
        return self.connections[-1]

    def call(self, connection, method, path, body=None, headers=None) -> tuple[int, dict[str, str], str, float]:
        """Status, headers, text and seconds of one request on a kept connection."""
        started = time.monotonic()
        connection.request(method, path, json.dumps(body) if body is not None else None, {**JSON, **(headers or {})})
        reply = connection.getresponse()
        text = reply.read().decode()
        return reply.status, {k.lower(): v for k, v in reply.getheaders()}, text, time.monotonic() - started

    def ask(self, connection, number: int, path: str = "/api/v1/ask"):
        key = "query" if path.endswith("search") else "question"
        return self.call(connection, "POST", path, {key: QUESTIONS[number % len(QUESTIONS)]})


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


@pytest.fixture
def server(real_settings, real_answerer, root, tmp_path):
    """Start a server with some of `loaded_server.py`'s options."""
    started = []

    def starting(*options: str) -> Loaded:
        port = free_port()
        log = tmp_path / f"log-{len(started)}"
        search_path = os.pathsep.join((str(root), str(root / "tests")))
        environment = {**os.environ, "POLICY_INDEX": str(real_settings.index_dir), "PYTHONPATH": search_path}
        with log.open("w") as errors:
            process = subprocess.Popen(
                [sys.executable, str(HERE / "loaded_server.py"), str(port), *options],
                stderr=errors,
                stdout=errors,
                env=environment,
            )
        loaded = Loaded(process, port, log)
        started.append(loaded)
        loaded.wait_until_ready()
        time.sleep(2)  # the warm-up
        return loaded

    yield starting
    for loaded in started:
        for connection in loaded.connections:
            connection.close()
        loaded.process.terminate()
        loaded.process.wait(timeout=20)


def p95(seconds: Iterable[float]) -> float:
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]


def crowd(clients: int, one: Callable[[int], object]) -> list:
    """Run `one` for each client number at the same time."""
    with ThreadPoolExecutor(clients) as pool:
        return list(pool.map(one, range(clients)))


@dataclass
class Table:
    rows: list[str] = field(default_factory=list)

    def add(self, name: str, wanted: str, seen: str) -> None:
        self.rows.append(f"| {name} | {wanted} | {seen} |")


@pytest.fixture(scope="session")
def table(root):
    """Figures of this run, written to out/load.md at the end."""
    kept = Table()
    yield kept
    if kept.rows:
        (root / "out").mkdir(exist_ok=True)
        lines = ["| 试验 | 合格线 | 实测 |", "| --- | --- | --- |", *kept.rows]
        (root / "out" / "load.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
