"""Lines, their joins over wraps and page breaks, and what is set aside."""

from __future__ import annotations

import pytest

from assistant.parsing.cleaning import join_wrapped, read_lines
from assistant.parsing.furniture import set_aside_furniture


def _joined(text: str) -> list[bool]:
    return [line.continues for line in join_wrapped(read_lines(text))[0]]


def test_lines_know_their_place() -> None:
    text = "  甲\r\n\r\n\u3000\u3000乙\f丙\u2028丁\n \t\n"
    lines = read_lines(text)
    assert [line.text for line in lines] == ["甲", "乙", "丙", "丁"]
    assert all(line.span.of(text) == line.text for line in lines)
    assert [line.gap for line in lines] == [0, 1, 0, 0]
    assert [line.indented for line in lines] == [True, True, False, False]


@pytest.mark.parametrize("blank", ["\ufeff", "\u200b", "\u2002", "\xa0", "\u3000"])
def test_lines_of_blanks_are_none(blank: str) -> None:
    assert [line.text for line in read_lines(f"甲\n{blank}\n乙")] == ["甲", "乙"]


def test_markdown_marks_and_inline_articles() -> None:
    text = "# 甲条例\n## 第一章 总则\n第二章 规划建设 第八条 企业应当。"
    assert [line.text for line in read_lines(text)] == ["甲条例", "第一章 总则", "第二章 规划建设", "第八条 企业应当。"]
    assert all(line.span.of(text) == line.text for line in read_lines(text))


JOINS = [
    ("从就业补助资金中列支。企\n\n业要按规定提取。", [False, True]),  # 广东, a page break
    ("工业园区与职业院校，对接\n\n(含技工院校)合作。", [False, True]),  # a bracket opens the next page
    ("甲、乙、\n丙。", [False, True]),  # stopped at a comma
    ("第一句。\n第二句。", [False, False]),  # two paragraphs
    ("一、总体要求\n到2027年，全市。", [False, False]),  # a heading is short and ends without a stop
    ("从就业补助资金，列支。企\n　　业要按规定", [False, False]),  # an indented line begins a paragraph
    ("从就业补助资金，列支。企\n（二）业要按规定", [False, False]),  # a label begins a clause
]


@pytest.mark.parametrize(("text", "expected"), JOINS)
def test_joins(text: str, expected: list[bool]) -> None:
    assert _joined(text) == expected


def test_a_page_break_is_noted_and_a_wrap_is_not() -> None:
    _, ledger = join_wrapped(read_lines("资金，企\n\n业要按，规\n定提取。"))
    assert [entry.kind for entry in ledger] == ["page_break"]
    assert "「资金，企」与「业要按，规」" in ledger[0].note


def test_a_text_wrapped_throughout_is_joined_at_its_margin() -> None:
    lines = ["第一条 为加强道路机动车辆生产企业及产品准", "入管理和安全监督工作依据有关法律制定本指", "南。"]
    text = "\n".join(lines * 5)
    assert _joined(text)[:6] == [False, True, True, False, True, True]


def test_nothing_is_joined_over_a_page_number() -> None:
    kept, _ = set_aside_furniture(read_lines("收集和产生的，个\n— 3 —\n人信息。"))
    assert [line.continues for line in join_wrapped(kept)[0]] == [False, False]


ASIDE = [
    ("正文。\n[image: image3.png]", ["image"]),  # 海珠
    ("正文。\n![图](a.png)\n完。", ["image"]),  # Markdown
    ("正文。\n（此页无正文）\n完。", ["blank_page"]),  # 海珠
    ("正文。\n— 12 —\n完。", ["furniture"]),  # a page number
    ("正文。\n第 3 页 共 9 页", ["furniture"]),  # another
    ("正文。\n3/9", ["furniture"]),  # another
    ("正文。\n<!-- INFO END -->\n完。", ["furniture"]),  # a comment
    ("正文。\n推荐\n• QQ空间\n• 新浪微博\n技术支持: 甲公司(股权代码:ZS3971)\n• 联系我们", ["furniture"] * 5),  # 广州
    ("正文。\n【打印】\n【收藏】\n微信扫一扫：分享\n附件：\n甲.pdf\n相关解读\n2020-01-06", ["furniture"] * 7),  # 武汉
    ("您的位置：\n首页\n>\n正文。", ["furniture"] * 3),  # a page's head
    ("下载\n打印\n【字号：\n大\n中\n小\n】\n正文。", ["furniture"] * 7),  # buttons
    ("正文。\n版权所有 甲市人民政府 粤ICP备05000001号", ["furniture"]),  # a page's foot
    ("正文。\n甲市人民政府办公室\n2025年4月10日\n抄送：市委。", []),  # an official closing stays
    ("正文。\n姓名\n单位\n大\n下载", ["furniture"] * 2),  # buttons at the very end only
    ("正文。\n鼓励企业通过微信公众号发布岗位。", []),  # a page word in a sentence
    (
        "目录\n第一章 总则\n第二章 附则\n第一章 总则\n正文。\n第二章 附则\n正文。",
        ["furniture"] * 3,
    ),  # entries come again
    ("目 录\n一、甲......1\n二、乙......2\n一、甲\n正文。", ["furniture"] * 3),  # dot leaders
    ("目录\n本目录由市人社局编制，每年更新。\n正文。", []),  # the word as a heading
    ("人民法院案例库\n人民法院案例库\n人民法院案例库\n正文。", ["furniture"] * 3),  # page heads gathered
    ("序号\n1\n2\n3\n正文。", []),  # numbers of a table
]


@pytest.mark.parametrize(("text", "kinds"), ASIDE, ids=[row[0][:12] for row in ASIDE])
def test_what_is_set_aside(text: str, kinds: list[str]) -> None:
    kept, ledger = set_aside_furniture(read_lines(text))
    assert [entry.kind for entry in ledger] == kinds
    assert len(kept) + len(ledger) == len(read_lines(text))
    assert any("正文。" in line.text for line in kept)


def test_bare_page_numbers_are_told_from_other_numbers() -> None:
    page = "甲句。\n乙句。\n丙句。\n丁句。\n戊句。\n"
    _, ledger = set_aside_furniture(read_lines(f"{page}1\n{page}2\n{page}3\n{page}"))
    assert len(ledger) == 3
    _, ledger = set_aside_furniture(read_lines(f"{page}100\n{page}300\n"))
    assert ledger == ()
