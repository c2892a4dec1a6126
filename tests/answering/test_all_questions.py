"""What holds for every reply: for all development questions, and for any text a person may type."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assistant.answering.citations import unsupported
from assistant.model import Answer, Clarification, Question, Refusal, Status

DAY = date(2026, 11, 20)
KINDS = ("text", "front", "duty", "heading")


@pytest.fixture(scope="module")
def topics(root):
    lines = (root / "eval" / "questions" / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def files(root):
    """The texts read straight from disk, not through the parser."""
    return {path.stem: path.read_bytes().decode("utf-8") for path in (root / "corpus").glob("*/*.txt")}


def check(reply, files):
    """What must hold for any reply."""
    assert isinstance(reply, Answer | Refusal | Clarification)
    assert reply.text.strip()
    assert reply.timings[-1].stage == "total"
    if isinstance(reply, Clarification):
        assert reply.choices
        return
    draft = reply.draft
    admitted = frozenset().union(*reply.scope.tiers)
    for citation in draft.citations:
        raw = files[citation.policy.policy_id][citation.span.start : citation.span.end]
        assert "".join(raw.split()) == "".join(citation.quote.split())
        assert citation.policy.jurisdiction in admitted
    for statement in draft.statements:
        assert statement.citations
        for number in statement.citations:
            quoted = statement.text[statement.text.index("「") + 1 : statement.text.rindex("」")]
            assert quoted.strip("…") in draft.citations[number - 1].quote
            assert len(quoted.strip("…")) >= min(10, len(draft.citations[number - 1].quote) - 1)
    if isinstance(reply, Answer):
        assert draft.citations
        assert draft.statements
    else:
        assert reply.next_step
    if any(c.status.status is Status.DRAFT for c in draft.citations):
        assert "征求意见稿" in reply.text.splitlines()[0]


def test_every_development_question(ask, files, topics):
    assert len(topics) > 300
    for topic in topics:
        reply = ask(topic["question"], topic["region"], role=topic["role"], history=topic["history"])
        try:
            check(reply, files)
        except AssertionError as error:
            error.add_note(topic["id"])
            raise


def test_no_conclusion_claims_what_its_quotes_do_not_say(ask, topics):
    strange = {}
    for topic in topics:
        reply = ask(topic["question"], topic["region"], history=topic["history"])
        # facts of the header (numbers, dates) are worded by us; their evidence stands beside them
        if isinstance(reply, Answer) and not reply.draft.conclusion.startswith(
            ("发文", "成文", "印发", "文件", "征求", "库里没有", "《")
        ):
            quotes = [citation.quote for citation in reply.draft.citations]
            headings = [f"{c.clause.path} {c.policy.title}" for c in reply.draft.citations]
            conclusion = re.sub(r"〔[^〕]*〕", "", reply.draft.conclusion)  # our labels of force
            conclusion = re.sub(r"“[^”]*”——", "", conclusion)  # the person's own words for each thing asked
            conclusion = re.sub(r"不是“[^”]*”", "", conclusion)  # and for what is contradicted
            if claims := unsupported(conclusion, [*quotes, *headings]):
                strange[topic["id"]] = (claims, reply.draft.conclusion)
    assert strange == {}


WORDS = [
    "首席技师", "广州", "湛江", "海珠", "北京", "省里", "那", "呢", "待遇", "多少钱", "谁牵头", "第六条",
    "三、（四）", "（四）", "穗府办〔2025〕7号", "国发〔2020〕9号", "有什么不同", "各地", "文号",
    "还有效吗", "电话", "到2040年", "60%", "？", "，", "13800138000", "最后一条", "第二个破折号",
    "职工教育经费", "<b>", "{{", "0", "１", "廣州", "必须", "吗",
    "\u202e", "\x00", "\n", " ",
]  # fmt: skip
questions = st.lists(st.sampled_from(WORDS), max_size=8).map("".join) | st.text(max_size=40)
regions = st.sampled_from([None, "440105", "440100", "440000", "440300", "330000", "110000"])


@settings(deadline=None, max_examples=300)
@given(questions, st.lists(questions, max_size=3), regions)
@example("", [], None)
@example("\ud800", ["\udfff"], None)
@example("（" * 300, [], None)
@example("第0条", [], "440100")
@example("(0)", [], None)
def test_any_question_gets_a_reply(real_answerer, files, text, history, region):
    check(real_answerer.answer(Question(text, region, "other", tuple(history)), DAY), files)


@pytest.mark.parametrize("text", ["广州" * 50_000, "（" * 100_000, "a b c " * 20_000, "一、" * 50_000, "《" * 100_000])
def test_a_very_long_question_gets_a_reply(real_answerer, files, text):
    check(real_answerer.answer(Question(text, "440105", "other", (text,)), DAY), files)


@settings(deadline=None, max_examples=50)
@given(st.dates())
def test_any_day_gets_a_reply(ask, files, day):
    for question in ("海珠首席技师评多少名", "湛江首席技师", "广东方案还有效吗"):
        check(ask(question, as_of=day), files)
