from __future__ import annotations

import pytest

from assistant.answering.premises import quantities_in


@pytest.mark.parametrize(
    ("question", "place", "said"),
    [
        # the share, not the total that stands beside it
        ("海珠首席技师每个企业可以评10名对吗", None, "不对，原文写的是“1名”，不是“10名”。"),
        ("广州规定一线职工教育经费占九成以上是吧", None, "不对，原文写的是“60%以上”，不是“九成以上”。"),
        ("羊城工匠里三成可以进广聚英才，是这样规定的吧", "广州", "不对，原文写的是“20%”，不是“三成”。"),
        ("湛江签证可以给外籍技师10年是吧", None, "不对，原文写的是“5年”，不是“10年”。"),
        ("广州必须给首席技师高管待遇吗？", None, "不是硬性规定。"),
        ("广州的职工教育经费提取是自愿的吧", None, "不是可做可不做：原文用的是“要”。"),
        ("私人老板也得照国企那样，保证技工涨薪不比管理层低吧？", "广州", "原文写的是“国有企业”，没有写民营企业。"),
        ("八级序列在浙江是家家企业都必须建吗", None, "不是所有企业：原文写的是“规模以上生产经营性企业”。"),
        # an office that only assists, a year of issue, a period, a level, everybody, silence, a fine
        ("广州技能生态区由市发改委牵头对吧", None, "不对，牵头的是市人力资源社会保障局，市发展改革委是配合单位。"),
        ("广州那份意见是2024年发的吧", None, "不对，成文日期是2025年4月10日。"),
        ("海珠家政回炉是每年一次吧", None, "不对，原文写的是“每两年”，不是“每年”。"),
        ("高级技师在广州可以比照正高级职称待遇对吗", None, "不对，原文写的是首席技师、特级技师，没有写高级技师。"),
        ("不是说广州技师都有生活补贴吗", None, "不是人人都有：原文有限制（“有条件的”）。"),
        ("湛江没有写学徒受伤怎么办吧", None, "不是，文件写到了。"),
        ("企业不足额提取职工教育经费会罚款吗", "广州", "文件没有写罚款或者处罚。"),
        ("湛江已经正式发文，高级技师就是A类人才，对吧？", "湛江", "不对，原文写的是“C类”，不是“A类”。"),
        # a sentence that only claims
        ("广州羊城工匠全部都能进广聚英才，我看到的是没有名额限制", None, "不是人人都有：原文有限制（“名额不超过”）。"),
        # what is encouraged is no breach, and nothing follows from not doing it
        ("技工做兼职算不算违规？有冇文件提过", None, "文件没有写这样做是违规。"),
        ("不评首席技师会怎么样", "广州", "不是硬性规定，文件没有写不做会怎样。"),
        # a share that no sentence found holds
        ("听说广州规定企业要拿工资总额的8%做培训，是真的吗", "广州", "下面引到的原文里没有“8%”这个数。"),
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


@pytest.mark.parametrize(
    ("question", "place", "said"),
    [
        ("广州有没有高技能人才休假疗养", None, "是，文件写到了。"),
        ("广东有没有职业培训补贴", None, "是，文件写到了。"),
        ("老师傅带徒弟有补贴吗", "海珠", "不一定，原文没有直接写“补贴”。"),  # a system of tutors, no money
        ("师傅说省里发钱给考证的，是真的吗", None, "不一定，原文没有直接写补贴、奖励。"),
        ("我妈50岁了想学月嫂，有免费的吗", None, "不一定，原文没有直接写“免费”。"),
        ("国有企业工资必须向高技能人才倾斜吗", "广州", "是，但留有例外。"),  # 原则上
        ("技师能在广州落户吗", None, "不一定，原文只写到这里。"),  # 放宽 gives nobody a right
        ("浙江高技能人才可以免试理论吗", None, "不一定：原文允许，不是一定给。"),
        ("海珠的家政回炉每两年一次对吗", None, "是，原文是这样写的。"),
        ("中级工能享受湛江直接落户吗", None, "不一定，原文说的是“高技能人才”，没有写中级工。"),
    ],
)
def test_a_yes_or_no_question_is_answered_by_its_first_word(ask, question, place, said):
    reply = ask(question, place)
    lines = [line for line in reply.text.splitlines() if not line.startswith("注意")]
    assert lines[0].startswith(said)


@pytest.mark.parametrize("question", ["广州首席技师有什么待遇", "能落户吗，孩子读书呢", "广州建多少家培训基地"])
def test_other_questions_get_no_first_word(ask, question):
    lines = [line for line in ask(question, "广州").text.splitlines() if not line.startswith("注意")]
    assert not lines[0].startswith(("是，", "是。", "不"))
