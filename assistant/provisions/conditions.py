"""What must hold for a sentence to apply: 「符合条件的」, 「在…方面作出重大贡献」, 「同等条件下」, 「经…认定」."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from assistant.model import Span


class ConditionKind(StrEnum):
    """What a condition asks for."""

    OPEN = "open"  # 符合条件的: the text does not say what fulfils it
    MERIT = "merit"  # 作出重大贡献, 优秀
    PROCEDURE = "procedure"  # 经…认定, 取得…证书: something must have been done first
    EQUAL = "equal"  # 同等条件下
    RULES = "rules"  # 按规定: other rules apply beside
    CASE = "case"  # 逾期不改正的, 有下列情形之一的


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition as printed.

    Attributes:
        kind: what it asks for.
        text: the words.
        span: where they stand, code points of the sentence.
        of_body: it is asked of a firm, school or district (「符合条件的企业」), not of a person.
    """

    kind: ConditionKind
    text: str
    span: Span
    of_body: bool = False


_PATTERNS: tuple[tuple[ConditionKind, re.Pattern[str]], ...] = (
    # 「符合条件的高技能人才」「符合相关条件」「符合申报条件的人员」「有条件的区」「具备条件的」
    (
        ConditionKind.OPEN,
        re.compile(
            r"(?:符合|具备|满足)(?:有关|相关|申报|规定)?(?:条件|规定|要求)(?!的?前提)|有条件的|符合[^，,；;。]{2,24}条件"
        ),
    ),
    # 「按规定」「按有关规定」「根据相关政策」「按照有关人才引进政策规定」
    (
        ConditionKind.RULES,
        re.compile(r"(?:按|按照|依照|根据)(?:国家|省|市|有关|相关|政策|人才引进|的)*(?:规定|政策规定|政策|程序)"),
    ),
    # 「在重大技术攻关等方面作出重大贡献」「业绩突出」「成效显著」「优秀高技能人才」「先进模范人物」「遴选一批…」
    (
        ConditionKind.MERIT,
        re.compile(
            r"(?:在[^，,；;。]{2,40}(?:方面|中))?(?:作出|做出)(?:重大|突出|重要)?贡献|业绩突出|成效显著|具有高超技能、?精湛技艺"
            r"|优秀(?=高?技能人才|技能)|突出贡献(?=的)|先进模范|(?:遴选|评定)一批"
        ),
    ),
    # 「同等条件下」「申报…同等条件下」
    (ConditionKind.EQUAL, re.compile(r"(?:在[^，,；;。]{0,30})?同等条件下")),
    # 「经认定为湛江高层次人才」「经区人力资源社会保障部门汇总」「经备案的」「被评定为…」「获得…证书」
    (
        ConditionKind.PROCEDURE,
        re.compile(
            r"经[^，,；;。]{0,24}(?:认定|汇总|鉴定|备案|审核|批准|评定|评审)[^，,；;。]{0,12}(?=[，,]|的)|被(?:评定|认定|聘任|评)为[^，,；;。]{2,24}(?=的|[，,])"
            r"|(?:获得|取得|具有|持有)[^，,；;。]{2,40}(?:证书|资格|学历)(?=的(?!同时)|人员|[，,])"
        ),
    ),
    # 「有下列情形之一的」「情节严重的」「逾期不改正的」「跟随师傅学习期满后」
    (
        ConditionKind.CASE,
        re.compile(
            r"有下列情形之一的?|情节(?:严重|较重|轻微)的?|逾期[^，,；;。]{0,10}的|(?<=[，,])[^，,；;。]{2,24}期满后"
        ),
    ),
)
_OF_BODY = re.compile(
    r"的?(?:各类|国有|龙头|大型|中小|理工类|普通)?(?:企业|单位|区(?!人)|县|市|地市|院校|学校|普通高校|高校|机构|技工院校)"
)


def conditions(sentence: str) -> tuple[Condition, ...]:
    """The conditions of a sentence, in order; of two that overlap the longer stays.

    Example:
        >>> [(c.text, c.kind.value) for c in conditions("符合条件的高技能人才可纳入广州市人才绿卡申领范围。")]
        [('符合条件', 'open')]
    """
    words = re.sub(r"《[^》]*》", lambda match: "□" * len(match.group()), sentence)
    found = [
        Condition(
            kind,
            sentence[match.start() : match.end()],
            Span(match.start(), match.end()),
            bool(_OF_BODY.match(words, match.end())) or match.group().endswith("条件的"),
        )
        for kind, pattern in _PATTERNS
        for match in pattern.finditer(words)
    ]
    kept: list[Condition] = []
    for condition in sorted(found, key=lambda one: (-len(one.span), one.span)):
        if not any(condition.span.overlaps(other.span) for other in kept):
            kept.append(condition)
    return tuple(sorted(kept, key=lambda one: one.span))
