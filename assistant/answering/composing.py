"""Sentences found to answer → the draft, cut to what was asked about, several things told apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.answering.cutting import to_the_point
from assistant.answering.drafting import draft_answer
from assistant.answering.holdings import MAX_CITATIONS, Holdings
from assistant.answering.remarking import looked_at, remarks_on
from assistant.answering.several import draft_parts, of_level, parts_of
from assistant.model import Chunk, Citation, Draft, Ranking, Scope
from assistant.provisions.topics import Topic
from assistant.retrieval.understanding import Understanding


@dataclass(frozen=True, slots=True)
class Found:
    """What answers a question.

    Attributes:
        hits: best first.
        citations: of their whole sentences, in the order they are shown in.
        stated: how many of them, from the first, become points.
        open_parts: of several things asked, those that the texts leave open.
        topics: the table of matters, by which several things asked are told apart.
    """

    hits: Ranking
    citations: Sequence[Citation]
    stated: int
    open_parts: tuple[str, ...] = ()
    topics: tuple[Topic, ...] = ()


def compose(asked: Understanding, scope: Scope, found: Found, holdings: Holdings, as_of: date) -> Draft:
    """The draft of an answer that rests on what was found."""
    gazetteer = holdings.gazetteer
    remarks = remarks_on(asked, scope, gazetteer)
    rules, stated = to_the_point(holdings, asked, found.citations, found.stated)
    parts = parts_of(asked, scope, found.hits, found.topics, holdings, as_of)
    named = of_level(asked, [c for part in parts for c in part.citations] or rules[:stated], holdings, as_of)
    if parts:
        draft = draft_parts(asked, parts, named, rules[:MAX_CITATIONS], scope, holdings)
        draft = replace(draft, remarks=(*draft.remarks, *remarks))
    else:
        cited = tuple(dict.fromkeys((*rules[:stated], *named, *rules[stated:])))
        draft = draft_answer(asked, cited[:MAX_CITATIONS], stated + len(named), scope, gazetteer, remarks)
    told = draft.conclusion + looked_at(scope, holdings.in_scope(scope), gazetteer)
    return replace(draft, conclusion=told, gaps=(*found.open_parts, *draft.gaps))


def of_good_places(hits: Ranking, scope: Scope, chunks: Mapping[str, Chunk], share: float) -> Ranking:
    """Where no place was asked about: the hits of the places that have a sentence as good as the best.

    What is only related may be shown of the place an answer is for; of any other it is another place's rule.

    Args:
        hits: best first.
        scope: where they were searched.
        chunks: all that are held.
        share: of the best hit's score that a sentence as good has.
    """
    if scope.asked is not None or len(scope.jurisdictions) < 2:
        return hits
    good = [hit for hit in hits if hit.score >= share * hits[0].score]
    places = {chunks[hit.chunk_id].jurisdiction for hit in good}
    return tuple(hit for hit in hits if chunks[hit.chunk_id].jurisdiction in places)
