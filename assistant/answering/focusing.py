"""Of a sentence's several provisions, the one that was asked about, and how strongly it binds.

「鼓励企业开展首席技师评聘工作,聘任的人员,可比照高级管理人员享受同等待遇」 encourages the firm and allows the treatment:
the answer to a question about the treatment must quote the second and must not say 鼓励.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.answering.choosing import Nearness, Sense, choose
from assistant.keeping import kept
from assistant.model import Force, Span
from assistant.provisions.force import is_goal, main_force
from assistant.provisions.rules import SentenceParts, read_parts
from assistant.retrieval.cues import QuestionKind
from assistant.retrieval.understanding import Understanding
from assistant.tokenization import Tokenizer

_SENTENCES_KEPT = 64
"""Sentences whose reading is kept for one question: what is cited is read again to be cut."""
_CAPS = ("不超", "不低", "至少", "限")
_NUMBER = re.compile(r"\d|[一二两三四五六七八九十百]+(?:年|个月|名|家|所|倍|次)")
# 「2024年完成补贴性职业技能培训13000人次以上」: a year, what is to be reached in it, and the number
_DATED = re.compile(r"^(?:(?:19|20)\d\d|当)年(?:内|度|底前)?(?:完成|建成|达到?|实现|新增|培训|培育)[^，,；;。]*\d")
# 「评定10名（每个企业限入选1名）」 caps what one firm may have, though it stands in brackets
_CAPPED = re.compile(r"每[个家人名][^，,；;。]{0,8}(?:限|不超过|最多)|限(?:入选|额|报|评|推荐)\s*\d")
# One more urging of the row that 支持 or 鼓励 began: 「支持…,推动落实…」
_PUSHES = re.compile(r"(?:积极|大力|加快|持续)?(?:推动|推进|引导)")
# 「依托海珠创客坊，试点推行…」, 「通过名师带徒、技能研修，加大培养力度」
_MEANS = re.compile(r"依托|通过|利用|采取|联合|以[^，,]*(?:方式|为中心|平台)")
_VERBATIM = re.compile(r"原句|原话|整句|全句|[那哪](?:一)?句|那段|抄|摘[一几出给录]|引用|一字不|贴出|完整")
"""The sentence itself is asked for."""
MARGIN, MARGIN_OF_SEVERAL = 1.5, 2.5
"""By how much a part must be the better quotation; where several things, places or steps are asked for."""
SENSE = 2.0
"""What nearness by sense counts beside the share of the question's words that a part holds."""
ASKED = 0.3
"""What it counts beside that, that a part looks like what is asked for."""
APART = 0.2
"""What a further provision must add to the question's words found, as a share of the best part's, to be quoted too."""


def margin(asked: Understanding) -> float:
    """How sure it must be that a part of a sentence answers, for this question."""
    if _VERBATIM.search(asked.text):
        return math.inf
    several = len(asked.parts) > 1 or len(asked.places) > 1
    if several or asked.asks(QuestionKind.COMPARISON, QuestionKind.LIST, QuestionKind.PROCEDURE):
        return MARGIN_OF_SEVERAL
    return MARGIN


@dataclass(frozen=True, slots=True)
class Reading:
    """The part of a sentence that was asked about, how strongly it binds, and the provisions that state it.

    Attributes:
        part: the words nearest to the question.
        force: how strongly they bind.
        rule: the provision they stand in, complete by itself; code points of the sentence.
        further: other provisions of the sentence that answer too, each with its force.
    """

    part: str
    force: Force
    rule: Span
    further: tuple[tuple[Span, Force], ...] = ()


