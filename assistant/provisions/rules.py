"""A sentence's several provisions: for each of its parts, the run of parts that states it whole.

「企业要按规定提取职工教育经费,60%以上用于一线职工,经费提取情况与评优挂钩」 holds a duty with its limit and, after it,
what depends on it. Quoted alone, a part must not lose who it speaks of, when and on what condition it applies, the
modal word it hangs on, or its limit; what stands before only to say what a work is for may be left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from assistant.model import Force, Span
from assistant.provisions.force import ForceCue, read_cues
from assistant.provisions.leading import ATTRIBUTE, HALF_NAMED, PERIOD, SETS_AIM, leads_on, shares_on
from assistant.provisions.parties import duty_bearer

_OPENING, _CLOSING = "（(《“‘「『[〔", "）)》”’」』]〕"
_ENDS = "，,；;。！？!?"
_MARKS = re.compile(f"[{re.escape(_OPENING + _CLOSING + _ENDS)}]")
_BOUNDS = ("不超", "不低", "至少", "限")

# The modal word opens its part, so the subject stands in the part before: 「…的人员，可比照…」, 「企业对…，应建立…」
_OPENS_WITH_CUE = re.compile(r"(?:均|都|也|还)?(?:可(?!持)|应|须|要(?!求)|不得|由(?=.{2,12}(?:实施|负责|进行)))")
# A limit or an exception of what stands before it: 「名额不超过…」, 「其中60%以上…」, 「不足部分…」, 「但…」
_LIMIT = re.compile(
    r"^(?:其中|但|除|不含|不包括|不超过|不低于|最[高低多少]|至[多少]|原则上|名额|按规定用于|(?:重点|主要|专项)?用于|限|每[个家人][^，,]{0,8}限|不足部分|不受"
    r"|超过|\d+(?:\.\d+)?[%％]|总量|期限|所[需取获])"
    r"|^[^，,]{1,16}(?:原则上不|不超过|不低于|不少于|不高于|不足(?!部分))|除外[，,；;。]?$"
)
# A further number of the list begun before it: 「数字技能人才5万人次」
_ONE_MORE = re.compile(
    r"^[^，,]{0,24}\d+(?:\.\d+)?\s*[%％万亿]?(?:多|余)?(?:人次|人|名|家|个|所|项|次)?(?:以上)?[，,；;。]?$"
)
_SAYS_NUMBER = re.compile(r"达|占|超|为|有|完成|建成|实现|开展|新增|培[训育养]|评定|贡献|建|遴选|设|得到|入选|至少")
# Points back at someone named before: 「其配偶、子女…」, 「鼓励其开展…」, 「所在单位可根据…」, 「享受相关服务」
_POINTS_BACK = re.compile(
    r"^(?:并|且|同时|和|也|或|再)|^(?:其|该|此|上述|所在|共同|分别|相应)(?![他余])|^按[^，,]{0,8}(?:规定|程序|政策)[^，,]{0,6}(?:给予|纳入|予以|享受)"
    r"|(?:鼓励|支持|推荐|对|将|为|由|使|帮助|给予|限制|开展|参加|明确)其(?![他中余])|^并?(?:优先)?享受|^(?:按|按照)?[^，,]{0,6}享受|^优先"
)
# What comes of a work, no rule by itself: 「提升培训质量」, 「为…提供有力支撑」, 「树立行业标杆」
_COMES_OF_IT = re.compile(
    r"^(?:不断|进一步|有效|逐步|切实|扎实|全面)*(?:提高|提升|扩大|增强|营造|促进|确保|保障|实现|形成|树立|激发|拓展|推动(?:形成|各项|目标)|帮助|助推|加快构建|满足|引导(?!企业|院校|用人)|搭建|凝聚|防范|为(?=.{0,40}提供|.{0,40}支撑))"
    r"|^以赛|^有力|^作为(?!.*(?:要|应))|^使|^让"
)
_TARGET = re.compile(
    r"\d|翻番|更加|规模|总量|比例|全覆盖|基本|逐步|达到?|实现|形成|成为|提高|壮大|提升|优化|相适应|匹配"
)
# What begins like this is said by the issuer or of someone else, whatever stands before it:
# 「…，由…负责」, 「…，市教育局将…」, 「…，经费使用情况与…挂钩」, 「…，对…予以…」
_ANOTHER_ACTS = re.compile(
    r"由|政府|各地|各区|各市|各县|(?:对|将|把).*(?:予以|给予)"
    r"|[^，,]{1,16}(?:局|厅|部门)(?:分别)?(?:将|把|对|按|负责)"
    r"|[^，,]{2,14}(?:工作|情况|结果)(?:主要|与|按|由|采取|作为)"
    r"|(?!开展|进行|加强|推行|实施|组织)[^，,]{2,12}(?:考核|评审)[，,]$"  # 「…，学徒工转正定级考核，由企业…进行」
)
# 「支持生态圈以国家标准为依据，以需求为导向，试点推行…」: the act urged is said behind what it goes by
_URGED_BY = re.compile(r"(?:鼓励|支持|引导)[^，,]*以[^，,]*为(?:依据|导向|基础|核心|重点)[，,]$")
# After 鼓励 or 可 these begin a provision of its own, too; after 要 or 应 they are the same subject's next duty
_BEGINS_ANEW = re.compile(
    rf"{_ANOTHER_ACTS.pattern}|对|在|将|把|根据|以|从|明确|确立|遴选|落实|确保|重视|指导|组织|围绕|推动|推进|统筹|(?:19|20)\d\d年"
    r"|(?:积极|深入|重点|持续|广泛|大力|率先|加快)(?:推荐|开展|推进|组织|实施|建设|探索)|.*(?:予以|给予)"
)
_AFTER = re.compile(r"在[^，,]*(?:后|时|前)(?!提)")  # 「可免修部分课程,在完成学习后取得证书」: of the same person
# … and these, unless 鼓励, 支持 or 可 names who is to do it: 「支持职业学校申报债券,加强基础设施建设」 urges it to both
_PLAIN = re.compile(r"并?建立|健全|完善|制定|构建|加强|提高|实施|推荐|加快")


_KEPT = 2048
"""Sentences whose parts are kept: the same ones answer many questions."""


@dataclass(frozen=True)
class SentenceParts:
    """A sentence from comma to comma, and on what each part depends.

    Attributes:
        sentence: its words, read as one line.
        parts: the parts, commas included; they tile the sentence. A subject is one part with its modal word.
        cues: the modal words.
        opening: per part, whether it only says of whom, when or to what end the next one holds.
        hosts: per part, the part before it that it cannot be told without; its own number where there is none.
    """

    sentence: str
    parts: tuple[Span, ...]
    cues: tuple[ForceCue, ...]
    opening: tuple[bool, ...]
    hosts: tuple[int, ...]

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The words of each part."""
        return tuple(part.of(self.sentence) for part in self.parts)

    @cached_property
    def runs(self) -> tuple[tuple[int, int], ...]:
        """For each part the first and last part of the shortest run that states it with all it needs."""
        return tuple(self._run(index) for index in range(len(self.parts)))

    @cached_property
    def _own_cues(self) -> tuple[ForceCue | None, ...]:
        return tuple(_cue_in(part, self.cues) for part in self.parts)

    def words(self, index: int) -> str:
        """The words of one part."""
        return self.texts[index]

    def cue_of(self, index: int) -> ForceCue | None:
        """The first modal word that stands in a part."""
        return self._own_cues[index]

    def told_in(self, index: int) -> int:
        """The part that says what holds, where part `index` only leads to it; else itself."""
        while index + 1 < len(self.parts) and self.opening[index]:
            index += 1
        return index

    def run(self, index: int) -> tuple[int, int]:
        """The first and last part of the shortest run that states part `index` with all it needs."""
        return self.runs[index]

    def _run(self, index: int) -> tuple[int, int]:
        low, high = index, self.told_in(index)
        while self.limited(high):
            high = self.told_in(high + 1)
        while (needed := self._needed(low)) < low:
            low = needed
        return low, high

    def span(self, low: int, high: int) -> Span:
        """Where the parts from `low` to `high` stand in the sentence."""
        return Span(self.parts[low].start, self.parts[high].end)

    def _needed(self, low: int) -> int:
        """The first part that what begins with part `low` needs before it."""
        if self.hosts[low] < low:
            return self.hosts[low]
        before, found = low - 1, low
        while before >= 0 and self.opening[before]:
            if not SETS_AIM.match(self.words(before)):
                found = before
            before -= 1
        return found

    def limited(self, index: int) -> bool:
        """Whether the part after this one is a limit or an exception of it."""
        return index + 1 < len(self.parts) and bool(_LIMIT.match(self.words(index + 1)))


