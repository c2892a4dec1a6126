"""Several things asked at once, for a person who says who he is; and what is asked of a year or of validity."""

from __future__ import annotations

import pytest
from conftest import TODAY

from assistant.answering.several import Part, draft_parts
from assistant.model import Answer, Citation, Clarification, Refusal, RefusalReason, Scope, Span
from assistant.retrieval.understanding import Understanding

PARTS = [
    # question, words of the conclusion beside each thing asked, words that a quotation has
    (
        "我是高级技师，在湛江能落户吗，孩子读书呢",
        ("“能落户吗”——", "“孩子读书呢”——"),
        ("纳入城市直接落户范围", "高级技师（一级）任职资格人员纳入湛江市高层次人才C类认定清单", "可相应享受子女入学"),
    ),
    (
        "我是技师，广州能入户吗，小孩上学有照顾吗",
        ("“能入户吗”——", "“小孩上学有照顾吗”——"),
        ("放宽对高级工以上的高技能人才的年龄、工种限制", "高技能人才的配偶、子女按照规定享受"),
    ),
    (
        "我是特级技师，在湛江待遇怎么样，住房能解决吗",
        ("“待遇怎么样”——", "“住房能解决吗”——"),
        ("可分别比照本单位正高级职称人员", "通过提供购房补贴、人才公寓等方式"),
    ),
    (
        "我是首席技师，在广州有什么待遇，能带徒弟拿津贴吗",
        ("“有什么待遇”——", "“能带徒弟拿津贴吗”——"),
        ("可比照本单位正高级职称人员", "带徒津贴"),
    ),
]


@pytest.mark.parametrize(("question", "told", "quoted"), PARTS)
def test_each_thing_asked_has_its_own_words(ask, question, told, quoted):
    reply = ask(question)
    assert isinstance(reply, Answer)
    assert all(words in reply.draft.conclusion for words in told)
    quotes = " ".join(c.quote for s in reply.draft.statements for c in [reply.draft.citations[s.citations[0] - 1]])
    assert all(words in quotes for words in quoted)


def test_a_level_that_the_text_does_not_cover_is_said_so(ask):
    reply = ask("我是中级工，广州能入户吗，小孩上学有照顾吗")
    assert "没有写中级工" in reply.draft.conclusion


WHOLE = [
    # further words ask of the matter the rest names: one answer
    ("国企想给聘上的技师工资里单独加一块“技能工资”，市里支持吗，是硬性的吗？", "广州"),
    ("技师学院按人头拨的经费，参照什么学校的标准，是马上到位吗", "广州"),
]


@pytest.mark.parametrize(("question", "place"), WHOLE)
def test_what_names_no_matter_of_its_own_is_not_told_apart(ask, question, place):
    assert "——" not in ask(question, place).draft.conclusion


def test_the_same_offsets_in_two_policies_are_two_places(real_answerer, real_policies):
    """Each thing asked keeps its own policy and number, though the words stand at the same offsets."""
    span = Span(600, 640)
    cited = [
        Citation(real_policies[place], document.root, span, real_answerer.status_of(document.policy.policy_id, TODAY))
        for place in ("广州", "广东")
        for document in real_answerer.documents
        if document.policy is real_policies[place]
    ]
    things = [Understanding(words, words, ()) for words in ("能落户吗", "有补贴吗")]
    parts = [Part(thing, (one,)) for thing, one in zip(things, cited, strict=True)]
    asked = Understanding("能落户吗，有补贴吗", "能落户吗，有补贴吗", ())
    scope = Scope((frozenset({"440100"}), frozenset({"440000"})), "440100")
    draft = draft_parts(asked, parts, (), (), scope, real_answerer.holdings)
    assert [citation.policy.policy_id for citation in draft.citations] == [one.policy.policy_id for one in cited]
    assert [statement.citations for statement in draft.statements] == [(1,), (2,)]
    assert [statement.text.split("：")[0] for statement in draft.statements] == ["“能落户吗”", "“有补贴吗”"]


YEARS = [
    # question, whether that year's number is written
    ("2025年广州技能人才要达到多少", False),  # the text is of 2025, its targets are for 2027 and 2035
    ("2026年浙江要培训多少人", False),
    ("湛江2025年要完成多少补贴性培训", False),
    ("浙江2025年高技能人才达到多少", True),
    ("到2027年广州技能人才要达到多少", True),
    ("广东2023年要培训多少人", True),  # within the 十四五 that its yearly target is for
]


@pytest.mark.parametrize(("question", "written"), YEARS)
def test_a_year_is_compared_with_the_years_of_targets(ask, question, written):
    reply = ask(question)
    assert isinstance(reply, Answer) is written
    if not written:
        assert reply.reason is RefusalReason.NOT_STATED
        assert "年的数字（写的是" in reply.draft.conclusion


VALIDITY = [
    ("湛江什么时候开始执行", "是征求意见稿，还没有施行；没有写从哪天起施行，没有写有效期。"),
    ("广州这份文件哪天开始施行", "没有写从哪天起施行，没有写有效期；2025-04-10 成文"),
    ("浙江有效期几年", "没有写从哪天起施行，没有写有效期；2023-05-12 成文"),
]


@pytest.mark.parametrize(("question", "told"), VALIDITY)
def test_no_day_of_effect_is_read_from_a_day_of_signing(ask, question, told):
    reply = ask(question)
    assert isinstance(reply, Refusal)
    assert told in reply.draft.conclusion


def test_a_matter_has_no_day_of_effect(ask):
    assert "从哪天起施行" not in ask("湛江学徒制什么时候开始实施").draft.conclusion


@pytest.mark.parametrize("question", ["政策", "？", "湛江", "广东补贴", "深圳 待遇"])
def test_what_is_offered_would_be_answered(ask, question):
    reply = ask(question)
    assert isinstance(reply, Clarification)
    assert reply.choices
    assert all(isinstance(ask(choice), Answer) for choice in reply.choices)


def test_without_a_place_the_places_searched_are_named(ask):
    told = ask("首席技师有什么待遇").draft.conclusion
    assert "您没有说是哪里，查的是广东、广州、海珠、湛江、浙江的文件" in told
    assert "您没有说是哪里" not in ask("广州首席技师有什么待遇").draft.conclusion
    assert "您没有说是哪里" not in ask("首席技师有什么待遇", "广州").draft.conclusion