@dataclass(frozen=True)
class Focus:
    """What was asked about.

    Attributes:
        words: the question's search tokens with their weights (the rarer in the corpus, the heavier).
        tokenizer: cuts the sentence into the same tokens.
        number: a number is asked for.
        wanted: how a part looks that says what is asked for (a consequence), to be quoted with the best one.
        share: it is asked what one firm or person may have at most.
        means: it is asked where or how: by what means it is done is quoted too.
        margin: by how much a part of a sentence must be the better quotation (`choosing.choose`).
        sense: how near parts come to the question by sense; None where there is no encoder to tell.
    """

    words: Mapping[str, float]
    tokenizer: Tokenizer
    number: bool = False
    wanted: re.Pattern[str] | None = None
    share: bool = False
    means: bool = False
    margin: float = 0.0
    sense: Callable[[Sequence[str]], Sense] | None = None

    @kept(_SENTENCES_KEPT)
    def read(self, sentence: str) -> Reading:
        """The provision of the sentence that is nearest to the question, and its force."""
        parts = read_parts(sentence)
        near = self.nearness(parts)
        if near is None:
            return Reading(sentence, main_force(sentence), Span(0, len(sentence)))
        low, high = self._widened(parts, *choose(parts, near, self.margin))
        inside = range(low, high + 1)
        best = max(inside, key=lambda i: self._nearest(parts, near, i))
        told = parts.told_in(best)
        words = parts.span(best, told).of(sentence)
        force, quoted = self._force(parts, best, told), parts.span(low, high)
        if self.wanted is not None and force is Force.NONE:
            force = main_force(quoted.of(sentence))  # what follows from a breach is as binding as the duty it follows
        return Reading(words, force, quoted, self._further(parts, near, inside))

    def _nearest(self, parts: SentenceParts, near: Nearness, index: int) -> tuple[bool, float]:
        """What tells the part nearest to the question: the number asked for, then words, sense and what is asked."""
        score = near.weights[index] / self._total
        if near.sense is not None:
            score += SENSE * float(near.sense.near[index] @ near.sense.weights)
        numbered = near.numbers is not None and near.numbers[index] and bool(near.held[index])
        if self.wanted is not None and self.wanted.search(parts.words(index)):
            score += ASKED
        bound = 1e-6 * (parts.cue_of(index) is not None)
        numbered = numbered or (self.share and bool(_CAPPED.search(parts.words(index))))
        return numbered, score + bound - 1e-9 * index

    @cached_property
    def _total(self) -> float:
        return sum(self.words.values()) or 1.0

    @cached_property
    def _counting(self) -> frozenset[str]:
        return frozenset(word for word, weight in self.words.items() if weight > 0)

    def weight(self, text: str) -> float:
        """What the question's words in a text count."""
        return math.fsum([self.words[token] for token in self._held(text)])

    def nearness(self, parts: SentenceParts) -> Nearness | None:
        """The parts against the question; None where there is one part only, or none holds a word of it."""
        words = parts.texts
        held = tuple([self._held(each) for each in words])
        if len(words) < 2 or not any(held):
            return None
        numbers = tuple(bool(_NUMBER.search(each)) for each in words) if self.number else None
        return Nearness(held, self.words, numbers, self.sense(words) if self.sense is not None else None)

    def _widened(self, parts: SentenceParts, low: int, high: int) -> tuple[int, int]:
        """The run with those parts that say what is asked for, wherever they stand."""
        if self.wanted is None:
            return low, high
        asked = [i for i, words in enumerate(parts.texts) if self.wanted.search(words)]
        runs = [parts.run(i) for i in asked]
        while self.means and low > 0 and _MEANS.match(parts.words(low - 1)):
            low -= 1
        return min([low, *(run[0] for run in runs)]), max([high, *(run[1] for run in runs)])

    def _further(self, parts: SentenceParts, near: Nearness, inside: range) -> tuple[tuple[Span, Force], ...]:
        """Provisions outside the one quoted that hold much of the question that it lacks."""
        found = frozenset().union(*(near.held[i] for i in inside))
        least = APART * max(near.weights[i] for i in inside)
        taken = [(inside.start, inside.stop - 1)]
        apart: list[tuple[Span, Force]] = []
        for i in sorted(range(len(parts.parts)), key=lambda i: -near.weights[i]):
            low, high = parts.run(i)
            if any(low <= last and first <= high for first, last in taken):
                continue
            if (added := near.weight(near.held[i] - found)) and added >= least:
                apart.append((parts.span(low, high), self._force(parts, i, parts.told_in(i))))
                taken.append((low, high))
                found |= near.held[i]
        return tuple(apart)

    def _held(self, part: str) -> frozenset[str]:
        return self._counting & self.tokenizer.distinct(part)

    def _force(self, parts: SentenceParts, best: int, last: int) -> Force:
        """A part's own modal word decides; without one, that of the part it hangs on; else it merely states."""
        words = parts.span(best, last).of(parts.sentence)
        if self.share and _CAPPED.search(words):
            return Force.MUST
        if not parts.cues:
            # a target behind it is not its own: 「针对残疾人开展专项培训，到2021年，新增培训600人」
            return main_force(parts.sentence[: parts.span(*parts.run(best)).end])
        if is_goal(words) or _DATED.search(parts.words(best)):
            return Force.GOAL
        own = next((cue for i in range(best, last + 1) if (cue := parts.cue_of(i)) is not None), None)
        if own is not None:
            return own.force
        after = parts.cue_of(last + 1) if parts.limited(last) else None
        if after is not None and after.word.startswith(_CAPS):
            return after.force
        host = last
        while parts.hosts[host] < host:
            host = parts.hosts[host]
            cue = parts.cue_of(host)
            if cue is not None:
                return Force.NONE if cue.word.startswith(_CAPS) else cue.force
        before = [cue.force for i in range(best) if (cue := parts.cue_of(i)) is not None]
        return Force.ENCOURAGED if Force.ENCOURAGED in before[-1:] and _PUSHES.match(words) else Force.NONE
