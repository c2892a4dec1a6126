"""Fields that sites print, tables and named headings, each as a table of cases."""

from __future__ import annotations

import pytest
from made_files import PAGE_WIDTH, Words, make_pdf

from assistant.model import row_text
from assistant.parsing.cleaning import read_lines
from assistant.parsing.facts import facts_in, label_of
from assistant.parsing.formats.extracting import extract
from assistant.parsing.formats.site_names import _office
from assistant.parsing.formats.table_rows import Cell, table_lines
from assistant.parsing.headings import heading_of, is_named_section
from assistant.parsing.layout import mark_layout


@pytest.mark.parametrize(
    ("line", "facts"),
    [
        ("发文字号：甲府〔2024〕1号", [("number", "甲府〔2024〕1号")]),
        ("[成文日期]2024-12-10", [("signed_on", "2024-12-10")]),
        ("【有效性】失效", [("validity", "失效")]),
        (
            "文 号: | 甲府〔2024〕1号 | 发布日期: | 2024-01-02",
            [("number", "甲府〔2024〕1号"), ("published_on", "2024-01-02")],
        ),
        ("成文日期 2024-03-12", [("signed_on", "2024-03-12")]),
        ("来源: 甲市财政局 2025-04-21", [("published_on", "2025-04-21"), ("source", "甲市财政局")]),
        ("甲府〔2024〕19号　发布时间：2024-12-30", [("lead", "甲府〔2024〕19号"), ("published_on", "2024-12-30")]),
        ("2025-07-18 09:30 | 甲市财政局", [("published_on", "2025-07-18"), ("source", "甲市财政局")]),
        ("索取号：AA43 ｜ 发文日期：2024年2月28日", [("other", "AA43"), ("signed_on", "2024年2月28日")]),
        (
            "发布时间：2024-03-01 10:00来源：本网浏览次数：3【字体：大 中 小】",
            [("published_on", "2024-03-01 10:00"), ("source", "本网")],
        ),
        ("时间：到2025年底", []),  # a line of a plan
        ("征集时间：2025-02-10 至 2025-03-11", []),
        ("名称应当符合规定，文号：由发文机关编制。", []),  # a sentence
        ("申请人应当说明来源：", []),
    ],
)
def test_fields(line, facts):
    assert [(fact.kind, fact.value) for fact in facts_in(line)] == facts


@pytest.mark.parametrize(("cell", "label"), [("标　　题：", "标题"), ("[ 发文字号 ]", "发文字号"), ("补贴标准", None)])
def test_labels(cell, label):
    assert label_of(cell) == label


def cells(*rows):
    return [[cell if isinstance(cell, Cell) else Cell(cell) for cell in row] for row in rows]


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        (cells(("等级", "标准"), ("技师", "3000元")), ["等级 | 标准", "技师 | 3000元"]),
        # a cell over two rows is said in both
        (
            cells(("等级", "标准", "备注"), ("高级工", "2000", Cell("不重复", rows=2)), ("技师", "3000")),
            ["等级 | 标准 | 备注", "高级工 | 2000 | 不重复", "技师 | 3000 | 不重复"],
        ),
        # a head over two columns is said over both
        (
            cells((Cell("职业", rows=2), Cell("标准", columns=2)), ("初级", "高级"), ("焊工", "1", "2")),
            ["职业 | 标准 | 标准", "职业 | 初级 | 高级", "焊工 | 1 | 2"],
        ),
        # a note over the whole width is a line of text
        (cells(("甲", "乙"), ("1", "2"), (Cell("注：可上浮。", columns=2),)), ["甲 | 乙", "1 | 2", "注：可上浮。"]),
        # a form
        (
            cells((Cell("事项名称", head=True), "补贴", Cell("收费", head=True), "否")),
            ["事项名称：补贴", "收费：否"],
        ),
        # questions and answers
        (cells(("序号", "问题", "答复"), ("1", "谁可以？", "职工。")), ["问：谁可以？", "答：职工。"]),
        ([], []),
    ],
)
def test_lines_of_tables(rows, lines):
    assert table_lines(rows) == lines


