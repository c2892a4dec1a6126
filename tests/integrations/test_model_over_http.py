"""A language model over real HTTP: no forgery is shown, honest sentences are, and failures cost seconds."""

from __future__ import annotations

import json
import time
from collections import Counter
from dataclasses import replace

import pytest

from assistant.answering.generating import Phrasing
from assistant.answering.waiting import Waiter
from assistant.integrations.langchain import open_phraser
from assistant.model import Answer, Draft, Force, Question, Refusal, Scope, Statement
from tests.conftest import TODAY

from .scripted_server import honest, obeying, statements
from .statements import FORGED, HONEST

TIMEOUT = 1.0
FUNDS = "广州职工教育经费至少多少要用在一线"


@pytest.fixture
def phrasing(server):
    return Phrasing(open_phraser(server.model, TIMEOUT, {}), Waiter(TIMEOUT))


@pytest.fixture
def with_model(real_answerer, phrasing):
    return replace(real_answerer, phrasing=phrasing)


def said_of(measures, phrasing, gazetteer):
    """The reply to an answer whose points are these sentences, after the model had its say."""
    citations = tuple(measure.citation for measure in measures)
    points = tuple(Statement(f"〔〕「{c.quote.rstrip('；;')}」", Force.NONE, (n,)) for n, c in enumerate(citations, 1))
    plain = Answer(Draft("结论", points, citations), Scope(()), "结论")
    return plain, phrasing.phrased(plain, Question("有什么规定"), gazetteer)


def shown_texts(reply):
    return [statement.text.split("〕", 1)[1] for statement in reply.draft.statements]


def test_no_forgery_is_shown(server, phrasing, measure_of, real_answerer):
    kinds, shown = Counter(), []
    for kind, (place, words), text in FORGED:
        server.says = lambda asked, text=text: statements([{"text": text, "clauses": [1]}])
        plain, reply = said_of([measure_of(place, words)], phrasing, real_answerer.holdings.gazetteer)
        kinds[kind] += 1
        if reply.draft.statements != plain.draft.statements or f"〕{text}" in reply.text:
            shown.append((kind, text))
        assert "没有一句通过核对" in reply.draft.remarks[-1]
    assert len(server.asked) == len(FORGED) >= 60
    assert len(kinds) == 8
    assert min(kinds.values()) >= 7
    assert shown == []


def test_clauses_that_were_not_retrieved_are_not_cited(server, phrasing, measure_of, real_answerer):
    both = [measure_of("广州", "企业要按规定足额提取"), measure_of("湛江", "企业可设立技能津贴")]
    told = "企业要按规定足额提取和使用职工教育经费。"
    gazetteer = real_answerer.holdings.gazetteer
    for numbers in ([2], [3], [0], [-1], [1, 2], [], ["1"], [True], "1", None):
        server.says = lambda asked, numbers=numbers: statements([{"text": told, "clauses": numbers}])
        plain, reply = said_of(both, phrasing, gazetteer)
        assert reply.draft.statements == plain.draft.statements, numbers


def test_honest_statements_are_kept(server, phrasing, measure_of, real_answerer):
    dropped = []
    for place, words, text in HONEST:
        server.says = lambda asked, text=text: statements([{"text": text, "clauses": [1]}])
        _, reply = said_of([measure_of(place, words)], phrasing, real_answerer.holdings.gazetteer)
        if "".join(shown_texts(reply)) != text:
            dropped.append(text)
    assert len(HONEST) >= 40
    assert len(dropped) <= 0.05 * len(HONEST), dropped


def test_a_forgery_among_honest_statements_leaves_the_quotation_in_its_place(server, with_model, real_answerer):
    def mixed(asked):
        rows = json.loads(honest(asked))["statements"]
        rows[0]["text"] = rows[0]["text"].replace("60%", "90%")
        return statements(rows)

    server.says = mixed
    plain, reply = (a.answer(Question(FUNDS), TODAY) for a in (real_answerer, with_model))
    assert reply.draft.statements[0] == plain.draft.statements[0]
    assert reply.draft.statements[1:] != plain.draft.statements[1:]
    assert "90%" not in reply.text
    assert reply.draft.citations == plain.draft.citations
    assert "scripted@http://127.0.0.1" in reply.draft.remarks[-1]


