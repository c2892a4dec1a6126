"""The measures, each a pure function that can be checked by hand.

A measure over nothing has no value (`Mean.value` is None, shown as "—"), never NaN and never a flattering 1: a set
without drafts says nothing about draft notices. `ranks` are those of a topic's golds: the rank, from 1, of the first
citation that matches each gold, or None.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from assistant.evaluation.matching import Extent, quotes_its_span
from assistant.evaluation.runs import CitationRecord
from assistant.evaluation.sources import SourceText, without_white_space
from assistant.evaluation.topics import Gold, Topic
from assistant.model import Force

Ranks = tuple[int | None, ...]
Covers = Callable[[str, str], bool]
"""Whether the first place holds the second; places as written, by name or by code."""

RIGHT_WITHIN = 3
COMPLETE_WITHIN = 12

_SOURCES_BEGIN = re.compile(
    r"^[ \t>]*(?:\[1\]|［1］|〔1〕|【1】|(?:依据|来源|出处|引用)(?:文件|原文|条款)?[：:])", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Mean:
    """A sum over `count` cases; for yes-or-no cases the sum is how many said yes."""

    total: float
    count: int

    @property
    def value(self) -> float | None:
        """The mean, or None over no case."""
        return self.total / self.count if self.count else None


def mean(cases: Iterable[float | None]) -> Mean:
    """The mean of the cases that apply; None marks one that does not.

    Example:
        >>> mean([True, False, None, True])
        Mean(total=2.0, count=3)
    """
    counted = [float(case) for case in cases if case is not None]
    return Mean(math.fsum(counted), len(counted))


def percentile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that at least `share` of the values do not exceed (nearest rank); None without values.

    Raises:
        ValueError: `share` is not in (0, 1].
    """
    if not 0 < share <= 1:
        raise ValueError(f"share={share}: need 0 < share <= 1.")
    if not values:
        return None
    # The product is rounded first: 0.07 * 100 is a hair above 7 in floating point.
    return sorted(values)[math.ceil(round(share * len(values), 9)) - 1]


def hit_at(ranks: Ranks, k: int) -> bool:
    """Whether some gold, wanted or alternative, is matched among the first `k` citations."""
    return any(rank is not None and rank <= k for rank in ranks)


def is_complete(golds: Sequence[Gold], ranks: Ranks, *, within: int = COMPLETE_WITHIN) -> bool:
    """Whether every wanted gold is matched in time; where all golds are alternatives, one of them is enough.

    No golds at all are complete: nothing was wanted.
    """
    wanted = [rank for gold, rank in zip(golds, ranks, strict=True) if not gold.alt]
    if golds and not wanted:
        return hit_at(ranks, within)
    return all(rank is not None and rank <= within for rank in wanted)


def missing_facts(must: Sequence[str], passages: Sequence[str]) -> tuple[str, ...]:
    """The wanted strings that stand in no passage; of "a|b" either will do.

    Compared after NFKC and without white space, so full-width digits and a line break do not matter. Each passage is
    searched by itself: a fact made up of the end of one quote and the beginning of the next is no fact.
    """
    folded = [_folded(passage) for passage in passages]
    return tuple(
        fact
        for fact in must
        if not any(_folded(part) in passage for part in fact.split("|") if part.strip() for passage in folded)
    )


def is_right(topic: Topic, *, declined: bool, ranks: Ranks, missing: Sequence[str]) -> bool:
    """Whether a reply is right as the question sets define it.

    Answerable: answered, a gold among the first three citations, every wanted gold among the first twelve, every `must`
    there. Not answerable: refused, or asked back.
    """
    if not topic.answerable:
        return declined
    return not declined and hit_at(ranks, RIGHT_WITHIN) and is_complete(topic.golds, ranks) and not missing


def force_cases(topic: Topic, ranks: Ranks, forces: Sequence[Force]) -> tuple[bool, ...]:
    """For each matched gold whose force is known: whether the citation that matched it has that force.

    The topic's force is that of its first gold; a gold's own force goes before it. `forces` are the citations'.
    """
    expected = (gold.force or (topic.force if index == 0 else None) for index, gold in enumerate(topic.golds))
    return tuple(
        forces[rank - 1] is force
        for force, rank in zip(expected, ranks, strict=True)
        if force is not None and rank is not None
    )


def tells_draft(answer: str) -> bool:
    """Whether the first line with anything in it says that the basis is a draft."""
    first = next((line for line in answer.splitlines() if line.strip()), "")
    return "征求意见稿" in first or "草案" in first


def answer_length(answer: str) -> int:
    """Characters other than white space before the list of sources (a line that begins with [1], 来源：, 依据：…)."""
    sources = _SOURCES_BEGIN.search(answer)
    return len(without_white_space(answer[: sources.start()] if sources else answer))


def asked_places(region: str | None, gold_places: Collection[str], covers: Covers) -> frozenset[str]:
    """The places a question is about, as far as its topic tells.

    They are its region and the places of its golds. A gold's place that holds the region, or lies in it, adds nothing:
    a provincial gold does not open a question from 广州 to 湛江. The region falls away where every gold lies
    elsewhere, since a place named in the question goes before the selector.
    """
    if region is None:
        return frozenset(gold_places)
    elsewhere = frozenset(place for place in gold_places if not _related(place, region, covers))
    if gold_places and len(elsewhere) == len(frozenset(gold_places)):
        return elsewhere
    return elsewhere | {region}


def is_wrong_place(jurisdiction: str, asked: Collection[str], covers: Covers) -> bool:
    """Whether a cited policy's place neither is, nor holds, nor lies in any place asked about; never so if none is."""
    return bool(asked) and not any(_related(jurisdiction, place, covers) for place in asked)


def is_verbatim(citation: CitationRecord, source: SourceText | None) -> bool:
    """Whether file, checksum, position and words of a citation all agree with the corpus."""
    return (
        source is not None
        and source.is_named_by(citation.source)
        and citation.sha256 == source.sha256
        and quotes_its_span(citation, source)
    )


def span_precision(cited: Iterable[Extent], golds: Iterable[Sequence[Extent]]) -> float:
    """Share of the cited characters that lie in a gold, 0 where nothing is cited, as in LegalBench-RAG.

    Unlike there, characters cited twice count once. Each gold is given as the places where it stands.
    """
    retrieved = _characters(cited)
    relevant = _characters(place for places in golds for place in places)
    return len(retrieved & relevant) / len(retrieved) if retrieved else 0.0


def span_recall(cited: Iterable[Extent], golds: Iterable[Sequence[Extent]]) -> float:
    """Share of the golds' characters that are cited, 0 where there are none.

    Each gold is given as the places where it stands and counts at the place that is cited best.
    """
    retrieved = _characters(cited)
    found = whole = 0
    for places in golds:
        found += max((len(_characters((place,)) & retrieved) for place in places), default=0)
        whole += max((len(place) for place in places), default=0)
    return found / whole if whole else 0.0


def _characters(extents: Iterable[Extent]) -> set[tuple[str, int]]:
    return {(extent.doc, at) for extent in extents for at in range(extent.start, extent.end)}


def _folded(text: str) -> str:
    return without_white_space(unicodedata.normalize("NFKC", text))


def _related(one: str, other: str, covers: Covers) -> bool:
    return one == other or covers(one, other) or covers(other, one)
