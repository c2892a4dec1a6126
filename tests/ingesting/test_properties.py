"""Whatever the words: the tree tiles the stored text, ids stay, and no visible word is lost."""

from __future__ import annotations

import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_files import laid_out, make_page, make_pdf, make_word

from assistant.ingesting.ingest import ingest
from assistant.jurisdictions import load_gazetteer
from assistant.parsing.formats.extracting import extract, extract_or_refuse
from assistant.parsing.formats.extraction import Extraction
from assistant.parsing.formats.table_rows import Cell, table_lines
from assistant.parsing.loading import LoadedText
from assistant.parsing.reading import read_text
from assistant.settings import Settings

GAZETTEER = load_gazetteer(Settings().lexicon_dir / "divisions.tsv")
WORDS = st.text(alphabet="企业应当按规定提取职工教育经费鼓励设立技能津贴一二三12，、", min_size=4, max_size=90)
LABELS = st.sampled_from(
    ["第一章　总则", "第二章　分则", "一、", "（一）", "1.", "（1）", "第一条　", "第二条　", "附件1", "——", ""]
)
LINES = st.lists(st.builds(lambda label, words: label + words + "。", LABELS, WORDS), min_size=1, max_size=14)
QUICK = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def bare(text: str) -> str:
    return re.sub(r"[\s|]", "", text)


def text_of(lines: list[str]) -> str:
    return "\n".join(["广州市技能办法", "穗府〔2024〕1号", *lines]) + "\n"


def check(found: Extraction) -> None:
    """The stored text is tiled by its tree, twice in the same way, and every offset lies inside it."""
    loaded = LoadedText(found.text, "0" * 64, "utf-8")
    first, second = (read_text("x", loaded, "x", GAZETTEER) for _ in range(2))
    assert first == second
    ids = [node.clause_id for node in first.root.walk()]
    assert len(ids) == len(set(ids))
    for node in first.root.walk():
        spans = sorted((*node.own_spans(), *(child.span for child in node.children)))
        assert "".join(span.of(found.text) for span in spans) == node.span.of(found.text)
    assert list(found.pages) == sorted(found.pages)
    assert all(0 <= at <= len(found.text) for at in (*found.pages, *(entry.at for entry in found.set_aside)))


@QUICK
@given(LINES)
def test_a_page_keeps_every_word(lines):
    text = text_of(lines)
    found = extract(make_page(text), "a.html")
    left = "".join(entry.words for entry in found.set_aside)
    assert all(bare(line) in bare(found.text) or bare(line)[:60] in bare(left) for line in text.splitlines())
    check(found)


@QUICK
@given(LINES)
def test_word_keeps_every_word(lines):
    found = extract(make_word(text_of(lines).splitlines()), "a.docx")
    assert found.text == text_of(lines)
    check(found)


@QUICK
@given(LINES, st.integers(5, 24))
def test_a_pdf_keeps_every_word(lines, rows):
    text = text_of(lines)
    found = extract(make_pdf(laid_out(text, lines=rows)), "a.pdf")
    assert bare(text) in bare(found.text)
    check(found)


@QUICK
@given(st.text(max_size=400), st.sampled_from(["a.txt", "a.md", "a.html"]))
def test_any_text_is_read_or_refused(text, name):
    found = extract_or_refuse(text.encode("utf-8", "replace"), name)
    if isinstance(found, Extraction):
        check(found)
    else:
        assert re.search(r"[\u4e00-\u9fff]{4}", found)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(LINES, min_size=2, max_size=4, unique_by=lambda lines: text_of(lines)), st.randoms(use_true_random=False)
)
def test_the_order_of_ingest_and_a_second_run_change_nothing(tmp_path_factory, texts, chance):
    """Ids, files and records are the same in any order, and a second run adds nothing."""
    folder = tmp_path_factory.mktemp("in")
    paths = []
    for number, lines in enumerate(texts):
        path = folder / f"{number}.txt"
        path.write_text(text_of(lines), encoding="utf-8")
        paths.append(path)
    stored = []
    for order in (paths, chance.sample(paths, len(paths))):
        corpus = tmp_path_factory.mktemp("corpus")
        list(ingest(order, corpus, GAZETTEER))
        assert {report.outcome for report in ingest(order, corpus, GAZETTEER)} == {"present"}
        files = (path for path in corpus.rglob("*") if path.is_file() and path.name != ".ingest.lock")
        stored.append({path.relative_to(corpus): path.read_bytes() for path in files if path.suffix != ".json"})
    assert stored[0] == stored[1]
    assert len(stored[0]) == len(texts)


CELLS = st.lists(
    st.lists(st.tuples(st.text("补贴标准等级元甲乙12", max_size=6), st.integers(1, 3), st.integers(1, 3)), max_size=4),
    max_size=5,
)


@QUICK
@given(CELLS)
def test_no_word_of_a_table_is_lost(rows):
    """Every cell stands in a line, whatever it covers, and lines of one table read as one tree."""
    lines = table_lines([[Cell(words, down, across) for words, down, across in row] for row in rows])
    said = "".join(lines)
    assert all(words in said for row in rows for words, _, _ in row)
    check(Extraction("\n".join(["甲市补贴标准", *lines]) + "\n", "html"))
