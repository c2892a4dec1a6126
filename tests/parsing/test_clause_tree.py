"""Trees of small texts: levels, paths, ids, annexes, closings, what is odd about labels."""

from __future__ import annotations

import pytest

from assistant.model import Clause, Level, PolicyDocument
from tests.parsing.conftest import ReadText


def _paths(document: PolicyDocument) -> list[str]:
    return [node.path for node in document.root.walk() if node.path]


def _at(document: PolicyDocument, path: str) -> Clause:
    return next(node for node in document.root.walk() if node.path == path)


TREES = [
    # items anew under each chapter (广东)
    ("一、甲\n（一）乙\n二、丙\n（一）丁\n", ["一", "一、（一）", "二", "二、（一）"]),
    # items running on (广州)
    ("一、甲\n（一）乙\n二、丙\n（二）丁\n", ["一", "一、（一）", "二", "二、（二）"]),
    # four levels
    (
        "一、甲\n（一）乙\n1.丙\n（1）丁\n①戊\n（2）己\n",
        ["一", "一、（一）", "一、（一）1.", "一、（一）1.、（1）", "一、（一）1.、（1）①", "一、（一）1.、（2）"],
    ),
    # a level left out
    ("一、甲\n1.乙\n2.丙\n", ["一", "一、1.", "一、2."]),
    # bullets with text, and bullets as headings over 1. 2.
    ("一、甲\n——乙，丙。\n——丁，戊。\n", ["一", "一、——1", "一、——2"]),
    ("一、甲\n——乙\n1.丙。\n——丁\n2.戊。\n", ["一", "一、——1", "一、——1、1.", "一、——2", "一、——2、2."]),
    # 一、 inside 第X章 of a plan
    (
        "第一章 甲\n一、乙\n（一）丙\n第二章 丁\n一、戊\n",
        ["第一章", "第一章、一", "第一章、一、（一）", "第二章", "第二章、一"],
    ),
    # an article of one 款 does not count it; of two, it does
    (
        "第一条 企业应当培训。\n第二条 甲。\n乙。\n",
        ["第一条", "第二条", "第二条第一款", "第二条第二款"],
    ),
    # 一、 inside an article is an item (older statutes)
    ("第一条 下列情形：\n一、甲；\n二、乙。\n", ["第一条", "第一条（一）", "第一条（二）"]),
    # an inserted article
    ("第四条 甲。\n第四条之一 乙。\n第五条 丙。\n", ["第四条", "第四条之一", "第五条"]),
    # words between two items of a list that counts on belong to the first
    ("第一条 条件：\n（一）甲；\n所称甲是指乙。\n（二）丙。\n", ["第一条", "第一条（一）", "第一条（二）"]),
    # a reference at the start of a line is no article
    ("第一条 甲。\n第三条规定的情形除外。\n第二条 乙。\n", ["第一条", "第一条第一款", "第一条第二款", "第二条"]),
    # labels set without a blank
    ("第一章总则\n第一条为了规范。\n第二条企业应当。\n", ["第一章", "第一条", "第二条"]),
    # questions
    ("问：甲？\n答：乙。\n问：丙？\n答：丁。\n", ["问1", "问2"]),
    # text alone
    ("这是一段没有标题的话，说完了。\n", ["正文"]),
]


@pytest.mark.parametrize(("text", "paths"), TREES, ids=[row[0][:14] for row in TREES])
def test_paths(text: str, paths: list[str], read: ReadText) -> None:
    assert _paths(read(text)) == paths


def test_ids_are_structural(read: ReadText) -> None:
    document = read("甲市办法\n\n第一章 总则\n第一条 条件：\n（一）甲；\n（二）乙。\n第二条之一 丙。\n一般规定。\n")
    ids = [node.clause_id for node in document.root.walk()]
    assert ids == [
        "t#document",
        "t#header",
        "t#chp_1",
        "t#chp_1__art_1",
        "t#chp_1__art_1__item_1",
        "t#chp_1__art_1__item_2",
        "t#chp_1__art_2-1",
        "t#chp_1__art_2-1__para_1",
        "t#chp_1__art_2-1__para_2",
    ]
    assert document.clause("t#chp_1__art_1__item_2").path == "第一条（二）"
    with pytest.raises(KeyError):
        document.clause("t#chp_9")


