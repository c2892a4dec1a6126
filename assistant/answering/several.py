"""Several things asked in one question (「能落户吗，孩子读书呢」): each has its own words, told apart.

「我是高级技师」 says for whom: where a sentence of the clause names just that level (将高级技师…纳入C类清单), it is
shown too, for the others speak of people it puts the asker among.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.answering.citations import cite, cite_act, cite_rules
from assistant.answering.conclusions import levels_apart, told_of, where_of
from assistant.answering.drafting import draft_answer, point
from assistant.answering.focusing import Focus
from assistant.answering.holdings import Holdings
from assistant.answering.verdicts import verdict
from assistant.jurisdictions import Gazetteer
from assistant.model import Chunk, Citation, Draft, Ranking, Scope, Span, Statement
from assistant.provisions.force import main_force
from assistant.provisions.levels import LEVEL_NAME
from assistant.provisions.parties import duty_bearer
from assistant.provisions.topics import Topic, topics_of
from assistant.retrieval.cues import QuestionKind, kinds_of
from assistant.retrieval.lay_wording import SHOWN, policy_words
from assistant.retrieval.understanding import Understanding

MOST_PARTS, MOST_OF_PART, MOST_LISTED = 3, 2, 4
"""Things asked that are told apart; provisions shown for each, and for one that asks for a list."""
OF_PART, STRANGE, OWN = 0.8, 0.85, 1.2
"""A further provision is shown when it scores this share of the best; what a hit counts that was not found for the
question as a whole; and one of the place's own text."""
SQUARELY = 1.2
"""Times the floor of being on the matter that a thing asked must reach whose matter is in no table."""
LONGEST_NAME = 16
"""Characters of its own words by which a thing asked is named."""
SEARCHED = 4
# 「经认定为湛江高层次人才，可相应享受…」: what a class of people is given; the name without the place before it
_CLASS = re.compile(
    r"(?:认定|评定|评|聘任|聘)为[^，,；;。]{0,4}?(?P<name>[高领首特优杰][^，,；;。的]{2,8})(?:的[^，,；;。]{0,6})?[，,]?可?[^，,；;。]{0,4}享受"
)
_BARE = re.compile(r"^(?:那|请问|想问)?(?:在|到|去|回|来)?\s+")
LEVEL = re.compile(LEVEL_NAME)
# 「将…高级技师…纳入…清单」, 「…高级工…认定为…」: whom a level is put among
_PUTS_AMONG = re.compile(r"纳入|列入|认定|评定|视为|作为|放宽|可(?:直接)?(?:申报|享受|比照)|同等待遇|享受")


@dataclass(frozen=True, slots=True)
class Part:
    """One of the things asked, and the provisions nearest to it, best first; at least one."""

    asked: Understanding
    citations: tuple[Citation, ...]

    @property
    def name(self) -> str:
        """Its words, without where it is asked about: 「能落户吗」."""
        words = _BARE.sub("", self.asked.text).strip("，,。？?！! ")
        return words if len(words) <= LONGEST_NAME else words[: LONGEST_NAME - 1] + "…"


def parts_of(
    asked: Understanding, scope: Scope, found: Ranking, topics: tuple[Topic, ...], holdings: Holdings, as_of: date
) -> tuple[Part, ...]:
    """The things asked that a sentence in scope deals with, in their order; empty where fewer than two do.

    They are told apart only where each names a matter of the table of topics and no two name the same: 「市里支持吗，
    是硬性的吗」 and 「谁牵头」 ask of the matter that the rest of the question names.

    Args:
        asked: the question.
        scope: where it is searched.
        topics: the table.
        found: what was found for the question as a whole: of two sentences as near to a part, it tells.
        holdings: what is searched.
        as_of: the day statuses are read for.
    """
    if len(asked.parts) < 2 or scope.asked is None or asked.asks(QuestionKind.AUTHORITY, QuestionKind.COMPARISON):
        return ()
    groups = _groups(asked.parts, topics, holdings)
    matters = [matter for _, matter in groups]
    if len(groups) > MOST_PARTS or any(one & other for at, one in enumerate(matters) for other in matters[:at]):
        return ()
    floors = holdings.searcher.floors
    parts = []
    for words, matter in groups:
        # who says who he is asks for himself: 「看病有优惠吗」 is a matter though the table has no such
        least = floors.part if matter else SQUARELY * floors.on_matter if asked.story else None
        parts.append(None if least is None else _part(asked, words, scope, found, least, holdings, as_of))
    told = tuple(part for part in parts if part is not None)
    return told if len(told) > 1 else ()


