"""The same matter in several places, side by side, with explicit blanks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from assistant.answering.citations import Focus, cite
from assistant.answering.describing import place_of
from assistant.answering.drafting import notices_for
from assistant.indexing.pipeline import Library
from assistant.model import FORCE_LABELS, Chunk, Citation, Draft, Retrieval, Scope, Statement
from assistant.retrieval.cues import QuestionKind
from assistant.retrieval.retrievers import Query
from assistant.retrieval.search import Searcher
from assistant.retrieval.understanding import Understanding

PER_PLACE = 2
FLOOR = 8.0
"""Below this score a place's text does not deal with the matter."""
SECOND_SHARE = 0.75


class Compares(Protocol):
    """What a comparison needs of the answerer."""

    @property
    def library(self) -> Library: ...  # noqa: D102
    @property
    def searcher(self) -> Searcher: ...  # noqa: D102
    @property
    def chunks(self) -> dict[str, Chunk]: ...  # noqa: D102
    def query(self, asked: Understanding) -> Query: ...  # noqa: D102


def wants_comparison(asked: Understanding, scope: Scope) -> bool:
    """Several places named, or 「各地怎么规定」 with no place."""
    if len(asked.places) > 1:
        return True
    everywhere = "各地" in asked.text or "各省" in asked.text or "几个地方" in asked.text
    return everywhere and not asked.place_in_question and asked.asks(QuestionKind.COMPARISON)


def compare_places(asked: Understanding, scope: Scope, parts: Compares, as_of: date) -> Draft:
    """One row per place: its best sentences with their force, or 未提及."""
    gazetteer = parts.library.gazetteer
    query = parts.query(asked)
    codes = sorted(scope.tiers[0]) if len(asked.places) < 2 else [_held(p.code, scope, parts) for p in asked.places]
    citations: list[Citation] = []
    later: list[Citation] = []
    silent: list[str] = []
    for code in dict.fromkeys(code for code in codes if code):
        found = parts.searcher.search(query, Scope((frozenset({code}),), code, True, scope.policy_ids), 4)
        row = _cite(found, query, parts, as_of)
        if row:
            citations.append(row[0])
            later += row[1:]
        else:
            silent.append(gazetteer.place(code).short_name)
    ordered = [*citations, *later]
    statements = tuple(Statement(_row(c, parts), c.force, (n,)) for n, c in enumerate(ordered, 1))
    forces = list(dict.fromkeys(FORCE_LABELS[c.force] for c in citations))
    difference = "写法的力度不同：" if len(forces) > 1 else "写法的力度相同："
    strengths = "，".join(f"{place_of(c.policy, gazetteer)}〔{FORCE_LABELS[c.force]}〕" for c in citations)
    conclusion = (
        f"{difference}{strengths}。"
        if len(citations) > 1
        else "各地的写法如下。"
        if citations
        else "这几个地方的文件都没有写到这件事。"
    )
    if silent:
        conclusion += f"{'、'.join(silent)}未提及。"
    return Draft(conclusion, statements, tuple(ordered), notices_for(ordered, gazetteer))


def _held(code: str, scope: Scope, parts: Compares) -> str | None:
    """The place itself, or the nearest above it that has a text in scope."""
    return (
        next((p.code for p in parts.library.gazetteer.chain(code) if p.code in scope.tiers[0]), None)
        if scope.tiers
        else None
    )


def _cite(found: Retrieval, query: Query, parts: Compares, as_of: date) -> Sequence[Citation]:
    hits = found.kept
    if not hits or hits[0].score < FLOOR:
        return ()
    focus = Focus(frozenset(query.tokens), parts.library.tokenizer)
    documents = parts.library.generation.documents
    chosen = [parts.chunks[h.chunk_id] for h in hits[:PER_PLACE] if h.score >= SECOND_SHARE * hits[0].score]
    return [cite(documents[chunk.policy_id], chunk, as_of, focus) for chunk in chosen]


def _row(citation: Citation, parts: Compares) -> str:
    bearer = f"·{citation.duty_bearer}" if citation.duty_bearer else ""
    place = place_of(citation.policy, parts.library.gazetteer)
    return f"{place}〔{FORCE_LABELS[citation.force]}{bearer}〕「{citation.quote.rstrip('；;')}」"
