"""What holds for every text: the five real ones, the small ones, and generated ones."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from assistant.chunking import chunks_of
from assistant.jurisdictions import Gazetteer, load_gazetteer
from assistant.model import Clause, PolicyDocument, Span, reading_text
from assistant.parsing.innermost import deepest
from assistant.parsing.loading import LoadedText
from assistant.parsing.reading import read_text
from assistant.parsing.status import status_on
from tests.parsing.test_golden import CASES

ROOT = Path(__file__).resolve().parents[2]
settings.register_profile("parsing", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=150)
settings.register_profile("parsing-ci", settings.get_profile("parsing"), derandomize=True, database=None)
PROFILE = settings.get_profile("parsing-ci" if os.environ.get("CI") == "true" else "parsing")

_GAZETTEER: list[Gazetteer] = []


def _read(text: str) -> PolicyDocument:
    if not _GAZETTEER:
        _GAZETTEER.append(load_gazetteer(ROOT / "corpus" / "lexicon" / "divisions.tsv"))
    return read_text("p", LoadedText(text, "0", "utf-8"), "p.txt", _GAZETTEER[0])


# Pieces that the grammar reacts to; lines are made of them, texts of lines.
_LABELS = re.findall(
    r"[^/]+",
    "一、/二、/三、/十二、/（一）/(二)/（三）/1./2．/3、/（1）/(2)/①/——/第一编 /第一章 /第二章/第一节 /第一条 /第二条"
    "/第三条之一 /第二部分 /附件/附件1/附件2：/附件：1./问：/答：/目 录/# ",
)
_WORDS = re.findall(
    r"[^/]+",
    "总体要求/企业应当培训/鼓励企业/可以比照/到2027年达到40%/《办法》/（穗府办〔2025〕7号）/穗府办〔2025〕7号/2025年4月10日"
    "/广州市人民政府办公室/关于加强人才的意见/印发方案的通知/（征求意见稿）/牵头单位：市教育局/（市教育局牵头，市财政局等配合）"
    "/公开方式：主动公开/抄送：市委。/附件/有效期3年/自2024年1月1日起施行/各区人民政府：/成文日期：/有效性：失效/打印/首页"
    "/版权所有/第一条/......1/12/a;b/。/；/，/：/“/”/（/）/《/》/　　/  /[image: a.png]/— 1 —/\ufeff/\u200b",
)
_BREAKS = ["\n", "\n", "\n", "\n\n", "\r\n", "\f", "\u2028", "\n　　", ""]
_LINES = st.builds(
    lambda label, words: label + "".join(words),
    st.one_of(st.just(""), st.sampled_from(_LABELS)),
    st.lists(st.sampled_from(_WORDS), max_size=6),
)
POLICIES = st.lists(st.tuples(_LINES, st.sampled_from(_BREAKS)), max_size=25).map(
    lambda rows: "".join(line + end for line, end in rows)
)


def _tiles(node: Clause) -> Iterator[Span]:
    for child in node.children:
        assert child.span in node.span, f"{child.clause_id} is outside its parent"
        yield from _tiles(child)
    yield from node.own_spans()


def check(document: PolicyDocument) -> None:
    """Everything that must hold for a parsed text."""
    policy, text = document.policy, document.policy.text
    assert document.root.span == Span(0, len(text))
    tiles = sorted(_tiles(document.root))
    assert all(a.end == b.start for a, b in pairwise(tiles)), "own texts and children do not tile"
    assert not tiles or (tiles[0].start, tiles[-1].end) == (0, len(text))
    nodes = list(document.root.walk())
    assert len({node.clause_id for node in nodes}) == len(nodes), "an id twice"
    for node in nodes:
        starts = [child.span.start for child in node.children]
        assert starts == sorted(starts)
        assert node.duty_span is None or node.duty_span in node.span
    by_id = {node.clause_id: node for node in nodes}
    last = Span(0, 0)
    for sentence in document.sentences:
        assert sentence.span in by_id[sentence.clause_id].span, "a sentence outside its clause"
        assert any(char.isalnum() for char in sentence.span.of(text))
        assert reading_text(sentence.span.of(text))
        assert sentence.span >= last, "sentences out of order"
        assert not sentence.span.overlaps(last), "two sentences share words"
        assert deepest(document.root, sentence.span.start).clause_id == sentence.clause_id
        last = sentence.span
    _check_nothing_is_lost(document)
    for entry in (*document.ledger, *document.references, *policy.deadlines):
        assert entry.span.end <= len(text)
    assert status_on(policy, date(2026, 11, 20)).explanation
    assert [chunk.span for chunk in chunks_of(document)] == [s.span for s in document.sentences]


def _check_nothing_is_lost(document: PolicyDocument) -> None:
    """Every letter and digit is in a sentence or the ledger, or is a clause's label."""
    text = document.policy.text
    covered = bytearray(len(text))
    for span in (*(s.span for s in document.sentences), *(e.span for e in document.ledger)):
        covered[span.start : span.end] = b"\1" * len(span)
    for node in document.root.walk():
        if node.label:
            end = text.index(node.label, node.span.start) + len(node.label)
            covered[node.span.start : end] = b"\1" * (end - node.span.start)
    lost = "".join(char for at, char in enumerate(text) if char.isalnum() and not covered[at])
    assert not lost, f"no sentence holds {lost[:40]!r}"


@pytest.mark.parametrize("source", [source for source, _ in CASES], ids=lambda path: path.stem)
def test_real_and_small_texts(source: Path) -> None:
    text = source.read_text(encoding="utf-8")
    document = _read(text)
    check(document)
    assert _read(text) == document, "a second reading differs"


@settings(PROFILE)
@given(POLICIES)
@example("")
@example("\n\n")
@example("第一条")
@example("一、甲\n\n\n")
def test_texts_made_of_the_grammar(text: str) -> None:
    document = _read(text)
    check(document)
    assert [node.clause_id for node in _read(text).root.walk()] == [node.clause_id for node in document.root.walk()]


@settings(PROFILE)
@given(st.text(max_size=300))
@example("\x00\x85\u2028《（“")
@example("附件" * 50)
def test_any_text_at_all(text: str) -> None:
    check(_read(text))


@settings(PROFILE, max_examples=40)
@given(st.data())
def test_real_texts_cut_and_spoiled(data: st.DataObject) -> None:
    """A real text with a piece taken out and lines wrapped elsewhere still holds together."""
    source = data.draw(st.sampled_from([source for source, _ in CASES]))
    text = source.read_text(encoding="utf-8")[:2500]
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 400)))
    cut = text[:start] + data.draw(st.sampled_from(["", "\n", "\n\n", "\f", "乱码"])) + text[end:]
    check(_read(cut))


def test_a_long_line_and_a_deep_list_are_read_in_time() -> None:
    check(_read("企业应当" * 20_000))
    check(_read("".join(f"{number}.企业应当培训。\n" for number in range(1, 100)) * 5))
    check(_read("（" * 5_000 + "甲" + "）" * 5_000))
    check(_read("《" * 5_000))
