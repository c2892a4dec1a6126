"""The same matter in several places, side by side, with explicit blanks."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from assistant.answering.conclusions import under_head, where_of
from assistant.answering.cutting import to_the_point
from assistant.answering.describing import place_of
from assistant.answering.drafting import notices_for, shown
from assistant.answering.holdings import Holdings
from assistant.answering.premises import quantities_in
from assistant.answering.shortening import in_short
from assistant.jurisdictions import Gazetteer, Place
from assistant.model import FORCE_LABELS, Citation, Draft, Scope, Statement
from assistant.retrieval.cues import QuestionKind
from assistant.retrieval.understanding import Understanding

PER_PLACE, PER_PLACE_OF_MANY, MANY = 3, 2, 4
"""Sentences shown for each place; for each of so many places and more."""
CELL_SHARE = 0.55
"""A place whose best sentence scores less than this share of the best place's does not speak of the matter."""
CELL, MOST_NAME = 60, 16
"""Characters of a place's provision, and of who is to act, in the sentence that compares places."""
NEAR_SHARE = 0.8
"""A further sentence of a place is shown when it scores this share of the place's best."""


def wants_comparison(asked: Understanding, scope: Scope) -> bool:
    """Several places named, of which more than one has a text, or 「各地怎么规定」 with no place.

    「我在吴川修船，湛江的津贴谁设」 names two places and compares nothing: one text is read for both.
    """
    if len(asked.places) > 1:
        return len(scope.jurisdictions) > 1 or asked.asks(QuestionKind.COMPARISON)
    everywhere = "各地" in asked.text or "各省" in asked.text or "几个地方" in asked.text
    return everywhere and not asked.place_in_question and asked.asks(QuestionKind.COMPARISON)


@dataclass(frozen=True, slots=True)
class Row:
    """One place of a comparison: the place asked about, the place whose text speaks for it, and what that text says."""

    asked: Place
    held: Place | None
    citations: tuple[Citation, ...]
    score: float = 0.0


def compare_places(asked: Understanding, scope: Scope, holdings: Holdings, as_of: date) -> Draft:
    """One row per place: its best sentences with their force, or 未提及."""
    gazetteer = holdings.gazetteer
    places = asked.places if len(asked.places) > 1 else tuple(gazetteer.place(c) for c in sorted(scope.tiers[0]))
    most = PER_PLACE if len(places) < MANY else PER_PLACE_OF_MANY
    found = [_row(place, asked, scope, holdings, as_of, most) for place in places]
    best = max(row.score for row in found)
    # what is far below the best place's sentence is about something near, not about the matter
    least = CELL_SHARE * best if best >= holdings.searcher.floors.comparison else best + 1
    rows = [row if row.score >= least else replace(row, citations=()) for row in found]
    # every place's best sentence before any place's second
    ordered = tuple(
        dict.fromkeys([*(r.citations[0] for r in rows if r.citations), *(c for r in rows for c in r.citations)])
    )
    statements = tuple(Statement(_cell(c, gazetteer), c.force, (n,)) for n, c in enumerate(ordered, 1))
    numbers = _numbers(rows) if asked.asks(QuestionKind.NUMBER, QuestionKind.DURATION, QuestionKind.MONEY) else ""
    conclusion = _difference(rows, asked, gazetteer) + numbers + _blanks(rows)
    return Draft(conclusion, statements, ordered, notices_for(ordered, gazetteer))


def _row(place: Place, asked: Understanding, scope: Scope, holdings: Holdings, as_of: date, most: int) -> Row:
    tier = scope.tiers[0] if scope.tiers else frozenset()
    held = next((p for p in holdings.gazetteer.chain(place.code) if p.code in tier), None)
    if held is None:
        return Row(place, None, ())
    only = Scope((frozenset({held.code}),), held.code, True, scope.policy_ids)
    hits = holdings.search(asked, only, most + 1).kept
    if not hits or hits[0].score < holdings.searcher.floors.nothing:
        return Row(place, held, ())
    chosen = [hit.chunk_id for hit in hits[:most] if hit.score >= NEAR_SHARE * hits[0].score]
    citations, _ = to_the_point(holdings, asked, holdings.cite_hits(asked, chosen, as_of), 0)
    shown_first = holdings.duties_first(citations, as_of) if asked.wants_units else citations
    return Row(place, held, shown_first, hits[0].score)


def _difference(rows: list[Row], asked: Understanding, gazetteer: Gazetteer) -> str:
    told = [row.citations[0] for row in rows if row.citations]
    if len(told) > 1 and len({c.policy.policy_id for c in told}) == 1:
        places = "、".join(row.asked.short_name for row in rows if row.citations)
        return f"{places}适用的是同一份文件：{place_of(told[0].policy, gazetteer)}《{told[0].policy.title}》。"
    if len(told) < 2:
        return (
            "只有一处写到：" + place_of(told[0].policy, gazetteer) + "。"
            if told
            else "这几个地方的文件都没有写到这件事。"
        )
    labels = [f"{where_of(c, gazetteer)}〔{FORCE_LABELS[c.force]}{_who(c)}〕{_content(c, asked)}" for c in told]
    same = len({c.force for c in told}) == 1
    return f"{'写法的力度相同' if same else '写法的力度不同'}：{'；'.join(labels)}。"


def _who(citation: Citation) -> str:
    return f"·{citation.duty_bearer}" if 0 < len(citation.duty_bearer) <= MOST_NAME else ""


def _content(citation: Citation, asked: Understanding) -> str:
    """What a place says of the matter in a few words; of a long provision its numbers, and what hangs on it."""
    told = in_short(citation, asked.search_text) or re.sub(r"[，,；;。\s]+$", "", citation.quote)
    if len(told) <= CELL:
        return told
    near = under_head(citation) if citation.gist else ""
    if 0 < len(near) <= CELL:
        return near
    words = "、".join(dict.fromkeys(quantity.words for quantity in quantities_in(citation.quote)))
    return f"写到{words}" if words else "写法见下"


def _numbers(rows: list[Row]) -> str:
    """「数字：广州“60%以上”；浙江没有写数字。」, of each place's first sentence."""
    told = [
        (row.asked.short_name, [q.words for q in quantities_in(row.citations[0].gist or row.citations[0].quote)])
        for row in rows
        if row.citations
    ]
    if not any(words for _, words in told):
        return ""
    cells = [f"{place}{'、'.join(f'“{w}”' for w in words[:4]) or '没有写数字'}" for place, words in told]
    return f"数字：{'；'.join(cells)}。"


def _blanks(rows: list[Row]) -> str:
    silent = [_speaks_for(row.asked, row.held) for row in rows if row.held and not row.citations]
    unheld = [row.asked.short_name for row in rows if row.held is None]
    said = f"{'、'.join(silent)}未提及。" if silent else ""
    return said + (f"库里没有{'、'.join(unheld)}的文件（不等于没有政策）。" if unheld else "")


def _speaks_for(asked: Place, held: Place) -> str:
    """「广州」, or 「深圳（库里没有自己的文件，适用的广东文件）」."""
    if asked == held:
        return asked.short_name
    return f"{asked.short_name}（库里没有自己的文件，适用的{held.short_name}文件）"


def _cell(citation: Citation, gazetteer: Gazetteer) -> str:
    bearer = f"·{citation.duty_bearer}" if citation.duty_bearer else ""
    place = place_of(citation.policy, gazetteer)
    return f"{place}〔{FORCE_LABELS[citation.force]}{bearer}〕{shown(citation)}"
