"""Sentence → Provision."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.jurisdictions import load_gazetteer
from assistant.model import Force, PolicyDocument, reading_text
from assistant.parsing.loading import LoadedText
from assistant.parsing.reading import read_text
from assistant.provisions.extract import provisions_of, read_provision

TEXT = (
    "甲市技能办法\n一、培训\n（一）企业应当培训。企业应当每年培训，费用由企\n\n业承担。"
    "鼓励企业评聘技师,聘任的人员,可比照高级管理人员享受待遇。（市教育局牵头）\n\n甲市人民政府\n2025年1月1日\n"
)


@pytest.fixture(scope="module")
def document(corpus_dir: Path) -> PolicyDocument:
    gazetteer = load_gazetteer(corpus_dir / "lexicon" / "divisions.tsv")
    return read_text("t", LoadedText(TEXT, "0", "utf-8"), "t.txt", gazetteer)


def test_every_sentence_has_one_provision(document: PolicyDocument) -> None:
    provisions = provisions_of(document)
    assert [provision.sentence for provision in provisions] == list(document.sentences)


def test_only_running_text_binds(document: PolicyDocument) -> None:
    bound = {p.sentence.kind for p in provisions_of(document) if p.force is not Force.NONE or p.duty_bearer}
    assert bound == {"text"}
    assert {s.kind for s in document.sentences} == {"front", "heading", "text", "duty"}


def test_a_sentence_over_a_page_break_is_read_whole(document: PolicyDocument) -> None:
    provision = next(p for p in provisions_of(document) if "费用" in p.sentence.span.of(TEXT))
    assert reading_text(provision.sentence.span.of(TEXT)) == "企业应当每年培训，费用由企业承担。"
    assert (provision.force, provision.duty_bearer) == (Force.MUST, "企业")


def test_the_part_asked_about_decides(document: PolicyDocument) -> None:
    sentence = next(s for s in document.sentences if "评聘" in s.span.of(TEXT))
    assert read_provision(document, sentence).force is Force.ENCOURAGED
    assert read_provision(document, sentence, "鼓励企业评聘").duty_bearer == "企业"
    asked = read_provision(document, sentence, "享受待遇")
    assert (asked.force, asked.duty_bearer) == (Force.MAY, "")
    assert read_provision(document, sentence, "没有这些字").force is Force.ENCOURAGED
