"""`serve --store postgresql://…` as it is started by hand: several processes over one database, asked over HTTP."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from datetime import date

import pytest
from servers import postgres

pytest.importorskip("psycopg")

from assistant.indexing.pipeline import build_index, open_index
from assistant.interfaces.contract import to_json
from assistant.model import Question

pytestmark = pytest.mark.usefixtures("own_environment")
QUESTIONS = ("广州首席技师有什么待遇", "我是高级技师，在湛江能落户吗，孩子读书呢", "广州技能津贴一个月多少钱")
START_S, SEEN_S = 60, 20


@pytest.fixture
def own_environment(monkeypatch):
    for name in ("POLICY_STORE", "POLICY_INDEX", "POLICY_CORPUS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def settings(real_settings):
    from dataclasses import replace

    with postgres() as database:
        yield replace(real_settings, store=database())


def call(port: int, path: str, body: dict | None = None) -> dict:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data, {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as reply:
        return json.load(reply)


@contextmanager
def served(root, url: str, log):
    """One process of the site; gives its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "assistant", "serve", "--no-page", "--port", str(port), "--store", url]
    with log.open("w") as out:
        process = subprocess.Popen(command, cwd=root, stdout=out, stderr=out)
    try:
        until = time.monotonic() + START_S
        while True:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            try:
                call(port, "/readyz")
                break
            except (OSError, urllib.error.URLError):
                time.sleep(0.1)
        yield port
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) in (0, -signal.SIGTERM), log.read_text()
    finally:
        process.kill()
        process.wait()


def test_two_processes_answer_from_one_database_and_see_what_another_writes(root, settings, real_answerer, tmp_path):
    build_index(settings)
    with (
        served(root, settings.store, tmp_path / "first") as first,
        served(root, settings.store, tmp_path / "second") as second,
    ):
        for text in QUESTIONS:
            reply = real_answerer.answer(Question(text), date.today())
            expected = json.loads(json.dumps(to_json(reply, "", real_answerer.holdings.gazetteer)))
            for port in (first, second):
                seen = call(port, "/api/v1/ask", {"question": text})
                assert {**seen, "timing_ms": None} == {**expected, "timing_ms": None}
        cited = call(first, "/api/v1/ask", {"question": QUESTIONS[0]})["citations"][0]["policy_id"]
        store = open_index(settings).store
        store.delete(policy_ids=[cited])
        store.close()
        for port in (first, second):
            until = time.monotonic() + SEEN_S
            while cited in citing(port):
                assert time.monotonic() < until, "still cited"
                time.sleep(0.2)


def citing(port: int) -> set[str]:
    return {each["policy_id"] for each in call(port, "/api/v1/ask", {"question": QUESTIONS[0]})["citations"]}
