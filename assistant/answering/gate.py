"""The gate a language model's sentence must pass: it may choose and introduce words of a clause, not add any.

A sentence passes when it is whole parts (between commas) of one quotation, in their order, with neutral words before
and between them. What is not printed in the clause has no way in: a digit, a level, an office, a modal word, a 不, a
part of another clause. What is printed may be left out only where the rest says the same without it: the modal word
that governs a part stays with it, and so do subjects, conditions, limits and dates.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.answering.describing import place_in_full, place_of
from assistant.jurisdictions import Gazetteer
from assistant.model import Citation, Force, Status
from assistant.provisions.force import ForceCue, is_goal, main_force, read_cues

_FOLDED = str.maketrans(
    "０１２３４５６７８９％，；：！？（）．", "0123456789%,;:!?().", "“”‘’「」『』\"' \t\r\n\u3000\u00a0"
)
_OPENING, _CLOSING = "([〔《【", ")]〕》】"
_STOPS, _COMMAS = "。;!?", ",:"
_NUMBER_MARK = re.compile(r"[\[【〔（(]\s*\d{1,2}\s*[\]】〕）)]\s*(?=[。；;.]?\s*$)")
# What a part may not be dropped with: limits, exclusions, conditions, who decides
_LIMITS = re.compile(
    r"不|未|勿|非|无|除|但|限|仅|只|至多|最多|以内|以下|(?<!同等)条件|原则上|视|酌|同时|方可|才能|才可|之前|日前|月前|年前|之日|届满"
    r"|经[^济费营验]|须|(?<![所急亟])需(?!求)|由[^,]*(?:认定|审核|批准|决定|确定)|逾期|期满|期限"
)
# What a first part may not be dropped with: a time, a kind of firm or person the rest is about, a condition
_HEADS = re.compile(
    r"\d|期间|期末|[到至自从起]|以上|规模|国有|重点|龙头|上市|民办|公办|条件|凡|对|经|符合|若|如|除|但|仅|只|限"
)
# What cannot end a sentence cut short: a subject without its verb, the circumstances of a work
_DANGLING = re.compile(
    r"(?:的|者|时|后|前|中|上|下|方面|人员|人才|选手|对象|群体|单位|企业|情况|规定|方式|形式|实际|方向|期间|平台|汇总|需求|[、和及与或])$"
    r"|^(?:围绕|面向|根据|瞄准|依托|采取|聚焦|针对|通过|坚持|为(?:深入|加快|进一步|了|推)|以[^,]*为|将[^,]*的$)"
    r"(?![^,]*(?:开展|建立|建设|实施|提供|推行))"
)
# A work the text states by itself, that the next part does not hang on
_OWN_WORK = re.compile(
    r"^(?:大力|加快|积极|深入)?(?:实施|完善|健全|建立|建立健全|强化|优化|深化|打造|落实)[^,]*"
    r"(?:工程|政策|机制|制度|体系|导向|计划|行动|环境|平台)$"
)
_SUBJECT = re.compile(r"人员|人才|企业|单位|机构|部门|政府|职工|者|院校|学校|学生|教师|工会|高校")
_ADVERBIAL = re.compile(r"[对给为在从按以将把向]")
_CONNECTING = re.compile(r"^(?:同时|并且|此外|另外|并)(?=[\u4e00-\u9fff]{3})")
_SMALL_ASIDE = re.compile(r"\((?:岗位|职务|工种|职业|专业|含)\)")
_SAME_WORD = {"可": "可以", "应": "应当"}
_STARTING = "(?:(?:首先|其次|同时|另外|此外|还有|具体来说|具体是|也就是说)[,:]?)?"
_LINKING = re.compile("(?:并且|而且|同时|此外|另外|以及|并|且|也|还)?")
MARKS = {
    Status.DRAFT: "征求意见稿",
    Status.TARGET_PERIOD_OVER: "目标期已过",
    Status.EXPIRED: "已过有效期",
    Status.REPEALED: "已废止",
}
"""What a sentence resting on such a text must be marked with."""
_STATUS_WORDS: dict[Status, str] = {**MARKS, Status.DRAFT: "(?:征求意见稿|草案)"}
MAX_LENGTH = 400


@dataclass(frozen=True, slots=True)
class Passed:
    """A sentence that may be shown.

    Attributes:
        number: the citation it rests on.
        text: the sentence or sentences, on one line.
        force, bearer: as read from the words of the clause it uses.
    """

    number: int
    text: str
    force: Force
    bearer: str


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch of a quotation between commas: its folded words, and where it stands."""

    words: str
    start: int
    end: int


