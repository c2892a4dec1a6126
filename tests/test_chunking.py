"""Clause tree → chunks: one sentence each; the context is searched and never quoted."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from assistant.chunking import chunks_of
from assistant.jurisdictions import load_gazetteer
from assistant.model import Chunk, PolicyDocument, reading_text
from assistant.parsing.loading import LoadedText
from assistant.parsing.reading import read_corpus, read_text

TEXT = (
    "广州市技能办法\n一、培训\n（一）企业。企业应当培训，费用由企\n\n业承担。\n（二）院校。\n支持院校。\n"
    "版权所有 某网站"
)


@pytest.fixture(scope="module")
def document(corpus_dir: Path) -> PolicyDocument:
    gazetteer = load_gazetteer(corpus_dir / "lexicon" / "divisions.tsv")
    return read_text("t", LoadedText(TEXT, hashlib.sha256(TEXT.encode()).hexdigest(), "utf-8"), "t.txt", gazetteer)


@pytest.fixture(scope="module")
def chunks(document: PolicyDocument) -> tuple[Chunk, ...]:
    return chunks_of(document)


def test_one_chunk_per_sentence_in_text_order(chunks: tuple[Chunk, ...]) -> None:
    assert [(chunk.text, chunk.kind) for chunk in chunks] == [
        ("广州市技能办法", "front"),
        ("一、培训", "heading"),
        ("（一）企业。", "heading"),
        ("企业应当培训，费用由企业承担。", "text"),
        ("（二）院校。", "heading"),
        ("支持院校。", "text"),
    ]


def test_ids_are_unique_and_name_the_place(chunks: tuple[Chunk, ...]) -> None:
    assert len({chunk.chunk_id for chunk in chunks}) == len(chunks)
    assert chunks[0].chunk_id == "t@0-7"
    assert all(chunk.chunk_id == f"t@{chunk.span.start}-{chunk.span.end}" for chunk in chunks)


def test_the_text_is_the_slice_as_read(chunks: tuple[Chunk, ...]) -> None:
    assert all(chunk.text == reading_text(chunk.span.of(TEXT)) for chunk in chunks)


def test_the_context_is_title_and_headings(chunks: tuple[Chunk, ...]) -> None:
    assert chunks[3].context == "广州市技能办法 培训 企业"
    assert chunks[0].context == "广州市技能办法"


def test_the_place_is_the_policys(chunks: tuple[Chunk, ...]) -> None:
    assert {chunk.jurisdiction for chunk in chunks} == {"440100"}


def test_furniture_gives_no_chunk(chunks: tuple[Chunk, ...]) -> None:
    assert not any("版权所有" in chunk.text for chunk in chunks)


def test_an_unknown_place_is_the_empty_code(corpus_dir: Path) -> None:
    gazetteer = load_gazetteer(corpus_dir / "lexicon" / "divisions.tsv")
    nowhere = read_text("t", LoadedText("一、甲。乙。", "0", "utf-8"), "t.txt", gazetteer)
    assert {chunk.jurisdiction for chunk in chunks_of(nowhere)} == {""}


def test_all_96_items_of_the_corpus_have_text(corpus_dir: Path) -> None:
    gazetteer = load_gazetteer(corpus_dir / "lexicon" / "divisions.tsv")
    for read in read_corpus(corpus_dir, gazetteer):
        spoken = {chunk.clause_id for chunk in chunks_of(read) if chunk.kind == "text"}
        items = {node.clause_id for node in read.root.walk() if node.level == "item"}
        assert items <= spoken
