"""Numbers with a unit that a sentence lays down: amounts, shares, counts, quotas, ratios and lengths of time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from assistant.model import Span


class QuantityKind(StrEnum):
    """What is counted."""

    AMOUNT = "amount"  # 2000元, 5万元
    PERCENT = "percent"  # 60%以上, 百分之六十
    COUNT = "count"  # 185万人, 50家, 10万人次
    QUOTA = "quota"  # 限入选1名, 不超过20%, 至少有1名: a number that bounds
    DURATION = "duration"  # 5年, 30日内, 2小时
    RATIO = "ratio"  # 1:1.2


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number with its unit.

    Attributes:
        kind: what is counted.
        text: as printed, with the words that bound it (「60%以上」, 「至少有1名」, 「超过36%」).
        span: where it stands, code points of the sentence.
    """

    kind: QuantityKind
    text: str
    span: Span


_DIGITS = r"\d+(?:[,，]\d{3})*(?:\.\d+)?"
_HAN = r"[一二两三四五六七八九十百千]+"
_RANGE = r"\s*(?:[-—~～]|至|到)\s*"
_PEOPLE = r"(?:人次|人|名|位|户)"
_THINGS = (
    r"(?:家|个(?!百分点)|所|项|套|门|件|场|期|次|倍|辆|台|株|份|篇|处"
    r"|间|平方米|平方公里|公里|米|吨|度|学时|课时|学分|分(?!钟))"
)
_TIME = r"(?:个?工作日|个月|小时|分钟|周年|年(?![代度底末初级来])|日(?!常)|天|周|季度|学年)"
_MONEY = r"(?:万|亿|千|百)?元"
_BEFORE = (
    r"(?:(?:至少|最多|最高|最低|不得?(?:超过|低于|少于|高于|多于)"
    r"|超过|低于|高于|限(?:入选|额|报|评|推荐)?)(?:有|得到|给予|为|达)?)"
)
_AFTER = r"(?:及?以上|及?以下|以内|左右)"
_FIGURE = rf"(?:{_DIGITS}|{_HAN})\s*[万亿千百]?"
_SHORT_HAN = r"[一二两三四五六七八九十]+"
_NUMBER = re.compile(
    rf"(?P<before>{_BEFORE})?(?P<core>"
    # 1:1.2
    r"(?P<ratio>\d+(?:\.\d+)?\s*[:：∶]\s*\d+(?:\.\d+)?)"
    # 60%, 2-5个百分点, 百分之六十, 三分之一
    rf"|(?P<percent>{_DIGITS}(?:{_RANGE}{_DIGITS})?\s*(?:[%％‰]|个百分点)|百分之[一二两三四五六七八九十百点零]+|{_SHORT_HAN}分之{_SHORT_HAN})"
    # 500元以上2000元以下, 五万元, 1-3万元
    rf"|(?P<amount>{_FIGURE}{_MONEY}以上{_FIGURE}{_MONEY}(?=以下)"
    rf"|(?:{_DIGITS}(?:{_RANGE}{_DIGITS})?|{_HAN}(?:{_RANGE}{_HAN})?)\s*[万亿千百]?{_MONEY})"
    # 185万人, 50家, 10万人次
    rf"|(?P<thing>{_DIGITS}(?:{_RANGE}{_DIGITS})?\s*(?:多|余)?[万亿千百]?(?:多|余)?(?:{_PEOPLE}|{_THINGS}))"
    # 2小时, 2-5年, 三年
    rf"|(?P<time>{_DIGITS}(?:{_RANGE}{_DIGITS})?\s*{_TIME}"
    rf"|(?:{_SHORT_HAN}|半)(?:{_RANGE}{_SHORT_HAN})?(?:个月|年(?![代度底末初级行来])|个?工作日|小时|天|日(?!常)|周年|周(?![边全]))"
    r"(?!行动|计划|规划))"
    # 一至两所, 两名, 三次
    rf"|(?P<count>(?:[二三四五六七八九十百千]+|两|一(?=至|次|倍))(?:{_RANGE}{_SHORT_HAN})?"
    r"(?:万(?:人次|人|名|家|个)|名|所|家|次(?!性)|倍|人次|[人个](?=以上|以下)))"
    rf")(?P<after>{_AFTER})?"
)
_WITHIN = re.compile(r"(?:之|以)?(?:内|前)")
_YEAR = re.compile(r"^(?:19|20)\d\d\s*(?:[-—~～至到]+\s*(?:19|20)\d\d\s*)?年")
_DAY_OF_MONTH = re.compile(r"月\s*$")
_NAMED = re.compile(r"[《“][^》”]*[》”]|[〔\[（(](?:19|20)\d\d[〕\]）)]\s*\d+号")
# What stands before a number that only tells things apart or names a period: 第1项, 未来5年, 2021-2023
_NOT_BEFORE = re.compile(r"(?:第|未来|今后|近|过去|前|[/\-—.]|\d)$")
# 「15个战略性产业集群」, 「“粤菜师傅”三项工程」: a list's length, not something to be reached or given
_FIELD_AFTER = re.compile(
    r"^(?:战略性|未来产业|现代服务业|方面|领域|产业|重点|环节|阶段|类|工程|行动|体系|优先|层次|一批)"
)


