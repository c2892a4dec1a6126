from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation.matching import Extent
from assistant.evaluation.measures import (
    Mean,
    answer_length,
    asked_places,
    force_cases,
    hit_at,
    is_complete,
    is_right,
    is_verbatim,
    is_wrong_place,
    mean,
    missing_facts,
    percentile,
    span_precision,
    span_recall,
    tells_draft,
)
from assistant.evaluation.runs import CitationRecord, read_run
from assistant.evaluation.sources import SourceText
from assistant.evaluation.topics import Gold
from assistant.model import Force

from .conftest import citation_line, covers, make_topic, reply_line, write_lines

ranks_of_golds = st.lists(st.none() | st.integers(1, 20), max_size=5).map(tuple)


def test_mean_leaves_out_what_does_not_apply() -> None:
    assert mean([True, None, False, 0.5]) == Mean(1.5, 3)
    assert mean([True, None, False, 0.5]).value == (1 + 0 + 0.5) / 3
    assert mean([]).value is None
    assert mean([None]).value is None


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([3.0, 1.0, 2.0], 0.5, 2.0),  # ceil(0.5 * 3) = 2nd
        ([4.0, 1.0, 2.0, 3.0], 0.5, 2.0),  # ceil(0.5 * 4) = 2nd, not the mean of two
        ([float(n) for n in range(1, 101)], 0.07, 7.0),  # 0.07 * 100 is 7.000000000000001
        ([float(n) for n in range(1, 21)], 0.95, 19.0),
        ([5.0], 0.95, 5.0),
        ([], 0.5, None),
    ],
)
def test_percentile(values: list[float], share: float, expected: float | None) -> None:
    assert percentile(values, share) == expected


@pytest.mark.parametrize("share", [0.0, 1.1])
def test_percentile_of_no_share(share: float) -> None:
    with pytest.raises(ValueError, match="share"):
        percentile([1.0], share)


def test_hit_at() -> None:
    assert [hit_at((None, 3, 5), k) for k in (1, 2, 3, 5)] == [False, False, True, True]
    assert not hit_at((), 5)


@given(ranks_of_golds, st.integers(1, 20), st.integers(0, 10))
def test_hit_never_falls_with_k(ranks: tuple[int | None, ...], k: int, more: int) -> None:
    assert hit_at(ranks, k) <= hit_at(ranks, k + more)


WANTED, OTHER, ALT = Gold("city", "", "甲"), Gold("city", "", "乙"), Gold("city", "", "丙", alt=True)


@pytest.mark.parametrize(
    ("golds", "ranks", "complete"),
    [
        ((WANTED, OTHER), (1, 12), True),
        ((WANTED, OTHER), (1, 13), False),  # too late
        ((WANTED, OTHER), (1, None), False),
        ((WANTED, ALT), (2, None), True),  # the alternative is not needed
        ((WANTED, ALT), (None, 1), False),  # and does not stand in for a wanted one
        ((ALT, ALT), (None, 4), True),  # where all are alternatives one is enough
        ((ALT, ALT), (None, None), False),
        ((), (), True),
    ],
)
def test_is_complete(golds: tuple[Gold, ...], ranks: tuple[int | None, ...], complete: bool) -> None:
    assert is_complete(golds, ranks) is complete


@pytest.mark.parametrize(
    ("must", "passages", "missing"),
    [
        (("６０％",), ("60%以上",), ()),  # NFKC
        (("60%以上",), ("60%\n以 上",), ()),  # white space
        (("一次|两次",), ("发两次",), ()),  # either
        (("一次|两次", "三次"), ("发两次",), ("三次",)),
        (("甲乙",), ("甲", "乙"), ("甲乙",)),  # not across passages
        (("甲|",), ("丙",), ("甲|",)),  # an empty alternative is none
        ((), (), ()),
        (("甲",), (), ("甲",)),
    ],
)
def test_missing_facts(must: tuple[str, ...], passages: tuple[str, ...], missing: tuple[str, ...]) -> None:
    assert missing_facts(must, passages) == missing


@pytest.mark.parametrize(
    ("answerable", "declined", "rank", "missing", "right"),
    [
        (True, False, 3, (), True),
        (True, False, 4, (), False),  # complete, but nothing among the first three
        (True, False, 1, ("每年",), False),
        (True, True, 1, (), False),
        (False, True, None, (), True),
        (False, False, 1, (), False),
    ],
)
def test_is_right(answerable: bool, declined: bool, rank: int | None, missing: tuple[str, ...], right: bool) -> None:
    topic = make_topic(answerable=answerable)
    assert is_right(topic, declined=declined, ranks=(rank,), missing=missing) is right


