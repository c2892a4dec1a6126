"""One topic against its reply: everything the figures and the report need, computed once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from assistant.evaluation.matching import Extent, MatchRule, cited_extent, first_match, gold_extents
from assistant.evaluation.measures import (
    COMPLETE_WITHIN,
    RIGHT_WITHIN,
    Covers,
    Ranks,
    asked_places,
    force_cases,
    hit_at,
    is_complete,
    is_right,
    is_verbatim,
    is_wrong_place,
    missing_facts,
    span_precision,
    span_recall,
    tells_draft,
)
from assistant.evaluation.runs import CitationRecord, ReplyRecord
from assistant.evaluation.sources import SourceText
from assistant.evaluation.topics import Topic


class Fault(StrEnum):
    """What can be wrong with a reply, worst first; the values are what the report says."""

    FALSE_QUOTE = "引文与原文不一致"
    ANSWERED_UNANSWERABLE = "该拒答却作答"
    WRONG_PLACE = "引用了别处的文件"
    DRAFT_UNSAID = "没有先说明是征求意见稿"
    DECLINED_ANSWERABLE = "可答却拒答或反问"
    NO_GOLD_NEAR_TOP = "前三条依据都不是标准依据"
    INCOMPLETE = "前十二条依据里缺应有依据"
    FACT_MISSING = "缺要点"
    FORCE_WRONG = "力度判断不同"
    DOUBTFUL_WORDING = "出现须人工判断的说法"

    @property
    def severity(self) -> int:
        """0 for the worst."""
        return list(Fault).index(self)


@dataclass(frozen=True, slots=True)
class Spans:
    """Character precision and recall of the first citations of one reply."""

    precision: float
    recall: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one topic went.

    Attributes:
        ranks, strict_ranks: per gold, the rank of the first match, by coverage and by intersection over union.
        missing: the `must` strings not found.
        doubtful: the `must_not` strings found in the answer's words; whether they are claims is for a person to say.
        forces: per matched gold of known force, whether the citation has it.
        verbatim: per citation, whether it agrees with the corpus.
        place_known: whether the question's place is known and the reply is an answer.
        wrong_place: the citations from places that the question is not about.
        spans_near: of the citations that decide about "right"; `spans_all`: of those that decide about "complete".
    """

    topic: Topic
    reply: ReplyRecord
    ranks: Ranks
    strict_ranks: Ranks
    missing: tuple[str, ...]
    doubtful: tuple[str, ...]
    forces: tuple[bool, ...]
    verbatim: tuple[bool, ...]
    place_known: bool
    wrong_place: tuple[CitationRecord, ...]
    spans_near: Spans
    spans_all: Spans

    @property
    def right(self) -> bool:
        """Right by the main match rule."""
        return is_right(self.topic, declined=self.reply.declined, ranks=self.ranks, missing=self.missing)

    @property
    def strict_right(self) -> bool:
        """Right by the strict match rule."""
        return is_right(self.topic, declined=self.reply.declined, ranks=self.strict_ranks, missing=self.missing)

    @property
    def draft_told(self) -> bool | None:
        """Whether the answer begins with the draft notice; None where it need not or nothing was answered."""
        if not self.topic.draft or not self.topic.answerable or self.reply.declined:
            return None
        return tells_draft(self.reply.answer)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What is wrong, worst first."""
        topic, declined = self.topic, self.reply.declined
        checks = (
            (Fault.FALSE_QUOTE, not all(self.verbatim)),
            (Fault.ANSWERED_UNANSWERABLE, not topic.answerable and not declined),
            (Fault.WRONG_PLACE, bool(self.wrong_place)),
            (Fault.DRAFT_UNSAID, self.draft_told is False),
            (Fault.DECLINED_ANSWERABLE, topic.answerable and declined),
            (Fault.NO_GOLD_NEAR_TOP, topic.answerable and not hit_at(self.ranks, RIGHT_WITHIN)),
            (Fault.INCOMPLETE, topic.answerable and not is_complete(topic.golds, self.ranks)),
            (Fault.FACT_MISSING, topic.answerable and bool(self.missing)),
            (Fault.FORCE_WRONG, topic.answerable and not all(self.forces)),
            (Fault.DOUBTFUL_WORDING, bool(self.doubtful)),
        )
        return tuple(fault for fault, applies in checks if applies)


def outcome_of(
    topic: Topic,
    reply: ReplyRecord,
    sources: Mapping[str, SourceText],
    *,
    covers: Covers,
    policy_places: Mapping[str, str],
) -> Outcome:
    """Check one reply against its topic and the texts.

    Raises:
        BatchError: a gold does not stand in the text it names.
    """
    places = tuple(gold_extents(topic, gold, sources) for gold in topic.golds)
    cited = tuple(cited_extent(citation, sources) for citation in reply.citations)
    ranks = tuple(first_match(each, cited, MatchRule.COVERAGE) for each in places)
    strict_ranks = tuple(first_match(each, cited, MatchRule.IOU) for each in places)
    known = [policy_places[gold.doc] for gold in topic.golds if gold.doc in policy_places]
    asked = asked_places(topic.region, known, covers) if not reply.declined else frozenset()
    passages = (reply.answer, *(citation.quote for citation in reply.citations))
    return Outcome(
        topic=topic,
        reply=reply,
        ranks=ranks,
        strict_ranks=strict_ranks,
        missing=missing_facts(topic.must, passages),
        doubtful=tuple(wrong for wrong in topic.must_not if not missing_facts((wrong,), (reply.answer,))),
        forces=force_cases(topic, ranks, [citation.force for citation in reply.citations]),
        verbatim=tuple(is_verbatim(citation, sources.get(citation.policy_id)) for citation in reply.citations),
        place_known=bool(asked),
        wrong_place=tuple(
            citation
            for citation in reply.citations
            if citation.policy_id in policy_places and is_wrong_place(policy_places[citation.policy_id], asked, covers)
        ),
        spans_near=_spans(topic, places, cited[:RIGHT_WITHIN]),
        spans_all=_spans(topic, places, cited[:COMPLETE_WITHIN]),
    )


def _spans(topic: Topic, places: tuple[tuple[Extent, ...], ...], cited: tuple[Extent | None, ...]) -> Spans:
    """Precision against every gold; recall of the wanted ones, or of the best alternative where there are no others."""
    known = [extent for extent in cited if extent is not None]
    wanted = [each for gold, each in zip(topic.golds, places, strict=True) if not gold.alt]
    recall = (
        span_recall(known, wanted) if wanted else max((span_recall(known, (each,)) for each in places), default=0.0)
    )
    return Spans(span_precision(known, places), recall)
