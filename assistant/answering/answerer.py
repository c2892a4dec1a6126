"""The online path, whole: Question → Understanding → Scope → Retrieval → Draft → Answer | Refusal | Clarification."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from assistant.answering.asking_back import ask_back, is_unclear
from assistant.answering.citations import Focus, cite
from assistant.answering.comparing import compare_places, wants_comparison
from assistant.answering.declining import Decliner
from assistant.answering.describing import place_in_full
from assistant.answering.document_facts import FACT_KINDS, facts_of
from assistant.answering.drafting import draft_answer, notices_for
from assistant.answering.locating import locate, sentences_asked
from assistant.answering.refusals import Demand, read_demands, unheard_year, unmet_demand
from assistant.answering.wording import as_text
from assistant.indexing.pipeline import Library, open_index
from assistant.jurisdictions import PlaceLevel
from assistant.model import (
    Answer,
    Chunk,
    Citation,
    Draft,
    Force,
    PolicyDocument,
    Question,
    RefusalReason,
    Reply,
    Retrieval,
    Scope,
    Statement,
    StatusReading,
    Timing,
)
from assistant.parsing.status import status_on
from assistant.retrieval.cues import QuestionKind
from assistant.retrieval.retrievers import Query
from assistant.retrieval.scope import has_own_text, resolve_scope
from assistant.retrieval.search import Searcher
from assistant.retrieval.stopwords import read_stopwords
from assistant.retrieval.understanding import Understanding, understand
from assistant.settings import Settings

UNITS = re.compile(r"牵头|挑头|配合(?:单位|部门|的)|责任单位")
SEARCHED_KINDS = frozenset({"text", "front", "duty"})
MAX_POINTS, MAX_LISTED, MAX_CITATIONS = 4, 12, 12
POINT_SHARE, LISTED_SHARE, RELATED_SHARE = 0.6, 0.4, 0.3
"""A hit is a point, a list entry or a related clause when it scores at least this share of the best hit."""
FLOOR = 12.0
"""Below this score nothing in scope is about the question; chosen on the development questions."""
CARRIED_WEIGHT, BACKGROUND_WEIGHT = 0.7, 0.3
"""What a word of the question before counts in a follow-up, and in a question that can stand alone."""
FLOOR_ABOVE = 40.0
"""The same where the place asked about has no text of its own: a superior's text must be squarely on the matter."""


