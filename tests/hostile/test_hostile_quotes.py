"""Q1: every quotation of the evaluation questions, as the API sends it and as the page shows it, stands in its file."""

from __future__ import annotations

import html
import json
import re

import pytest
from sites import AS_OF

from assistant.interfaces.contract import json_line, to_json
from assistant.interfaces.web.asking import Turn
from assistant.interfaces.web.evidence import evidence_html
from assistant.model import Question


def questions(root):
    rows = [
        json.loads(line)
        for name in ("dev", "test")
        for line in (root / "eval" / "questions" / f"{name}.jsonl").read_text("utf-8").splitlines()
    ]
    assert len(rows) > 500
    return rows


def shown(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", markup.replace("<br>", "\n")))


def check(root, answerer, rows):
    gazetteer = answerer.holdings.gazetteer
    texts = {d.policy.policy_id: (root / d.policy.source).read_bytes().decode("utf-8-sig") for d in answerer.documents}
    quotes = 0
    for row in rows:
        code = gazetteer.resolve(row["region"]).code if row.get("region") else None
        asked = Question(row["question"], code, row.get("role") or "other", tuple(row.get("history") or ()))
        reply = answerer.answer(asked, AS_OF)
        sent = json.loads(json_line(to_json(reply, "", gazetteer)))
        for citation in sent["citations"]:
            raw = texts[citation["policy_id"]][citation["start"] : citation["end"]]
            assert "".join(raw.split()) == "".join(citation["quote"].split()), row["id"]
        turn = Turn(1, row["question"], reply)
        marks = re.findall(r"<mark[^>]*>(.*?)</mark>", evidence_html(answerer, (turn,)), re.DOTALL)
        in_order = [citation["quote"] for citation in sent["citations"]]
        assert sorted(shown(mark) for mark in marks) == sorted(in_order), row["id"]
        quotes += len(in_order)
    return quotes


def test_a_sample(root, real_answerer):
    assert check(root, real_answerer, questions(root)[::6]) > 300


@pytest.mark.slow
def test_all(root, real_answerer):
    assert check(root, real_answerer, questions(root)) > 3_000