@dataclass(frozen=True)
class Measure:
    """One quotation, cut into the parts a sentence may be made of."""

    citation: Citation
    gazetteer: Gazetteer

    @cached_property
    def quote(self) -> str:
        """The quotation, folded."""
        return fold(self.citation.quote)

    @cached_property
    def parts(self) -> tuple[_Part, ...]:
        """Its parts in order; brackets are never cut open."""
        return tuple(_parts(self.quote, _STOPS + _COMMAS))

    @cached_property
    def opening(self) -> re.Pattern[str]:
        """What may stand before the clause's words: where it is from, and its status where that needs saying."""
        policy = self.citation.policy
        name, whole = place_of(policy, self.gazetteer), place_in_full(policy, self.gazetteer)
        places = {name, whole}
        if policy.jurisdiction:
            places.add(self.gazetteer.place(policy.jurisdiction).name)
        sources = [*places, f"《{policy.title}》", *([policy.document_number] if policy.document_number else [])]
        named = "|".join(re.escape(fold(source)) for source in sorted(sources, key=len, reverse=True) if source)
        status = _STATUS_WORDS.get(self.citation.status.status, "(?!)")
        aside = rf"(?:\({status}\)|{status})?"
        return re.compile(
            rf"{_STARTING}(?:(?:根据|依据|按照|在)?(?:{named})?{aside}的?{aside}"
            r"(?:文件|原文)?(?:里|中)?(?:提出|写明|写到|写的是|提到|规定|明确)?[,:]?)?"
        )

    def reads(self, sentence: str) -> tuple[int, ...] | None:
        """The parts a folded sentence is made of; None where it holds anything else."""
        for opening in _ends(self.opening, sentence):
            used = self._read_from(sentence, opening, 0)
            if used:
                return used
        return None

    def _read_from(self, sentence: str, at: int, first: int) -> tuple[int, ...] | None:
        rest = sentence[at:].strip(_STOPS + _COMMAS)
        if not rest:
            return ()
        for begin in _links(sentence, at) if first else (at,):
            for index in range(first, len(self.parts)):
                for words in self._wordings(index):
                    end = begin + len(words)
                    if sentence.startswith(words, begin) and (
                        end == len(sentence) or sentence[end] in _STOPS + _COMMAS
                    ):
                        following = self._read_from(sentence, min(end + 1, len(sentence)), index + 1)
                        if following is not None:
                            return (index, *following)
        return None

    def _wordings(self, index: int) -> tuple[str, ...]:
        """A part as printed, and in the few other ways that say the same."""
        part = self.parts[index]
        said = [part.words]
        for cue in self._cues:
            if cue.word in _SAME_WORD and part.start <= cue.at < part.end:
                at = cue.at - part.start
                said.append(part.words[:at] + _SAME_WORD[cue.word] + part.words[at + len(cue.word) :])
        said += [without for words in tuple(said) if (without := _SMALL_ASIDE.sub("", words)) != words]
        said += [without for words in tuple(said) if (without := _CONNECTING.sub("", words)) != words]
        return tuple(said)

    @cached_property
    def _cues(self) -> tuple[ForceCue, ...]:
        return read_cues(self.quote)

    def says_the_same(self, used: Sequence[int]) -> bool:
        """Whether these parts say without the others what they say among them."""
        whole = set(used)
        if len(whole) == len(self.parts):
            return True
        if _DANGLING.search(self.parts[used[-1]].words):
            return False
        for cue in self._cues:
            home = next(i for i, part in enumerate(self.parts) if cue.at < part.end)
            reach = cue.scope
            governed = {
                i
                for i, part in enumerate(self.parts)
                if part.start < reach.end and (i >= home or (part.end > reach.start and _DANGLING.search(part.words)))
            }
            if home not in whole and governed & whole:
                return False
        dropped = [i for i in range(len(self.parts)) if i not in whole]
        if any(_LIMITS.search(self.parts[i].words) for i in dropped if i > used[0]):
            return False
        return all(self._stands_alone(i, dropped) for i in used if i and i - 1 in dropped)

    def _stands_alone(self, index: int, dropped: Sequence[int]) -> bool:
        """Whether a part after a dropped one has a modal word and a subject of its own."""
        if is_goal(self.quote) or any(_HEADS.search(self.parts[i].words) for i in dropped if i < index):
            return False
        if all(_OWN_WORK.search(self.parts[i].words) for i in dropped if i < index):
            return True
        start = self.parts[index].start
        heads = [self.quote[start : cue.at] for cue in self._cues if cue.scope.start == start]
        return any(_SUBJECT.search(head) and not _ADVERBIAL.match(head) for head in heads)

    def read_force(self, used: Sequence[int]) -> tuple[Force, str]:
        """The force of the parts used and who is bound."""
        words = ",".join(self.parts[i].words for i in used)
        citation = self.citation
        if len(used) == len(self.parts) or (citation.gist and fold(citation.gist).strip(",;。") in words):
            return citation.force, citation.duty_bearer
        return main_force(words), citation.duty_bearer if citation.duty_bearer in words else ""