def test_the_same_label_twice_gets_two_ids(read: ReadText) -> None:
    document = read("一、甲\n（一）乙。\n（一）丙。\n一、丁\n")
    assert [node.clause_id for node in document.root.walk()][1:] == [
        "t#chp_1",
        "t#chp_1__item_1",
        "t#chp_1__item_1~2",
        "t#chp_1~2",
    ]
    assert [entry.kind for entry in document.ledger] == ["out_of_sequence", "out_of_sequence"]


def test_a_gap_in_the_labels_is_noted(read: ReadText) -> None:
    document = read("一、甲\n（一）乙。\n（四）丙。\n三、丁\n")
    assert [entry.kind for entry in document.ledger] == ["missing", "missing"]
    assert "缺少第 2 个" in document.ledger[0].note


HEADINGS = [
    ("一、总体要求\n", "总体要求"),  # a chapter
    ("（一）加强培养。实施计划。\n", "加强培养"),  # a heading, then text
    ("（一）企业应当培训。\n", ""),  # a sentence
    ("（一）基本原则。\n坚持自愿。\n", "基本原则"),  # alone, with text under it
    ("（一）坚持自愿。\n", ""),  # alone, with nothing under it
    ("（一）推行现代学徒制，支持校企合作。积极。\n", "推行现代学徒制，支持校企合作"),  # one comma
    ("一、本意见所称企业，是指公司。适用。\n", ""),  # a definition
    ("一、请各单位报送材料。逾期不候。\n", ""),  # a request
]


@pytest.mark.parametrize(("text", "heading"), HEADINGS)
def test_headings(text: str, heading: str, read: ReadText) -> None:
    node = next(node for node in read(text).root.walk() if node.level in (Level.CHAPTER, Level.ITEM))
    assert node.heading == heading


def test_a_signature_in_the_middle_closes_the_notice_and_opens_an_annex(read: ReadText) -> None:
    document = read(
        "甲市人社局关于开展申报的通知\n一、范围\n企业可以申报。\n二、时间\n六月。\n附件：1.管理办法\n2.申报表\n"
        "甲市人社局\n2025年5月6日\n附件1\n甲市管理办法\n一、条件\n技艺精湛。\n附件2：申报表\n姓名\n"
    )
    assert _paths(document) == ["首部", "一", "二", "尾部", "附件1", "附件1、一", "附件2"]
    assert _at(document, "附件1").heading == "甲市管理办法"
    assert _at(document, "附件2").heading == "申报表"
    assert document.policy.title == "甲市人社局关于开展申报的通知"


def test_a_plan_behind_a_notice_with_clauses_gives_the_title(read: ReadText) -> None:
    document = read(
        "甲市关于印发乙任务分解方案的通知\n各区：\n一、强化责任\n各区要落实。\n甲市人民政府\n2025年1月1日\n"
        "乙任务分解方案\n一、目标\n增长。\n"
    )
    assert document.policy.title == "乙任务分解方案"
    assert document.policy.notice_title == "甲市关于印发乙任务分解方案的通知"
    assert _paths(document) == ["首部", "一", "尾部", "附件", "附件、一"]


def test_the_second_of_two_plans_is_an_annex(read: ReadText) -> None:
    document = read(
        "甲市关于印发支持互联网若干政策和甲市互联网行动计划的通知\n现印发给你们。\n甲市\n2021年9月2日\n"
        "支持互联网若干政策\n一、支持平台\n给予奖补。\n甲市互联网行动计划\n为加快发展，制定本计划。\n一、目标\n增长。\n"
    )
    assert document.policy.title == "支持互联网若干政策"
    assert _paths(document)[-2:] == ["附件", "附件、一"]
    assert _at(document, "附件").heading == "甲市互联网行动计划"


def test_listed_attachments_right_before_the_first_of_them(read: ReadText) -> None:
    document = read(
        "甲市关于乙的通知\n一、总则\n（一）落实责任。各区要落实。\n附件：1.甲表\n2.乙表\n附件1\n甲表\n一、内容\n丁。\n"
    )
    assert _paths(document) == ["首部", "一", "一、（一）", "尾部", "附件1", "附件1、一"]


def test_listed_attachments_are_no_clauses(read: ReadText) -> None:
    document = read("甲市关于乙的通知\n各区：\n现印发给你们。\n附件：1.甲表\n2.乙表\n甲市人民政府\n2025年1月1日\n")
    assert _paths(document) == ["首部", "正文", "尾部"]
