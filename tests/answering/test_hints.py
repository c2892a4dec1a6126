"""What kind of thing is asked, and whether a sentence holds one."""

from __future__ import annotations

import pytest

from assistant.answering.hints import COLUMNS, hinted, read_hints, residue
from assistant.model import Chunk, Span
from assistant.provisions.lexicon_rows import read_rows
from assistant.retrieval.understanding import Understanding


@pytest.fixture(scope="module")
def hints(root):
    return read_hints(root / "corpus" / "lexicon" / "hints.tsv")


def asked(text):
    return Understanding(text=text, search_text=text, kinds=())


def chunk(text, context=""):
    return Chunk("p@0-1", "p", "p#1", "440100", Span(0, 1), "text", text, context)


def test_every_row_reads_its_example(root, hints):
    rows = read_rows(root / "corpus" / "lexicon" / "hints.tsv", COLUMNS)
    assert [row[0] for row in rows] == [hint.name for hint in hints]
    for hint, (*_, example) in zip(hints, rows, strict=True):
        assert hint.question.search(example), hint.name


@pytest.mark.parametrize(
    ("question", "sentence", "sign", "value"),
    [
        ("内训津贴一节课多少钱", "支持企业设立内训津贴", "lacks_金额", 1.0),
        ("内训津贴一节课多少钱", "内训津贴每节课80元", "lacks_金额", 0.0),
        ("首席技师有什么待遇", "鼓励企业评聘首席技师", "lacks_金额", 0.0),  # no amount asked for
        ("大师工作室建几家", "建设10家大师工作室", "counts_unheld", 0.0),
        ("评委要几名", "建设10家大师工作室", "counts_unheld", 1.0),  # a number, of another thing
        ("按月发还是按年发", "对列入计划的企业给予补贴", "alternatives_unheld", 1.0),
        ("2022年目标是什么", "到2021年底,培训6万人次以上", "years_unheld", 1.0),
        ("中级工能落户吗", "放宽对高级工以上人才的年龄限制", "levels_unheld", 1.0),
        ("民企也要这样吗", "国有企业工资总额分配应向高技能人才倾斜", "firms_unheld", 1.0),
        ("私企也要这样吗", "民营企业可设立津贴", "firms_unheld", 0.0),  # the same kind of firm by another name
    ],
)
def test_signs(hints, question, sentence, sign, value):
    assert hinted(asked(question), [chunk(sentence)], hints)[sign] == value


def test_a_number_counts_beside_the_words_asked_about(hints):
    sentence = "高技能人才占技能人才总量的40%,企业职工教育经费60%以上用于一线"
    near = hinted(asked("高技能人才占技能人才总量的多少"), [chunk(sentence)], hints)["number_far"]
    far = hinted(asked("技能型企业税减免多少"), [chunk(sentence)], hints)["number_far"]
    assert near < 0.5 < far


def test_a_thing_in_a_further_sentence_is_no_longer_missed(hints):
    found = [chunk("支持企业设立内训津贴"), chunk("每节课80元")]
    signs = hinted(asked("内训津贴一节课多少钱"), found, hints)
    assert (signs["lacks_金额"], signs["misses_金额"]) == (1.0, 0.0)


@pytest.mark.parametrize(
    ("question", "sentence", "left"),
    [
        ("技能津贴一个月多少钱", "支持企业设立技能津贴", "^■一个月多少钱$"),
        ("技能津贴", "支持企业设立技能津贴", "^■$"),
        ("明天下雨吗", "支持企业设立技能津贴", "^明天下雨吗$"),
    ],
)
def test_residue_is_what_the_sentence_does_not_share(question, sentence, left):
    assert residue(asked(question), chunk(sentence)) == left
