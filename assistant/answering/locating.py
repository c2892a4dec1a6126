"""Answers to 「第六条讲什么」: straight to the clause, no search."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.answering.citations import cite_span
from assistant.answering.describing import place_of
from assistant.answering.drafting import draft_answer
from assistant.answering.holdings import MAX_CITATIONS, Holdings
from assistant.model import Chunk, Citation, Clause, Draft, Level, PolicyDocument, Scope, Span
from assistant.parsing.numerals import NUMERAL, ordinal
from assistant.retrieval.addresses import Address, clauses_at
from assistant.retrieval.cues import QuestionKind
from assistant.retrieval.understanding import Understanding

MAX_SENTENCES = 10
"""Sentences of a clause shown for one address; the evidence card holds the whole clause."""


@dataclass(frozen=True, slots=True)
class Located:
    """What the addresses of a question lead to.

    Attributes:
        places: the clauses named, in the order asked.
        ambiguous: the label stands in several places and nothing tells which is meant.
        draft: the answer, None where nothing was found or it is ambiguous.
    """

    places: tuple[tuple[PolicyDocument, Clause], ...]
    ambiguous: bool
    draft: Draft | None


def locate(
    asked: Understanding, scope: Scope, documents: Sequence[PolicyDocument], holdings: Holdings, as_of: date
) -> Located:
    """Look the question's addresses up in `documents`."""
    named = tuple(_named(asked, address, documents) for address in _in_full(asked.addresses, documents))
    places = tuple(dict.fromkeys(place for found in named for place in found))
    if not places:
        return Located((), ambiguous=False, draft=None)
    allowed = max(1, len(asked.places))
    if any(len(found) > allowed or len({d.policy.policy_id for d, _ in found}) < len(found) for found in named):
        return Located(places, ambiguous=True, draft=None)
    topic = _without(asked.search_text, asked.addresses, [clause.heading for _, clause in places])
    groups = [_sentences(d, clause, topic, holdings, as_of) for d, clause in places]
    if asked.asks(QuestionKind.NUMBER):
        groups = [tuple(sorted(group, key=lambda c: not re.search(r"\d", c.quote))) for group in groups]
    duty = places[0][1].duty_span
    if duty and asked.asks(QuestionKind.AUTHORITY):
        groups[0] = (cite_span(places[0][0], duty, as_of, binding=False), *(c for c in groups[0] if c.span != duty))
    # one sentence of each clause before the second of any, so that two addresses both show
    share = max(1, MAX_CITATIONS // len(groups))
    citations = [*(g[0] for g in groups if g), *(c for g in groups for c in g[1:share])]
    if not citations:
        return Located(places, ambiguous=False, draft=None)
    draft = draft_answer(asked, citations, len(citations), scope, holdings.gazetteer)
    left = sum(len(_chunks_in(d, clause, holdings)) for d, clause in places) - len(citations)
    if left > 0:
        draft = replace(draft, remarks=(*draft.remarks, f"（还有{left}句没有列出，全文见依据。）"))
    where = "、".join(
        f"{place_of(d.policy, holdings.gazetteer)}《{d.policy.title}》{clause.path}" for d, clause in places
    )
    return Located(places, ambiguous=False, draft=replace(draft, conclusion=f"{where}的原文："))


def _in_full(addresses: Sequence[Address], documents: Sequence[PolicyDocument]) -> tuple[Address, ...]:
    """「三、（一）到（三）」: an item alone after one with its chapter stands in that chapter, if it has such a one."""
    found: list[Address] = []
    for address in addresses:
        if address.item and not address.chapter and found and found[-1].chapter:
            inside = replace(address, chapter=found[-1].chapter)
            if any(clauses_at(document, inside) for document in documents):
                address = inside
        found.append(address)
    return tuple(found)


def _named(
    asked: Understanding, address: Address, documents: Sequence[PolicyDocument]
) -> tuple[tuple[PolicyDocument, Clause], ...]:
    """The clauses an address may mean; where the question also says the heading of some, those."""
    found = tuple((d, clause) for d in documents for clause in clauses_at(d, address))
    said = _letters(asked.text)
    titled = tuple(place for place in found if place[1].heading and _letters(place[1].heading) in said)
    return titled if len(found) > 1 and titled else found


def _letters(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", text) if char.isalnum())


def _without(text: str, addresses: Sequence[Address], headings: Sequence[str]) -> str:
    """What else the question says: its words without the addresses and the headings of the clauses found."""
    for address in addresses:
        text = text.replace(address.words, " ")
    for heading in headings:
        if letters := _letters(heading):
            text = re.sub(r"\W*".join(map(re.escape, letters)), " ", text)
    return text


def _sentences(
    document: PolicyDocument, clause: Clause, topic: str, holdings: Holdings, as_of: date
) -> tuple[Citation, ...]:
    """The sentences of a clause: the one asked for by number or by words first, else all in order.

    Without other words the first citation runs from the label over the heading to the end of the first sentence, so
    that it can be read alone.
    """
    own = _chunks_in(document, clause, holdings, with_headings=True)
    text = [chunk for chunk in own if chunk.kind in ("text", "front")] or own
    if not text:
        return ()
    if number := _sentence_asked(topic):
        chosen = text[-1] if number < 0 else text[min(number, len(text)) - 1]
        return _cited(document, [chosen, *(c for c in text if c is not chosen)], as_of)
    words = {token for token in holdings.tokens(topic) if len(token) > 1}
    shared = {chunk.chunk_id: len(words & set(holdings.tokens(chunk.text))) for chunk in own if chunk.kind != "heading"}
    pointed = sorted((c for c in own if shared.get(c.chunk_id, 0) > 0), key=lambda c: -shared[c.chunk_id])
    if pointed:
        return _cited(document, [*pointed, *(c for c in text if c not in pointed)], as_of)
    opening = Span(clause.span.start, text[0].span.end) if clause.level is not Level.CLOSING else text[0].span
    return (cite_span(document, opening, as_of), *_cited(document, text[1:], as_of))[:MAX_SENTENCES]


def _chunks_in(
    document: PolicyDocument, clause: Clause, holdings: Holdings, *, with_headings: bool = False
) -> list[Chunk]:
    inside = [chunk for chunk in holdings.chunks_of(document) if chunk.span in clause.span]
    return inside if with_headings else [chunk for chunk in inside if chunk.kind not in ("heading", "duty")]


def _cited(document: PolicyDocument, chunks: Sequence[Chunk], as_of: date) -> tuple[Citation, ...]:
    return tuple(cite_span(document, c.span, as_of, binding=c.kind == "text") for c in chunks[:MAX_SENTENCES])


def _sentence_asked(topic: str) -> int:
    """「最后一句」 is -1, 「第二句」 2, 「开头那句」 1; 0 where no one sentence is asked for."""
    if re.search(r"(?:最后|末尾?|结尾|收尾)(?:的)?(?:那|这)?一?句", topic):
        return -1
    if match := re.search(rf"第\s*({NUMERAL}{{1,2}})\s*句", topic):
        return ordinal(match.group(1))
    return 1 if re.search(r"(?:开头|首|头|第一)(?:的)?(?:那|这)?一?句", topic) else 0
