"""F4: a server goes on answering while texts change: no failed answer, one generation each, a second writer refused."""

from __future__ import annotations

import fcntl
import http.client
import json
import re
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from conftest import ROOT, Place

from assistant.errors import IndexBusyError
from assistant.indexing.pipeline import open_gazetteer
from assistant.ingesting.ingest import ingest
from assistant.settings import Settings

QUESTION = {"id": "1", "question": "广州技师补贴和高级技师津贴各是多少", "region": "广州", "role": "worker"}
TEXTS = {
    "a": "广州市技师补贴办法\n第一条　取得技师证书的，给予补贴{0}元。\n第二条　本办法自2024年1月1日起施行。\n",
    "b": "广州市高级技师津贴办法\n第一条　高级技师每月享受津贴{0}元。\n第二条　本办法自2024年1月1日起施行。\n",
}


def write(place: Place, number: int) -> None:
    """Both texts with the same number, both put in place before an index is made of them."""
    folder = place.corpus / "guangzhou"
    folder.mkdir(parents=True, exist_ok=True)
    for name, words in TEXTS.items():
        pending = folder / f"{name}.pending"
        pending.write_text(words.format(10_000 + number), encoding="utf-8")
        pending.replace(folder / f"{name}.txt")


class Server:
    def __init__(self, place: Place) -> None:
        environment = {**place.environment, "POLICY_QUESTIONS_PER_MINUTE": "0", "POLICY_READS_PER_MINUTE": "0"}
        self.log = (place.folder / "server.log").open("w+")
        command = [sys.executable, "-m", "assistant", "serve", "--no-page", "--port", "0"]
        self.process = subprocess.Popen(command, env=environment, cwd=ROOT, stderr=self.log)
        deadline = time.monotonic() + 180
        while (found := re.search(r"127\.0\.0\.1:(\d+)", self.said())) is None:
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.1)
        self.port = int(found.group(1))
        while not self.is_ready():
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.1)

    def is_ready(self) -> bool:
        try:
            return self.ask()[0] == 200
        except OSError:  # bound, and not yet listening
            return False

    def said(self) -> str:
        return (self.log.flush(), self.log.seek(0), self.log.read())[2]

    def ask(self) -> tuple[int, dict]:
        body = json.dumps(QUESTION).encode()
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            connection.request("POST", "/api/v1/ask", body, {"content-type": "application/json"})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)
        self.log.close()


@pytest.fixture
def served(tmp_path):
    place = Place(tmp_path)
    write(place, 0)
    assert place.run("build").returncode == 0
    server = Server(place)
    yield place, server
    server.stop()


def numbers(answer: dict) -> set[str]:
    """Which versions of the texts an answer quotes."""
    quotes = " ".join(citation["quote"] for citation in answer["citations"])
    return set(re.findall(r"1\d{4}(?=元)", quotes))


def asked_while_changing(place: Place, server: Server, users: int, rounds: int) -> dict:
    stop = threading.Event()
    counts: list[tuple[int, set[str]]] = []

    def user(_: int) -> None:
        while not stop.is_set():
            status, answer = server.ask()
            counts.append((status, numbers(answer) if status == 200 else set()))
            time.sleep(0.05)

    with ThreadPoolExecutor(users) as pool:
        waiting = [pool.submit(user, number) for number in range(users)]
        try:
            for number in range(1, rounds + 1):
                write(place, number)
                assert place.run("build").returncode == 0
                deadline = time.monotonic() + 180
                while not any(str(10_000 + number) in seen for _, seen in counts[-users:]):
                    assert time.monotonic() < deadline, "the new generation was not taken up"
                    time.sleep(0.1)
        finally:
            stop.set()
        for one in waiting:
            one.result()
    return {
        "asked": len(counts),
        "failed": sum(status != 200 for status, _ in counts),
        "late": sum(status == 503 for status, _ in counts),
        "mixed": sum(len(seen) > 1 for _, seen in counts),
        "whole": sum(len(seen) == 1 for _, seen in counts),
        "versions": len(set().union(*(seen for _, seen in counts))),
    }


def test_a_server_takes_up_a_new_generation(served):
    found = asked_while_changing(*served, users=4, rounds=1)
    assert found["failed"] == found["mixed"] == 0
    assert found["whole"] == found["asked"] > 0
    assert found["versions"] == 2


@pytest.mark.fault
def test_twenty_users_ask_while_texts_change(served, report):
    found = asked_while_changing(*served, users=20, rounds=6)
    asked, failed, late, mixed, versions = (found[name] for name in ("asked", "failed", "late", "mixed", "versions"))
    report(f"F4：20 人共问 {asked} 次，失败 {failed}（其中排队超时 {late}），混用两版 {mixed}，见到 {versions} 版")
    assert found["failed"] == found["mixed"] == 0
    assert found["versions"] == 7


def test_a_second_ingest_is_refused_at_once(place, tmp_path):
    with (place.corpus / ".ingest.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        gazetteer = open_gazetteer(Settings(corpus_dir=place.corpus, index_dir=place.index))
        begun = time.monotonic()
        with pytest.raises(IndexBusyError, match="另一个进程"):
            list(ingest([tmp_path / "incoming" / "0.txt"], place.corpus, gazetteer))
        assert time.monotonic() - begun < 1
