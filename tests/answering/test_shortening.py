"""Long quotations in one line: the provision asked about, whole, and nothing that it does not say."""

from __future__ import annotations

import pytest

from assistant.answering.shortening import SHORT, in_short
from assistant.model import Answer

LINES = [
    # question, its line
    (
        "广州首席技师有什么待遇",
        "聘任为特级技师、首席技师技术职务的人员,可比照本单位正高级职称人员、高级管理人员享受同等待遇",
    ),
    ("广州职工教育经费一线占多少", "企业要按规定足额提取和使用职工教育经费,60%以上用于一线职工教育和培训"),
    ("广州羊城工匠名额多少", "名额不超过每批次“羊城工匠”的20%"),
    ("湛江企业可以设什么津贴", "企业可设立技能津贴、班组长津贴、带徒津贴等"),
]


@pytest.mark.parametrize(("question", "line"), LINES)
def test_the_conclusion_says_the_provision_asked_about(ask, question, line):
    reply = ask(question)
    assert isinstance(reply, Answer)
    assert line in reply.draft.conclusion
    assert reply.draft.citations[0].quote not in reply.draft.conclusion


def test_a_line_is_short_and_of_the_quotation(ask):
    made = 0
    for question in (
        "广州首席技师有什么待遇",
        "湛江大师工作室",
        "海珠首席技师每个企业可以评几名",
        "浙江技能人才股权激励",
    ):
        for citation in ask(question).draft.citations:
            line = in_short(citation, question)
            if line:
                made += 1
                assert len(line) <= SHORT
                assert line in citation.quote.replace("(岗位)", "")
    assert made >= 4


def test_a_comparison_says_what_differs(ask):
    told = ask("职工教育经费各地怎么规定").draft.conclusion
    assert "力度不同" in told
    assert "广州〔必须·企业〕企业要按规定足额提取和使用职工教育经费,60%以上用于一线职工教育和培训" in told
    zhanjiang = told[told.index("湛江（草案）〔鼓励·企业〕") :]
    assert "引导企业按规定足额提取和使用职工教育经费，60%以上" in zhanjiang
