"""The machine contract: keys and types exactly as the design writes them."""

from __future__ import annotations

import json
from datetime import date

import pytest

from assistant.errors import BatchError
from assistant.interfaces.contract import json_line, read_item, to_json

REPLY_KEYS = {
    "id": str,
    "status": str,
    "reason": str | None,
    "answer": str,
    "statements": list,
    "citations": list,
    "notices": list,
    "scope": dict,
    "timing_ms": dict,
}
STATEMENT_KEYS = {"text": str, "force": str, "citations": list}
CITATION_KEYS = {
    "n": int,
    "policy_id": str,
    "title": str,
    "document_number": str | None,
    "issuers": list,
    "jurisdiction": str,
    "policy_status": str,
    "issued_on": str | None,
    "clause": str,
    "heading": str,
    "quote": str,
    "start": int,
    "end": int,
    "page": int | None,
    "source": str,
    "sha256": str,
    "force": str,
    "duty_bearer": str,
}
FORCES = {"must", "encouraged", "may", "goal", "none"}
STATUSES = {"draft", "in_force", "target_period_over", "expired", "repealed", "unknown"}
REASONS = {"not_in_corpus", "not_stated", "out_of_scope", "unclear", "personal_data"}


def has_exactly(value, keys):
    assert list(value) == list(keys)
    for key, kind in keys.items():
        assert isinstance(value[key], kind), (key, value[key])


@pytest.fixture(scope="module")
def gazetteer(real_answerer):
    return real_answerer.holdings.gazetteer


QUESTIONS = [
    ("广州首席技师有什么待遇", "answered", None),
    ("湛江首席技师有什么待遇", "answered", None),
    ("广州技能津贴一个月多少钱", "refused", "not_stated"),
    ("北京首席技师有补贴吗", "refused", "not_in_corpus"),
    ("今天广州天气怎么样", "refused", "out_of_scope"),
    ("我的电话13800138000", "refused", "personal_data"),
    ("待遇", "clarify", "unclear"),
    ("职工教育经费各地怎么规定", "answered", None),
    ("广州文号是多少", "answered", None),
]


@pytest.mark.parametrize(("question", "status", "reason"), QUESTIONS)
def test_the_reply_object(ask, gazetteer, root, question, status, reason):
    reply = to_json(ask(question), "q-1", gazetteer)
    choices = reply.pop("choices", None)
    has_exactly(reply, REPLY_KEYS)
    assert (reply["id"], reply["status"], reply["reason"]) == ("q-1", status, reason)
    assert (choices is not None) is (status == "clarify")
    assert reply["reason"] is None or reply["reason"] in REASONS
    assert list(reply["scope"]) == ["jurisdictions", "expanded_terms"]
    assert all(isinstance(notice, str) for notice in reply["notices"])
    assert reply["timing_ms"]["total"] >= 0
    assert all(isinstance(value, float) for value in reply["timing_ms"].values())
    for statement in reply["statements"]:
        has_exactly(statement, STATEMENT_KEYS)
        assert statement["force"] in FORCES
        assert statement["citations"]
        assert all(1 <= number <= len(reply["citations"]) for number in statement["citations"])
    for number, citation in enumerate(reply["citations"], 1):
        has_exactly(citation, CITATION_KEYS)
        assert citation["n"] == number
        assert citation["force"] in FORCES
        assert citation["policy_status"] in STATUSES
        text = (root / citation["source"]).read_bytes().decode("utf-8")
        raw = text[citation["start"] : citation["end"]]
        assert "".join(raw.split()) == "".join(citation["quote"].split())
    assert json.loads(json_line(reply)) == reply


def test_a_citation_carries_the_facts_of_its_policy(ask, gazetteer):
    citation = to_json(ask("广州首席技师有什么待遇"), "", gazetteer)["citations"][0]
    assert (citation["document_number"], citation["issuers"]) == ("穗府办〔2025〕7号", ["广州市人民政府办公厅"])
    assert (citation["jurisdiction"], citation["issued_on"]) == ("广东省广州市", "2025-04-10")
    assert (citation["clause"], citation["heading"]) == ("三、（六）", "全面推行技能人才职业技能等级制度")
    assert citation["source"] == "corpus/guangzhou/guangzhou-2025-skilled-talent.txt"


