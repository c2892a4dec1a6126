from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import BatchError
from assistant.evaluation.confusion import REPLY_LABELS, confusion
from assistant.evaluation.measures import Mean
from assistant.evaluation.outcomes import Fault, Outcome
from assistant.evaluation.runs import read_run
from assistant.evaluation.scoring import Figures, evaluate, score, summarise, summarise_by_kind
from assistant.evaluation.sources import SourceText
from assistant.evaluation.topics import read_topics

from .conftest import citation_line, covers, reply_line, topic_line, write_lines


def outcomes_of(
    tmp_path: Path, topics: list[dict[str, Any]], replies: list[dict[str, Any]], sources: dict[str, SourceText]
) -> tuple[Outcome, ...]:
    return score(
        read_topics(write_lines(tmp_path / "q.jsonl", *topics)),
        read_run(write_lines(tmp_path / "a.jsonl", *replies)),
        sources,
        covers=covers,
    )


@pytest.fixture
def outcomes(
    tmp_path: Path,
    topic_lines: list[dict[str, Any]],
    reply_lines: list[dict[str, Any]],
    sources: dict[str, SourceText],
) -> tuple[Outcome, ...]:
    return outcomes_of(tmp_path, topic_lines, reply_lines, sources)


def test_the_figures_of_four_topics_by_hand(outcomes: tuple[Outcome, ...]) -> None:
    figures = summarise(outcomes)
    assert figures.questions == 4
    assert figures.right == Mean(1 + 0 + 1 + 0, 4)
    assert figures.answer_right == Mean(1 + 0, 2)
    assert figures.unanswerable_right == figures.refusal_recall == Mean(1 + 0, 2)
    assert (figures.hit_1, figures.hit_3, figures.hit_5) == (Mean(1, 2), Mean(1, 2), Mean(1, 2))  # an altered quote
    # 金额由企业自定 is 7 of the 16 characters of the second gold, so it is not matched
    assert figures.completeness == figures.strict_completeness == Mean(1, 2)
    assert figures.fact_recall == Mean(1 + 0, 1 + 2)  # 可以 stands neither in the answer nor in the altered quote
    assert figures.refusal_precision == Mean(1, 1)
    assert figures.false_refusal_rate == Mean(0, 2)
    assert figures.force_accuracy == Mean(1, 1)
    assert figures.draft_notice_rate == Mean(0, 1)
    # asked from 甲市; about 乙市 with 甲市 among the golds; the wrong answer, asked from 甲市, cites nothing
    assert figures.wrong_place_rate == Mean(0, 3)
    assert figures.verbatim_quotes == Mean(1 + 3, 1 + 4)
    assert figures.latency_ms_p50 == 10.0  # of 10, 10, 20, 30
    assert figures.latency_ms_p95 == 30.0
    assert figures.answer_length_p95 == float(len("要，每年都要。"))


def test_spans_by_hand(outcomes: tuple[Outcome, ...]) -> None:
    first, second = outcomes[:2]
    assert (first.spans_near.precision, first.spans_near.recall) == (1.0, 1.0)
    cited = len("到2027年培训100人") + len("企业应当每年培训技师") + len("金额由企业自定")
    wanted = len("企业可以设立津贴") + len("鼓励企业设立津贴，金额由企业自定")
    assert second.spans_near.precision == len("金额由企业自定") / cited
    assert second.spans_near.recall == len("金额由企业自定") / wanted
    assert second.spans_all == second.spans_near  # the fourth citation's words do not stand where it says


def test_faults_come_worst_first(outcomes: tuple[Outcome, ...]) -> None:
    assert [outcome.faults for outcome in outcomes] == [
        (),
        (
            Fault.FALSE_QUOTE,
            Fault.DRAFT_UNSAID,
            Fault.NO_GOLD_NEAR_TOP,
            Fault.INCOMPLETE,
            Fault.FACT_MISSING,
            Fault.DOUBTFUL_WORDING,
        ),
        (),
        (Fault.ANSWERED_UNANSWERABLE,),
    ]
    assert all(list(outcome.faults) == sorted(outcome.faults, key=lambda f: f.severity) for outcome in outcomes)


