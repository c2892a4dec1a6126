"""What follows from doing or not doing a thing: 追回, 通报, 挂钩, 限制, 罚款 …, and levers such as 招投标."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from assistant.model import Span


class ConsequenceKind(StrEnum):
    """What follows."""

    RECOVERY = "recovery"  # 追回
    REPORT = "report"  # 通报
    LINK = "link"  # 挂钩, 作为…重要因素: a lever on what a firm wants from offices
    LIMIT = "limit"  # 限制, 不予, 取消, 退出
    CREDIT = "credit"  # 诚信档案, 信用
    CORRECTION = "correction"  # 责令改正
    FINE = "fine"  # 罚款, 没收
    LIABILITY = "liability"  # 追究责任, 处分


CONSEQUENCE_LABELS = {
    ConsequenceKind.RECOVERY: "追回",
    ConsequenceKind.REPORT: "通报",
    ConsequenceKind.LINK: "挂钩",
    ConsequenceKind.LIMIT: "限制或取消",
    ConsequenceKind.CREDIT: "记入信用",
    ConsequenceKind.CORRECTION: "责令改正",
    ConsequenceKind.FINE: "罚款",
    ConsequenceKind.LIABILITY: "追究责任",
}

_CUES: tuple[tuple[ConsequenceKind, re.Pattern[str]], ...] = (
    # 「对于违规发放或错误发放补贴的，予以追回」「退回已领取的补贴」
    (ConsequenceKind.RECOVERY, re.compile(r"追回|退回|返还|追缴|收回")),
    # 「对工作不落实的地区将予以通报」
    (ConsequenceKind.REPORT, re.compile(r"(?:予以|给予)?通报(?:批评)?(?!机制|表扬)|约谈")),
    # 「与企业申请用地、用能及开展评先评优挂钩」「应作为…招投标、评优和资质评估的重要因素」「纳入…考核评价体系」
    (
        ConsequenceKind.LINK,
        re.compile(
            r"(?:与[^，,；;。]{2,24})挂钩(?!的)|作为[^，,；;。]{2,40}重要(?:因素|参考|依据|内容|评价依据)|纳入[^，,；;。]{0,24}(?:考核|评价|评估|督导)[^，,；;。]{0,8}体系"
        ),
    ),
    # 「按规定限制其参加评价活动」「取消资格」「建立退出机制」
    (
        ConsequenceKind.LIMIT,
        re.compile(
            r"限制其|(?:予以)?取消(?:其)?[^，,；;。]{0,10}(?:资格|称号|认定|备案)|不予(?!以)|退出机制|暂停|吊销|撤销"
        ),
    ),
    # 「建立技能人才评价诚信档案」「纳入信用信息管理」
    (ConsequenceKind.CREDIT, re.compile(r"诚信档案|信用(?:信息|记录|档案|管理|惩戒)|失信")),
    # 「由人力资源社会保障部门责令限期改正」
    (ConsequenceKind.CORRECTION, re.compile(r"责令[^，,；;。]{0,8}(?:改正|整改|停止|补缴)")),
    # 「处一万元以上三万元以下罚款」「没收违法所得」
    (ConsequenceKind.FINE, re.compile(r"罚款|没收(?:违法所得)?|滞纳金")),
    # 「依法追究责任」「依法给予处分」
    (ConsequenceKind.LIABILITY, re.compile(r"追究[^，,；;。]{0,10}责任|给予(?:政务)?处分|依法处理|构成犯罪")),
)


@dataclass(frozen=True, slots=True)
class Consequence:
    """What follows, as printed."""

    kind: ConsequenceKind
    text: str
    span: Span


def consequences(sentence: str) -> tuple[Consequence, ...]:
    """The consequences a sentence names, in order.

    Example:
        >>> [c.kind.value for c in consequences("对违规发放补贴的,予以追回,并在全市通报批评。")]
        ['recovery', 'report']
    """
    words = re.sub(r"《[^》]*》", lambda match: "□" * len(match.group()), sentence)
    found = [
        Consequence(kind, sentence[match.start() : match.end()], Span(match.start(), match.end()))
        for kind, pattern in _CUES
        if (match := pattern.search(words))
    ]
    return tuple(sorted(found, key=lambda one: one.span))
