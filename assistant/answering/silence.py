"""What the texts do not say: every check by which an answer is withheld though sentences were found.

In order: the matter stands in another place's text only; what is asked (an amount, a list, an office, a later year)
is in none of the sentences; the sentences only lie near the question, as the learned judge reads it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answering.answerability import Judge
from assistant.answering.declining import Decliner
from assistant.answering.holdings import MAX_CITATIONS, Holdings
from assistant.answering.refusals import Demand, term_held_elsewhere, unheard_label, unheard_year, unmet_demand
from assistant.answering.signs import READ, SignReader
from assistant.jurisdictions import Gazetteer
from assistant.model import Citation, Draft, Force, Ranking, Refusal, RefusalReason, Scope
from assistant.retrieval.cues import QuestionKind
from assistant.retrieval.understanding import Understanding

_WHOLE_PLACE = re.compile(r"全[市省]|[市省]里")
_SHARE = re.compile(r"分(?:到|给|摊|配|解)|份额|认领|摊到")
_OFFICE = re.compile(r"部门|[局厅委办]$|政府|工会|机关")
_YEAR = re.compile(r"(?<![〔\[（(\d])(20\d\d)(?=年)")
_PLANS = ("四", "五", "六")
_PLAN = re.compile(r"十([四五六])五")
_OWN_FACT = re.compile(
    r"哪(?:个|家|间|条|所|几|里)|建没建|在不在|算不算|有没有(?:份|进|分)|叫什么|是什么|是哪|多少|几(?!级)|定的"
)
"""A place's own fact (「黄埔区的特色是什么产业」), which its superior's text seldom tells."""
_WHETHER = re.compile(
    r"[吗么嘛咩]$|有没有|有冇|有无|能不能|可不可以|是不是|真的|真有|([\u4e00-\u9fff])[不没唔]\1|没$|不$"
)
"""A part that asks whether something is so: that the matter stands in the text answers it."""
_ASKS_ITSELF = re.compile(
    r"有没有|有冇|有无|能不能|可不可以|是不是|要不要|会不会|谁|哪|怎|多少|几|什么|啥|乜|罚|[吗咩][?？]?$"
)
SQUARELY = 1.2
"""Times the floor of being on the matter from which other places are not searched: no score there is so much higher."""
READ_QUOTES, READ_QUOTES_OF_PARTS = 3, 5
"""Quotations in which what is asked is looked for; in an answer to several questions."""


@dataclass(frozen=True, slots=True)
class OpenPart:
    """One of several things asked, which the text does not state.

    Attributes:
        question: as it was put (学费能不能返).
        missing: what no sentence names (金额).
        topic: what it names beside what it demands (学费).
    """

    question: str
    missing: str
    topic: str = ""

    @property
    def told(self) -> str:
        """As said to the person."""
        return f"“{self.question}”的{self.missing}"


@dataclass(frozen=True, slots=True)
class Silence:
    """Tells what the library does not say.

    Attributes:
        holdings: the library.
        demands: what questions may demand (`corpus/lexicon/demands.tsv`).
        terms: the corpus's own terms.
        signs, judge: the learned judgement; None without the bundled encoder.
    """

    holdings: Holdings
    demands: tuple[Demand, ...]
    terms: tuple[str, ...]
    signs: SignReader | None = None
    judge: Judge | None = None

    def nothing(self, asked: Understanding, decline: Decliner) -> Refusal:
        """Nothing in scope is about the question; where it is one no policy text answers, that is said."""
        demand = unmet_demand(asked.matter, (), self.demands)
        if demand is not None and demand.reason is not RefusalReason.NOT_STATED:
            return decline.missing(demand.name, demand.reason, Draft(""))
        return decline.nothing_found()

    def unmet(self, question: str, quotes: Sequence[str]) -> Demand | None:
        """What a question demands that none of the quotations states."""
        return unmet_demand(question, quotes, self.demands)

    def unstated(
        self, asked: Understanding, scope: Scope, draft: Draft, decline: Decliner, open_parts: Sequence[OpenPart] = ()
    ) -> Refusal | None:
        """A refusal when the sentences found do not state what was asked for: an amount, a list, a later year.

        Args:
            asked: the question.
            scope: where it was searched.
            draft: what would be answered.
            decline: words the refusal.
            open_parts: of several things asked, those left open while another is stated: then nothing is refused.
        """
        wording = _demanding(asked)
        quotes = [
            citation.said
            for citation in draft.citations[: READ_QUOTES if len(asked.parts) < 2 else READ_QUOTES_OF_PARTS]
        ]
        if asked.wants_units and not any(_names_units(citation) for citation in draft.citations[:5]):
            return decline.missing("由哪个部门牵头或配合", RefusalReason.NOT_STATED, draft)
        if scope.asked is not None and _wants_share(asked, draft.citations[0], scope, self.holdings.gazetteer):
            name = self.holdings.gazetteer.place(scope.asked).name
            return decline.missing(f"{name}自己的数（只有上级的总数）", RefusalReason.NOT_STATED, draft)
        demand = None if open_parts else self.unmet(wording, quotes)
        if (
            demand is not None
            and demand.reason is not RefusalReason.NOT_STATED
            and self.holdings.tokens(asked.search_text)
        ):
            # 「社保断缴怎么办」, then 「那购房补贴呢」: that one may be answered
            demand = self.unmet(asked.matter, quotes)
        if demand is not None and demand.reason is not RefusalReason.NOT_STATED:
            return decline.missing(demand.name, demand.reason, draft)
        # a year in the header is the text's own date, not one that a number is set for
        answering = self.holdings.document(draft.citations[0].policy.policy_id)
        own = (chunk.text for chunk in self.holdings.chunks_of(answering) if chunk.kind == "text")
        texts = (f"{text} {_years_of_plan(text)}" for text in own)
        if year := unheard_year(wording, texts):
            held = "、".join(dict.fromkeys(found for quote in quotes for found in _YEAR.findall(quote)))
            other = f"（写的是{held}年的）" if held else ""
            return decline.missing(f"{year}年的数字{other}", RefusalReason.NOT_STATED, draft)
        if demand is not None:
            return decline.missing(demand.name, demand.reason, draft)
        if label := unheard_label(wording, [document.policy.text for document in self.holdings.in_scope(scope)]):
            return decline.missing(label, RefusalReason.NOT_STATED, draft)
        return None

    def near_only(self, asked: Understanding, scope: Scope, hits: Ranking, open_parts: Sequence[OpenPart]) -> bool:
        """Whether the best sentences only lie near the question, as the learned judge reads the signs.

        Args:
            asked: the question.
            scope: where it was searched.
            hits: what was found, best first; at least one.
            open_parts: of several things asked, those known to be left open; the others are judged without them.
        """
        if self.signs is None or self.judge is None:
            return False
        if open_parts:
            asked = without_parts(asked, open_parts)
            hits = self.holdings.search_whole(asked, scope, MAX_CITATIONS).kept or hits
        chunks = [self.holdings.chunks[hit.chunk_id] for hit in hits[:READ]]
        held = chunks[0].jurisdiction
        wording = _demanding(asked)
        superior = scope.asked is not None and held != scope.asked
        others = {
            "tier": float(next((level for level, codes in enumerate(scope.tiers) if held in codes), 0)),
            "superior": float(superior),
            "superior_fact": float(superior and bool(_OWN_FACT.search(asked.matter))),
            "parts_open": float(bool(open_parts)),
            "unmet_in_first": float(self.unmet(wording, [chunks[0].text]) is not None),
        }
        return self.judge.silent(self.signs.read(asked, self.holdings.words(asked), hits, chunks, others))

    def open_parts(
        self, asked: Understanding, scope: Scope, draft: Draft, scores: Sequence[float] = ()
    ) -> tuple[OpenPart, ...]:
        """Of several things asked, those the text does not state, when it states another: 「“学费能不能返”的金额」.

        Args:
            asked: the question.
            scope: where it was searched.
            draft: what would be answered.
            scores: of the best hit of each of the first parts, where they were searched before.
        """
        quotes = [citation.said for citation in draft.citations[:READ_QUOTES_OF_PARTS]]
        unmet = {part: self.unmet(part, quotes) for part in asked.parts}
        stated = [part for part, demand in unmet.items() if demand is None]
        if len(stated) == len(unmet):
            return ()
        open_parts = tuple(
            OpenPart(part, demand.name, demand.question.sub("", part)) for part, demand in unmet.items() if demand
        )
        known = dict(zip(asked.parts, scores, strict=False))
        if not any(self.holdings.deals_with(part, scope, known.get(part)) for part in stated):
            # 「我拿了专利，文件有没有说该奖我？奖多少？」: the matter stands in the story
            rest = without_parts(asked, open_parts).text
            if not any(_WHETHER.search(part) for part in stated) or not self.holdings.deals_with(rest, scope):
                return ()
        return open_parts

    def dealt_with_elsewhere(self, asked: Understanding, scope: Scope, best: float) -> tuple[str, ...]:
        """Places whose texts are far nearer to the matter than those in scope: their rule does not apply."""
        floors = self.holdings.searcher.floors
        # 「那湛江咧」 says the topic in the words of the place asked about before
        squarely = floors.on_matter * (1.0 if asked.carried_topic else SQUARELY)
        if scope.asked is None or scope.policy_ids is not None or best >= squarely:
            return ()
        held = {document.policy.jurisdiction or "" for document in self.holdings.documents}
        others = frozenset(held.difference(*scope.tiers))
        hits = self.holdings.search_whole(asked, Scope((others,)), 1).kept if others else ()
        if not hits or hits[0].score < floors.elsewhere * best:
            return ()
        return (self.holdings.chunks[hits[0].chunk_id].jurisdiction,)

    def held_elsewhere(self, asked: Understanding, scope: Scope) -> str | None:
        """A term of the question that only texts out of scope use: their rule must not fill the gap."""
        held = self.holdings
        return term_held_elsewhere(
            f"{asked.carried_topic} {asked.text}", self.terms, held.texts(scope), held.texts(scope, outside=True)
        )


def _demanding(asked: Understanding) -> str:
    """The words in which a demand is looked for: those of the question before only where this one asks nothing itself.

    Example: after 「签证给几年」, 「办手续有没有人帮忙」 asks for no length of time; 「那湛江呢」 does.
    """
    own = _ASKS_ITSELF.search(asked.text)
    return asked.matter if own else f"{asked.carried_topic} {asked.matter}".strip()


def without_parts(asked: Understanding, open_parts: Sequence[OpenPart]) -> Understanding:
    """The question with the parts that are left open as its topic, so that they do not make the others look unanswered.

    Example: 「带徒津贴一个月多少?厂里必须给吗」, the amount being open → 「厂里必须给吗」, about 带徒津贴.
    """
    left_open = {part.question for part in open_parts}
    rest = [stretch for stretch in asked.stretches if stretch not in left_open]
    parts = tuple(part for part in asked.parts if part not in left_open)
    text = ",".join(rest)
    # what the rest is about may be named there alone
    topic = " ".join([asked.carried_topic, *(part.topic for part in open_parts)]).strip()
    parts = parts if len(parts) > 1 else ()
    return replace(asked, text=text, search_text=text, parts=parts, asking=text, story="", carried_topic=topic)


def _years_of_plan(text: str) -> str:
    """The years of the five-year plans that a text speaks of: what is set for 「“十四五”期间」 is set for 2023."""
    named = (_PLANS.index(number) for number in _PLAN.findall(text))
    return " ".join(str(2021 + 5 * at + year) for at in named for year in range(5))


def _wants_share(asked: Understanding, best: Citation, scope: Scope, gazetteer: Gazetteer) -> bool:
    """A number asked of a place, where only its superior's target was found: 「185万人里天河要分摊多少」."""
    if not asked.asks(QuestionKind.NUMBER) or not asked.place_in_question or scope.asked is None:
        return False
    if _WHOLE_PLACE.search(asked.text):
        return False
    held = best.policy.jurisdiction
    above = held is not None and held != scope.asked and gazetteer.covers(held, scope.asked)
    name = gazetteer.place(scope.asked).short_name
    return above and name not in best.quote and (best.force is Force.GOAL or bool(_SHARE.search(asked.text)))


def _names_units(citation: Citation) -> bool:
    """Whether a sentence or its clause says which office leads or acts."""
    return bool(citation.clause.lead_units or "牵头" in citation.quote or _OFFICE.search(citation.duty_bearer))
