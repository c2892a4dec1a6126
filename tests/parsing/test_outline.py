"""Every node and header fact against a person's reading of the five texts (tests/fixtures/outline)."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest

from assistant.model import Clause, Level, PolicyDocument, reading_text

OUTLINE = Path(__file__).resolve().parents[1] / "fixtures" / "outline"
STEMS = sorted(path.stem for path in OUTLINE.glob("*.tsv"))
HEADERS: dict[str, dict[str, Any]] = json.loads((OUTLINE / "headers.json").read_text(encoding="utf-8"))

# (document, path) → why the parser's reading differs from the person's, on purpose.
NODE_DIFFERENCES = {
    ("haizhu-2020-skill-upgrading", "附随"): "the image mark stands inside the closing and is only in the ledger",
    ("haizhu-2020-skill-upgrading", "尾部"): "so the closing's own text runs across the mark",
}
FACT_DIFFERENCES = {
    ("zhanjiang-draft-skilled-talent", "title"): "the draft mark is kept in the title, so that no citation can lose it",
    ("zhanjiang-draft-skilled-talent", "references"): "a number inside the book marks is taken out of the title",
}


def _words(text: str) -> str:
    return re.sub(r"\s", "", text)


def _rows(stem: str) -> list[dict[str, str]]:
    lines = (OUTLINE / f"{stem}.tsv").read_text(encoding="utf-8").splitlines()
    return list(
        csv.DictReader([line for line in lines if not line.startswith("#")], delimiter="\t", quoting=csv.QUOTE_NONE)
    )


def _own(document: PolicyDocument, node: Clause) -> str:
    return _words("".join(span.of(document.policy.text) for span in node.own_spans()))


@pytest.mark.parametrize("stem", STEMS)
def test_every_node_is_on_its_path(stem: str, five: dict[str, PolicyDocument]) -> None:
    document = five[stem]
    nodes = [node for node in document.root.walk() if node.level is not Level.DOCUMENT]
    rows = [row for row in _rows(stem) if (stem, row["path"]) not in NODE_DIFFERENCES or row["path"] == "尾部"]
    assert [(node.path, str(node.level)) for node in nodes] == [(row["path"], row["level"]) for row in rows]


@pytest.mark.parametrize("stem", STEMS)
def test_every_node_has_its_words_heading_and_units(stem: str, five: dict[str, PolicyDocument]) -> None:
    document = five[stem]
    by_path = {node.path: node for node in document.root.walk()}
    for row in _rows(stem):
        if (stem, row["path"]) in NODE_DIFFERENCES:
            continue
        node = by_path[row["path"]]
        own = _own(document, node)
        assert own[:12] == _words(row["starts"])[:12], row["path"]
        assert own[-12:] == _words(row["ends"])[-12:], row["path"]
        assert node.level is Level.HEADER or _words(node.heading) == _words(row["heading"]), row["path"]
        assert list(node.lead_units) == [unit for unit in (row["lead"] or "").split("|") if unit], row["path"]
        assert list(node.cooperating_units) == [u for u in (row["cooperating"] or "").split("|") if u], row["path"]


def test_96_items_and_the_units_of_28(five: dict[str, PolicyDocument]) -> None:
    items = {stem: [n for n in five[stem].root.walk() if n.level is Level.ITEM] for stem in STEMS}
    assert {stem.split("-")[0]: len(found) for stem, found in items.items()} == {
        "guangzhou": 14,
        "zhanjiang": 21,
        "guangdong": 19,
        "haizhu": 17,
        "zhejiang": 25,
    }
    with_units = {stem.split("-")[0]: sum(bool(n.lead_units) for n in found) for stem, found in items.items()}
    assert with_units == {"guangzhou": 14, "haizhu": 14, "zhanjiang": 0, "guangdong": 0, "zhejiang": 0}


@pytest.mark.parametrize("stem", STEMS)
def test_header_facts(stem: str, five: dict[str, PolicyDocument]) -> None:
    policy, facts = five[stem].policy, HEADERS[stem]
    for name in ("document_number", "disclosure", "copied_to", "contact"):
        assert getattr(policy, name) == facts[name], name
    for name in ("signed_on", "printed_on", "published_on"):
        found = getattr(policy, name)
        assert (found.isoformat() if found else None) == facts[name], name
    for name in ("title", "notice_title"):
        if (stem, name) not in FACT_DIFFERENCES:
            assert _words(getattr(policy, name) or "") == _words(facts[name] or ""), name
    assert list(policy.issuers) == facts["issuers"]
    assert (policy.draft_mark is not None) is facts["draft"]


def test_the_draft_keeps_its_mark_in_the_title(five: dict[str, PolicyDocument]) -> None:
    stem = "zhanjiang-draft-skilled-talent"
    assert five[stem].policy.title == HEADERS[stem]["title"] + "（征求意见稿）"


@pytest.mark.parametrize("stem", STEMS)
def test_furniture_is_set_aside(stem: str, five: dict[str, PolicyDocument]) -> None:
    document = five[stem]
    text = document.policy.text
    aside = [e.span.of(text) for e in document.ledger if e.kind in ("furniture", "image", "blank_page")]
    assert [_words(words) for words in aside] == [_words(words) for words in HEADERS[stem]["furniture"]]
    said = {_words(sentence.span.of(text)) for sentence in document.sentences}
    inside = {node.clause_id for node in document.root.walk() if node.level is Level.FURNITURE}
    assert not said & {_words(words) for words in aside}
    assert not any(sentence.clause_id in inside for sentence in document.sentences)


@pytest.mark.parametrize("stem", STEMS)
def test_page_breaks_are_joined_for_reading_and_kept_raw(stem: str, five: dict[str, PolicyDocument]) -> None:
    document = five[stem]
    text = document.policy.text
    breaks = [
        (text[e.span.start - 6 : e.span.start], text[e.span.end : e.span.end + 6])
        for e in document.ledger
        if e.kind == "page_break"
    ]
    assert breaks == [tuple(pair) for pair in HEADERS[stem]["page_breaks"]]
    for before, after in HEADERS[stem]["page_breaks"]:
        across = before.rsplit("。", 1)[-1] + after
        whole = [s for s in document.sentences if across in reading_text(s.span.of(text))]
        assert len(whole) == 1
        assert "\n" in whole[0].span.of(text)


@pytest.mark.parametrize("stem", STEMS)
def test_line_wraps_of_titles_and_addressees_are_joined(stem: str, five: dict[str, PolicyDocument]) -> None:
    document = five[stem]
    for before, after in HEADERS[stem]["line_wraps"]:
        read = [reading_text(s.span.of(document.policy.text)) for s in document.sentences]
        across = _words(before + after.split("：")[0])  # 「总工会：」 ends the addressees
        assert any(across in _words(sentence) for sentence in read)


@pytest.mark.parametrize("stem", STEMS)
def test_references(stem: str, five: dict[str, PolicyDocument]) -> None:
    document, facts = five[stem], HEADERS[stem]
    own = [_words(title) for title in facts["self_references"]]
    found = [r for r in document.references if _words(r.title) not in own]
    if (stem, "references") not in FACT_DIFFERENCES:
        assert [_words(r.title) for r in found] == [_words(entry["title"]) for entry in facts["references"]]
        return
    without_number = [re.sub(r"（粤人社规[^号]*号）", "", entry["title"]) for entry in facts["references"]]
    assert [_words(r.title) for r in found] == [_words(title) for title in without_number]
    numbers = [r.document_number for r in found if r.document_number]
    assert numbers == ["粤人社规〔2014〕3号", "粤人社规〔2023〕13号"]
    assert all(r.policy_id is None for r in found)


def test_a_plan_named_by_its_own_notice_is_present(five: dict[str, PolicyDocument]) -> None:
    for stem in ("haizhu-2020-skill-upgrading", "guangdong-2022-industrial-workers"):
        own = [_words(title) for title in HEADERS[stem]["self_references"]]
        named = [r for r in five[stem].references if _words(r.title) in own]
        assert named
        assert {r.policy_id for r in named} == {stem}