def _groups(
    stretches: Sequence[str], topics: tuple[Topic, ...], holdings: Holdings
) -> list[tuple[str, frozenset[str]]]:
    """The things asked with the matters they name; what names none goes with the thing before it."""
    groups: list[tuple[str, frozenset[str]]] = []
    for words in stretches:
        matter = _topics(words, topics, holdings)
        if groups and not matter and groups[-1][1]:
            groups[-1] = (f"{groups[-1][0]}，{words}", groups[-1][1])
        else:
            groups.append((words, matter))
    return groups


def _topics(words: str, topics: tuple[Topic, ...], holdings: Holdings) -> frozenset[str]:
    """The matters that a part names, in its own words or in those of the texts that people's words stand for."""
    meant = " ".join(word for word, weight in policy_words(holdings.wording, holdings.tokens(words)) if weight >= SHOWN)
    return frozenset(topic.name for topic in topics_of(f"{words} {meant}", topics))


def _part(
    asked: Understanding, words: str, scope: Scope, found: Ranking, least: float, holdings: Holdings, as_of: date
) -> Part | None:
    """None where no sentence scores `least` for it."""
    own = replace(asked, text=words, search_text=words, asking=words, parts=(), kinds=kinds_of(words), carried_topic="")
    hits = holdings.search(own, scope, SEARCHED).kept
    if not hits or hits[0].score < least:
        return None
    whole = {hit.chunk_id for hit in found}
    weight = {
        hit.chunk_id: hit.score
        * (1.0 if hit.chunk_id in whole else STRANGE)
        * (OWN if holdings.chunks[hit.chunk_id].jurisdiction == scope.asked else 1.0)
        for hit in hits
    }
    ranked = sorted(hits, key=lambda hit: -weight[hit.chunk_id])
    best = ranked[0].score
    most = MOST_LISTED if own.asks(QuestionKind.LIST) else MOST_OF_PART
    near = list(ranked[:1]) + [h for h in ranked[1:most] if h.score >= OF_PART * best and h.chunk_id in whole]
    chosen = [holdings.chunks[hit.chunk_id] for hit in near]
    focus = holdings.focus(own)
    return Part(own, tuple(_cited(holdings, chunk, as_of, focus) for chunk in chosen))


def of_level(asked: Understanding, near: Sequence[Citation], holdings: Holdings, as_of: date) -> tuple[Citation, ...]:
    """The sentence, in the clauses of these citations, that names the level of who asks, where they do not.

    Where it puts that level into a class (高层次人才C类), what the clause gives to that class follows it.
    """
    levels = dict.fromkeys(LEVEL.findall(asked.story))
    if not levels or any(level in LEVEL.findall(c.whole.quote) for c in near for level in levels):
        return ()
    clauses = {(citation.policy.policy_id, citation.clause.clause_id) for citation in near}
    chunks = [
        chunk
        for policy_id in dict.fromkeys(policy_id for policy_id, _ in clauses)
        for chunk in holdings.chunks_of(holdings.document(policy_id))
        if (policy_id, chunk.clause_id) in clauses and chunk.kind == "text"
    ]
    named = [
        c for c in chunks if any(level in LEVEL.findall(c.text) for level in levels) and _PUTS_AMONG.search(c.text)
    ]
    if not named:
        return ()
    held = [_cited(holdings, named[0], as_of, holdings.focus(asked))]
    for chunk in chunks:
        found = _CLASS.search(chunk.text) if chunk is not named[0] else None
        if found is not None and found["name"] in named[0].text:
            document, words = holdings.document(chunk.policy_id), chunk.text[found.start() :]
            force = main_force(words)
            bearer = duty_bearer(words, force)
            at = found.start()
            held.append(cite_act(document, chunk.span, at, as_of, force=force, duty_bearer=bearer))
            break
    return tuple(held)


