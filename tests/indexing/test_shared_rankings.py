"""The same questions ranked by the embedded store and by a shared one; only counted, never read."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from servers import postgres

from assistant.answering.answerer import SEARCHED_KINDS, open_answerer
from assistant.indexing.pipeline import build_index, open_index
from assistant.model import Question
from assistant.retrieval.scope import resolve_scope
from assistant.retrieval.search import Searcher
from assistant.retrieval.understanding import understand

SAME = 0.99
"""Share of the questions whose first ten must be the same, in the same order."""


def questions(root, *names: str) -> list[str]:
    lines = [
        line for name in names for line in (root / "eval" / "questions" / name).read_text(encoding="utf-8").splitlines()
    ]
    return [json.loads(line)["question"] for line in lines]


def rankings(answerer, searcher, asked):
    holdings = answerer.holdings
    policies = [document.policy for document in holdings.documents]
    for text in asked:
        question = Question(text)
        understood = understand(question, holdings.documents, holdings.gazetteer)
        scope = resolve_scope(understood, question, policies, holdings.gazetteer)
        yield [hit.chunk_id for hit in searcher.search(holdings.query(understood), scope, 10).kept]


def share_alike(answerer, settings, asked) -> float:
    build_index(settings)
    library = open_index(settings)
    shared = Searcher.over(library.store, library.embedder, SEARCHED_KINDS)
    pairs = list(
        zip(
            rankings(answerer, answerer.holdings.searcher, asked),
            rankings(answerer, shared, asked),
            strict=True,
        )
    )
    assert sum(bool(own) for own, _ in pairs) > len(pairs) / 2
    library.store.close()
    return sum(own == other for own, other in pairs) / len(pairs)


@pytest.fixture(scope="module")
def database():
    with postgres() as new:
        yield new


@pytest.mark.parametrize(("encoder", "names"), [("bundled", ("dev.jsonl", "test.jsonl")), ("none", ("dev.jsonl",))])
def test_postgres_ranks_as_the_embedded_store(root, real_settings, tmp_path, database, encoder, names):
    embedded = replace(real_settings, encoder=encoder, index_dir=tmp_path)
    shared = replace(embedded, store=database())
    assert share_alike(open_answerer(embedded), shared, questions(root, *names)) >= SAME


@pytest.mark.slow
def test_milvus_ranks_as_the_embedded_store(root, real_settings, tmp_path):
    pytest.importorskip("milvus_lite")
    embedded = replace(real_settings, index_dir=tmp_path / "index")
    shared = replace(embedded, store=str(tmp_path / "store.db"))
    asked = questions(root, "dev.jsonl", "test.jsonl")[::12]  # Lite takes a second and more for each
    assert share_alike(open_answerer(embedded), shared, asked) >= SAME