def test_force_is_that_of_the_first_gold_unless_a_gold_has_its_own() -> None:
    own = Gold("city", "", "乙", force=Force.GOAL)
    topic = make_topic(golds=(WANTED, OTHER, own), force=Force.MUST)
    forces = (Force.MUST, Force.MAY)
    assert force_cases(topic, (1, 2, 2), forces) == (True, False)  # the second gold has no known force
    assert force_cases(topic, (None, 1, None), forces) == ()  # nothing of known force matched
    assert force_cases(make_topic(golds=(own,)), (2,), (Force.MUST, Force.GOAL)) == (True,)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("注意：依据是征求意见稿。\n可以。", True),
        ("\n  按这份草案，可以。", True),
        ("可以。\n注意：依据是征求意见稿。", False),  # not in the first line
        ("", False),
    ],
)
def test_tells_draft(answer: str, told: bool) -> None:
    assert tells_draft(answer) is told


@pytest.mark.parametrize(
    ("answer", "length"),
    [
        ("可以。\n- 「企业 可以」[1]\n\n[1] 《办法》一", len("可以。-「企业可以」[1]")),
        ("可以。\n来源：\n[1] 《办法》", len("可以。")),
        ("可以[1]。", len("可以[1]。")),  # no list of sources
        ("", 0),
    ],
)
def test_answer_length(answer: str, length: int) -> None:
    assert answer_length(answer) == length


@pytest.mark.parametrize(
    ("region", "gold_places", "asked"),
    [
        ("甲市", [], {"甲市"}),
        (None, ["甲市", "乙市"], {"甲市", "乙市"}),
        ("甲市", ["甲市"], {"甲市"}),
        ("甲市", ["丙省"], {"甲市"}),  # the province's rule, asked from 甲市
        ("甲市", ["甲市", "乙市"], {"甲市", "乙市"}),  # a comparison
        ("甲市", ["乙市"], {"乙市"}),  # 「那乙市呢」
        (None, [], set()),
    ],
)
def test_asked_places(region: str | None, gold_places: list[str], asked: set[str]) -> None:
    assert asked_places(region, gold_places, covers) == asked


@pytest.mark.parametrize(
    ("cited", "asked", "wrong"),
    [
        ("甲市", {"甲市"}, False),
        ("丙省", {"甲市"}, False),  # holds it
        ("丁区", {"甲市"}, False),  # lies in it
        ("乙市", {"甲市"}, True),
        ("乙市", {"甲市", "乙市"}, False),
        ("乙市", set(), False),  # nothing known, nothing wrong
    ],
)
def test_is_wrong_place(cited: str, asked: set[str], wrong: bool) -> None:
    assert is_wrong_place(cited, asked, covers) is wrong


def _citation(tmp_path: Path, text: SourceText, /, **changes: object) -> CitationRecord:
    line = citation_line(text, "金额", "自定", "甲市", **changes)
    return read_run(write_lines(tmp_path / "a.jsonl", reply_line(citations=[line])))[0].citations[0]


def test_a_quote_is_the_slice_raw_or_as_read(tmp_path: Path, sources: dict[str, SourceText]) -> None:
    city = sources["city"]
    assert is_verbatim(_citation(tmp_path, city), city)  # 企|业 joined
    assert is_verbatim(_citation(tmp_path, city, quote="金额由企\n\n业自定"), city)


@pytest.mark.parametrize(
    "changes",
    [
        {"quote": "金额由企业决定"},
        {"quote": "金额由企业自定。"},  # one character more than the span
        {"start": 0},
        {"end": 10_000},
        {"sha256": "0" * 64},
        {"source": "corpus/yi/draft.txt"},
    ],
)
def test_a_quote_that_does_not_agree(
    tmp_path: Path, sources: dict[str, SourceText], changes: dict[str, object]
) -> None:
    assert not is_verbatim(_citation(tmp_path, sources["city"], **changes), sources["city"])


def test_a_quote_from_no_text(tmp_path: Path, sources: dict[str, SourceText]) -> None:
    assert not is_verbatim(_citation(tmp_path, sources["city"]), None)


def test_span_precision_and_recall() -> None:
    golds = [[Extent("a", 0, 10)], [Extent("a", 20, 30), Extent("a", 80, 90)]]  # the second stands twice
    cited = [Extent("a", 5, 15), Extent("a", 80, 88), Extent("b", 0, 2)]
    assert span_precision(cited, golds) == (5 + 8) / (10 + 8 + 2)
    assert span_recall(cited, golds) == (5 + 8) / (10 + 10)
    assert span_precision([*cited, cited[0]], golds) == (5 + 8) / (10 + 8 + 2)  # cited twice counts once


def test_spans_of_nothing() -> None:
    gold, cited = [[Extent("a", 0, 10)]], [Extent("a", 0, 10)]
    assert (span_precision([], gold), span_recall([], gold)) == (0.0, 0.0)
    assert (span_precision(cited, []), span_recall(cited, [])) == (0.0, 0.0)


@given(
    st.lists(st.builds(lambda s, n: Extent("a", s, s + n), st.integers(0, 30), st.integers(0, 9)), max_size=4),
    st.lists(st.builds(lambda s, n: [Extent("a", s, s + n)], st.integers(0, 30), st.integers(0, 9)), max_size=4),
)
def test_spans_are_shares(cited: list[Extent], golds: list[list[Extent]]) -> None:
    assert 0 <= span_precision(cited, golds) <= 1
    assert 0 <= span_recall(cited, golds) <= 1