def test_the_strict_rule_asks_for_a_citation_of_about_the_same_length(
    tmp_path: Path, sources: dict[str, SourceText]
) -> None:
    whole_text = citation_line(sources["city"], "甲市办法", "100人。", "甲市")
    (outcome,) = outcomes_of(tmp_path, [topic_line()], [reply_line(citations=[whole_text])], sources)
    assert (outcome.ranks, outcome.strict_ranks) == ((1,), (None,))
    assert (outcome.right, outcome.strict_right) == (True, False)


def test_the_force_of_the_matching_citation_is_compared(tmp_path: Path, sources: dict[str, SourceText]) -> None:
    citation = citation_line(sources["city"], "企业应当", "技师", "甲市", force="may")
    (outcome,) = outcomes_of(tmp_path, [topic_line()], [reply_line(citations=[citation])], sources)
    assert summarise([outcome]).force_accuracy == Mean(0, 1)
    assert outcome.faults == (Fault.FORCE_WRONG,)


def test_a_citation_of_another_place_is_a_wrong_place(tmp_path: Path, sources: dict[str, SourceText]) -> None:
    citations = [
        citation_line(sources["city"], "企业应当", "技师", "甲市"),
        citation_line(sources["draft"], "企业可以", "津贴", "乙市", n=2),
    ]
    (outcome,) = outcomes_of(tmp_path, [topic_line()], [reply_line(citations=citations)], sources)
    assert [citation.n for citation in outcome.wrong_place] == [2]
    assert summarise([outcome]).wrong_place_rate == Mean(1, 1)


def test_where_a_policy_lies_can_be_said_from_outside(tmp_path: Path, sources: dict[str, SourceText]) -> None:
    """A reply that prints the wrong place for a text does not hide that it cited another place's text."""
    citation = citation_line(sources["draft"], "企业可以", "津贴", "甲市")
    topics = read_topics(write_lines(tmp_path / "q.jsonl", topic_line()))
    replies = read_run(write_lines(tmp_path / "a.jsonl", reply_line(citations=[citation])))
    believed = evaluate(topics, replies, sources, covers=covers)
    known = evaluate(topics, replies, sources, covers=covers, policy_places={"draft": "乙市", "city": "甲市"})
    assert believed.wrong_place_rate == Mean(0, 1)
    assert known.wrong_place_rate == Mean(1, 1)


def test_a_refusal_is_no_wrong_place_and_its_quotes_are_still_checked(
    tmp_path: Path, sources: dict[str, SourceText]
) -> None:
    citation = citation_line(sources["draft"], "企业可以", "津贴", "乙市", quote="可以")
    reply = reply_line(status="refused", reason="not_stated", citations=[citation])
    (outcome,) = outcomes_of(tmp_path, [topic_line()], [reply], sources)
    figures = summarise([outcome])
    assert figures.wrong_place_rate.value is None
    assert figures.verbatim_quotes == Mean(0, 1)
    assert figures.false_refusal_rate == Mean(1, 1)


def test_over_nothing_no_figure_has_a_value() -> None:
    figures = summarise([])
    for field in fields(Figures):
        found = getattr(figures, field.name)
        assert (found.value if isinstance(found, Mean) else found) in (None, 0), field.name


def test_kinds_keep_their_order_and_add_up(outcomes: tuple[Outcome, ...]) -> None:
    kinds = summarise_by_kind(outcomes)
    assert [kind.kind for kind in kinds] == ["obligation", "comparison", "unanswerable"]
    assert sum(kind.figures.right.total for kind in kinds) == summarise(outcomes).right.total


def test_topics_and_replies_must_pair_up(tmp_path: Path, sources: dict[str, SourceText]) -> None:
    with pytest.raises(BatchError, match="缺 1 题（other"):
        outcomes_of(tmp_path, [topic_line(), topic_line(id="other")], [reply_line()], sources)
    with pytest.raises(BatchError, match="没有的编号（other"):
        outcomes_of(tmp_path, [topic_line()], [reply_line(), reply_line(id="other")], sources)


def test_kinds_are_counted_by_the_kind_of_reply(outcomes: tuple[Outcome, ...]) -> None:
    table = dict(confusion(outcomes))
    assert sum(sum(counts) for counts in table.values()) == len(outcomes)
    answered = list(REPLY_LABELS.values()).index("作答")
    told = sum(not outcome.reply.declined for outcome in outcomes)
    assert sum(counts[answered] for counts in table.values()) == told
    assert list(table) == list(dict.fromkeys(outcome.topic.kind for outcome in outcomes))
