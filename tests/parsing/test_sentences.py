"""Where sentences end, and whose they are."""

from __future__ import annotations

import pytest

from assistant.model import Span, reading_text
from assistant.parsing.innermost import deepest
from assistant.parsing.sentences import split_span
from tests.parsing.conftest import ReadText

CUTS = [
    ("甲。乙！丙？丁", ["甲。", "乙！", "丙？", "丁"]),  # full stops
    ("甲；乙;丙。", ["甲；", "乙;", "丙。"]),  # semicolons, both widths
    ("甲（乙；丙。丁）。戊", ["甲（乙；丙。丁）。", "戊"]),  # nothing ends inside brackets
    ("他说“甲。”乙。", ["他说“甲。”", "乙。"]),  # a quotation's stop ends the sentence around it
    ("实施“甲；乙”计划。丙", ["实施“甲；乙”计划。", "丙"]),  # nothing else ends inside quotation marks
    ("《甲。乙》丙。", ["《甲。乙》丙。"]),  # nor inside book marks
    ("甲（乙。丙", ["甲（乙。", "丙"]),  # a bracket never closed swallows nothing
    ("见 a.b;c 页。乙", ["见 a.b;c 页。", "乙"]),  # code is not prose
    ("甲。。。乙", ["甲。。。", "乙"]),  # repeated stops
    ("甲。\n\n 乙。", ["甲。", "乙。"]),  # blanks belong to nobody
    ("。；！", []),  # no words, no sentence
    ("", []),  # nothing
]


@pytest.mark.parametrize(("text", "parts"), CUTS)
def test_cuts(text: str, parts: list[str]) -> None:
    assert [span.of(text) for span in split_span(text, Span(0, len(text)))] == parts


def test_a_sentence_over_a_page_break_is_one(read: ReadText) -> None:
    document = read("甲市办法\n\n一、资金\n从就业补助资金中列支，企\n\n业要按规定提取。")
    sentence = document.sentences[-1]
    assert sentence.span.of(document.policy.text) == "从就业补助资金中列支，企\n\n业要按规定提取。"
    assert reading_text(sentence.span.of(document.policy.text)) == "从就业补助资金中列支，企业要按规定提取。"


def test_kinds_of_sentences(read: ReadText) -> None:
    document = read(
        "甲市乙办法\n甲府〔2025〕1号\n\n一、总则\n（一）培训。企业应当培训。（市教育局牵头）\n\n甲市人民政府\n2025年1月1日"
    )
    kinds = [(s.kind, reading_text(s.span.of(document.policy.text))) for s in document.sentences]
    assert kinds == [
        ("front", "甲市乙办法"),
        ("front", "甲府〔2025〕1号"),
        ("heading", "一、总则"),
        ("heading", "（一）培训。"),
        ("text", "企业应当培训。"),
        ("duty", "（市教育局牵头）"),
        ("front", "甲市人民政府2025年1月1日"),
    ]


def test_deepest_finds_the_innermost_clause(read: ReadText) -> None:
    document = read("甲市乙办法\n一、总则\n（一）培训。企业应当培训。\n")
    at = document.policy.text.index("企业应当")
    assert deepest(document.root, at).path == "一、（一）"
    assert deepest(document.root, len(document.policy.text) - 1) is document.root
