"""Search alone: the best sentences for some words, in the same scope and order an answer would be drafted from."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.answering.answerer import Answerer
from assistant.model import Chunk, Clause, Policy, Question
from assistant.retrieval.scope import resolve_scope
from assistant.retrieval.understanding import understand


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
