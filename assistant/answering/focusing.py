"""Of a sentence's several parts, the one that was asked about, and how strongly that part binds.

「鼓励企业开展首席技师评聘工作,聘任的人员,可比照高级管理人员享受同等待遇」 encourages the firm and allows the treatment:
the answer to a question about the treatment must not say 鼓励.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from assistant.model import Force, Span
from assistant.provisions.force import is_goal, main_force, read_cues
from assistant.provisions.parties import duty_bearer
from assistant.tokenization import Tokenizer

# 「…的人员，可比照…」, 「企业对…，应建立…」: the modal word opens its part, so the subject stands in the part before
_OPENS_WITH_CUE = re.compile(r"可|应|须|要(?!求)|不得|由(?=.{2,12}(?:实施|负责|进行))")
# A part that only says of whom, when or on what ground has a preposition and no verb of its own
# (「对作出贡献的人员，」, 「经认定为高层次人才，」), or ends in who or when; what is said of them follows.
_ASIDE = re.compile(
    r"^(?:在|对于?|经|按照?|根据|依据|围绕|结合|通过|依托|针对|面向|聚焦|瞄准|为了?|以|从|到|凡|获得?|取得|被|聘任为|符合)"
)
_ACTS = re.compile(
    r"放宽|开展|给予|予以|享受|建立|健全|完善|纳入|培训|实行|落实|实施|提供|推行|推广|加强|加大|提高|扩大|设立|设置|制定|建设|打造"
    r"|举办|进行|明确|确立|完成|列入|推荐|组织|试点|先行|评定|奖励|补贴|培养|评价"
)
_OF_WHOM = re.compile(
    r"(?:的|人员|人才|技师|选手|企业|方面|中|上|时|后|下|内|前|间|等|领域|基础|情况|意愿|要求|为主体|为核心|为导向|为引领)[，,]$"
)
_NAMES = re.compile(r"[“《（(][^”》）)]*[”》）)]")
_CAPS = ("不超", "不低", "至少", "限")
# What begins like this is said by the issuer or of someone else, whatever stands before it:
# 「…，由…负责」, 「…，市教育局将…」, 「…，经费使用情况与…挂钩」, 「…，对…予以…」
_ANOTHER_ACTS = re.compile(
    r"由|政府|各地|各区|各市|各县|(?:对|将|把).*(?:予以|给予)"
    r"|[^，,]{1,16}(?:局|厅|部门)(?:分别)?(?:将|把|对|按|负责)"
    r"|[^，,]{2,14}(?:工作|情况|结果)(?:主要|与|按|由|采取|作为)"
)
# After 鼓励 or 可 these begin a provision of its own, too; after 要 or 应 they are the same subject's next duty
_BEGINS_ANEW = re.compile(
    rf"{_ANOTHER_ACTS.pattern}|对|在|将|把|根据|以|从|明确|确立|遴选|落实|确保|重视"
    r"|(?:积极|深入|重点|持续|广泛|大力|率先|加快)(?:推荐|开展|推进|组织|实施|建设|探索)|.*(?:予以|给予)"
)
# … and these, unless 鼓励 or 支持 names who is to do it: 「支持职业学校申报债券,加强基础设施建设」 urges it to both
_PLAIN = re.compile(r"并?建立|健全|完善|制定|构建|加强|提高|实施|推荐|加快")
_NUMBER = re.compile(r"\d|[一二两三四五六七八九十百]+(?:年|个月|名|家|所|倍|次)")
# 「2024年完成补贴性职业技能培训13000人次以上」: a year, what is to be reached in it, and the number
_DATED = re.compile(r"^(?:(?:19|20)\d\d|当)年(?:内|度|底前)?(?:完成|建成|达到?|实现|新增|培训|培育)[^，,；;。]*\d")


@dataclass(frozen=True, slots=True)
class Reading:
    """The part of a sentence that was asked about, and how strongly it binds."""

    part: str
    force: Force


@dataclass(frozen=True, slots=True)
class Focus:
    """What was asked about.

    Attributes:
        words: the question's search tokens with their weights (the rarer in the corpus, the heavier).
        tokenizer: cuts the sentence into the same tokens.
        number: a number is asked for.
    """

    words: Mapping[str, float]
    tokenizer: Tokenizer
    number: bool = False

    def read(self, sentence: str) -> Reading:
        """The part of the sentence, from comma to comma, that is nearest to the question, and its force.

        A part with a modal word has that word's force. One without is read with its neighbours: a subject goes with the
        part it opens (「…的人员，可比照…」), an action hangs on the 要, 可 or 鼓励 before it, and what begins anew
        (「…，对…实行…」, 「…，建立…制度」) merely states.
        """
        parts = _parts(sentence)
        scores = [self._score(part.of(sentence)) for part in parts]
        if len(parts) < 2 or max(scores) == 0:
            return Reading(sentence, main_force(sentence))
        cues = read_cues(sentence)
        held = [next((cue for cue in cues if part.start <= cue.at < part.end), None) for part in parts]
        numbered = [
            bool(self.number and _NUMBER.search(part.of(sentence)) and score)
            for part, score in zip(parts, scores, strict=True)
        ]
        best = max(range(len(parts)), key=lambda i: (numbered[i], scores[i], held[i] is not None, -i))
        last = best
        while last + 1 < len(parts) and _is_aside(parts[last].of(sentence)):
            last += 1
        words = sentence[parts[best].start : parts[last].end]
        if not cues:
            return Reading(words, main_force(sentence))
        if is_goal(words) or _DATED.search(sentence[parts[best].start : parts[best].end]):
            return Reading(words, Force.GOAL)
        if (own := next((cue for cue in held[best : last + 1] if cue is not None), None)) is not None:
            return Reading(words, own.force)
        before = next((i for i in range(best - 1, -1, -1) if held[i] is not None), None)
        cue = held[before] if before is not None else None
        if before is None or cue is None or cue.word.startswith(_CAPS):
            return Reading(words, Force.NONE)
        if _begins_anew(words, cue.force, sentence[parts[before].start : parts[before].end]):
            return Reading(words, Force.NONE)
        return Reading(sentence[parts[before].start : parts[last].end], cue.force)

    def _score(self, part: str) -> float:
        return sum(self.words.get(token, 0.0) for token in set(self.tokenizer.tokens(part)))


def _begins_anew(words: str, force: Force, urged: str) -> bool:
    """Whether a part no longer hangs on the modal word of the part `urged` before it."""
    if force is Force.MUST:
        return _ANOTHER_ACTS.match(words) is not None
    if _BEGINS_ANEW.match(words):
        return True
    return _PLAIN.match(words) is not None and not (force is Force.ENCOURAGED and duty_bearer(urged, force))


def _is_aside(part: str) -> bool:
    words = _NAMES.sub("", part)
    if not words.endswith(("，", ",")):
        return False
    return bool(_OF_WHOM.search(words)) or bool(_ASIDE.match(words) and not _ACTS.search(words))


def _parts(sentence: str) -> list[Span]:
    """The sentence from comma to comma; a subject stays with the part whose modal word it goes with."""
    parts: list[Span] = []
    for match in re.finditer(r"[^，,；;。]+[，,；;。]?", sentence):
        if parts and _OPENS_WITH_CUE.match(match.group()):
            parts[-1] = Span(parts[-1].start, match.end())
        else:
            parts.append(Span(match.start(), match.end()))
    return parts
