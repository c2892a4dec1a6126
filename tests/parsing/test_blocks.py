"""Kinds of lines in headers and closings, and lines read as one."""

from __future__ import annotations

import pytest

from assistant.parsing.blocks import LineKind, group_blocks, kind_of
from assistant.parsing.cleaning import read_lines

KINDS = [
    ("穗府办〔2025〕7号", LineKind.NUMBER),  # the usual number
    ("（苏政办发〔2021〕64号）", LineKind.NUMBER),  # under a title, in brackets
    ("文号：穗府办规〔2024〕13号", LineKind.NUMBER),  # labelled
    ("第179号", LineKind.NUMBER),  # under 人民政府令
    ("广东省人民政府令第300号", LineKind.NUMBER),  # on one line
    ("2025年第3号", LineKind.NUMBER),  # a bulletin's
    ("来源: 广州市人民政府办公厅 2025-04-21", LineKind.FACT),  # a web page's
    ("发文机构：市人民政府", LineKind.FACT),  # a site's table
    ("【发布部门】 北京市人民政府", LineKind.FACT),  # a database's
    ("有效性：失效", LineKind.FACT),  # validity
    ("成文日期：", LineKind.FACT),  # the value follows on the next line
    ("2025年4月10日", LineKind.DATE),  # a signature
    ("二〇二四年七月十五日", LineKind.DATE),  # in Chinese numerals
    ("2022年11月", LineKind.DATE),  # a title page
    ("（2019年5月30日丙省第十三届人民代表大会常务委员会第十二次会议通过）", LineKind.ENACTMENT),  # a statute
    ("——2026年1月20日在丑省第十四届人民代表大会第四次会议上", LineKind.ENACTMENT),  # a report
    ("广州市人民政府办公厅秘书处 2025年4月14日印发", LineKind.PRINTED),  # the printer's line
    ("公开方式:主动公开", LineKind.LABELLED),  # 广州
    ("抄送：广州市人力资源和社会保障局。", LineKind.LABELLED),  # 海珠
    ("（承办部门：区人社局，联系电话：89627646）", LineKind.LABELLED),  # 海珠
    ("（此件公开发布）", LineKind.LABELLED),  # 江苏
    ("附件：1.任务分解表", LineKind.LABELLED),  # a list of annexes
    ("（征求意见稿）", LineKind.DRAFT_MARK),  # 湛江
    ("广州市人民政府办公厅", LineKind.ORGANS),  # one issuer
    ("广东省工业和信息化厅 文件", LineKind.ORGANS),  # the red head
    ("子 省 财 政 厅", LineKind.ORGANS),  # set wide
    ("市教育局、市科技局", LineKind.ORGANS),  # two, with a stop
    ("各街道，区政府各部门、各直属机构：", LineKind.SALUTATION),  # addressees
    ("各位代表：", LineKind.SALUTATION),  # a report's
    ("为加强管理，现将有关事项通知如下：", LineKind.BODY),  # ends like a salutation, is text
    ("根据有关规定，经研究，提出如下实施意见：", LineKind.BODY),  # the same
    ("广州市人民政府办公厅关于加强新时代广州高技能人才队伍建设的实施意见", LineKind.TITLE),  # a title
    ("海珠区职业技能提升行动计划的通知", LineKind.TITLE),  # the second half of one
    ("为深入贯彻国务院工作精神，制定本计划。", LineKind.BODY),  # running text
    ("技工教育是重要组成部分，是培养", LineKind.BODY),  # running text, wrapped
    ("一、工作目标", LineKind.BODY),  # a clause
]


@pytest.mark.parametrize(("line", "kind"), KINDS, ids=[row[0] for row in KINDS])
def test_kind_of(line: str, kind: LineKind) -> None:
    assert kind_of(line) is kind


GROUPS = [
    ("关于加强人才\n\n队伍建设的意见\n\n（征求意见稿）", ["关于加强人才队伍建设的意见（征求意见稿）"]),  # 湛江
    ("甲区关于印发甲市\n乙计划的通知", ["甲区关于印发甲市乙计划的通知"]),  # 海珠
    ("甲局关于印发《乙细则\n（试行）》的通知", ["甲局关于印发《乙细则（试行）》的通知"]),  # a book mark still open
    ("乙方案\n（2021—2025年）", ["乙方案（2021—2025年）"]),  # a bracket belongs to the title above
    ("甲省教育厅\n甲省财政厅", ["甲省教育厅 甲省财政厅"]),  # issuers over each other
    (
        "甲省教育厅 甲省科技厅\n甲省财政厅关于印发乙方案的通知",
        ["甲省教育厅 甲省科技厅 甲省财政厅关于印发乙方案的通知"],
    ),  # 广东
    ("成文日期：\n2018年2月1日", ["成文日期：2018年2月1日"]),  # a table's cell
    ("附件：1.甲表\n2.乙表", ["附件：1.甲表 2.乙表"]),  # a list of annexes
    ("甲意见\n乙意见", ["甲意见", "乙意见"]),  # two finished titles
]


@pytest.mark.parametrize(("text", "blocks"), GROUPS)
def test_lines_read_as_one(text: str, blocks: list[str]) -> None:
    assert [block.text for block in group_blocks(read_lines(text))] == blocks