def let_through(text: str, numbers: Sequence[int], measures: Mapping[int, Measure]) -> tuple[Passed, ...]:
    """What a statement says, clause by clause; empty where the gate stays shut.

    Every sentence of it is of one clause, those of a clause follow each other in its order, and together they are
    measured. It stays shut when one sentence fails, or a clause cited was not given or is not used.

    Args:
        text: a statement of the model's.
        numbers: the clauses it cites.
        measures: the clauses that were retrieved, by number.
    """
    if not numbers or any(number not in measures for number in numbers) or len(text) > MAX_LENGTH:
        return ()
    if any(unicodedata.category(char) in ("Cc", "Cf", "Co", "Cs", "Cn") for char in text if char not in "\r\n\t"):
        return ()
    told: dict[int, tuple[str, tuple[int, ...]]] = {}
    last = 0
    for sentence in _sentences(_NUMBER_MARK.sub("", " ".join(text.split()))):
        number, used = _read(sentence, numbers, measures)
        before, known = told.get(number, ("", ()))
        if not used or (known and (number != last or used[0] <= known[-1])):
            return ()
        told[number] = (before + sentence, (*known, *used))
        last = number
    if told.keys() != set(numbers) or not all(measures[n].says_the_same(used) for n, (_, used) in told.items()):
        return ()
    return tuple(Passed(n, words, *measures[n].read_force(used)) for n, (words, used) in told.items())


def _read(sentence: str, numbers: Sequence[int], measures: Mapping[int, Measure]) -> tuple[int, tuple[int, ...]]:
    """The first of the clauses cited that a sentence is made of, with the parts it uses; none for what is of no one."""
    for number in numbers:
        if used := measures[number].reads(fold(sentence)):
            return number, used
    return 0, ()


def fold(text: str) -> str:
    """A text as sentences are compared: half-width digits and stops, no white space and no quotation marks."""
    return text.translate(_FOLDED)


def _sentences(text: str) -> list[str]:
    """A statement cut at its full stops and semicolons, brackets left whole."""
    shut = text.translate(str.maketrans("；！？（）", ";!?()"))
    return [text[part.start : part.end + 1].strip() for part in _parts(shut, _STOPS)]


def _parts(text: str, marks: str) -> list[_Part]:
    found, depth, start = [], 0, 0
    for at, char in enumerate(text + marks[0]):
        depth = max(0, depth + (char in _OPENING) - (char in _CLOSING)) if at < len(text) else 0
        if char in marks and not depth:
            if text[start:at].strip():
                found.append(_Part(text[start:at], start, at))
            start = at + 1
    return found


def _ends(pattern: re.Pattern[str], text: str) -> tuple[int, ...]:
    """Where the words before the clause's own may end: nowhere, or at the longest they can be."""
    match = pattern.match(text)
    return tuple(dict.fromkeys((match.end() if match else 0, 0)))


def _links(sentence: str, at: int) -> tuple[int, ...]:
    match = _LINKING.match(sentence, at)
    return tuple(dict.fromkeys((at, match.end() if match else at)))