def marked(text):
    return [(line.row, line.head) for line in mark_layout(read_lines(text))]


def test_rows_know_the_names_of_their_columns():
    assert marked("单位：元\n等级 | 标准\n技师 | 3000\n第二条　乙。\n") == [
        (False, ""),
        (True, ""),
        (True, "等级 | 标准（元）"),
        (False, ""),
    ]
    # one line with bars is no table; figures in the first row are no heads
    assert marked("甲 | 乙\n丙\n") == [(False, ""), (False, "")]
    assert marked("1 | 200\n2 | 300\n") == [(True, ""), (True, "")]


@pytest.mark.parametrize(
    ("names", "row", "text"),
    [
        ("等级 | 标准（元/人）", "高级工 | 2000", "等级：高级工；标准：2000元/人"),
        ("等级 | 标准（元/人）", "高级工 | 另定", "等级：高级工；标准（元/人）：另定"),
        ("等级 | 标准", "高级工 | 2000 | 3", "高级工 | 2000 | 3"),  # another number of cells
        ("", "高级工 | 2000", "高级工 | 2000"),
    ],
)
def test_a_row_as_it_is_searched(names, row, text):
    assert row_text(names, row) == text


@pytest.mark.parametrize("line", ["受理条件", "申请材料：", "【办理流程】", "咨询电话", "办理地点和时间", "设定依据"])
def test_named_headings(line):
    assert is_named_section(line)


@pytest.mark.parametrize("line", ["条件", "申请材料齐全的，予以受理。", "受理条件如下", "第一条　办理流程", "企业应当"])
def test_lines_that_are_none(line):
    assert not is_named_section(line)


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("问：谁？", "问"),
        ("问题3：谁？", "问3"),
        ("Q2：谁？", "问2"),
        ("3.问：谁？", "问3"),
        ("2、问：谁？", "问2"),
        ("【问】谁？", "问"),
    ],
)
def test_questions(line, path):
    assert heading_of(line).path_label == path


@pytest.mark.parametrize("line", ["问题是时代的声音：", "3.问题导向。", "问题一览"])
def test_lines_that_ask_nothing(line):
    found = heading_of(line)
    assert found is None or "问" not in found.path_label


@pytest.mark.parametrize(
    ("words", "office"),
    [("甲市人民政府", "甲市人民政府"), ("乙省人力资源和社会保障厅门户网站", "乙省人力资源和社会保障厅"), ("新闻", "")],
)
def test_sites(words, office):
    assert _office(words) == office


def test_a_ruled_table_of_a_pdf():
    """A cell ruled over two rows stands in both."""
    left, top, wide, high = 70, 100, 150, 30
    rows = [("等级", "标准", "备注"), ("高级工", "2000", "不重复享受"), ("技师", "3000", "")]
    words = [Words(left, 60, 14, "乙市补贴标准")]
    for at, row in enumerate(rows):
        words += [
            Words(left + 5 + column * wide, top + 8 + at * high, 12, cell) for column, cell in enumerate(row) if cell
        ]
    lines = []
    for at in range(4):
        y = 842 - (top + at * high)
        # the third column has no line between its last two rows
        lines.append(f"{left} {y} m {left + (2 if at == 2 else 3) * wide} {y} l S")
    lines += [f"{left + at * wide} {842 - top} m {left + at * wide} {842 - top - 3 * high} l S" for at in range(4)]
    assert left + 3 * wide < PAGE_WIDTH
    found = extract(make_pdf([words], extra="\n".join(lines)), "a.pdf").text
    assert found.splitlines()[1:] == [
        "等级 | 标准 | 备注",
        "高级工 | 2000 | 不重复享受",
        "技师 | 3000 | 不重复享受",
    ]