def quantities(sentence: str) -> tuple[Quantity, ...]:
    """The numbers with units of a sentence, in order. Years, dates and numbers of documents or clauses are none.

    Example:
        >>> [(q.kind.value, q.text) for q in quantities("60%以上用于一线,每个企业限入选1名,可签发2-5年有效的签证。")]
        [('percent', '60%以上'), ('quota', '限入选1名'), ('duration', '2-5年')]
    """
    words = _NAMED.sub(lambda match: "□" * len(match.group()), sentence)
    found = []
    for match in _NUMBER.finditer(words):
        core = match["core"]
        before, behind = words[: match.start()], words[match.end() :]
        if match["time"] and _WITHIN.match(behind):
            continue  # 「七日内」, 「七十二小时前」 are times
        if _YEAR.match(core) or (_DAY_OF_MONTH.search(before) and core.endswith("日")):
            continue
        if _NOT_BEFORE.search(before) or re.match(r"[省市县区](?!级)", behind):
            continue
        if _names_field(core, behind):
            continue
        found.append(Quantity(_kind(match, before), match.group().strip(), Span(match.start(), match.end())))
    return tuple(_joined(found, words))


def _joined(found: list[Quantity], words: str) -> list[Quantity]:
    """Two ends of one range are one item: 「1.5%至2.5%」, 「一年至三年」, 「一倍以上五倍以下」."""
    kept: list[Quantity] = []
    for quantity in found:
        last = kept[-1] if kept else None
        between = words[last.span.end : quantity.span.start] if last else "x"
        if last and (between in ("至", "到", "-", "—", "～") or (not between and last.text.endswith("以上"))):
            span = Span(last.span.start, quantity.span.end)
            kept[-1] = Quantity(last.kind, span.of(words).strip(), span)
        else:
            kept.append(quantity)
    return kept


def _names_field(core: str, behind: str) -> bool:
    # 「15分钟技能培训服务圈」 is the name of a thing
    return (core.endswith(("个", "项")) and bool(_FIELD_AFTER.match(behind))) or (
        core.endswith("分钟") and re.match(r"[^，,；;。]{0,10}圈", behind) is not None
    )


def _kind(match: re.Match[str], before: str) -> QuantityKind:
    if match["ratio"]:
        return QuantityKind.RATIO
    if match["amount"]:
        return QuantityKind.AMOUNT
    if match["time"]:
        return QuantityKind.DURATION
    if match["before"] or re.search(r"(?:限|不超过|名额)[^，,；;。]{0,4}$", before):
        return QuantityKind.QUOTA
    return QuantityKind.PERCENT if match["percent"] else QuantityKind.COUNT
