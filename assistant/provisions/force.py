"""How strongly a sentence binds: its modal words, each with the part of the sentence it governs.

A sentence may hold several (「鼓励企业开展…评聘，聘任…的人员可比照…」): `read_cues` keeps them all in order,
`main_force` gives the one to state when a single word is wanted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from assistant.model import Force, Span

# 应/要/可/须 are also parts of ordinary words; what follows or precedes them tells.
_MUST = re.compile(
    r"应当|必须|务必|不得|严禁|禁止|一律"
    r"|(?<![适对响供反效相回呼顺感因])应(?![用对急届聘变答有征邀援景季试该激诉])"
    r"|(?<![必无急])须(?!知)|需(?=提供|提交|经|由|持|按|具备|符合)"
    r"|(?<![主需重必首摘纲概只简紧机扼])要(?![求素点件闻害么义略塞津道旨务职领目])"
    r"|至少(?=有|得|达|\d|[一二两三四五六七八九十])|不(?:得)?(?:超过|低于|少于|高于|多于)|限(?:入选|额|报|评|推荐)\s*\d"
)
_ENCOURAGED = re.compile(r"鼓励|支持|引导|推动|推进|推行|探索|提倡|倡导|带动")
_MAY = re.compile(
    r"可以|有权(?!机关|部门|单位|机构|限)|(?<![不未])允许(?![的范误])|可(?![持靠能行见观信控贵用]|供|及|再生|复制|推广|溯|视化|比性|操作)"
)
_GOAL_PERIOD = re.compile(r"(?:[到至]\s*(?:19|20)\d\d|力争|截至|未来|每年|年均|期间|期末|今后)")
_GOAL_NUMBER = re.compile(
    r"\d+(?:\.\d+)?\s*(?:[%％]|万|亿|千)?(?:余)?(?:人次|人|名|家|个|所|项|元|套|次|分钟|%|％|倍)|翻番|全覆盖|\d\s*[%％]"
)
_GOAL_YEAR = re.compile(
    r"(?:每年\d{1,2}月(?:份|底|末)?前|年底前)(?:全部|基本)?(?:完成|建成|实现)|(?:到|力争到|至)\s*(?:19|20)\d\d\s*年(?!\s*\d{1,2}\s*月\s*\d{1,2}\s*日)|[“\"]?十[二三四五六]五[”\"]?(?:期末|末)"
)
_GOAL_REACHED = re.compile(
    r"(?:达到?|超过)\s*\d+(?:\.\d+)?\s*(?:[%％]|万|家|个|人)|(?:遴选建设|建设|建成|培育|新增|评定)\D{0,10}\d+\s*(?:家|个|名|所|万?人次?)"
)
# A state to be reached, said of its subject at the head of the sentence: 「技能生态更加良好」, 「培训实现量质齐升」
_GOAL_STATE = re.compile(
    r"^(?:——)?(?!为|使|让|以|通过|推动|进一步|切实|做到)[\u4e00-\u9fff]{2,20}?"
    r"(?:更加(?:完善|合理|健全|良好|浓厚|优化|科学|规范|畅通|均衡|凸显|明显)|实现[^，,；;。]{0,12}(?:齐升|翻番|倍增|全覆盖)|名列前茅|位居[^，,]{1,6}前列)"
    r"(?=[，,；;。]|$)|^(?:逐步|基本|力争)实现[^，,；;。]{2,30}全覆盖"
)
# 「经认可」「许可」「不可」…: 可 after these is part of a word
_NOT_MAY_BEFORE = "认许不宁尚无"
# Nouns made of a cue word: 推动作用, 支持性, 给予支持, 引导资金, 予以重点支持
_NOUN_AFTER = re.compile(r"(?:作用|力度|性|资金|基金|政策|措施|项目|计划|下|服务|$|[，。；）)])")
_NOUN_BEFORE = re.compile(
    r"(?:予以|给予|给予了|提供|加大|政策|技术|资金|投资|人才|得到|社会|政府|市场|舆论|价值|(?<![成认])为)(?:有力|大力|重点)?$"
)
_WEAK = frozenset({"推动", "推进", "推行", "带动", "探索"})
_PUSHED = frozenset({"推进", "推行", "探索"})  # unlike 推动, they push a work on, not a person
_ASKED = frozenset({"鼓励", "支持", "倡导", "提倡"})  # urge wherever they stand in a sentence
# 推动 and 带动 urge where someone is pushed to act (推动企业实行…), not where a work is (推动…建设, 推动形成…)
_SOMEONE = re.compile(
    r"(?:和动员|和引导)?(?!以|实施|形成|落实)[^，,；;。的]{0,24}?(?:企业|企校|校企|院校|学校|学院|高中|高校|园区|联盟|协会|商会|机构|组织|单位|主体|部门|各地|各区|各县|县|人才及团队|劳动者)"
    r"(?!技能大师|高技能|职工|培训(?!主体|机构)|[^，,；;。、和与]{0,8}(?:建设|计划|工程|改革|发展)[，,；;。])"
)
# A part that states a work: 「完善…政策」, 「在…中放宽…限制」
_STATES = re.compile(
    r"^(?:在[^，,]{2,14}?中)?(?:加快|积极|大力|深入|广泛|定期|逐步|试点|继续|全面|进一步)?(?:建立|健全|完善|构建|建设|打造|开展|实施|推行|提供|整合|聚合|优化|放宽|深化|落实|贯彻|提高|推荐|公开|组织|创新|培育|制定|搭建|拓展)"
)
_WORK_ENDS = re.compile(r"(?:工作|活动)$")


_KEPT = 16_384
"""Sentences and parts of them whose reading is kept: the same ones answer many questions."""


@dataclass(frozen=True, slots=True)
class ForceCue:
    """A modal word.

    Attributes:
        force: its strength.
        word: as printed.
        at: where it stands, code points from the start of the sentence.
        scope: the part of the sentence it governs, up to the next cue's part.
    """

    force: Force
    word: str
    at: int
    scope: Span


@lru_cache(maxsize=_KEPT)
def read_cues(sentence: str) -> tuple[ForceCue, ...]:
    """All modal words of a sentence that bind, in order, each with the part it governs.

    A cue inside the reach of an earlier 要/应/可 with the same subject (「各区政府要统筹…，支持…」) hangs on that one
    and is not counted. Words inside 《》 and “” name things and bind nothing.
    """
    found = _candidates(blanked(sentence))
    if (definition := sentence.find("是指")) >= 0:
        # 「本条例所称登记，是指…可以申请登记的权利…」 says what a word means
        found = [entry for entry in found if entry[2] < definition]
    kept: list[tuple[Force, str, int]] = []
    for force, word, at in found:
        if kept and _hangs_on(sentence, kept[-1], force, at):
            continue
        kept.append((force, word, at))
    starts = [_scope_start(sentence, at, kept[i - 1][2] + 1 if i else 0) for i, (_, _, at) in enumerate(kept)]
    ends = [*starts[1:], len(sentence)][: len(starts)]
    return tuple(
        ForceCue(force, word, at, Span(start if i else 0, max(end, at + len(word))))
        for i, ((force, word, at), start, end) in enumerate(zip(kept, starts, ends, strict=True))
    )


@lru_cache(maxsize=_KEPT)
def main_force(sentence: str) -> Force:
    """The force to state for the whole sentence: a target if it sets one, else its first binding word's.

    Example:
        >>> main_force("鼓励企业开展首席技师、特级技师评聘工作。").value
        'encouraged'
        >>> main_force("行业主管部门应当做好高技能人才供需预测。").value
        'must'
        >>> main_force("到2027年,全市技能人才总量达460万人以上。").value
        'goal'
        >>> main_force("督促企业按规定足额提取职工教育经费。").value
        'none'
    """
    if is_goal(sentence):
        return Force.GOAL
    cues = [cue for cue in read_cues(sentence) if not _is_one_more_work(sentence, cue)]
    strong = [cue for cue in cues if not _pushes_work(sentence, cue)]
    # 「大力推进评聘工作，聘任的人员可比照…」: what is pushed on gives way to what is laid down
    return (strong or cues)[0].force if cues else Force.NONE


def _pushes_work(sentence: str, cue: ForceCue) -> bool:
    """Whether a cue only gets a work going: 推进…, 大力推动…, 鼓励开展…工作."""
    if cue.force is not Force.ENCOURAGED:
        return False
    part = re.split(r"[，,；;。]", sentence[cue.at :])[0]
    return cue.word in _PUSHED or sentence[: cue.at].endswith("大力") or bool(_WORK_ENDS.search(part))


@lru_cache(maxsize=_KEPT)
def is_goal(sentence: str) -> bool:
    """Whether it sets a target: a year to be reached, or a period with a number, and no duty word before it."""
    bound = [cue for cue in read_cues(sentence) if cue.force is Force.MUST]
    if any(cue.word[:2] not in ("不超", "不低", "不少", "至少") for cue in bound):
        return False
    if _GOAL_YEAR.search(sentence):
        return True
    words = re.sub(r"[“《][^”》]*[”》]", "", sentence)
    if not bound and _GOAL_STATE.search(sentence):
        return True
    if bound or read_cues(sentence):
        return bool(not bound and _GOAL_PERIOD.search(words) and _GOAL_NUMBER.search(words))
    return bool(_GOAL_REACHED.search(words) or (_GOAL_PERIOD.search(words) and _GOAL_NUMBER.search(words)))


def force_near(sentence: str, focus: Span) -> Force:
    """The force of the part of the sentence that `focus` (code points of the sentence) lies in.

    Example:
        >>> s = "鼓励企业开展首席技师评聘工作,聘任的人员,可比照高级管理人员享受同等待遇。"
        >>> force_near(s, Span(s.index("可比照"), len(s))).value
        'may'
    """
    if is_goal(sentence):
        return Force.GOAL
    best = max(
        read_cues(sentence),
        key=lambda cue: (min(cue.scope.end, focus.end) - max(cue.scope.start, focus.start), -cue.at),
        default=None,
    )
    return best.force if best else Force.NONE


def blanked(sentence: str, *, quotes: bool = True) -> str:
    """The sentence with names in 《》, brackets and (unless told otherwise) quotation marks blanked, offsets kept."""
    marks = r"《[^》]*》|[（(][^（）()]*[）)]" + (r"|“[^”]*”" if quotes else "")
    return re.sub(marks, lambda match: "□" * len(match.group()), sentence)


def _candidates(words: str) -> list[tuple[Force, str, int]]:
    found = [(Force.MUST, m.group(), m.start()) for m in _MUST.finditer(words)]
    found += [
        (Force.MAY, m.group(), m.start())
        for m in _MAY.finditer(words)
        if m.start() == 0 or words[m.start() - 1] not in _NOT_MAY_BEFORE
    ]
    for match in _ENCOURAGED.finditer(words):
        before, after = words[: match.start()], words[match.end() :]
        if re.search(r"(?:制定|制订|出台|研究|营造|形成|健全|完善|建立|落实)$", before) or (
            _NOUN_AFTER.match(after) and match.group() not in _WEAK
        ):
            continue
        if match.group() in ("支持", "引导") and (_NOUN_BEFORE.search(before) or after.startswith("的")):
            continue
        if match.group() in _WEAK and not _weak_counts(before, match.group(), after):
            continue
        found.append((Force.ENCOURAGED, match.group(), match.start()))
    return sorted(found, key=lambda entry: entry[2])


MANY_STATED = 2
"""Parts that state works, from which on a weak urging is one more of them: 「完善…，放宽…，引导…合理流动」."""


def _is_one_more_work(sentence: str, cue: ForceCue) -> bool:
    """Whether a weak urging (引导, 推动, 探索) only closes a row of works that are stated."""
    weak = cue.force is Force.ENCOURAGED and cue.word not in _ASKED
    return weak and _stated_before(sentence[: cue.at]) >= MANY_STATED


def _stated_before(before: str) -> int:
    """How many parts of this sentence before its last comma state a work."""
    sentence = re.split(r"[；;。]", before)[-1]
    return sum(bool(_STATES.match(part.strip())) for part in re.split(r"[，,]", sentence)[:-1])


def _weak_counts(before: str, word: str, after: str) -> bool:
    """推动/推进/探索 urge someone only at the head of a part; 「全面推进…建设」 merely states what the issuer does."""
    head = re.split(r"[，,；;。]", before)[-1]
    if word in ("推进", "推行"):
        return head in ("大力", "积极", "加快", "鼓励", "探索", "稳步")
    if word in ("推动", "带动"):
        return bool(_SOMEONE.match(after)) and len(head) <= MAX_HEAD
    return head in ("", "大力", "积极", "加快", "继续", "并", "鼓励", "引导和", "指导和") or (
        word == "探索" and len(head) <= 2
    )


MAX_HEAD = 4
"""Characters before 推动 in its part (「大力」, 「引导和」): further on it is the verb of another clause."""


def _hangs_on(sentence: str, earlier: tuple[Force, str, int], force: Force, at: int) -> bool:
    """A later, weaker verb in the same part, or after a comma without a subject of its own, hangs on 要/应/可."""
    if earlier[0] not in (Force.MUST, Force.MAY) or force is not Force.ENCOURAGED:
        return False
    if earlier[1] in ("不超过", "不低于", "至少"):
        return False
    return not re.search(r"[。；;]", sentence[earlier[2] : at])


def _scope_start(sentence: str, at: int, floor: int) -> int:
    """A cue's part begins after the last comma before its subject."""
    head = sentence[floor:at]
    cut = max(head.rfind(mark) for mark in "，,；;。")
    if cut < 0:
        return floor
    # 「聘任为…的人员,可比照…」: the subject stands before the comma that precedes 可
    if cut == len(head) - 1:
        earlier = max(head[:cut].rfind(mark) for mark in "，,；;。")
        return floor + earlier + 1
    return floor + cut + 1
