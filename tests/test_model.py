"""The domain types: spans, reading text, clauses, and citations that cannot be false."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.model import (
    FORCE_LABELS,
    STATUS_LABELS,
    Chunk,
    Citation,
    Clause,
    Force,
    Level,
    Policy,
    Scope,
    Span,
    Status,
    StatusReading,
    reading_text,
)

TEXT = "甲市办法\n企业应当培训，费用由企\n\n业承担。"
POLICY = Policy("t", "甲市办法", TEXT, "t.txt", "0", None)
UNKNOWN = StatusReading(Status.UNKNOWN, None, "未标明。")


def _clause(start: int, end: int, *children: Clause) -> Clause:
    return Clause(f"t#{start}", Level.ITEM, "（一）", "（一）", "", Span(start, end), children)


@pytest.mark.parametrize(("start", "end"), [(-1, 0), (2, 1)])
def test_a_span_runs_forward(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="need 0 <= start <= end"):
        Span(start, end)


def test_spans() -> None:
    span = Span(2, 5)
    assert len(span) == 3
    assert span.of("0123456") == "234"
    assert Span(2, 5) in span
    assert Span(1, 3) not in span
    assert span.overlaps(Span(4, 9))
    assert not span.overlaps(Span(5, 9))
    assert Span(1, 9) < Span(2, 3) < Span(2, 4)


READING = [
    ("从资金中列支。企\n\n业要按", "从资金中列支。企业要按"),  # a page break
    ("甲 \r\n　　乙", "甲乙"),  # blanks at the break go with it
    ("甲\f乙", "甲乙"),  # a form feed
    (" 甲 乙 ", "甲 乙"),  # other blanks stay
    ("", ""),  # nothing
]


@pytest.mark.parametrize(("raw", "read"), READING)
def test_reading_text(raw: str, read: str) -> None:
    assert reading_text(raw) == read


@given(st.text())
def test_reading_text_loses_no_word_and_reads_the_same_again(raw: str) -> None:
    read = reading_text(raw)
    assert [char for char in read if char.isalnum()] == [char for char in raw if char.isalnum()]
    assert reading_text(read) == read


def test_own_text_and_children_tile_a_clause() -> None:
    clause = _clause(0, 20, _clause(3, 8), _clause(8, 15))
    assert clause.own_spans() == (Span(0, 3), Span(15, 20))
    assert _clause(0, 5).own_spans() == (Span(0, 5),)
    assert _clause(0, 5, _clause(0, 5)).own_spans() == ()
    assert [node.span.start for node in clause.walk()] == [0, 3, 8]


def test_a_citation_quotes_its_slice_as_read() -> None:
    citation = Citation(POLICY, _clause(5, len(TEXT)), Span(5, len(TEXT)), UNKNOWN)
    assert citation.quote == "企业应当培训，费用由企业承担。"


@pytest.mark.parametrize("span", [Span(0, 4), Span(4, 9), Span(6, 6), Span(16, 18)])
def test_a_citation_outside_its_clause_or_without_words_cannot_be_made(span: Span) -> None:
    with pytest.raises(ValueError, match="empty or outside"):
        Citation(POLICY, _clause(5, len(TEXT)), span, UNKNOWN)


def test_the_day_to_cite_is_signed_else_printed_else_published() -> None:
    day = date(2025, 4, 10)
    assert POLICY.issued_on is None
    assert dataclasses.replace(POLICY, published_on=day).issued_on == day
    assert dataclasses.replace(POLICY, published_on=date(2025, 4, 21), printed_on=day).issued_on == day
    assert dataclasses.replace(POLICY, printed_on=date(2025, 4, 14), signed_on=day).issued_on == day


def test_a_scope_admits_its_places_and_texts_only() -> None:
    chunk = Chunk("t@0-1", "t", "t#0", "440100", Span(0, 1), "text", "甲", "")
    assert Scope((frozenset({"440105"}), frozenset({"440100"}))).admits(chunk)
    assert not Scope((frozenset({"330000"}),)).admits(chunk)
    assert not Scope(()).admits(chunk)
    assert not Scope((frozenset({"440100"}),), policy_ids=frozenset({"other"})).admits(chunk)


def test_types_are_frozen_and_every_step_of_a_ladder_has_its_word() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        POLICY.title = "乙"  # type: ignore[misc]
    assert set(STATUS_LABELS) == set(Status)
    assert set(FORCE_LABELS) == set(Force)
