"""Search alone: the best sentences for some words, in the same scope and order an answer would be drafted from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assistant.answering.answerer import Answerer
from assistant.model import Chunk, Clause, Policy, Question, Scope
from assistant.registers.comparison import Search
from assistant.retrieval.scope import resolve_scope
from assistant.retrieval.understanding import understand

SEARCHED = 3
"""Sentences a place gives for a topic in free words."""


@dataclass(frozen=True, slots=True)
class FoundSentence:
    """A sentence found and where it stands; scores compare within one search only."""

    score: float
    chunk: Chunk
    clause: Clause
    policy: Policy


def find_sentences(opened: Answerer, question: Question, k: int) -> tuple[FoundSentence, ...]:
    """The best `k` sentences, best first."""
    holdings = opened.holdings
    asked = understand(question, opened.documents, holdings.gazetteer)
    scope = resolve_scope(asked, question, [d.policy for d in opened.documents], holdings.gazetteer)
    found = []
    for hit in holdings.searcher.search(holdings.query(asked), scope, k).kept:
        chunk = holdings.chunks[hit.chunk_id]
        document = holdings.document(chunk.policy_id)
        found.append(FoundSentence(hit.score, chunk, document.clause(chunk.clause_id), document.policy))
    return tuple(found)


def topic_search(opened: Callable[[], Answerer]) -> Search:
    """Look-up of a topic in free words in one place's own texts; `opened` is called when it is first needed."""

    def search(topic: str, place: str) -> tuple[str, ...]:
        holdings = opened().holdings
        asked = understand(Question(topic, place), holdings.documents, holdings.gazetteer)
        kept = holdings.search(asked, Scope((frozenset({place}),), place), SEARCHED).kept
        return tuple(hit.chunk_id for hit in kept if hit.score >= holdings.searcher.floors.comparison)

    return search