@pytest.mark.parametrize("place", ["湛江", "海珠"])
def test_draft_and_expired_wording_stands_on_every_phrased_point(server, with_model, place):
    reply = with_model.answer(Question(f"{place}职工教育经费怎么规定"), TODAY)
    assert isinstance(reply, Answer)
    mark = {"湛江": "征求意见稿", "海珠": "目标期已过"}[place]
    phrased = [s for s in reply.draft.statements if "「" not in s.text and reply.draft.citations[s.citations[0] - 1]]
    assert phrased
    own = [s for s in phrased if place in s.text]
    assert own
    assert all(mark in s.text for s in own)
    assert ("征求意见稿" if place == "湛江" else "目标期") in reply.text.splitlines()[0]


@pytest.mark.parametrize("manner", ["hanging", "dripping"])
def test_a_model_that_never_ends_costs_its_time_and_no_more(server, with_model, real_answerer, manner):
    server.manner = manner
    started = time.perf_counter()
    reply = with_model.answer(Question(FUNDS), TODAY)
    assert time.perf_counter() - started < TIMEOUT + 1
    assert reply.draft.statements == real_answerer.answer(Question(FUNDS), TODAY).draft.statements
    assert "1 秒内没有答复" in reply.text or "没有答复成功" in reply.text


def test_a_slow_model_is_waited_for(server, with_model):
    server.manner = "slow"
    assert "摘写" in with_model.answer(Question(FUNDS), TODAY).text


@pytest.mark.parametrize("manner", ["failing", "missing", "busy", "truncated", "nonsense"])
def test_a_broken_server_gives_the_extractive_answer_with_a_notice(server, with_model, real_answerer, manner):
    server.manner = manner
    started = time.perf_counter()
    reply = with_model.answer(Question(FUNDS), TODAY)
    assert time.perf_counter() - started < TIMEOUT + 1
    assert reply.draft.statements == real_answerer.answer(Question(FUNDS), TODAY).draft.statements
    assert "以上都是文件原句" in reply.draft.remarks[-1]
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "content",
    [
        "",
        "抱歉，我不能回答这个问题。",
        '{"statements": [{"text": "企业要',
        '{"statements": "企业要"}',
        "[" * 100_000,
        "null",
        '{"statements": [null, 3, {"text": 5}, {"text": "  ", "clauses": [1]}]}',
        '{"statements": []}',
        '{"statements": [{"text": "企业要按规定\u200b足额提取和使用职工教育经费", "clauses": [1]}]}',
        '{"statements": [{"text": "<script>alert(1)</script>", "clauses": [1]}]}',
    ],
)
def test_refusals_and_garbage_give_the_extractive_answer_with_a_notice(server, with_model, real_answerer, content):
    server.says = lambda asked: content
    reply = with_model.answer(Question(FUNDS), TODAY)
    assert reply.draft.statements == real_answerer.answer(Question(FUNDS), TODAY).draft.statements
    assert "以上都是文件原句" in reply.draft.remarks[-1]


def test_reasoning_and_fences_around_the_reply_are_passed_over(server, with_model):
    server.says = lambda asked: f"<think>先看 {{条款}}</think>\n```json\n{honest(asked)}\n```"
    assert "摘写" in with_model.answer(Question(FUNDS), TODAY).text


def test_a_model_that_obeys_a_clause_says_nothing(server, with_model, real_answerer):
    server.says = obeying
    reply = with_model.answer(Question(FUNDS), TODAY)
    assert reply.draft.statements == real_answerer.answer(Question(FUNDS), TODAY).draft.statements
    assert "example.com" not in reply.text
    assert "已废止" not in reply.text


def test_clauses_are_sent_as_data_and_the_question_masked(server, with_model):
    with_model.answer(Question("我的电话13800138000，广州职工教育经费怎么规定"), TODAY)
    (sent,) = server.asked
    system, user = json.loads(sent)["messages"]
    assert "13800138000" not in sent
    assert "[手机号]" in json.loads(user["content"])["问题"]
    assert "原句" in json.loads(user["content"])["条款"][0]
    assert system["role"] == "system"


def test_refusals_are_never_sent(server, with_model):
    reply = with_model.answer(Question("广州技能津贴一个月多少钱"), TODAY)
    assert isinstance(reply, Refusal)
    assert server.asked == []


def test_many_hanging_requests_do_not_pile_up(server, real_answerer):
    server.manner = "hanging"
    model = Phrasing(open_phraser(server.model, 20, {}), Waiter(0.1))
    answerer = replace(real_answerer, phrasing=model)
    replies = [answerer.answer(Question(FUNDS), TODAY) for _ in range(6)]
    assert len(server.asked) <= 4
    assert "正忙" in replies[-1].text
