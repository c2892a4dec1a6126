"""What is quoted of a long sentence, read against the policy texts."""

from __future__ import annotations

import pytest

from assistant.answering.choosing import READ_AT_ONCE
from assistant.model import raw_offsets, reading_text

QUOTED = [
    # question, place, what the first quotation is
    (
        "学生学徒在厂里弄伤了手，工伤这块算不算数",
        "湛江",
        "学徒培训、岗位历练、班别调配、岗位配置、工伤保护等比照企业同类正式员工一体化管理",
    ),
    ("２０２４年湛江补贴性培训任务定了多少人次", None, "2024年完成补贴性职业技能培训13000人次以上"),
]


@pytest.mark.parametrize(("question", "place", "quote"), QUOTED)
def test_the_provision_that_answers_is_quoted(ask, question, place, quote):
    first = ask(question, place).draft.citations[0]
    assert quote in first.quote
    assert len(first.quote) < 0.75 * len(first.whole.quote)
    assert f"「{first.quote.rstrip('；;')}" in ask(question, place).text or first.gist


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("四十六岁的高级工，想把户口迁进广州，年纪还卡得那么死吗", None),
        ("数字新技术和网络安全培训一年多少人次", "浙江"),
    ],
)
def test_a_sentence_read_at_a_glance_is_quoted_whole(ask, question, place):
    first = ask(question, place).draft.citations[0]
    assert len(first.whole.quote) <= READ_AT_ONCE
    assert first.quote == first.whole.quote
    assert first.quote.endswith("。")


def test_a_cut_quotation_is_a_slice_and_knows_its_sentence(ask):
    cut = 0
    for question in ("广州职工教育经费一线占比", "海珠首席技师评几名", "湛江学徒工伤", "广东企业职工教育经费计划"):
        for citation in ask(question).draft.citations:
            raw = citation.span.of(citation.policy.text)
            assert citation.quote == reading_text(raw)
            assert citation.span in citation.clause.span
            assert citation.quote in citation.whole.quote
            cut += citation.sentence is not None
    assert cut >= 5


def test_what_is_not_stated_is_shown_with_whole_sentences(ask):
    draft = ask("广州技能津贴一个月多少钱").draft
    assert all(citation.sentence is None for citation in draft.citations)


@pytest.mark.parametrize("raw", ["从就业补助资金中列支。企\n\n业要按", " \n甲 乙\r\n 丙 ", "", "\n", "甲"])
def test_offsets_of_the_reading_text_lead_back_to_the_raw_text(raw):
    assert "".join(raw[at] for at in raw_offsets(raw)) == reading_text(raw)


@pytest.mark.parametrize(
    ("question", "place", "force"),
    [
        ("羊城工匠进广聚英才有名额限制吗", "广州", "must"),  # the cap behind it
        ("海珠首席技师每个企业能评几个", None, "must"),  # in brackets: 每个企业限入选1名
        ("海珠首席技师全区评几名", None, "goal"),
        ("企业经费提取情况跟用地挂不挂钩", "广州", "none"),
        ("职工教育经费不提够会怎样", "广州", "must"),  # the duty whose breach is asked about, not 挂钩 alone
        ("所在单位可以给领军人才发绩效奖励吗", "湛江", "may"),
        ("双百平台遴选多少家龙头企业", "广东", "none"),  # a number without a date is no goal
    ],
)
def test_the_force_is_that_of_the_words_quoted(ask, question, place, force):
    assert ask(question, place).draft.citations[0].force.value == force
