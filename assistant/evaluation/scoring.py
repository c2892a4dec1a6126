"""From topics, replies and texts to figures. Nothing is run and nothing is written here: same files, same figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.errors import BatchError
from assistant.evaluation.measures import (
    Covers,
    Mean,
    answer_length,
    hit_at,
    is_complete,
    mean,
    percentile,
)
from assistant.evaluation.outcomes import Outcome, outcome_of
from assistant.evaluation.runs import ReplyRecord
from assistant.evaluation.sources import SourceText
from assistant.evaluation.topics import Topic


@dataclass(frozen=True, slots=True)
class Figures:
    """What a run is worth. `strict_…` figures use the strict match rule (see `matching`); definitions: eval/README.md.

    Attributes:
        right: topics with a right reply, of all.
        answer_right, hit_…, completeness, span_…: over answerable topics.
        fact_recall: over the single `must` strings of answerable topics.
        refusal_precision: of the replies that refuse or ask back, those that should.
        refusal_recall: of the topics that cannot be answered, those refused or asked back; equals unanswerable_right.
        false_refusal_rate: of the answerable topics, those refused or asked back.
        force_accuracy: over matched golds of known force.
        draft_notice_rate: over answered topics that rest on a draft.
        wrong_place_rate: over answers to questions of known place; lower is better.
        verbatim_quotes: over all citations, those of refusals included.
        answer_length_…: characters of answers before their sources; latency_…: milliseconds over all replies.
    """

    questions: int
    right: Mean
    strict_right: Mean
    answer_right: Mean
    strict_answer_right: Mean
    unanswerable_right: Mean
    hit_1: Mean
    hit_3: Mean
    hit_5: Mean
    strict_hit_1: Mean
    strict_hit_3: Mean
    strict_hit_5: Mean
    completeness: Mean
    strict_completeness: Mean
    fact_recall: Mean
    refusal_precision: Mean
    refusal_recall: Mean
    false_refusal_rate: Mean
    force_accuracy: Mean
    draft_notice_rate: Mean
    wrong_place_rate: Mean
    verbatim_quotes: Mean
    span_precision_3: Mean
    span_recall_3: Mean
    span_precision_12: Mean
    span_recall_12: Mean
    answer_length_p50: float | None
    answer_length_p95: float | None
    latency_ms_p50: float | None
    latency_ms_p95: float | None


@dataclass(frozen=True, slots=True)
class KindFigures:
    """The figures of one kind of question."""

    kind: str
    figures: Figures


def score(
    topics: Sequence[Topic],
    replies: Sequence[ReplyRecord],
    sources: Mapping[str, SourceText],
    *,
    covers: Covers,
    policy_places: Mapping[str, str] | None = None,
) -> tuple[Outcome, ...]:
    """Check every topic against its reply, in the order of the topics.

    Args:
        topics: the questions.
        replies: one for each topic, in any order.
        sources: the corpus by policy id.
        covers: whether the first place holds the second, for whatever `region` and `jurisdiction` are written as.
        policy_places: the place of each policy; where it is silent, what the replies print as `jurisdiction` is taken.

    Raises:
        BatchError: topics and replies do not pair up, or a gold is not in its text.
    """
    replied = {reply.topic_id: reply for reply in replies}
    unanswered = [topic.topic_id for topic in topics if topic.topic_id not in replied]
    if unanswered:
        raise BatchError(f"答案文件里缺 {len(unanswered)} 题（{'、'.join(unanswered[:5])}…）。请重新生成答案。")
    unasked = replied.keys() - {topic.topic_id for topic in topics}
    if unasked:
        raise BatchError(f"答案文件里有题目文件没有的编号（{'、'.join(sorted(unasked)[:5])}…）。请核对是否配错了文件。")
    places = {
        citation.policy_id: citation.jurisdiction
        for reply in replies
        for citation in reply.citations
        if citation.jurisdiction
    } | dict(policy_places or {})
    return tuple(
        outcome_of(topic, replied[topic.topic_id], sources, covers=covers, policy_places=places) for topic in topics
    )


def summarise(outcomes: Sequence[Outcome]) -> Figures:
    """The figures over some outcomes; over none, every figure is without value."""
    answerable = [outcome for outcome in outcomes if outcome.topic.answerable]
    unanswerable = mean(outcome.right for outcome in outcomes if not outcome.topic.answerable)
    lengths = [float(answer_length(each.reply.answer)) for each in outcomes if not each.reply.declined]
    times = [outcome.reply.total_ms for outcome in outcomes]
    return Figures(
        questions=len(outcomes),
        right=mean(outcome.right for outcome in outcomes),
        strict_right=mean(outcome.strict_right for outcome in outcomes),
        answer_right=mean(outcome.right for outcome in answerable),
        strict_answer_right=mean(outcome.strict_right for outcome in answerable),
        unanswerable_right=unanswerable,
        hit_1=mean(hit_at(outcome.ranks, 1) for outcome in answerable),
        hit_3=mean(hit_at(outcome.ranks, 3) for outcome in answerable),
        hit_5=mean(hit_at(outcome.ranks, 5) for outcome in answerable),
        strict_hit_1=mean(hit_at(outcome.strict_ranks, 1) for outcome in answerable),
        strict_hit_3=mean(hit_at(outcome.strict_ranks, 3) for outcome in answerable),
        strict_hit_5=mean(hit_at(outcome.strict_ranks, 5) for outcome in answerable),
        completeness=mean(is_complete(each.topic.golds, each.ranks) for each in answerable),
        strict_completeness=mean(is_complete(each.topic.golds, each.strict_ranks) for each in answerable),
        fact_recall=mean(fact not in outcome.missing for outcome in answerable for fact in outcome.topic.must),
        refusal_precision=mean(not outcome.topic.answerable for outcome in outcomes if outcome.reply.declined),
        refusal_recall=unanswerable,
        false_refusal_rate=mean(outcome.reply.declined for outcome in answerable),
        force_accuracy=mean(right for outcome in answerable for right in outcome.forces),
        draft_notice_rate=mean(outcome.draft_told for outcome in outcomes),
        wrong_place_rate=mean(bool(outcome.wrong_place) for outcome in outcomes if outcome.place_known),
        verbatim_quotes=mean(verbatim for outcome in outcomes for verbatim in outcome.verbatim),
        span_precision_3=mean(outcome.spans_near.precision for outcome in answerable),
        span_recall_3=mean(outcome.spans_near.recall for outcome in answerable),
        span_precision_12=mean(outcome.spans_all.precision for outcome in answerable),
        span_recall_12=mean(outcome.spans_all.recall for outcome in answerable),
        answer_length_p50=percentile(lengths, 0.5),
        answer_length_p95=percentile(lengths, 0.95),
        latency_ms_p50=percentile(times, 0.5),
        latency_ms_p95=percentile(times, 0.95),
    )


def summarise_by_kind(outcomes: Sequence[Outcome]) -> tuple[KindFigures, ...]:
    """The figures of each kind, in the order in which kinds first occur."""
    kinds = dict.fromkeys(outcome.topic.kind for outcome in outcomes)
    return tuple(
        KindFigures(kind, summarise([outcome for outcome in outcomes if outcome.topic.kind == kind])) for kind in kinds
    )


def evaluate(
    topics: Sequence[Topic],
    replies: Sequence[ReplyRecord],
    sources: Mapping[str, SourceText],
    *,
    covers: Covers,
    policy_places: Mapping[str, str] | None = None,
) -> Figures:
    """The figures of one run; arguments and errors as for `score`."""
    return summarise(score(topics, replies, sources, covers=covers, policy_places=policy_places))