@lru_cache(maxsize=_KEPT)
def read_parts(sentence: str) -> SentenceParts:
    """Cut a sentence at its commas and read how its parts depend on each other.

    Example:
        >>> parts = read_parts("企业要按规定提取经费,60%以上用于一线职工,提取情况与评优挂钩。")
        >>> [parts.span(*parts.run(i)).of(parts.sentence) for i in (1, 2)]
        ['企业要按规定提取经费,60%以上用于一线职工,', '提取情况与评优挂钩。']
    """
    parts = tuple(_cut(sentence))
    cues = read_cues(sentence)
    words = [part.of(sentence) for part in parts]
    opening = tuple(leads_on(own, following) for own, following in zip(words, [*words[1:], ""], strict=False))
    return SentenceParts(sentence, parts, cues, opening, _hosts(sentence, parts, words, cues, opening))


def hangs_on(words: str, force: Force, urged: str) -> bool:
    """Whether a part still hangs on the modal word of the part `urged` before it, and does not begin anew."""
    if force is Force.MUST:
        return _ANOTHER_ACTS.match(words) is None
    if force is Force.MAY and _AFTER.match(words):
        return True
    if _BEGINS_ANEW.match(words):
        return False
    return _PLAIN.match(words) is None or bool(duty_bearer(urged, force))


