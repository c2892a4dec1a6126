"""The evaluation questions answered with an honest model: no figure is worse than without it."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from functools import cache

import pytest

from assistant.answering.generating import Phrasing
from assistant.answering.waiting import Waiter
from assistant.errors import JurisdictionError
from assistant.evaluation.command import run
from assistant.integrations.langchain import open_phraser
from assistant.interfaces.batch import answer_batch
from tests.conftest import TODAY

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", ["dev", "test"])
def test_no_measure_falls(root, real_answerer, corpus_dir, tmp_path, server, name):
    gazetteer = real_answerer.holdings.gazetteer
    model = Phrasing(open_phraser(server.model, 5, {}), Waiter(5))

    @cache
    def code(place):
        try:
            return gazetteer.resolve(place).code
        except JurisdictionError:
            return None

    def covers(above, below):
        return bool(code(above) and code(below) and gazetteer.covers(code(above), code(below)))

    places = {d.policy.policy_id: d.policy.jurisdiction or "" for d in real_answerer.documents}
    figures = {}
    for kind, answerer in (("plain", real_answerer), ("model", replace(real_answerer, phrasing=model))):

        def ask(source, target, answerer=answerer):
            out = io.StringIO()
            answer_batch(source.read_text(encoding="utf-8").splitlines(), out, answerer, TODAY, lambda done: None)
            target.write_text(out.getvalue(), encoding="utf-8")

        out = tmp_path / kind
        questions = [root / "eval" / "questions" / f"{name}.jsonl"]
        run(questions, out / "answers", corpus_dir, None, out, ask, covers=covers, write=len, policy_places=places)
        figures[kind] = json.loads((out / f"{name}.json").read_text(encoding="utf-8"))
    told = (tmp_path / "model" / "answers" / f"{name}.answers.jsonl").read_text(encoding="utf-8")
    assert told.count("摘写") > 100
    assert "没有一句通过核对" not in told
    changed = {
        measure: (before["value"], figures["model"][measure]["value"])
        for measure, before in figures["plain"].items()
        if isinstance(before, dict) and before["value"] != figures["model"][measure]["value"]
    }
    assert changed == {}  # lengths and times are no shares, and are other
