"""The online path, whole: Question → Understanding → Scope → Retrieval → Draft → Answer | Refusal | Clarification."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from assistant.answering.answerability import read_judge
from assistant.answering.asking_back import ask_back, is_unclear
from assistant.answering.comparing import compare_places, wants_comparison
from assistant.answering.composing import Found, compose, of_good_places
from assistant.answering.declining import Decliner
from assistant.answering.describing import status_notice
from assistant.answering.document_facts import draft_facts
from assistant.answering.drafting import draft_answer
from assistant.answering.duties import list_duties
from assistant.answering.generating import Phrasing
from assistant.answering.hints import read_hints
from assistant.answering.holdings import MAX_CITATIONS, SANCTION, Holdings
from assistant.answering.locating import locate
from assistant.answering.referring import Pointer, about_point, before, points_back
from assistant.answering.refusals import read_demands
from assistant.answering.remarking import has_near_text, remarks_on, timed, warned
from assistant.answering.rewriting import Rewriting
from assistant.answering.signs import SignReader
from assistant.answering.silence import Silence
from assistant.answering.speaking import model_waited_for, second_reply
from assistant.answering.verdicts import no_consequence
from assistant.answering.wording import as_text
from assistant.indexing.pipeline import open_index, own_encoder
from assistant.indexing.static_encoder import StaticEncoder
from assistant.keeping import kept
from assistant.model import (
    Answer,
    Draft,
    PolicyDocument,
    Question,
    Reply,
    Retrieval,
    Scope,
    Status,
    StatusReading,
)
from assistant.parsing.status import status_on
from assistant.registers.shelf import RecordShelf, open_shelf
from assistant.retrieval.cues import QuestionKind
from assistant.retrieval.duties_asked import duties_asked
from assistant.retrieval.homophones import Homophones, read_readings
from assistant.retrieval.lay_wording import read_hand_wording, read_wording
from assistant.retrieval.scope import resolve_scope
from assistant.retrieval.search import Searcher
from assistant.retrieval.stopwords import read_stopwords
from assistant.retrieval.understanding import Understanding, understand
from assistant.retrieval.versions import without_older
from assistant.settings import BUNDLED_ENCODER, Settings
from assistant.tokenization import read_dictionary

SEARCHED_KINDS = frozenset({"text", "front", "duty"})
MAX_POINTS, MAX_LISTED = 4, 12
POINT_SHARE, LISTED_SHARE, RELATED_SHARE = 0.7, 0.55, 0.3
"""A hit is a point, a list entry or a related clause when it scores at least this share of the best hit."""


@dataclass(frozen=True)
class Answerer:
    """Answers questions from one opened library; stateless, so one serves all users."""

    holdings: Holdings
    silence: Silence
    shelf: RecordShelf
    phrasing: Phrasing | None = None
    rewriting: Rewriting | None = None

    @property
    def documents(self) -> tuple[PolicyDocument, ...]:
        """The policies held."""
        return self.holdings.documents

    def status_of(self, policy_id: str, as_of: date) -> StatusReading:
        """A policy's status on a day."""
        return status_on(self.holdings.document(policy_id).policy, as_of)

    def place_name(self, code: str) -> str:
        """A place's full name."""
        return self.holdings.gazetteer.full_name(code)

    def answer(self, question: Question, as_of: date) -> Reply:
        """Answer one question as of a day. What a person may type never raises."""
        return list(self.stages(question, as_of))[-1]

    def stages(self, question: Question, as_of: date) -> Iterator[Reply]:
        """The reply in the documents' own words; then, where `phrased_by` names a model, as that put it."""
        started = time.perf_counter()
        reply = warned(self._reply(question, as_of), self.holdings.gazetteer)
        yield timed(reply, started)
        gazetteer = self.holdings.gazetteer
        again = partial(self._reply, as_of=as_of)
        second = second_reply(reply, question, self.phrasing, self.rewriting, again, gazetteer)
        if second is not None:
            yield timed(warned(second, gazetteer), started)

    @property
    def model_name(self) -> str:
        """The language model that phrases points; "" for none."""
        return self.phrasing.phraser.name if self.phrasing is not None else ""

    def phrased_by(self, reply: Reply, question: Question) -> str:
        """The language model that a first reply still waits for; "" where nothing follows it."""
        return model_waited_for(reply, question, self.phrasing, self.rewriting)

    def left_unphrased(self, reply: Reply) -> Reply:
        """A first reply with the notice that the model of `phrased_by` could not be waited for."""
        return self.phrasing.left(reply, self.holdings.gazetteer) if self.phrasing is not None else reply

    def _reply(self, question: Question, as_of: date) -> Reply:
        """The steps in order; the first that applies answers."""
        holdings = self.holdings
        asked = understand(question, holdings.documents, holdings.gazetteer)
        scope = resolve_scope(asked, question, [d.policy for d in holdings.documents], holdings.gazetteer)
        decline = Decliner(asked, scope, holdings.gazetteer)
        words = holdings.words(asked)
        if asked.masked and not words:
            return decline.only_personal_data()
        if (pointer := points_back(question, asked)) is not None:
            earlier = self._reply(before(question), as_of)
            if isinstance(earlier, Answer) and earlier.draft.statements:
                about = self._about(pointer, earlier, asked, as_of)
                return about if about.draft.statements else decline.not_stated(about.draft)
        if is_unclear(asked, question, words):
            offered = partial(self._would_answer, as_of)
            return ask_back(asked, scope, holdings.documents, holdings.gazetteer, answered=offered)
        if (listed := self._listed(asked, scope, decline, as_of)) is not None:
            return listed
        if asked.unknown_number and not asked.policy_ids:
            return self._mentions(asked, asked.unknown_number, scope, decline, as_of)
        if not scope.tiers:
            return decline.no_text_for_place()
        if scope.policy_ids and not holdings.in_scope(scope):
            return decline.document_of_other_place([holdings.document(policy_id) for policy_id in asked.policy_ids])
        if asked.addresses and not (len(asked.places) > 1 and asked.asks(QuestionKind.COMPARISON)):
            return self._located(asked, scope, decline, as_of)
        if wants_comparison(asked, scope) and (compared := self._compared(asked, scope, decline, as_of)):
            return compared
        retrieval = holdings.search(asked, scope)
        if question.history and not asked.place_in_question:
            retrieval = holdings.nearer_to(self._clauses_before(question), retrieval)
        if not scope.policy_ids:
            retrieval = replace(retrieval, kept=without_older(retrieval.kept, holdings.document, as_of))
        facts = draft_facts(asked, scope, retrieval, holdings, as_of)
        if facts is not None:
            return self._answer(facts.draft, scope) if facts.known else decline.not_stated(facts.draft)
        return self._found(asked, scope, retrieval, decline, as_of)

    @kept(64)  # what is offered is the same for everybody, and each takes a whole answer
    def _would_answer(self, as_of: date, text: str) -> bool:
        return isinstance(self._reply(Question(text), as_of), Answer)

    def _about(self, pointer: Pointer, earlier: Answer, asked: Understanding, as_of: date) -> Answer:
        """What is asked about a point of the answer before; who leads is told by its clause's list of units."""
        draft = about_point(pointer, earlier, asked, earlier.scope, self.holdings.gazetteer)
        if asked.asks(QuestionKind.AUTHORITY):
            units = self.holdings.duties_first(draft.citations, as_of)
            told = draft_answer(asked, units, 1, earlier.scope, self.holdings.gazetteer)
            draft = replace(told, conclusion=draft.conclusion)
        return self._answer(draft, earlier.scope)

    def _listed(self, asked: Understanding, scope: Scope, decline: Decliner, as_of: date) -> Reply | None:
        """All duties of one kind of body, where that is asked for and the policies in scope are not too many."""
        wanted = duties_asked(asked.search_text, asked.carried_topic)
        if wanted is None or not scope.tiers or asked.addresses or asked.unknown_number:
            return None
        draft = list_duties(wanted, asked, scope, self.shelf, self.holdings, as_of)
        if draft is None:
            return None
        return self._answer(draft, scope) if draft.citations else decline.not_stated(draft)

    def _clauses_before(self, question: Question) -> frozenset[str]:
        """The clauses that the question before is answered from: what is asked next is mostly about these."""
        holdings, earlier = self.holdings, before(question)
        asked = understand(earlier, holdings.documents, holdings.gazetteer)
        scope = resolve_scope(asked, earlier, [d.policy for d in holdings.documents], holdings.gazetteer)
        hits = holdings.search_whole(asked, scope, 1).kept if scope.tiers else ()
        return frozenset(holdings.chunks[hit.chunk_id].clause_id for hit in hits)

    def _mentions(self, asked: Understanding, number: str, scope: Scope, decline: Decliner, as_of: date) -> Reply:
        """A number we do not hold: who mentions it, where that answers; else that it is not held."""
        citations = self.holdings.cite_mentions(number, scope, as_of)
        quotes = [citation.quote for citation in citations]
        if not citations or self.silence.unmet(asked.matter, quotes):
            similar = citations or self.holdings.cite_numbers(number.split("〔")[0], scope, as_of)
            if not (similar and asked.asks(QuestionKind.DOCUMENT_NUMBER, QuestionKind.ISSUED_ON, QuestionKind.YES_NO)):
                return decline.unknown_document(number, similar)
            told = decline.unknown_document(number, similar).draft  # 「…〔2024〕7号是去年发的吧」: the number is wrong
            return self._answer(told, scope)
        draft = draft_answer(asked, citations, len(citations), scope, self.holdings.gazetteer)
        return self._answer(replace(draft, conclusion=f"库里没有{number}这份文件，下面是提到它的原文。"), scope)

    def _located(self, asked: Understanding, scope: Scope, decline: Decliner, as_of: date) -> Reply:
        """A clause address: its words, or that there is no such clause."""
        documents = self.holdings.in_scope(scope, own_only=True)
        located = locate(asked, scope, documents, self.holdings, as_of)
        if located.ambiguous:
            return ask_back(asked, scope, documents, self.holdings.gazetteer, located.places)
        if located.draft is None:
            return decline.no_such_clause(asked.addresses, documents)
        return self._answer(located.draft, scope)

    def _compared(self, asked: Understanding, scope: Scope, decline: Decliner, as_of: date) -> Reply | None:
        """Several places side by side; None where none is squarely on the matter: then it is judged as one question."""
        draft = compare_places(asked, scope, self.holdings, as_of)
        if not draft.citations:
            return None
        # that a place does not mention the matter rests on its text too
        texts = [(d.policy, status_on(d.policy, as_of)) for d in self.holdings.in_scope(scope)]
        drafts = [status_notice(p, s, self.holdings.gazetteer) for p, s in texts if s.status is Status.DRAFT]
        unsaid = [notice for notice in drafts if notice and notice not in draft.notices]
        draft = replace(draft, notices=(*unsaid, *draft.notices))
        # what is not stated is judged on whole sentences
        whole = replace(draft, citations=tuple(citation.whole for citation in draft.citations))
        open_parts = self.silence.open_parts(asked, scope, whole)
        return self.silence.unstated(asked, scope, whole, decline, open_parts) or self._answer(draft, scope)

    def _found(self, asked: Understanding, scope: Scope, retrieval: Retrieval, decline: Decliner, as_of: date) -> Reply:
        """The ordinary case: the best sentences in scope, unless they do not state what was asked for."""
        hits, floors = retrieval.kept, self.holdings.searcher.floors
        if not hits or hits[0].score < floors.nothing:
            return self.silence.nothing(asked, decline)
        if hits[0].score < floors.above and not has_near_text(scope, self.holdings.gazetteer):
            nearest = self.holdings.cite_hits(asked, [hit.chunk_id for hit in hits[:2]], as_of)
            return decline.only_superior(draft_answer(asked, nearest, len(nearest), scope, self.holdings.gazetteer))
        term = self.silence.held_elsewhere(asked, scope)
        if term is not None and (hits[0].score < floors.term or asked.points_at(term)):
            return decline.other_places_term(term)
        if places := self.silence.dealt_with_elsewhere(asked, scope, hits[0].score):
            return decline.other_places_matter(places)
        best = hits[0].score
        hits = of_good_places(hits, scope, self.holdings.chunks, POINT_SHARE)
        citations = self.holdings.cite_hits(asked, [h.chunk_id for h in hits if h.score >= RELATED_SHARE * best], as_of)
        if asked.wants_units:
            citations = self.holdings.duties_first(citations, as_of)
        share, most = (LISTED_SHARE, MAX_LISTED) if asked.wants_list else (POINT_SHARE, MAX_POINTS)
        stated = max(1, min(most, sum(hit.score >= share * best for hit in hits)))
        if asked.asks(QuestionKind.CONSEQUENCE):
            # 「不提够会怎样」: of the sentences on the matter, those that name a consequence come first
            shown = sorted(citations[:stated], key=lambda citation: not SANCTION.search(citation.quote))
            citations = (*shown, *citations[stated:])
        remarks = remarks_on(asked, scope, self.holdings.gazetteer)
        # what is not stated is judged, and shown, on whole sentences
        whole = draft_answer(asked, citations[:MAX_CITATIONS], stated, scope, self.holdings.gazetteer, remarks)
        open_parts = self.silence.open_parts(asked, scope, whole, retrieval.parts)
        if not no_consequence(asked, citations[0]):
            if refusal := self.silence.unstated(asked, scope, whole, decline, open_parts):
                return refusal
            if self.silence.near_only(asked, scope, hits, open_parts):
                return decline.not_answered(whole, [part.told for part in open_parts])
        found = Found(hits, citations, stated, tuple(part.told for part in open_parts), self.shelf.rules.topics)
        draft = compose(asked, scope, found, self.holdings, as_of)
        return self._answer(draft, scope, retrieval, self.holdings.added_words(asked))

    def _answer(
        self, draft: Draft, scope: Scope, retrieval: Retrieval | None = None, expanded: tuple[str, ...] = ()
    ) -> Answer:
        text = as_text(draft, self.holdings.gazetteer)
        return Answer(draft, scope, text, expanded, retrieval.timings if retrieval else ())


