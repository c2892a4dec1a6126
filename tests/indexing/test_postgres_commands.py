"""The commands over a store in PostgreSQL give what they give over the index folder."""

from __future__ import annotations

import json

import pytest
from servers import postgres

from assistant.interfaces.cli import main
from assistant.interfaces.contract import to_json
from assistant.model import Question
from tests.conftest import TODAY

QUESTIONS = [
    "广州首席技师有什么待遇",
    "我是高级技师，在湛江能落户吗，孩子读书呢",
    "广州技能津贴一个月多少钱",  # not stated
    "湛江人才绿卡怎么申请",  # another place's
    "穗府办〔2025〕7号第(六)条",
]


@pytest.fixture(scope="module")
def url():
    with postgres() as database:
        yield database()


def test_build_ask_search_show_and_verify(url, real_answerer, capsys):
    pytest.importorskip("psycopg")
    assert main(["ask", "--store", url, QUESTIONS[0]]) == 1
    assert "还没有建立索引" in capsys.readouterr().err
    for _ in range(2):  # the second changes nothing
        assert main(["build", "--store", url]) == 0
        assert capsys.readouterr().out.startswith("postgresql-1：5 份文件，")
    for text in QUESTIONS:
        assert main(["ask", "--store", url, "--json", "--as-of", TODAY.isoformat(), text]) == 0
        seen = json.loads(capsys.readouterr().out)
        reply = real_answerer.answer(Question(text), TODAY)
        expected = json.loads(json.dumps(to_json(reply, "", real_answerer.holdings.gazetteer)))
        assert {**seen, "timing_ms": None} == {**expected, "timing_ms": None}
    assert main(["verify", "--store", url]) == 0
    assert "索引 postgresql-1 完好" in capsys.readouterr().out
    assert main(["search", "--store", url, "-k", "3", "群贤卡"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 3
