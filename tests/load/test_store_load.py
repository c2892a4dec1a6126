"""S1 of the load plan: 100,000 clauses in PostgreSQL, twenty clients, an ingest running. `make load` runs it.

POLICY_LOAD_STORE names a database that already holds them, from a run before.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from contextlib import ExitStack, contextmanager

import pytest
from load.conftest import p95
from load.many_clauses import policies
from servers import postgres

from assistant.indexing.build import encoder_record, entries_of

pytestmark = pytest.mark.load
CLAUSES = 100_000
PROCESSES, CLIENTS, QUESTIONS = 2, 10, 15


@pytest.fixture(scope="module")
def address(real_answerer):
    from assistant.indexing.postgres.building import build_store

    with ExitStack() as stack:
        if held := os.environ.get("POLICY_LOAD_STORE"):
            yield held
            return
        url = stack.enter_context(postgres(shared_buffers="512MB"))()
        holdings = real_answerer.holdings
        library = holdings.library
        sentences = [chunk.text for chunk in holdings.chunks.values() if chunk.kind == "text"]
        questions = [question for chunk in holdings.chunks.values() for question in chunk.questions]
        documents, entries = [], []
        for document, chunks in policies(CLAUSES, sentences, questions):
            documents.append(document)
            entries += entries_of(chunks, library.tokenizer, library.embedder)
        encoder = encoder_record(library.embedder)
        build_store(url, documents, entries, tokenizer=library.tokenizer.fingerprint, encoder=encoder)
        yield url


@contextmanager
def ingesting(root, address):
    """A writer beside the clients; gives a function that stops it and returns how many clauses it wrote."""
    writer = _python(root, "store_writer.py", address, stdin=subprocess.PIPE)

    def stop() -> int:
        out, _ = writer.communicate("", timeout=120)
        return int(out)

    try:
        yield stop
    finally:
        writer.kill()
        writer.wait()


def _python(root, script: str, *arguments: str, stdin=None) -> subprocess.Popen:
    paths = os.pathsep.join(map(str, (root, root / "tests", root / "tests" / "load")))
    return subprocess.Popen(
        [sys.executable, str(root / "tests" / "load" / script), *arguments],
        env={**os.environ, "PYTHONPATH": paths},
        stdin=stdin,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize(("name", "pause", "bar"), [("每秒一问", 1.0, 0.15), ("不停地问", 0.0, None)])
def test_s1_twenty_clients_of_a_store_while_it_is_written_to(root, address, table, name, pause, bar):
    with ingesting(root, address) as stop:
        clients = [
            _python(root, "store_client.py", address, *map(str, (CLIENTS, QUESTIONS, pause, seed)))
            for seed in range(PROCESSES)
        ]
        results = [json.loads(client.communicate(timeout=300)[0]) for client in clients]
        written = stop()
    seconds = [one for result in results for one in result["seconds"]]
    errors = [one for result in results for one in result["errors"]]
    middle, slow = statistics.median(seconds), p95(seconds)
    processor = sum(result["processor_s"] for result in results) / len(seconds) * 1000
    wanted = "0 错" + (f"，p95 ≤ {bar:.2f} 秒" if bar else "")
    seen = (
        f"{len(errors)} 错，中位 {middle:.3f} 秒，p95 {slow:.3f} 秒；同时写入 {written} 句；"
        f"检索的进程每问 {processor:.0f} 毫秒 CPU，机器负载 {os.getloadavg()[0]:.1f}"
    )
    table.add(f"S1 PostgreSQL 十万句，20 个客户端，{name}，一直在写入", wanted, seen)
    assert errors == []
    assert len(seconds) == PROCESSES * CLIENTS * QUESTIONS
    assert written > 0
    assert bar is None or slow <= bar
