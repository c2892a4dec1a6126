"""The one sentence an answer begins with, built from slots: who, how strongly, since when. Never new facts.

Every number, level name and modal word in it must stand in the quotes (`citations.unsupported`); a sentence that fails
is replaced by the plainest true one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.citations import unsupported
from assistant.answering.describing import place_of
from assistant.answering.premises import corrected
from assistant.answering.shortening import in_short, row_in_short
from assistant.answering.verdicts import CLAIMED, verdict
from assistant.jurisdictions import Gazetteer
from assistant.model import Citation, Force, Status
from assistant.provisions.force import read_cues
from assistant.retrieval.cues import QuestionKind
from assistant.retrieval.understanding import Understanding

WHOLE = 110
"""Characters up to which a conclusion gives the whole sentence; a part of it can be false alone."""

LADDER = ("学徒工", "初级工", "中级工", "高级工", "技师", "高级技师", "特级技师", "首席技师")
"""The eight levels, lowest first."""
HIGH_SKILLED = LADDER.index("高级工")
"""From this level on people are called 高技能人才."""
_LEVEL = re.compile("首席技师|特级技师|高级技师|(?<![级席])技师(?!学院|工作)|高级工(?!程)|中级工|初级工|学徒工")
_LADDER_ALL = re.compile("学徒工、初级工")  # a sentence that lists the ladder speaks of all levels
# The year or the subject a later part of the sentence stands under
_HEAD = re.compile(
    r"(?:力争)?[到至](?:19|20)\d\d年[^，,；;。]{0,4}[，,]|(?:国有企业|规模以上[^，,；;。]{0,8}企业|龙头企业)(?=[^，,；;。]*[，,])"
)


def conclude(asked: Understanding, citations: Sequence[Citation], gazetteer: Gazetteer) -> str:
    """The conclusion for an answer resting on `citations`, best first (at least one).

    Example: 「广州：聘任为…首席技师…的人员,可比照本单位正高级职称人员…享受同等待遇（“可”是允许，不是一定给）。」
    """
    best = citations[0]
    where = where_of(best, gazetteer)
    quotes = [citation.said for citation in citations]
    sentence = f"{where}：{told_of(asked, best)}"
    if unsupported(sentence, quotes):
        sentence = f"{where}：文件有相关规定，原文如下。"
    apart, wrong = levels_apart(asked, best), corrected(asked, best)
    if apart and not wrong and asked.asks(QuestionKind.YES_NO):
        return f"{'不对' if CLAIMED.search(asked.text) else '不一定'}，{apart}{sentence}"
    return f"{wrong or verdict(asked, best)}{sentence}{apart}"


def where_of(citation: Citation, gazetteer: Gazetteer) -> str:
    """The place whose text speaks: 「湛江（草案）」."""
    place = place_of(citation.policy, gazetteer)
    return f"{place}（草案）" if citation.status.status is Status.DRAFT else place


def told_of(asked: Understanding, best: Citation) -> str:
    """The words asked about, and what force they have: 「…可…享受同等待遇（“可”是允许，不是一定给）。」."""
    if asked.asks(QuestionKind.AUTHORITY) and best.clause.lead_units and best.clause.duty_span == best.span:
        return _units(best)
    short = _short(asked, best)
    note = _note(best, short)
    return f"{_without_stop(short) or _told(best)}{f'（{note}）' if note else ''}。"


def _short(asked: Understanding, best: Citation) -> str:
    """A row of a table with the names of its columns; of a long quotation the provision asked about, where one is."""
    if asked.asks(QuestionKind.CONSEQUENCE):
        return row_in_short(best)  # what follows stands beside what is broken
    return row_in_short(best) or in_short(best, asked.search_text)


def _told(best: Citation) -> str:
    """The sentence; of a long one the part asked about, with the year and the subject it stands under."""
    quote = _without_stop(best.quote)
    if len(quote) <= WHOLE or not best.gist:
        return quote if len(quote) <= WHOLE else quote[: WHOLE - 2] + "……"
    told = under_head(best)
    return told if len(told) <= 2 * WHOLE else told[: 2 * WHOLE - 2] + "……"


def under_head(citation: Citation) -> str:
    """The part asked about with the year and the subject it stands under: 「到2025年……总量达到500万人以上」."""
    gist = _without_stop(citation.gist)
    before = citation.quote[: citation.quote.index(citation.gist)]
    heads = [match.group().rstrip("，,") for match in _HEAD.finditer(before)]
    return "……".join([*heads[-1:], gist])


def _without_stop(text: str) -> str:
    return re.sub(r"[，,；;。\s]+$", "", text)


def _note(best: Citation, short: str) -> str:
    cues = read_cues(short or best.quote)
    own = [c for c in read_cues(best.gist or best.quote) if c.force is best.force]
    cue = next((c.word for c in (*own, *cues) if c.force is best.force), "")
    if not cue and best.force is not Force.GOAL:
        return ""
    of_several = "其中" if len({c.force for c in cues}) > 1 and len(best.quote) <= WHOLE else ""
    match best.force:
        case Force.MUST if "原则上" in (best.gist or best.quote):
            return "是要求，但带“原则上”三个字，留有例外"
        case Force.MUST:
            whom = f"对{best.duty_bearer}的要求" if best.duty_bearer else "要求"
            return f"{of_several}“{cue}”是{whom}"
        case Force.ENCOURAGED:
            return f"{of_several}“{cue}”，不强制"
        case Force.MAY:
            return f"{of_several}“{cue}”是允许，不是一定给"
        case Force.GOAL:
            return "这是工作目标，不是承诺"
        case _:
            return ""


def levels_apart(asked: Understanding, best: Citation) -> str:
    """「原文写的是高级技师，没有写中级工。」 where the sentence neither names nor covers the level asked about."""
    wanted = dict.fromkeys(_LEVEL.findall(asked.text))
    held = dict.fromkeys(_LEVEL.findall(best.quote))
    if wanted and "高技能人才" in best.quote and not _LADDER_ALL.search(best.quote):
        below = [level for level in wanted if LADDER.index(level) < HIGH_SKILLED and level not in held]
        return f"原文说的是“高技能人才”，没有写{'、'.join(below)}。" if below else ""
    if not wanted or not held or _LADDER_ALL.search(best.quote):
        return ""
    floors = [LADDER.index(level) for level in held if f"{level}以上" in best.quote]
    strange = [w for w in wanted if w not in held and not any(LADDER.index(w) >= floor for floor in floors)]
    return f"原文写的是{'、'.join(held)}，没有写{'、'.join(strange)}。" if strange else ""


def _units(best: Citation) -> str:
    lead = "、".join(best.clause.lead_units)
    others = "、".join(best.clause.cooperating_units)
    return f"牵头：{lead}" + (f"；配合：{others}。" if others else "。")
