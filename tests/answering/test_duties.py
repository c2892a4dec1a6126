"""Lists of duties on the real corpus: only the force and the bearer asked for, all of them, counted."""

from __future__ import annotations

import pytest

from assistant.model import Answer, Force, Refusal

# what firms must do, as reading the five texts tells: beginning of the provision, clause
MUST_OF_FIRMS = [
    ("企业要建立健全培养与使用相结合", "二、（二）"),
    ("企业对培养、遴选产生的“新工匠”，应建立配套激励制度", "二、（二）"),
    ("企业要为培养、遴选的“新工匠”制定职业发展规划", "二、（三）"),
    ("要把“新工匠”作为企业今后核心", "二、（三）"),
    ("企业要按有关规定足额提取和使用职工教育经费", "七、（三）"),
    ("国有企业要结合实际将高技能人才培养规划", "二、（二）"),
    ("国有企业工资总额分配应向高技能人才倾斜", "四、（十）"),
    ("企业要按规定足额提取和使用职工教育经费,60%以上", "六"),
    ("国有企业在工资分配上要发挥向技能人才倾斜的示范作用", "三、（十二）"),
]


def test_all_that_firms_must_do_and_nothing_else(ask):
    reply = ask("对企业有什么强制要求，一条条列出来")
    assert isinstance(reply, Answer)
    told = [(c.quote, c.clause.path) for c in reply.draft.citations]
    assert len(told) == len(MUST_OF_FIRMS)
    for words, path in MUST_OF_FIRMS:
        assert any(quote.startswith(words) and where == path for quote, where in told), words
    assert {c.force for c in reply.draft.citations} == {Force.MUST}
    assert "共 9 条：广东 5 条，广州 3 条，海珠没有写，湛江没有写，浙江 1 条" in reply.draft.conclusion
    assert sum("鼓励" in remark for remark in reply.draft.remarks) == 1


def test_a_duty_is_quoted_with_what_is_to_be_done_beside_it(ask):
    quotes = [c.quote for c in ask("广州企业必须做什么").draft.citations]
    assert any(
        "60%以上用于一线职工教育和培训,经费提取和使用情况与企业申请用地、用能及开展评先评优挂钩" in q for q in quotes
    )
    assert any("制订年度职工教育培训经费使用计划" in q for q in quotes)


LISTS = [
    # question, how the conclusion begins
    ("浙江国企有哪些义务", "国有企业必须做的，共 1 条：浙江 1 条"),
    ("广州企业必须做什么？", "企业必须做的，共 8 条：广州 3 条，上级广东 5 条"),
    ("海珠企业必须做什么", "企业必须做的，共 8 条：海珠没有写，上级广州 3 条，上级广东 5 条"),
    ("工会要做什么", "工会要做的，共 1 条：广东 1 条"),
    ("深圳的公司有哪些硬性要求", "企业必须做的，共 5 条：上级广东 5 条"),
]


@pytest.mark.parametrize(("question", "begins"), LISTS)
def test_how_many_there_are_in_each_place(ask, question, begins):
    reply = ask(question)
    assert isinstance(reply, Answer)
    assert reply.draft.conclusion.startswith(begins)


@pytest.mark.parametrize("question", ["政府必须做什么", "湛江政府必须做什么", "广东人社部门有哪些责任"])
def test_what_binds_offices_binds_no_firm(ask, question):
    bearers = [c.duty_bearer for c in ask(question).draft.citations]
    assert bearers
    assert not [bearer for bearer in bearers if "企业" in bearer]


def test_what_is_encouraged_is_labelled_so(ask):
    reply = ask("湛江鼓励企业做什么")
    assert {c.force for c in reply.draft.citations} == {Force.ENCOURAGED}
    assert "不强制" in reply.draft.conclusion
    assert reply.draft.notices[0].startswith("注意：湛江的依据是征求意见稿")


def test_a_draft_without_a_row_is_not_warned_of(ask):
    assert not any("征求意见稿" in notice for notice in ask("湛江企业必须做什么").draft.notices)


def test_a_body_without_a_duty_is_said_to_have_none(ask):
    reply = ask("海珠评价机构必须做什么")
    assert isinstance(reply, Refusal)
    assert "没有写评价机构必须做的事" in reply.draft.conclusion


def test_the_next_question_replaces_the_body(ask):
    reply = ask("那政府呢", history=["广州企业必须做什么"])
    assert reply.draft.conclusion.startswith("政府部门必须做的，共 14 条：广州 3 条，上级广东 11 条")
