"""Whether a citation is the passage a topic asks for.

The rule of the question sets: the same document, and the quotes overlap by at least 60 %. It leaves open what the 60 %
are taken of, so both readings are kept and reported side by side:

* `COVERAGE`: the characters of the gold that the citation's source span covers, over the length of the gold. A citation
  may be longer than the gold. This is the reading the main figures use.
* `IOU`: the characters both have, over the characters either has. A citation much longer than the gold fails.

Positions decide, not words: the gold is looked up in the document, and the citation is where its `start` and `end` say,
so a sentence that merely resembles the gold does not count; nor does a citation whose words are not those of its place.
White space is ignored on both sides. A gold that the
document holds more than once is matched at any of its places.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.errors import BatchError
from assistant.evaluation.runs import CitationRecord
from assistant.evaluation.sources import SourceText, without_white_space
from assistant.evaluation.topics import Gold, Topic
from assistant.model import reading_text

MATCH_FLOOR = 0.6


class MatchRule(StrEnum):
    """What an overlap is measured against."""

    COVERAGE = "coverage"
    IOU = "iou"


@dataclass(frozen=True, slots=True)
class Extent:
    """A stretch of a document, half open, counted in characters other than white space."""

    doc: str
    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def common(self, other: Extent) -> int:
        """How many characters both hold."""
        if self.doc != other.doc:
            return 0
        return max(0, min(self.end, other.end) - max(self.start, other.start))


def overlap(gold: Extent, cited: Extent, rule: MatchRule) -> float:
    """How much of the gold the citation is, from 0 to 1; 0 where there is nothing to divide by.

    Example:
        >>> overlap(Extent("a", 0, 10), Extent("a", 4, 24), MatchRule.COVERAGE)
        0.6
        >>> overlap(Extent("a", 0, 10), Extent("a", 4, 24), MatchRule.IOU)
        0.25
    """
    common = gold.common(cited)
    whole = len(gold) if rule is MatchRule.COVERAGE else len(gold) + len(cited) - common
    return common / whole if whole else 0.0


def gold_extents(topic: Topic, gold: Gold, sources: Mapping[str, SourceText]) -> tuple[Extent, ...]:
    """Every place at which the gold's words stand in its document.

    Raises:
        BatchError: no such document, or it does not hold these words; the topic could never be answered.
    """
    source = sources.get(gold.doc)
    if source is None:
        raise BatchError(f"题目 {topic.topic_id}：语料里没有文件“{gold.doc}”。请检查 gold 的 doc。")
    words = without_white_space(gold.quote)
    places = []
    at = source.dense.find(words)
    while at >= 0:
        places.append(Extent(gold.doc, at, at + len(words)))
        at = source.dense.find(words, at + 1)
    if not places:
        raise BatchError(f"题目 {topic.topic_id}：“{gold.doc}”的原文里找不到“{gold.quote[:30]}”。请照原文改正 gold。")
    return tuple(places)


def check_golds(topics: Sequence[Topic], sources: Mapping[str, SourceText]) -> None:
    """Make sure that every gold stands in the text it names.

    Raises:
        BatchError: one does not.
    """
    for topic in topics:
        for gold in topic.golds:
            gold_extents(topic, gold, sources)


def quotes_its_span(citation: CitationRecord, source: SourceText) -> bool:
    """Whether a citation's words are those of its place: the raw slice, or the slice with its line breaks joined."""
    if not citation.start < citation.end <= len(source.text):
        return False
    raw = source.text[citation.start : citation.end]
    return citation.quote in (raw, reading_text(raw))


def cited_extent(citation: CitationRecord, sources: Mapping[str, SourceText]) -> Extent | None:
    """Where a citation's words stand; None where they do not stand where it says."""
    source = sources.get(citation.policy_id)
    if source is None or not quotes_its_span(citation, source):
        return None
    return Extent(citation.policy_id, source.dense_offset(citation.start), source.dense_offset(citation.end))


def first_match(places: Sequence[Extent], cited: Sequence[Extent | None], rule: MatchRule) -> int | None:
    """The rank, from 1, of the first citation that matches the gold at one of its places; None without one."""
    for rank, extent in enumerate(cited, start=1):
        if extent is not None and any(overlap(place, extent, rule) >= MATCH_FLOOR for place in places):
            return rank
    return None