def open_answerer(settings: Settings, *, judged: bool = True) -> Answerer:
    """Open the index (building it on first use) and make an answerer.

    Args:
        settings: where corpus and index are, and the encoder.
        judged: with the learned judge of silence, where the encoder is of the bundled kind; its training goes without.

    Raises:
        AssistantError: The corpus, index or lexicon cannot be used; the message says what to do.
    """
    library = open_index(settings)
    searcher = Searcher.over(library.store, library.embedder, SEARCHED_KINDS)
    stopwords = read_stopwords(settings.lexicon_dir / "stopwords.txt")
    terms = tuple(word for word, _ in read_dictionary(settings.lexicon_dir / "user_dictionary.txt"))
    demands = read_demands(settings.lexicon_dir / "demands.tsv")
    own = own_encoder(settings.encoder)
    learned = read_wording(own / "translations.json") if own is not None else {}
    by_hand = read_hand_wording(settings.lexicon_dir / "wording.tsv", library.tokenizer)
    known = (*terms, *by_hand, *(term for added in by_hand.values() for term, _ in added))
    homophones = Homophones.of(known, read_readings(settings.lexicon_dir / "readings.tsv"))
    holdings = Holdings(library, searcher, stopwords, {**learned, **by_hand}, homophones)
    shelf = open_shelf(settings)
    if not isinstance(library.embedder, StaticEncoder):
        return Answerer(holdings, Silence(holdings, demands, terms), shelf)
    hints = read_hints(settings.lexicon_dir / "hints.tsv")
    signs = SignReader(library.embedder, library.store, library.tokenizer, hints)
    judge = read_judge(BUNDLED_ENCODER / "answerability.json", library.embedder) if judged else None
    return Answerer(holdings, Silence(holdings, demands, terms, signs, judge), shelf)
