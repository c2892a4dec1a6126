"""`--workers` on the command line, without Ray: usage, one worker into PostgreSQL, a killed run taken up again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest
from ingesting.made_corpora import write_corpus
from ingesting.test_ingest import NOTICE
from servers import postgres

from assistant.interfaces.cli import main

MADE = 30


@pytest.fixture(scope="module")
def database():
    with postgres() as new:
        yield new


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    folder = write_corpus(tmp_path / "corpus", MADE)
    monkeypatch.setenv("POLICY_CORPUS", str(folder))
    monkeypatch.setenv("POLICY_ENCODER", "none")
    return folder


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--workers", "1"], "--store postgresql://"),
        (["--workers", "2", "--store", "http://127.0.0.1:19530"], "--store postgresql://"),
        (["--workers", "0", "--store", "postgresql://x/y"], "看不懂"),
        (["--workers", "1000", "--store", "postgresql://x/y"], "看不懂"),
        (["--workers", "许多", "--store", "postgresql://x/y"], "看不懂"),
        (["--workers", "ray://", "--store", "postgresql://x/y"], "看不懂"),
        (["--workers", "1", "--store", "postgresql://me:secret@127.0.0.1:1/none"], "连不上数据库"),
    ],
)
def test_what_cannot_be_meant_is_said(corpus, capsys, options, said):
    assert main(["build", *options]) == 1
    told = capsys.readouterr().err
    assert said in told
    assert "secret" not in told


def test_without_ray_it_says_what_to_install(corpus, capsys, database, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    assert main(["build", "--store", database(), "--workers", "2"]) == 1
    assert "policy-assistant[ray]" in capsys.readouterr().err


def test_dry_run_and_workers_exclude_each_other(corpus, capsys):
    assert main(["ingest", str(corpus), "--dry-run", "--store", "postgresql://x/y", "--workers", "1"]) == 1
    assert "--dry-run" in capsys.readouterr().err


def test_ray_is_imported_only_when_asked_for(root):
    code = "import sys; from assistant.interfaces import cli; cli._parser(); sys.exit('ray' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0


def test_received_files_go_straight_into_the_store(corpus, capsys, database, tmp_path):
    url = database()
    (tmp_path / "通知.txt").write_text(NOTICE, encoding="utf-8")
    (tmp_path / "坏.txt").write_bytes(b"\0\1\2\3" * 64)
    paths = [str(tmp_path / name) for name in ("通知.txt", "坏.txt")]
    assert main(["ingest", *paths, "--store", url, "--workers", "1"]) == 1
    told = capsys.readouterr()
    assert "✗ 坏.txt" in told.out
    assert "入库 1 份（" in told.out
    assert "每秒" in told.err
    assert len(list(corpus.glob("*/*.txt"))) == MADE
    assert main(["search", "取得技师证书的补贴", "--region", "广州", "--store", url]) == 0
    assert "3000元" in capsys.readouterr().out
    # a whole rebuild would take it out again, and says so instead
    assert main(["build", "--store", url]) == 1
    assert "build --workers 1" in capsys.readouterr().err
    ((policy_id,),) = rows(url, "SELECT policy_id FROM policy_store.document")
    assert main(["remove", policy_id, "--store", url]) == 0
    assert policy_id in capsys.readouterr().out
    assert held(url) == 0
    assert main(["remove", policy_id, "--store", url]) == 1
    assert "都没有" in capsys.readouterr().err


def test_a_killed_run_is_taken_up_where_it_was(corpus, capsys, database):
    """SIGKILL in the middle, once and again; afterwards the database equals that of a run nobody killed."""
    url, whole = database(), database()
    for wanted in (2, 8):
        command = [sys.executable, "-m", "assistant", "build", "--store", url, "--workers", "1"]
        with subprocess.Popen(command, env=os.environ, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as run:
            until = time.monotonic() + 60
            while held(url) < wanted and time.monotonic() < until:
                time.sleep(0.01)
            run.send_signal(signal.SIGKILL)
        assert wanted <= held(url) < MADE, "killed in the middle"
    left = held(url)
    assert main(["build", "--store", url, "--workers", "1"]) == 0
    assert f"入库 {MADE - left} 份" in (told := capsys.readouterr().out)
    assert f"已在库中 {left} 份" in told
    assert main(["build", "--store", whole]) == 0
    for statement in CONTENT:
        assert rows(url, statement) == rows(whole, statement), statement


CONTENT = (
    "SELECT policy_id, facts, content, asked FROM policy_store.document"
    " JOIN policy_store.tree ON number = tree ORDER BY 1",
    "SELECT chunk_id, digest FROM policy_store.chunk ORDER BY 1",
    "SELECT documents, chunks, questions FROM policy_store.state",
    "SELECT term, in_text, in_context, in_questions FROM policy_store.word"
    " WHERE in_text + in_context + in_questions > 0 ORDER BY 1",
)


def rows(url: str, statement: str) -> list[tuple]:
    psycopg = pytest.importorskip("psycopg")
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(statement).fetchall()


def held(url: str) -> int:
    psycopg = pytest.importorskip("psycopg")
    try:
        return rows(url, "SELECT count(*) FROM policy_store.document")[0][0]
    except psycopg.errors.UndefinedTable:
        return 0
