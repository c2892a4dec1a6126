"""What must hold for a sentence to apply: 「符合条件的」, 「在…方面作出重大贡献」, 「同等条件下」, 「经…认定」."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.model import Span


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition as printed.

    Attributes:
        text: the words.
        span: where they stand, code points of the sentence.
        open: the text does not say what fulfils it (「符合条件的」), so that only an office or a firm can tell.
    """

    text: str
    span: Span
    open: bool


# Each pattern with an example; the first group of a pair says whether the condition is left open.
_PATTERNS: tuple[tuple[bool, re.Pattern[str]], ...] = (
    # 「符合条件的高技能人才」「符合相关条件」「符合申报条件的人员」「有条件的区」「具备条件的」
    (True, re.compile(r"(?:符合|具备|满足)(?:有关|相关|申报|规定)?(?:条件|规定|要求)(?!的?前提)|有条件的|符合[^，,；;。]{2,24}条件")),
    # 「按规定」「按有关规定」「根据相关政策」「按照有关人才引进政策规定」
    (True, re.compile(r"(?:按|按照|依照|根据)(?:国家|省|市|有关|相关|政策|人才引进|的)*(?:规定|政策规定|政策|程序)")),
    # 「在重大技术攻关等方面作出重大贡献」「业绩突出」「成效显著」「优秀高技能人才」
    (
        False,
        re.compile(
            r"(?:在[^，,；;。]{2,40}(?:方面|中))?(?:作出|做出)(?:重大|突出|重要)?贡献|业绩突出|成效显著|具有高超技能、?精湛技艺"
            r"|优秀(?=高?技能人才|技能)|突出贡献(?=的)"
        ),
    ),
    # 「同等条件下」「申报…同等条件下」
    (False, re.compile(r"(?:在[^，,；;。]{0,30})?同等条件下")),
    # 「经认定为湛江高层次人才」「经区人力资源社会保障部门汇总」「经备案的」「被评定为…」「获得…证书」
    (
        False,
        re.compile(
            r"经[^，,；;。]{0,24}(?:认定|汇总|鉴定|备案|审核|批准|评定|评审)[^，,；;。]{0,12}(?=[，,]|的)|被(?:评定|认定|聘任|评)为[^，,；;。]{2,24}(?=的|[，,])"
            r"|(?:获得|取得|具有|持有)[^，,；;。]{2,40}(?:证书|资格|学历)(?=的|人员|[，,])"
        ),
    ),
    # 「有下列情形之一的」「情节严重的」「逾期不改正的」「跟随师傅学习期满后」
    (False, re.compile(r"有下列情形之一的?|情节(?:严重|较重|轻微)的?|逾期[^，,；;。]{0,10}的|(?<=[，,])[^，,；;。]{2,24}期满后")),
)


def conditions(sentence: str) -> tuple[Condition, ...]:
    """The conditions of a sentence, in order; of two that overlap the longer stays.

    Example:
        >>> [(c.text, c.open) for c in conditions("符合条件的高技能人才可纳入广州市人才绿卡申领范围。")]
        [('符合条件', True)]
    """
    words = re.sub(r"《[^》]*》", lambda match: "□" * len(match.group()), sentence)
    found = [
        Condition(sentence[match.start() : match.end()], Span(match.start(), match.end()), open_)
        for open_, pattern in _PATTERNS
        for match in pattern.finditer(words)
    ]
    kept: list[Condition] = []
    for condition in sorted(found, key=lambda one: (-len(one.span), one.span)):
        if not any(condition.span.overlaps(other.span) for other in kept):
            kept.append(condition)
    return tuple(sorted(kept, key=lambda one: one.span))