def _cited(holdings: Holdings, chunk: Chunk, as_of: date, focus: Focus) -> Citation:
    document = holdings.document(chunk.policy_id)
    citation = cite(document, chunk, as_of, focus)
    return cite_rules(document, citation, focus)[0] if chunk.kind == "text" else citation


def draft_parts(
    asked: Understanding,
    parts: Sequence[Part],
    level: Sequence[Citation],
    others: Sequence[Citation],
    scope: Scope,
    holdings: Holdings,
) -> Draft:
    """An answer that says of each thing asked what the text says of it.

    Args:
        asked: the whole question.
        parts: of `parts_of`; two or more.
        level: of `of_level`.
        others: further citations, listed as related.
        scope: where it was searched.
        holdings: what it was searched in.
    """
    gazetteer = holdings.gazetteer
    answering = _by_place(parts)
    cited = tuple(_apart([*(citation for citation, _ in answering), *level, *others]))
    number = {_at(citation): n for n, citation in enumerate(cited, 1)}
    statements = [
        Statement(f"{''.join(names)}：{point(citation, scope, gazetteer)}", citation.force, (number[_at(citation)],))
        for citation, names in answering
    ]
    statements += [
        Statement(f"{_levels(citation)}：{point(citation, scope, gazetteer)}", citation.force, (number[_at(citation)],))
        for citation in level
        if _at(citation) not in {_at(each) for each, _ in answering}
    ]
    draft = draft_answer(asked, cited, len(statements), scope, gazetteer)
    return replace(draft, conclusion=_told(asked, parts, level, gazetteer), statements=tuple(statements))


def _told(asked: Understanding, parts: Sequence[Part], level: Sequence[Citation], gazetteer: Gazetteer) -> str:
    """Of each thing asked, what the nearest provision says: 「湛江（草案）：“能落户吗”——…。“孩子读书呢”——…。」."""
    places = {where_of(part.citations[0], gazetteer) for part in parts}
    lead = f"{places.pop()}：" if len(places) == 1 else ""
    told = []
    for part in parts:
        best = part.citations[0]
        where = "" if lead else f"{where_of(best, gazetteer)}："
        doubt = verdict(part.asked, best)
        # that a sentence lies nearest to a part is too little for a yes
        said = f"{doubt if doubt.startswith('不') else ''}{told_of(part.asked, best)}"
        told.append(f"“{part.name}”——{where}{said}{levels_apart(asked, best)}")
    told += [f"{_levels(citation)}：{told_of(asked, citation)}" for citation in level]
    return lead + "".join(told)


def _by_place(parts: Sequence[Part]) -> list[tuple[Citation, list[str]]]:
    """Each provision once, with the names of the things asked that it answers; the best of each thing first."""
    found: dict[tuple[str, Span], tuple[Citation, list[str]]] = {}
    for rank in range(MOST_LISTED):
        for part in parts:
            for citation in part.citations[rank : rank + 1]:
                found.setdefault(_at(citation), (citation, []))[1].append(f"“{part.name}”")
    return list(found.values())


def _apart(citations: Sequence[Citation]) -> list[Citation]:
    """Each stretch of text once, first come."""
    found: dict[tuple[str, Span], Citation] = {}
    for citation in citations:
        found.setdefault(_at(citation), citation)
    return list(found.values())


def _at(citation: Citation) -> tuple[str, Span]:
    """Which stretch of text it is; offsets alone are those of some other policy, too."""
    return citation.policy.policy_id, citation.span


def _levels(citation: Citation) -> str:
    """How the sentence about the asker's level, or about the class that it is put into, is introduced."""
    named = dict.fromkeys(LEVEL.findall(citation.quote))
    if not named and (found := _CLASS.search(citation.quote)):
        return f"写到{found['name']}的"
    return "写到" + "、".join(named) + "的"