def test_what_the_draft_does_not_state_is_null_or_empty(ask, gazetteer):
    citation = to_json(ask("湛江首席技师有什么待遇"), "", gazetteer)["citations"][0]
    assert (citation["document_number"], citation["issuers"], citation["issued_on"]) == (None, [], None)
    assert citation["policy_status"] == "draft"


def test_scope_is_told_nearest_first(ask, gazetteer):
    reply = to_json(ask("海珠首席技师"), "", gazetteer)
    assert reply["scope"]["jurisdictions"] == ["广东省广州市海珠区", "广东省广州市", "广东省"]
    assert to_json(ask("北京首席技师"), "", gazetteer)["scope"]["jurisdictions"] == []


def test_notices_hold_the_warnings_and_how_the_question_was_read(ask, gazetteer):
    reply = to_json(ask("那湛江呢", history=["广州首席技师有什么待遇"]), "", gazetteer)
    assert reply["notices"][0] == "注意：湛江的依据是征求意见稿，未见正式印发，还不能据此办理。"
    assert any("按您上一问" in notice for notice in reply["notices"])


READ = [
    # row → region code, role, history
    ({"question": "问"}, None, "other", ()),
    ({"question": "问", "region": None, "role": None, "history": None}, None, "other", ()),
    ({"question": "问", "region": "广州", "role": "hr", "history": ["前"]}, "440100", "hr", ("前",)),
    ({"question": "问", "region": "  ", "role": "worker"}, None, "worker", ()),
    ({"question": "问", "region": "440105"}, "440105", "other", ()),
    ({"question": "问", "unknown": {"a": 1}, "gold": []}, None, "other", ()),  # unknown keys are ignored
]


@pytest.mark.parametrize(("row", "region", "role", "history"), READ)
def test_reading_a_line(gazetteer, row, region, role, history):
    item = read_item({"id": "a"} | row, gazetteer, "第 1 行")
    assert (item.item_id, item.question.text) == ("a", "问")
    assert (item.question.jurisdiction, item.question.role, item.question.history) == (region, role, history)


@pytest.mark.parametrize(("given", "carried"), [(None, ""), (7, "7"), ("", ""), ("甲-1", "甲-1"), (0, "0")])
def test_the_id_is_carried_as_text(gazetteer, given, carried):
    assert read_item({"id": given, "question": "问"}, gazetteer, "").item_id == carried
    assert read_item({"question": "问"}, gazetteer, "").item_id == ""


BROKEN = [
    ([], "缺少文字形式的 question"),
    ("问", "缺少文字形式的 question"),
    (None, "缺少文字形式的 question"),
    ({}, "缺少文字形式的 question"),
    ({"question": 5}, "缺少文字形式的 question"),
    ({"question": None}, "缺少文字形式的 question"),
    ({"question": "问", "region": 440100}, "region 应为地名"),
    ({"question": "问", "region": "广洲"}, "region 用不了：全国行政区划表里没有“广洲”"),
    ({"question": "问", "region": "鼓楼区"}, "不止一个"),
    ({"question": "问", "role": "boss"}, "role 应为 worker、hr、other"),
    ({"question": "问", "role": ["hr"]}, "role 应为"),
    ({"question": "问", "history": "前"}, "history 应为"),
    ({"question": "问", "history": [1]}, "history 应为"),
    ({"question": "问", "history": {"a": 1}}, "history 应为"),
]


@pytest.mark.parametrize(("row", "message"), BROKEN)
def test_a_line_that_cannot_be_read_is_named(gazetteer, row, message):
    with pytest.raises(BatchError, match=f"^第 3 行.*{message}"):
        read_item(row, gazetteer, "第 3 行")


def test_a_json_line_is_readable_and_can_always_be_written():
    assert json_line({"a": "广州\n"}) == '{"a": "广州\\n"}\n'
    broken = json_line({"a": "广州\ud800"})
    assert broken.encode("utf-8")
    assert json.loads(broken) == {"a": "广州\ud800"}


def test_a_day_is_an_argument(ask, gazetteer):
    before = to_json(ask("海珠首席技师评多少名", as_of=date(2021, 6, 1)), "", gazetteer)
    after = to_json(ask("海珠首席技师评多少名", as_of=date(2026, 11, 20)), "", gazetteer)
    assert before["citations"][0]["policy_status"] == "unknown"
    assert after["citations"][0]["policy_status"] == "target_period_over"
