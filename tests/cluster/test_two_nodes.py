"""Ingestion by a Ray cluster of two nodes into a real PostgreSQL, with processes killed in the middle.

Nothing may be lost and nothing may be there twice: the database must equal that of one build by one process, down to
the counts of words, and rank the same.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import pytest
from indexing.test_shared_rankings import questions, rankings
from ingesting.made_corpora import write_corpus
from servers import postgres

from assistant.answering.answerer import SEARCHED_KINDS, open_answerer
from assistant.indexing.pipeline import build_index, open_index
from assistant.retrieval.search import Searcher
from assistant.settings import Settings

from .nodes import ROOT, Cluster, two_nodes

pytestmark = pytest.mark.cluster
pytest.importorskip("ray")

MADE = 200
"""Policies beside the five real ones."""
LIMIT_S = 600


@pytest.fixture(scope="module")
def database():
    with postgres() as new:
        yield new


@pytest.fixture(scope="module")
def cluster():
    folder = tempfile.mkdtemp(prefix="ray-")  # short: a socket's path may have 107 characters
    try:
        with two_nodes(Path(folder)) as running:
            yield running
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    """The five real policies with their lay questions, and many made ones."""
    corpus = tmp_path_factory.mktemp("cluster") / "corpus"
    shutil.copytree(ROOT / "corpus", corpus, ignore=shutil.ignore_patterns("lexicon"))
    write_corpus(corpus, MADE)
    return Settings(corpus_dir=corpus, questions_dir=corpus / "questions")


@pytest.fixture(scope="module")
def single(settings, database):
    """What one process makes of the corpus in one go."""
    return built(replace(settings, store=database()))


def built(settings: Settings) -> str:
    build_index(settings)
    return settings.store


@pytest.fixture
def url(database):
    return database()


class Driver:
    """`build --workers` in a process of its own, which may be killed."""

    def __init__(self, cluster: Cluster, workers: str, url: str, corpus: Path, folder: Path) -> None:
        self._out, self._err = folder / "out", folder / "err"
        environment = {**cluster.environment, "POLICY_CORPUS": str(corpus)}
        command = [sys.executable, "-m", "assistant", "build", "--store", url, "--workers", workers]
        with self._out.open("w") as out, self._err.open("w") as err:
            self.process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=out, stderr=err)

    def __enter__(self) -> Driver:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()

    def wait(self) -> tuple[int, str]:
        """Exit code and report."""
        code = self.process.wait(LIMIT_S)
        return code, self._out.read_text() + self._err.read_text()


def rows(url: str, statement: str) -> list[tuple]:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(statement).fetchall()


def held(url: str) -> int:
    """Documents committed by now."""
    import psycopg

    try:
        return rows(url, "SELECT count(*) FROM policy_store.document")[0][0]
    except psycopg.errors.UndefinedTable:
        return 0


def wait_for_both_nodes(cluster: Cluster, url: str) -> dict[int, int]:
    """Until workers of both nodes are there and some documents are held; the workers with their nodes."""
    until = time.monotonic() + LIMIT_S
    while time.monotonic() < until:
        workers = cluster.workers()
        if len(set(workers.values())) == 2 and held(url) >= 3:
            return workers
        time.sleep(0.02)
    raise TimeoutError("nothing happens")


CONTENT = {
    "documents": "SELECT policy_id, facts, content, asked FROM policy_store.document"
    " JOIN policy_store.tree ON number = tree ORDER BY 1",
    "chunks": "SELECT chunk_id, digest, questions FROM policy_store.chunk ORDER BY 1",
    "counts": "SELECT documents, chunks, questions FROM policy_store.state",
    "means": "SELECT round(mean_text::numeric, 9), round(mean_context::numeric, 9) FROM policy_store.state",
    "words": "SELECT term, in_text, in_context, in_questions FROM policy_store.word"
    " WHERE in_text + in_context + in_questions > 0 ORDER BY 1",
    "places": "SELECT jurisdiction, chunks FROM policy_store.place WHERE chunks > 0 ORDER BY 1",
    "vectors": "SELECT chunk_id, vector::text FROM policy_store.chunk_vector"
    " JOIN policy_store.chunk USING (row) ORDER BY 1",
    "questions": "SELECT chunk_id, position, question_vector.vector::text FROM policy_store.question_vector"
    " JOIN policy_store.chunk USING (row) ORDER BY 1, 2",
}


def assert_equal(url: str, single: str) -> None:
    """Nothing lost, nothing twice, nothing else."""
    for what, statement in CONTENT.items():
        assert rows(url, statement) == rows(single, statement), what


def same_rankings(settings: Settings, url: str, single: str, asked: list[str]) -> float:
    """The share of questions with the same first ten, in the same order."""
    answerer = open_answerer(replace(settings, store=single))
    library = open_index(replace(settings, store=url))
    other = Searcher.over(library.store, library.embedder, SEARCHED_KINDS)
    pairs = list(
        zip(rankings(answerer, answerer.holdings.searcher, asked), rankings(answerer, other, asked), strict=True)
    )
    assert sum(bool(own) for own, _ in pairs) > len(pairs) / 2
    return sum(own == found for own, found in pairs) / len(pairs)


def test_a_killed_worker_loses_nothing_and_doubles_nothing(root, cluster, settings, single, url, tmp_path):
    with Driver(cluster, cluster.client, url, settings.corpus_dir, tmp_path) as driver:
        victims = wait_for_both_nodes(cluster, url)
        os.kill(next(iter(victims)), signal.SIGKILL)
        assert 3 <= held(url) < MADE, "killed in the middle"
        code, report = driver.wait()
    assert code == 0, report
    assert f"入库 {MADE + 5} 份" in report
    assert_equal(url, single)
    assert same_rankings(settings, url, single, questions(root, "dev.jsonl")) >= 0.99


def test_a_killed_driver_is_taken_up_by_the_next(root, cluster, settings, single, url, tmp_path):
    with Driver(cluster, cluster.address, url, settings.corpus_dir, tmp_path):
        wait_for_both_nodes(cluster, url)
    until = time.monotonic() + LIMIT_S
    while cluster.workers() and time.monotonic() < until:
        time.sleep(0.1)  # they end with their driver; what they were writing is taken back
    assert not cluster.workers()
    left = held(url)
    assert 3 <= left < MADE + 5, "killed in the middle"
    with Driver(cluster, cluster.client, url, settings.corpus_dir, tmp_path) as driver:
        code, report = driver.wait()
    assert code == 0, report
    assert f"入库 {MADE + 5 - left} 份" in report
    assert f"已在库中 {left} 份" in report
    assert_equal(url, single)
    with Driver(cluster, cluster.client, url, settings.corpus_dir, tmp_path) as driver:
        code, report = driver.wait()
    assert code == 0, report
    assert f"已在库中 {MADE + 5} 份" in report
    assert_equal(url, single)


def test_files_are_sent_from_the_driver(cluster, settings, url, tmp_path):
    """Received files by the cluster's client port: read here, extracted there, a bad one named."""
    folder = tmp_path / "received"
    folder.mkdir()
    for path in sorted(settings.corpus_dir.glob("*/made-000*.txt")):
        shutil.copy(path, folder)
    (folder / "坏.bin").write_bytes(b"\0\1\2\3" * 64)
    environment = {**cluster.environment, "POLICY_CORPUS": str(settings.corpus_dir)}
    command = [sys.executable, "-m", "assistant", "ingest", str(folder), "--store", url, "--workers", cluster.client]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=LIMIT_S)
    assert done.returncode == 1, done.stderr
    assert "✗ 坏.bin" in done.stdout
    assert "入库 10 份" in done.stdout
    assert held(url) == 10


def test_a_lost_node_leaves_its_work_to_the_other(cluster, settings, single, url, tmp_path):
    """The last test of this module: the cluster has one node afterwards."""
    with Driver(cluster, cluster.client, url, settings.corpus_dir, tmp_path) as driver:
        workers = wait_for_both_nodes(cluster, url)
        _, second = cluster.groups
        os.killpg(second, signal.SIGKILL)
        for pid in (pid for pid, group in workers.items() if group == second):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        assert held(url) < MADE, "killed in the middle"
        code, report = driver.wait()
    assert code == 0, report
    assert f"入库 {MADE + 5} 份" in report
    assert_equal(url, single)