@dataclass(frozen=True, slots=True)
class Answerer:
    """Answers questions from one opened library; stateless, so one serves all users."""

    library: Library
    searcher: Searcher
    demands: tuple[Demand, ...]
    stopwords: frozenset[str]
    chunks: dict[str, Chunk] = field(repr=False)

    @property
    def documents(self) -> tuple[PolicyDocument, ...]:
        """The policies held."""
        return tuple(self.library.generation.documents.values())

    def status_of(self, policy_id: str, as_of: date) -> StatusReading:
        """A policy's status on a day."""
        return status_on(self.library.generation.documents[policy_id].policy, as_of)

    def place_name(self, code: str) -> str:
        """A place's full name."""
        return self.library.gazetteer.full_name(code)

    def answer(self, question: Question, as_of: date) -> Reply:
        """Answer one question as of a day. Never raises for what a person may type."""
        started = time.perf_counter()
        reply = self._reply(question, as_of)
        total = Timing("total", (time.perf_counter() - started) * 1000)
        return replace(reply, timings=(*reply.timings, total))

    def _reply(self, question: Question, as_of: date) -> Reply:
        asked = understand(question, self.documents, self.library.gazetteer)
        scope = resolve_scope(asked, question, [d.policy for d in self.documents], self.library.gazetteer)
        decline = Decliner(asked, scope, self.library.gazetteer)
        if is_unclear(asked, question, self._tokens(f"{asked.carried_topic} {asked.search_text}")):
            return ask_back(asked, scope, self.documents, self.library.gazetteer)
        if asked.unknown_number and not asked.policy_ids:
            mentioned = self._mentions_of(asked.unknown_number, as_of)
            if not mentioned:
                return decline.unknown_document(asked.unknown_number)
            draft = draft_answer(asked, mentioned, len(mentioned), scope, self.library.gazetteer)
            told = f"库里没有文号为{asked.unknown_number}的文件本身，下面是提到它的原文。"
            return self._finish(asked, scope, replace(draft, conclusion=told))
        if not scope.tiers:
            return decline.no_text_for_place()
        if asked.addresses and not asked.asks(QuestionKind.COMPARISON):
            located = self._at_address(asked, scope, decline, as_of)
            if located is not None:
                return located
        if wants_comparison(asked, scope):
            return self._finish(asked, scope, compare_places(asked, scope, self, as_of))
        retrieval = self._search(asked, scope)
        if reply := self._about_document(asked, scope, retrieval, decline, as_of):
            return reply
        return self._from_search(asked, scope, retrieval, decline, as_of)

    # --- the three ways to an answer ---

    def _at_address(self, asked: Understanding, scope: Scope, decline: Decliner, as_of: date) -> Reply | None:
        documents = [d for d in self.documents if self._in_scope(d, scope, own_only=True)]
        found = locate(documents, asked.addresses)
        if not found:
            return decline.no_such_clause(asked.addresses, documents) if documents else None
        if len({d.policy.policy_id for d, _ in found}) > 1 or len(found) > max(3, 2 * len(asked.addresses)):
            return ask_back(asked, scope, [d for d, _ in found], self.library.gazetteer, found)
        topic = asked.search_text
        for address in asked.addresses:
            topic = topic.replace(address.words, " ")
        per_clause = [
            sentences_asked(d, c, self.chunks.values(), topic, self.library.tokenizer, self.stopwords, as_of)
            for d, c in found
        ]
        if asked.asks(QuestionKind.AUTHORITY) and found[0][1].duty_span:
            per_clause[0] = tuple(sorted(per_clause[0], key=lambda c: c.span != found[0][1].duty_span))
        share = max(1, MAX_LISTED // max(1, len(per_clause)))
        firsts = [c for group in per_clause for c in group[:1]]
        citations = [*firsts, *(c for group in per_clause for c in group[1:share])]
        if not citations:
            return decline.no_such_clause(asked.addresses, documents)
        heads = "、".join(
            f"{c.policy.title and place_in_full(c.policy, self.library.gazetteer)}《{c.policy.title}》{clause.path}"
            for c, (_, clause) in zip(firsts, found, strict=False)
        )
        draft = draft_answer(asked, citations, len(citations), scope, self.library.gazetteer)
        return self._finish(asked, scope, replace(draft, conclusion=f"{heads}的原文："))

    def _about_document(
        self, asked: Understanding, scope: Scope, retrieval: Retrieval, decline: Decliner, as_of: date
    ) -> Reply | None:
        kinds = [kind for kind in asked.kinds if kind in FACT_KINDS]
        if not kinds:
            return None
        own = [d for d in self.documents if self._in_scope(d, scope, own_only=True)]
        best = self.chunks[retrieval.kept[0].chunk_id] if retrieval.kept else None
        if len(own) > 1 and best is not None:
            own = [d for d in own if d.policy.policy_id == best.policy_id]
        if len(own) != 1:
            return None
        specific = best is not None and best.kind == "text" and retrieval.kept[0].score >= FLOOR_ABOVE
        if specific and QuestionKind.STATUS in kinds and len(kinds) == 1 and not asked.asks(QuestionKind.YES_NO):
            return None
        facts = facts_of(own[0], kinds, self.chunks.values(), as_of)
        if specific and not any(fact.known for fact in facts):
            return None
        citations = tuple(dict.fromkeys(c for fact in facts for c in fact.citations))
        seats = [
            cite(self.library.generation.documents[self.chunks[h.chunk_id].policy_id], self.chunks[h.chunk_id], as_of)
            for h in retrieval.kept[:4]
        ]
        spans = {c.span for c in citations}
        related = [c for c in seats if c.policy.policy_id == own[0].policy.policy_id and c.span not in spans]
        draft = Draft(
            conclusion="".join(fact.sentence for fact in facts),
            statements=tuple(Statement(f"原文：「{c.quote}」", Force.NONE, (n,)) for n, c in enumerate(citations, 1)),
            citations=(*citations, *related),
            notices=notices_for(citations, self.library.gazetteer),
        )
        told = [fact for fact, kind in zip(facts, kinds, strict=True) if kind is not QuestionKind.STATUS] or facts
        if not any(fact.known for fact in told):
            return decline.not_stated(draft)
        return self._finish(asked, scope, draft)

    def _from_search(
        self, asked: Understanding, scope: Scope, retrieval: Retrieval, decline: Decliner, as_of: date
    ) -> Reply:
        hits = retrieval.kept
        floor = FLOOR if self._has_city_text(scope) else FLOOR_ABOVE
        if not hits or hits[0].score < floor:
            return decline.nothing_found()
        best = hits[0].score
        citations = self._cite(asked, [h.chunk_id for h in hits if h.score >= RELATED_SHARE * best], as_of)
        if asked.asks(QuestionKind.AUTHORITY):
            citations = self._duties_first(citations, as_of)
            if UNITS.search(asked.text) and not any(c.clause.lead_units or "牵头" in c.quote for c in citations[:5]):
                draft = draft_answer(asked, citations[:1], 1, scope, self.library.gazetteer)
                return decline.missing("由哪个部门牵头", RefusalReason.NOT_STATED, draft)
        share, most = (LISTED_SHARE, MAX_LISTED) if asked.asks(QuestionKind.LIST) else (POINT_SHARE, MAX_POINTS)
        stated = max(1, min(most, sum(h.score >= share * best for h in hits)))
        draft = draft_answer(
            asked, citations[:MAX_CITATIONS], stated, scope, self.library.gazetteer, self._asides(asked, scope)
        )
        texts = [d.policy.text for d in self.documents if self._in_scope(d, scope)]
        wording = asked.text if not asked.carried_topic else f"{asked.carried_topic} {asked.text}"
        year = unheard_year(wording, texts)
        demand = unmet_demand(wording, [c.quote for c in citations[:5]], self.demands)
        if demand or year:
            missing = demand.name if demand else f"到{year}年的数字"
            reason = demand.reason if demand else RefusalReason.NOT_STATED
            return decline.missing(missing, reason, draft)
        return self._finish(asked, scope, draft, retrieval)

    # --- shared steps ---

    def _search(self, asked: Understanding, scope: Scope) -> Retrieval:
        return self.searcher.search(self.query(asked), scope, MAX_CITATIONS)

    def query(self, asked: Understanding) -> Query:
        """The query for a question: question words out; words of earlier questions in, at lower weight."""
        earlier = [(token, CARRIED_WEIGHT) for token in self._tokens(asked.carried_topic)]
        earlier += [(token, BACKGROUND_WEIGHT) for token in self._tokens(asked.background)]
        text = f"{asked.carried_topic} {asked.search_text}".strip()
        return Query(text, self._tokens(asked.search_text), tuple(earlier))

    def _mentions_of(self, number: str, as_of: date) -> list[Citation]:
        """Sentences that mention a document the corpus does not hold, by its number."""
        found = []
        for document in self.documents:
            spans = [r.span for r in document.references if r.document_number == number]
            own = [c for c in self.chunks.values() if c.policy_id == document.policy.policy_id]
            found += [cite(document, c, as_of) for c in own if any(c.span.overlaps(span) for span in spans)]
        return found

    def _tokens(self, text: str) -> tuple[str, ...]:
        return tuple(token for token in self.library.tokenizer.tokens(text) if token not in self.stopwords)

    def _cite(self, asked: Understanding, chunk_ids: Sequence[str], as_of: date) -> list[Citation]:
        words = self._tokens(f"{asked.carried_topic} {asked.search_text}")
        focus = Focus(frozenset(words), self.library.tokenizer)
        documents = self.library.generation.documents
        found = [cite(documents[self.chunks[i].policy_id], self.chunks[i], as_of, focus) for i in chunk_ids]
        unique = {(c.policy.policy_id, c.quote): c for c in reversed(found)}
        return [c for c in found if unique.get((c.policy.policy_id, c.quote)) is c]

    def _duties_first(self, citations: Sequence[Citation], as_of: date) -> list[Citation]:
        """For 「谁牵头」: the list of units of the clause found stands before the clause's other sentences."""
        documents = self.library.generation.documents
        ordered: list[Citation] = []
        for citation in citations:
            duty = citation.clause.duty_span
            if duty is not None:
                chunk = next(
                    c for c in self.chunks.values() if c.policy_id == citation.policy.policy_id and c.span == duty
                )
                ordered.append(cite(documents[citation.policy.policy_id], chunk, as_of))
            ordered.append(citation)
        return list(dict.fromkeys(ordered))

    def _has_city_text(self, scope: Scope) -> bool:
        """Whether the nearest text is the place's own, or its city's: more than the province's general word."""
        if has_own_text(scope) or not scope.tiers:
            return True
        return any(self.library.gazetteer.place(c).level is not PlaceLevel.PROVINCE for c in scope.tiers[0])

    def _in_scope(self, document: PolicyDocument, scope: Scope, *, own_only: bool = False) -> bool:
        """Whether a document may be used; `own_only`: only the nearest tier, or those named."""
        policy = document.policy
        if scope.policy_ids is not None:
            return policy.policy_id in scope.policy_ids
        tiers = scope.tiers[:1] if own_only else scope.tiers
        return any((policy.jurisdiction or "") in tier for tier in tiers)

    def _asides(self, asked: Understanding, scope: Scope) -> tuple[str, ...]:
        """What the person should know about how the question was read."""
        found = []
        if scope.asked and not has_own_text(scope):
            name = self.library.gazetteer.place(scope.asked).name
            found.append(f"库里没有{name}自己的文件（不等于没有政策），下面是对{name}也适用的上级文件。")
        if asked.carried_topic:
            found.append(f"（按您上一问：{asked.carried_topic[:40]}）")
        if asked.masked:
            found.append("您的问题里有个人信息，已遮住，没有用来检索。")
        return tuple(found)

    def _finish(self, asked: Understanding, scope: Scope, draft: Draft, retrieval: Retrieval | None = None) -> Answer:
        return Answer(
            draft, scope, as_text(draft, self.library.gazetteer), timings=retrieval.timings if retrieval else ()
        )


def open_answerer(settings: Settings) -> Answerer:
    """Open the index (building it on first use) and make an answerer.

    Raises:
        AssistantError: The corpus, index or lexicon cannot be used; the message says what to do.
    """
    library = open_index(settings)
    return Answerer(
        library,
        Searcher.over(library.generation, library.embedder, SEARCHED_KINDS),
        read_demands(settings.lexicon_dir / "demands.tsv"),
        read_stopwords(settings.lexicon_dir / "stopwords.txt"),
        {chunk.chunk_id: chunk for chunk in library.generation.chunks},
    )
