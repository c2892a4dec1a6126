"""The one sentence an answer begins with, built from slots: who, how strongly, since when. Never new facts.

Every number, level name and modal word in it must stand in the quotes (`citations.unsupported`); a sentence that fails
is replaced by the plainest true one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.citations import unsupported
from assistant.answering.describing import place_of
from assistant.jurisdictions import Gazetteer
from assistant.model import Citation, Force, Status
from assistant.provisions.force import read_cues
from assistant.retrieval.cues import QuestionKind
from assistant.retrieval.understanding import Understanding

_NUMBERS = re.compile(
    r"\d+(?:\.\d+)?(?:\s*-\s*\d+)?\s*(?:[%％]|万|亿)?(?:人次|人|名|家|个|所|项|次|年|小时|分钟)?(?:以上|以下|以内)?"
)
MAX_GIST = 90
"""Characters of the quoted part in a conclusion; the points hold the whole sentence."""
_ASKED_NUMBER = re.compile(r"\d+(?:\.\d+)?\s*(?:[%％]|万人?|元|名|家|人次|个月|次|所|倍)")


def conclude(asked: Understanding, citations: Sequence[Citation], gazetteer: Gazetteer) -> str:
    """The conclusion for an answer resting on `citations`, best first (at least one).

    Example: 「广州：聘任为…首席技师…的人员,可比照本单位正高级职称人员…享受同等待遇（“可”是允许，不是一定给）。」
    """
    best = citations[0]
    where = _where(best, gazetteer)
    quotes = [citation.quote for citation in citations]
    sentence = f"{_premise(asked, quotes)}{where}：{_said(asked, best)}"
    if unsupported(sentence, quotes):
        return f"{where}：文件有相关规定，原文如下。"
    return sentence


def _where(citation: Citation, gazetteer: Gazetteer) -> str:
    place = place_of(citation.policy, gazetteer)
    return f"{place}（草案）" if citation.status.status is Status.DRAFT else place


def _premise(asked: Understanding, quotes: Sequence[str]) -> str:
    """A number the question takes for granted and no quote holds: say so first."""
    if (
        not asked.asks(QuestionKind.YES_NO, QuestionKind.BINDING)
        and "规定" not in asked.text
        and "说" not in asked.text
    ):
        return ""
    held = re.sub(r"\s", "", " ".join(quotes))
    strange = [m.group() for m in _ASKED_NUMBER.finditer(asked.text) if re.sub(r"\s", "", m.group()) not in held]
    return "您提到的数字与原文对不上。" if strange and _NUMBERS.search(held) else ""


def _said(asked: Understanding, best: Citation) -> str:
    """The words asked about, and what force they have."""
    if asked.asks(QuestionKind.AUTHORITY) and best.clause.lead_units and best.clause.duty_span == best.span:
        return _units(best)
    gist = re.sub(r"[，,；;。\s]+$", "", best.gist or best.quote)
    told = gist if len(gist) <= MAX_GIST else gist[: MAX_GIST - 2] + "……"
    lead = "不是硬性规定。" if asked.asks(QuestionKind.BINDING) and best.force in (Force.ENCOURAGED, Force.MAY) else ""
    note = _note(best)
    return f"{lead}{told}{f'（{note}）' if note else ''}。"


def _note(best: Citation) -> str:
    cue = next((c.word for c in read_cues(best.gist or best.quote) if c.force is best.force), "")
    match best.force:
        case Force.MUST if "原则上" in best.quote:
            return "是要求，但带“原则上”三个字，留有例外"
        case Force.MUST:
            return f"“{cue}”是对{best.duty_bearer}的要求" if best.duty_bearer else f"“{cue}”是要求"
        case Force.ENCOURAGED:
            return f"“{cue}”，不强制"
        case Force.MAY:
            return f"“{cue}”是允许，不是一定给"
        case Force.GOAL:
            return "这是工作目标，不是承诺"
        case _:
            return ""


def _units(best: Citation) -> str:
    lead = "、".join(best.clause.lead_units)
    others = "、".join(best.clause.cooperating_units)
    return f"牵头：{lead}" + (f"；配合：{others}。" if others else "。")
