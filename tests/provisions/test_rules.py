from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.provisions.rules import read_parts

DUTY = "企业要按规定足额提取和使用职工教育经费,60%以上用于一线职工教育和培训,"
FUNDS = f"{DUTY}经费提取和使用情况与企业申请用地、用能及开展评先评优挂钩。"
CHOSEN = "到2021年底，在带徒传技等方面成效显著的企业首席技师中，评定10名（每个企业限入选1名）“海珠首席技师”，"
CHIEF = f"{CHOSEN}鼓励其开展技术攻关。"
MERIT = "提高表彰中高技能人才的比例，推荐高技能人才享受政府特殊津贴，对符合条件的高技能人才按规定授予荣誉。"

RULES = [
    # what is examined stands before who examines it; neither is what 支持 urges to
    (
        "支持龙头企业创新考核方式，学徒工转正定级考核，由企业在其试用期满后，依据企业有关规定进行。",
        "依据企业有关规定",
        "学徒工转正定级考核，由企业在其试用期满后，依据企业有关规定进行。",
    ),
    # the sentence, words of the part asked about, the provision that states it whole
    (
        FUNDS,
        "足额提取",
        "企业要按规定足额提取和使用职工教育经费,60%以上用于一线职工教育和培训,",
    ),  # its limit goes along
    (FUNDS, "60%", DUTY),  # whose 60 %
    (FUNDS, "挂钩", "经费提取和使用情况与企业申请用地、用能及开展评先评优挂钩。"),
    # the year and those it is chosen from stay; the comma in brackets cuts nothing
    (
        CHIEF,
        "评定10名",
        CHOSEN,
    ),
    (CHIEF, "鼓励其", CHIEF),  # 其 is told by what stands before
    # works of the issuer stand each by itself; a condition stays with its rule
    (MERIT, "政府特殊津贴", "推荐高技能人才享受政府特殊津贴，"),
    (MERIT, "授予荣誉", "对符合条件的高技能人才按规定授予荣誉。"),
    # what a work is for may be left out
    (
        "为进一步完善选拔机制，树立行业标杆，鼓励行业组织举办竞赛，积极推荐获奖选手参赛。",
        "举办竞赛",
        "鼓励行业组织举办竞赛，",
    ),
    ("围绕大花园建设,培育一批乡村建设工匠。", "乡村", "培育一批乡村建设工匠。"),
    # the subject of a row of duties stays
    (
        "企业要按规定提取经费，制订年度使用计划，重点用于技能培训。",
        "年度",
        "企业要按规定提取经费，制订年度使用计划，重点用于技能培训。",
    ),
    (
        "支持符合条件的企业自主确定评价范围,自主设置岗位等级。",
        "岗位等级",
        "支持符合条件的企业自主确定评价范围,自主设置岗位等级。",
    ),
    # a condition before the modal word, and one that leads
    (
        "鼓励企业开展评聘工作,聘任为首席技师的人员,可比照高级管理人员享受同等待遇。",
        "同等待遇",
        "聘任为首席技师的人员,可比照高级管理人员享受同等待遇。",
    ),
    ("职业技能提升专账资金有结余的市，从专账结余资金中列支，不足部分从就业补助资金中列支。", "列支", None),
    ("将业绩突出的工匠纳入人才工程予以支持,名额不超过每批次的20%。", "纳入", None),  # the cap
    ("支持符合规划前提下,技工院校在工业园区设立分校。", "分校", None),
    ("其他人员自愿参加，但特种作业人员除外。", "自愿", None),  # the exception
    ("将高技能人才纳入直接落户范围，其配偶、子女按规定享受教育保障服务。", "子女", None),  # whose children
    # one thing named over two parts
    (
        "打造龙头企业主导,行业组织共同组建的行业技能生态圈,推动人才共育。",
        "行业组织",
        "打造龙头企业主导,行业组织共同组建的行业技能生态圈,",
    ),
    # further numbers of a list keep its verb
    ("新增培育制造业人才10万人次,数字技能人才5万人次。", "数字", "新增培育制造业人才10万人次,数字技能人才5万人次。"),
    # an approval, a ground
    ("经区人力资源社会保障部门汇总，对列入计划的企业，根据相关政策给予补贴。", "补贴", None),
]


@pytest.mark.parametrize(("sentence", "asked", "rule"), RULES)
def test_a_part_is_quoted_with_all_that_it_needs(sentence, asked, rule):
    parts = read_parts(sentence)
    index = next(i for i in range(len(parts.parts)) if asked in parts.words(i))
    assert parts.span(*parts.run(index)).of(sentence) == (rule or sentence)


@pytest.mark.parametrize("sentence", [FUNDS, CHIEF, MERIT, "鼓励企业开展评聘工作", "", "，，"])
def test_parts_tile_the_sentence(sentence):
    parts = read_parts(sentence)
    assert "".join(parts.words(i) for i in range(len(parts.parts))) == sentence


PIECES = st.sampled_from(
    [
        "企业要",
        "对符合条件的人员",
        "到2025年",
        "鼓励",
        "不超过20%",
        "其中",
        "开展培训",
        "（一、二，三）",
        "，",
        "，",
        "；",
        "其配偶",
        "为进一步",
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=14).map("".join))
def test_whatever_the_words_every_run_is_whole_parts_and_holds_its_part(sentence):
    parts = read_parts(sentence)
    assert "".join(parts.words(i) for i in range(len(parts.parts))) == sentence
    for index, host in enumerate(parts.hosts):
        low, high = parts.run(index)
        assert host <= index
        assert 0 <= low <= index <= high < len(parts.parts)
        assert not (parts.limited(high))  # no limit is cut off
