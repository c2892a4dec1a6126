from __future__ import annotations

import pytest

from assistant.answering.premises import quantities_in


@pytest.mark.parametrize(
    ("question", "place", "said"),
    [
        # the share, not the total that stands beside it
        ("海珠首席技师每个企业可以评10名对吗", None, "原文写的是“1名”，不是“10名”。"),
        ("广州规定一线职工教育经费占九成以上是吧", None, "原文写的是“60%以上”，不是“九成以上”。"),
        ("羊城工匠里三成可以进广聚英才，是这样规定的吧", "广州", "原文写的是“20%”，不是“三成”。"),
        ("湛江签证可以给外籍技师10年是吧", None, "原文写的是“5年”，不是“10年”。"),
        ("广州必须给首席技师高管待遇吗？", None, "不是硬性规定。"),
        ("广州的职工教育经费提取是自愿的吧", None, "不是可做可不做：原文用的是“要”。"),
        ("私人老板也得照国企那样，保证技工涨薪不比管理层低吧？", "广州", "原文写的是“国有企业”，没有写民营企业。"),
        ("八级序列在浙江是家家企业都必须建吗", None, "不是所有企业：原文写的是“规模以上生产经营性企业”。"),
    ],
)
def test_a_false_premise_is_contradicted_first(ask, question, place, said):
    reply = ask(question, place)
    lines = [line for line in reply.text.splitlines() if not line.startswith("注意")]
    assert lines[0].startswith(said)


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("广州60%以上的职工教育经费要用在一线，对吧", None),  # true
        ("我司有2名高级技师，广州能评首席技师吗", None),  # a fact of their own, not a claim
        ("在广州干了18年，技师能落户吗", None),
        ("广州国有企业都必须保证技工工资涨幅不低于管理人员吗", None),  # the firms bound are the firms asked about
    ],
)
def test_what_is_not_contradicted_is_left_alone(ask, question, place):
    reply = ask(question, place)
    assert "原文写的是“" not in reply.draft.conclusion
    assert "不是所有企业" not in reply.draft.conclusion


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("三成", [(30.0, "%")]),
        ("到2027年达185万人", [(1_850_000.0, "人")]),
        ("评定10名（每个企业限入选1名）", [(10.0, "人"), (1.0, "人")]),
        ("两年至少1次", [(2.0, "年"), (1.0, "次")]),
        ("2019年", []),
        ("", []),
    ],
)
def test_numbers_with_a_unit_compare_across_ways_of_writing_them(text, expected):
    assert [(quantity.value, quantity.unit) for quantity in quantities_in(text)] == expected
