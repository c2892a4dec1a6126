"""The grammar of labels: what opens a clause, and what only looks like it."""

from __future__ import annotations

import pytest

from assistant.model import Level
from assistant.parsing.headings import heading_of

LABELS = [
    ("一、总体要求", Level.CHAPTER, 1, "一"),  # notices
    ("十二、附则", Level.CHAPTER, 12, "十二"),  # two characters
    ("一.总体要求", Level.CHAPTER, 1, "一"),  # a half-width stop
    ("（六）全面推行", Level.ITEM, 6, "（六）"),  # full-width brackets
    ("(六)全面推行", Level.ITEM, 6, "（六）"),  # half-width brackets, same address
    ("（ 六 ）全面推行", Level.ITEM, 6, "（六）"),  # blanks inside
    ("(二十一)强化", Level.ITEM, 21, "（二十一）"),  # 湛江's last
    ("1.扩大", Level.SUBITEM, 1, "1."),  # Arabic
    ("1、扩大", Level.SUBITEM, 1, "1."),  # with a comma
    ("１．扩大", Level.SUBITEM, 1, "1."),  # full width
    ("12. 扩大", Level.SUBITEM, 12, "12."),  # a blank after
    ("（1）东部", Level.POINT, 1, "（1）"),  # bracketed Arabic
    ("(1)东部", Level.POINT, 1, "（1）"),  # half width
    ("1）东部", Level.POINT, 1, "（1）"),  # one bracket
    ("②学生宿舍", Level.POINT, 2, "②"),  # circled
    ("——职业技能培训", Level.BULLET, 0, "——"),  # 海珠
    ("第一章 总则", Level.CHAPTER, 1, "第一章"),  # regulations
    ("第 一 章 总则", Level.CHAPTER, 1, "第一章"),  # set wide
    ("第二编　培养", Level.PART, 2, "第二编"),  # parts
    ("第三部分　安排", Level.PART, 3, "第三部分"),  # reports
    ("第四节 院校", Level.SECTION, 4, "第四节"),  # sections
    ("第十条　企业应当", Level.ARTICLE, 10, "第十条"),  # articles
    ("第四条之一　鼓励", Level.ARTICLE, 4, "第四条之一"),  # inserted ones
    ("第12条 企业", Level.ARTICLE, 12, "第12条"),  # Arabic articles
    ("问：谁可以申领？", Level.ITEM, 0, "问"),  # questions and answers
    ("附件1", Level.ATTACHMENT, 1, "附件1"),  # an annex
    ("附 件", Level.ATTACHMENT, 0, "附件"),  # set wide
    ("附件2：申报表", Level.ATTACHMENT, 2, "附件2"),  # with its title
]


@pytest.mark.parametrize(("line", "level", "number", "path"), LABELS, ids=[row[0] for row in LABELS])
def test_labels(line: str, level: Level, number: int, path: str) -> None:
    heading = heading_of(line)
    assert heading is not None
    assert (heading.level, heading.number, heading.path_label) == (level, number, path)
    assert line[: heading.length].strip() == heading.label


TRAPS = [
    "一是自愿报名",  # "firstly" in running text
    "一、二、三产业的从业人员",  # a list of ordinals
    "一、二线城市",  # the same
    "2025.4.10前完成",  # a date
    "1.5倍以上",  # a decimal
    "2025年的目标",  # a year
    "12个月",  # a number
    "（十二）项规定的材料",  # the rest of 第一条第（十二）项, wrapped
    "（一）、（二）项",  # a list of items
    "2）。对已经",  # the end of a bracket, wrapped
    "第三方评价机构",  # an ordinal word
    "第十届全国人民代表大会",  # the same
    "附件材料齐全的",  # 附件 as a word
    "附件：1.任务分解表",  # names annexes, is none
    "",  # nothing
    "——",  # a dash alone
]


@pytest.mark.parametrize("line", TRAPS)
def test_traps(line: str) -> None:
    assert heading_of(line) is None


UNCERTAIN = [
    ("第三条规定的情形除外", False),  # a reference at the start of a line, or article three set without a blank
    ("第三条 企业应当", True),  # a blank settles it
    ("第一章总则", False),  # a short line settles it later
    ("附件1：申报表", False),  # a list, or the annex itself
    ("附件1", True),  # alone on its line
    ("一、总体要求", True),  # never ordinary text
]


@pytest.mark.parametrize(("line", "certain"), UNCERTAIN)
def test_labels_that_may_be_text_say_so(line: str, certain: bool) -> None:
    heading = heading_of(line)
    assert heading is not None
    assert heading.certain is certain


def test_circled_numbers_stand_below_bracketed_ones() -> None:
    circled, bracketed = heading_of("①实训楼"), heading_of("（1）东部")
    assert circled is not None
    assert bracketed is not None
    assert circled.rank > bracketed.rank
