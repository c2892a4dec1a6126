"""What every answering step shares: the opened library, the words of a question, and citations of what was found."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from assistant.answering.choosing import Sense
from assistant.answering.citations import cite, cite_span
from assistant.answering.focusing import Focus, margin
from assistant.indexing.pipeline import Library
from assistant.indexing.static_encoder import StaticEncoder
from assistant.jurisdictions import Gazetteer
from assistant.keeping import kept
from assistant.model import Chunk, Citation, Hit, PolicyDocument, Ranking, Retrieval, Scope
from assistant.retrieval.cues import QuestionKind
from assistant.retrieval.homophones import Homophones
from assistant.retrieval.lay_wording import SHOWN, Wording, policy_words
from assistant.retrieval.reranking import passage_pieces, piece_matches
from assistant.retrieval.retrievers import Query
from assistant.retrieval.search import Searcher
from assistant.retrieval.understanding import Understanding
from assistant.tokenization import fold

MATTER_TOKENS = 2  # search tokens that make a part of a question one of its own: 「在哪领」 has none
MIN_STRETCHES, MAX_STRETCHES = 3, 8
"""Stretches between stops from which a question is a story, and how many of them are searched."""
CARRIED_WEIGHT, BACKGROUND_WEIGHT = 0.6, 0.3
"""What a word of the question before counts in a follow-up, and in a question that can stand alone."""

MAX_CITATIONS = 12

BESIDE = 0.5
"""What a word of the question before, or of the story, counts in choosing a part of a sentence."""
STORY_WEIGHT = 0.5
"""What a word that only says who asks counts beside one of the question itself."""
SPARE = 6
"""Hits asked for beyond those shown, as some kinds of line answer only some questions."""
DUTY_DEPTH = 4
"""How far down the ranking a clause with its list of units is looked for."""
MAX_PARTS = 3

SAME_CLAUSE = 1.4
"""What a sentence of the clause that answered the question before counts in a follow-up."""

_SHARE = re.compile(r"每[个家]|[一每同]一?[个家间](?:企业|公司|厂|单位)|最多|上限|(?:我们?|咱)(?:厂|公司|单位|司)|封顶")
"""A question about what one firm may have."""
_MEANS = re.compile("哪里|哪儿|在哪|去哪|边度|怎么|如何|点样|靠什么|什么(?:平台|渠道|方式|办法)|乜平台")
SANCTION = re.compile("追回|限制|通报|挂钩|取消|责任|不予|处罚")
"""How a part looks that names what follows from a breach."""


def promote(kept: Ranking, bests: Sequence[Hit], within: int = 3) -> Ranking:
    """Move the parts' best hits up to the first `within` places, after the hit that is first.

    Example:
        >>> ranking = (Hit("a", 9.0), Hit("b", 8.0), Hit("c", 7.0), Hit("d", 6.0))
        >>> [hit.chunk_id for hit in promote(ranking, [Hit("a", 5.0), Hit("d", 5.0)])]
        ['a', 'b', 'd', 'c']
    """
    if not kept:
        return kept
    held = {hit.chunk_id: hit for hit in kept}
    wanted = [held.get(best.chunk_id, best) for best in bests]
    first = [hit for hit in kept[:within] if hit in wanted]
    missing = list(dict.fromkeys(hit for hit in wanted if hit not in first and hit != kept[0]))[: within - 1]
    stay = [hit for hit in kept if hit not in missing]
    room = max(1, within - len(missing))
    return tuple([*stay[:room], *missing, *stay[room:]][: max(len(kept), within)])


_QUESTIONS_KEPT = 64
"""Questions whose query and focus are kept: the steps of one answer ask for them several times."""


@dataclass(frozen=True)
class Holdings:
    """An opened library ready to be searched and cited; one serves all users."""

    library: Library
    searcher: Searcher
    stopwords: frozenset[str]
    wording: Wording = field(repr=False, default_factory=dict)
    homophones: Homophones = field(repr=False, default_factory=lambda: Homophones.of((), {}))

    @property
    def gazetteer(self) -> Gazetteer:
        """The table of places."""
        return self.library.gazetteer

    @property
    def chunks(self) -> Mapping[str, Chunk]:
        """The sentences held, by chunk id."""
        return self.library.store.chunks

    @property
    def documents(self) -> tuple[PolicyDocument, ...]:
        """The policies held."""
        return tuple(self.library.store.documents.values())

    def document(self, policy_id: str) -> PolicyDocument:
        """One policy by id."""
        return self.library.store.documents[policy_id]

    def in_scope(self, scope: Scope, *, own_only: bool = False) -> tuple[PolicyDocument, ...]:
        """The policies a question may be answered from; `own_only`: those of the nearest tier, or those named."""
        tiers = scope.tiers[:1] if own_only and scope.policy_ids is None else scope.tiers
        places = frozenset().union(*tiers)
        found = [document for document in self.documents if (document.policy.jurisdiction or "") in places]
        if (named := scope.policy_ids) is not None:
            found = [document for document in found if document.policy.policy_id in named]
        return tuple(found)

    def texts(self, scope: Scope, *, outside: bool = False) -> Iterator[str]:
        """The texts of the policies in scope, or of all others; gone through only when asked for."""
        own = {document.policy.policy_id for document in self.in_scope(scope)}
        for document in self.documents:
            if (document.policy.policy_id in own) is not outside:
                yield document.policy.text

    def chunks_of(self, document: PolicyDocument) -> tuple[Chunk, ...]:
        """The chunks of one policy in text order."""
        return self.library.store.chunks_of(document.policy.policy_id)

    def tokens(self, text: str) -> tuple[str, ...]:
        """The search tokens of some words, question words left out."""
        return tuple(token for token in self.library.tokenizer.tokens(text) if token not in self.stopwords)

    def words(self, asked: Understanding) -> tuple[str, ...]:
        """The search tokens of a question with the topic it carries on."""
        return self.tokens(f"{asked.carried_topic} {asked.search_text}")

    @kept(_QUESTIONS_KEPT)
    def query(self, asked: Understanding) -> Query:
        """The query for a question; words of earlier questions count less than its own."""
        earlier = [(token, CARRIED_WEIGHT) for token in self.tokens(asked.carried_topic)]
        earlier += [(token, BACKGROUND_WEIGHT) for token in self.tokens(asked.background)]
        meant = " ".join(self.meant(asked))
        asking = asked.asking if asked.story else asked.search_text
        own = self.tokens(f"{asking} {meant}" if meant else asking)
        # 「湛江是不是一样」 asks nothing of its own
        text = f"{asked.carried_topic} {asked.search_text}".strip() if own else asked.carried_topic or asked.search_text
        text = f"{text} {meant}".strip()
        told = [(token, STORY_WEIGHT) for token in self.tokens(asked.story)]
        words = (*own, *(token for token, _ in (*earlier, *told)))
        return Query(text, own, (*earlier, *told), policy_words(self.wording, words))

    def added_words(self, asked: Understanding) -> tuple[str, ...]:
        """The policy words searched beside the question's own, to be shown to the person."""
        words = [word for word, weight in self.query(asked).wording if weight >= SHOWN]
        return tuple(dict.fromkeys((*self.meant(asked), *words)))

    @kept(_QUESTIONS_KEPT)
    def meant(self, asked: Understanding) -> tuple[str, ...]:
        """The words that a question writes with a wrong character of the same sound (入沪: 入户)."""
        text = fold(asked.search_text)
        return self.homophones.meant(text, self.library.tokenizer.dictionary_tokens(text))

    def search(self, asked: Understanding, scope: Scope, k: int = MAX_CITATIONS) -> Retrieval:
        """Search for a question in a scope; of several things asked, each has its best hit among the first three."""
        whole = self.search_whole(asked, scope, k)
        if not whole.kept or whole.kept[0].score < self.searcher.floors.nothing:
            whole = self._search_stretches(asked, scope, k) or whole
        parts = [self._plain_query(part) for part in asked.parts[:MAX_PARTS]]
        bests = [self.searcher.search(part, scope, 1).kept for part in parts]
        floor = self.searcher.floors.part
        return replace(
            whole,
            kept=promote(whole.kept, [best[0] for best in bests if best and best[0].score >= floor]),
            parts=tuple(best[0].score if best else 0.0 for best in bests),
        )

    def _search_stretches(self, asked: Understanding, scope: Scope, k: int) -> Retrieval | None:
        """A long story thins out its own question: each stretch between stops is searched, best scores are kept."""
        if len(asked.stretches) < MIN_STRETCHES:
            return None
        best: dict[str, float] = {}
        for stretch in asked.stretches[:MAX_STRETCHES]:
            for hit in self.searcher.search(self._plain_query(stretch), scope, k).kept:
                if self.chunks[hit.chunk_id].kind == "text" and hit.score >= self.searcher.floors.nothing:
                    best[hit.chunk_id] = max(hit.score, best.get(hit.chunk_id, 0.0))
        ranked = sorted(best.items(), key=lambda entry: -entry[1])[:k]
        return Retrieval(tuple(Hit(chunk_id, score) for chunk_id, score in ranked)) if ranked else None

    def deals_with(self, part: str, scope: Scope, score: float | None = None) -> bool:
        """Whether one of several questions names a matter of its own, and a sentence in scope is about it.

        Args:
            part: the question.
            scope: where it may be answered from.
            score: of its best hit there, where it was searched before.
        """
        query = self._plain_query(part)
        if len(query.tokens) < MATTER_TOKENS:
            return False
        if score is None:
            best = self.searcher.search(query, scope, 1).kept
            score = best[0].score if best else 0.0
        return score >= self.searcher.floors.part

    def search_whole(self, asked: Understanding, scope: Scope, k: int) -> Retrieval:
        """Search for a question as one, without a look for each of its parts; the first hit is that of `search`."""
        whole = self.searcher.search(self.query(asked), scope, k + SPARE)
        # lines of header and closing answer only questions about the document, lists of units only 「谁牵头」
        shut = {kind for kind, open_to in (("front", asked.about_document), ("duty", asked.about_units)) if not open_to}
        whole = replace(whole, kept=tuple(h for h in whole.kept if self.chunks[h.chunk_id].kind not in shut))
        return replace(whole, kept=whole.kept[:k])

    def nearer_to(self, clauses: frozenset[str], retrieval: Retrieval) -> Retrieval:
        """The same hits with those of these clauses moved up; their scores stay."""
        kept = sorted(
            retrieval.kept,
            key=lambda hit: -hit.score * (SAME_CLAUSE if self.chunks[hit.chunk_id].clause_id in clauses else 1.0),
        )
        return replace(retrieval, kept=tuple(kept))

    def _plain_query(self, text: str) -> Query:
        tokens = self.tokens(text)
        return Query(text, tokens, (), policy_words(self.wording, tokens))

    def cite_hits(self, asked: Understanding, chunk_ids: Iterable[str], as_of: date) -> tuple[Citation, ...]:
        """Citations of hits in their order; a sentence printed twice in one policy is cited once."""
        focus = self.focus(asked)
        found: dict[tuple[str, str], Citation] = {}
        for chunk_id in chunk_ids:
            chunk = self.chunks[chunk_id]
            citation = cite(self.document(chunk.policy_id), chunk, as_of, focus)
            found.setdefault((chunk.policy_id, citation.quote), citation)
        return tuple(found.values())

    @kept(_QUESTIONS_KEPT)
    def focus(self, asked: Understanding) -> Focus:
        """What a question is about, to find it in a sentence."""
        words = self.words(asked)
        added = [word for word, _ in policy_words(self.wording, words)]
        weights = self.library.store.idf([*added, *words])
        own = (*self.tokens(asked.matter), *self.meant(asked))
        asking = {*own, *(word for word, _ in policy_words(self.wording, own))}
        weights = {word: weight * (1.0 if word in asking else BESIDE) for word, weight in weights.items()}
        number = asked.asks(QuestionKind.NUMBER, QuestionKind.MONEY, QuestionKind.DURATION, QuestionKind.DEADLINE)
        wanted = SANCTION if asked.asks(QuestionKind.CONSEQUENCE) else None
        share = _SHARE.search(f"{asked.carried_topic} {asked.text}") is not None
        means = _MEANS.search(asked.text) is not None
        return Focus(weights, self.library.tokenizer, number, wanted, share, means, margin(asked), self._sense(asked))

    def _sense(self, asked: Understanding) -> Callable[[Sequence[str]], Sense] | None:
        encoder = self.library.embedder
        if not isinstance(encoder, StaticEncoder):
            return None
        question = f"{asked.carried_topic} {asked.search_text}".strip()
        return lambda parts: Sense(*piece_matches(encoder, question, passage_pieces(encoder, parts)))

    def cite_mentions(self, number: str, scope: Scope, as_of: date) -> tuple[Citation, ...]:
        """Sentences in scope that mention, by number, a document the corpus does not hold."""
        found = []
        for document in self.in_scope(scope):
            spans = [r.span for r in document.references if r.document_number == number]
            found += [
                cite(document, chunk, as_of)
                for chunk in self.chunks_of(document)
                if any(chunk.span.overlaps(span) for span in spans)
            ]
        return tuple(found)

    def cite_numbers(self, code: str, scope: Scope, as_of: date) -> tuple[Citation, ...]:
        """The number lines of the policies in scope whose 发文字号 begins with this code (代字)."""
        found = []
        for document in self.in_scope(scope):
            if (document.policy.document_number or "").split("〔")[0] == code:
                spans = [e.span for e in document.policy.evidence if e.field == "document_number" and e.span]
                chunks = [c for c in self.chunks_of(document) if any(c.span.overlaps(span) for span in spans)]
                found += [cite(document, chunk, as_of) for chunk in chunks]
        return tuple(found)

    def duties_first(self, citations: Sequence[Citation], as_of: date) -> tuple[Citation, ...]:
        """For 「谁牵头」: the list of units of each clause found goes before the clause's own sentence.

        A clause that has such a list goes before sentences of its own text that have none.
        """
        ordered: dict[Citation, None] = {}
        best = citations[0].policy if citations else None
        listed = [c for c in citations[:DUTY_DEPTH] if c.policy is best and c.clause.duty_span]
        for citation in dict.fromkeys([*listed[:1], *citations]):
            duty = citation.clause.duty_span
            if duty is not None:
                document = self.document(citation.policy.policy_id)
                ordered[cite_span(document, duty, as_of, binding=False)] = None
            ordered[citation] = None
        return tuple(ordered)
