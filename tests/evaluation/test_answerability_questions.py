"""The questions the judge of silence is trained on: readable, and apart from those it is measured on."""

from __future__ import annotations

import json

import pytest

from assistant.evaluation.lexical_overlap import nearest


def rows(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def training(root):
    found = [row for path in sorted((root / "eval" / "answerability").glob("*.jsonl")) for row in rows(path)]
    assert len(found) > 1000
    return found


def test_ids_are_unique_and_both_kinds_are_there(training):
    assert len({row["id"] for row in training}) == len(training)
    silent = sum(not row["answerable"] for row in training)
    assert 0.3 < silent / len(training) < 0.7


def test_gold_is_verbatim_and_only_where_there_is_an_answer(training, root):
    texts = {
        path.stem: "".join(path.read_text(encoding="utf-8").split())
        for path in (root / "corpus").glob("*/*.txt")
        if path.parent.name != "lexicon"
    }
    for row in training:
        assert bool(row["gold"]) is row["answerable"], row["id"]
        for gold in row["gold"]:
            assert "".join(gold["quote"].split()) in texts[gold["doc"]], row["id"]


@pytest.mark.parametrize("name", ["test", "unseen"])
def test_no_training_question_is_close_to_a_measured_one(training, root, name):
    measured = [row["question"] for row in rows(root / "eval" / "questions" / f"{name}.jsonl")]
    close = [overlap for overlap in nearest([row["question"] for row in training], measured) if overlap.too_close]
    assert close == []