def _cut(sentence: str) -> list[Span]:
    """From comma to comma, none inside brackets or quotation marks; a subject stays with its modal word."""
    found: list[Span] = []
    start = 0
    for end in _ends(sentence):
        part = Span(start, end)
        start = end
        words = part.of(sentence)
        if found and (_OPENS_WITH_CUE.match(words) or not any(c.isalnum() for c in words)):
            found[-1] = Span(found[-1].start, part.end)
        else:
            found.append(part)
    return found


def _ends(sentence: str) -> Iterator[int]:
    """Behind each stop that stands in no brackets, and behind the last character."""
    depth = end = 0
    for mark in _MARKS.finditer(sentence):
        char, at = mark.group(), mark.start()
        depth = max(0, depth + (char in _OPENING) - (char in _CLOSING))
        if char not in _ENDS or depth:
            continue
        if char == "," and sentence[at + 1 : at + 2].isdigit() and sentence[at - 1 : at].isdigit():
            continue
        end = at + 1
        yield end
    if end < len(sentence):
        yield len(sentence)


def _hosts(
    sentence: str, parts: tuple[Span, ...], words: list[str], cues: tuple[ForceCue, ...], opening: tuple[bool, ...]
) -> tuple[int, ...]:
    hosts: list[int] = []
    held = [_cue_in(part, cues) for part in parts]
    for index, own in enumerate(words):
        before = next((i for i in range(index - 1, -1, -1) if held[i] or not opening[i]), None)
        if index == 0 or before is None or sentence[parts[index - 1].end - 1] in "；;。！？!?":
            hosts.append(index)
        else:
            hosts.append(_host(index, own, words, opening, held, hosts))
    return tuple(hosts)


def _host(
    index: int, own: str, words: list[str], opening: tuple[bool, ...], held: list[ForceCue | None], hosts: list[int]
) -> int:
    """The part that a part needs before it; itself where it stands alone."""
    told = next((i for i in range(index - 1, -1, -1) if not opening[i]), 0)
    if _URGED_BY.match(words[index - 1]):
        return index - 1
    named = opening[index - 1] and not SETS_AIM.match(words[index - 1])
    comes = _COMES_OF_IT.match(own) and held[index] is None
    if _LIMIT.match(own) or ((comes or _POINTS_BACK.search(own)) and not named):
        return told
    if ATTRIBUTE.match(own) or HALF_NAMED.search(words[index - 1]) or shares_on(words[index - 1], own):
        return index - 1
    if _ONE_MORE.match(own) and not _SAYS_NUMBER.search(own) and re.search(r"\d", words[index - 1]):
        return index - 1
    period = next((i for i in range(index - 1, -1, -1) if PERIOD.match(words[i])), None)
    if period is not None and held[index] is None and _TARGET.search(own):
        return period
    if held[index] is not None or opening[index]:
        return index
    before = next((i for i in range(index - 1, -1, -1) if held[i] is not None), None)
    cue = held[before] if before is not None else None
    if before is None or cue is None or cue.word.startswith(_BOUNDS):
        return index
    begun = (_ANOTHER_ACTS.match(words[i]) if opening[i] else hosts[i] == i for i in range(before + 1, index))
    if any(begun):
        return index  # what stands between began anew already
    if opening[before] and all(opening[before:index]):
        return before  # 「各地可结合实际，对…给予激励」
    return before if hangs_on(own, cue.force, words[before]) else index


def _cue_in(part: Span, cues: tuple[ForceCue, ...]) -> ForceCue | None:
    return next((cue for cue in cues if part.start <= cue.at < part.end), None)
