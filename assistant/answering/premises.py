"""What a question takes for granted and the words found contradict: said first, in one short sentence.

Only what can be read off both sides is contradicted: a number with the same unit, how strongly a rule binds, which
kind of firm it binds, who leads, the date of the text, that it says nothing, that everybody is meant. Anything else a
question assumes is left to the quotation beside it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.model import Citation, Force
from assistant.parsing.numerals import ordinal
from assistant.provisions.force import read_cues
from assistant.retrieval.cues import QuestionKind
from assistant.retrieval.understanding import Understanding

_UNITS = r"万人次|人次|万人|[%％]|成|个百分点|万元|元|名|人|家|所|倍|项|岁|个月|天|小时|年|次|个"
_QUANTITY = re.compile(rf"(\d+(?:\.\d+)?|[一二两三四五六七八九十百]+)\s*({_UNITS})(以上|以下|以内)?")
_SAME_UNIT = {"％": "%", "成": "%", "人": "人", "名": "人", "万人": "人", "万人次": "人次"}
_TIMES = {"成": 10.0, "万人": 10_000.0, "万人次": 10_000.0}
# 「我做了十八年」, 「我司有2名高级技师」: a fact of the person's own, not a claim about the text
_OWN = re.compile(r"我|咱|俺|本人|本公司|手下|孩子|老婆|干了|做了|今年\d")
_CLAIM = re.compile(r"规定|要求|文件|意见|方案|政策|说|写|限|至少|最多|不超过|必须|都|只|可以|能|评|给|拿|达到|占|按")
_MUST = re.compile(r"必须|强制|非得|一定(?:要|得)|硬性|非要|逼|都得|都要|得要|是不是要|违规|违法|要求还是")
_FREE = re.compile(
    r"自愿|可做可不做|爱做不做|随便|不强制|可以不|只是鼓励|只是建议|不是必须|无所谓|可有可无|没有约束|不用管"
)
_ALL = re.compile(
    r"所有|每家|每个(?:公司|企业|厂)|个个|全部|任何|不管(?:大小|什么)|凡是|各类?(?:企业|公司)都|家家|是个公司|是个厂"
)
_PRIVATE = re.compile(r"民营|民企|私人|私企|私营|个体|小厂|小公司|小微|中小")
# a kind of firm as subject: 「国有企业要…」, 「…,规模以上生产经营性企业逐步建立…」
_RESTRICTED = re.compile(
    r"(?:^|(?<=[，,；;。]))(?:国有企业|规模以上[^，,；;。]{0,8}企业|龙头企业|大型企业|上市(?:企业|公司)|链主企业|重点企业)"
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in words: its value in single units, the kind of unit, and the words as printed.

    「185万人」 is 1,850,000 of 人, 「三成」 is 30 of %.
    """

    value: float
    unit: str
    words: str


def quantities_in(text: str) -> tuple[Quantity, ...]:
    """The numbers with a unit that stand in a text, in order; years such as 2027年 are dates and left out.

    Example:
        >>> [(q.value, q.unit) for q in quantities_in("三成进工程,名额不超过20%,2027年185万人")]
        [(30.0, '%'), (20.0, '%'), (1850000.0, '人')]
    """
    found = []
    for match in _QUANTITY.finditer(text):
        number, unit, _ = match.groups()
        value = float(number) if number[0].isdigit() else float(ordinal(number))
        if unit == "年" and value > 1900:
            continue
        found.append(Quantity(value * _TIMES.get(unit, 1.0), _SAME_UNIT.get(unit, unit), match.group()))
    return tuple(found)


def corrected(asked: Understanding, best: Citation) -> str:
    """The correction to begin with, "" where nothing the question assumes is contradicted.

    Args:
        asked: the question.
        best: the words the answer rests on.

    Example: 「每个企业可以评10名对吗」 → 「原文写的是“1名”，不是“10名”。」
    """
    # a sentence that asks nothing only claims
    asks = asked.asks(QuestionKind.YES_NO, QuestionKind.BINDING) or not _QUESTION.search(asked.text)
    if not asks and not re.search("规定|说", asked.text):
        return ""
    return (
        _other_number(asked, best)
        or _other_period(asked, best)
        or _other_class(asked, best)
        or _other_office(asked, best)
        or _other_date(asked, best)
        or _other_force(asked, best)
        or _other_firm(asked, best)
        or _not_everybody(asked, best)
        or _not_silent(asked)
        or _no_penalty(asked, best)
    )


_QUESTION = re.compile(r"[吗么呢咩?？]|什么|啥|哪|谁|多少|怎|几|如何|有没有|乜|边|点样|求|请|讲|说明")
_RATES = frozenset({"%", "％", "元", "万元"})
"""Units of numbers that a person would act on: claimed, and found nowhere, they are said to be found nowhere."""


def _other_number(asked: Understanding, best: Citation) -> str:
    for stretch in re.split(r"[，,。；;？?！!]", asked.text):
        if not _CLAIM.search(stretch) or _OWN.search(stretch):
            continue
        held = quantities_in(_shares(best.quote) if "每" in stretch else best.quote)
        for claim in quantities_in(stretch):
            same = [quantity for quantity in held if quantity.unit == claim.unit]
            if same and all(quantity.value != claim.value for quantity in same):
                printed = "、".join(dict.fromkeys(f"“{quantity.words}”" for quantity in same[:3]))
                return f"不对，原文写的是{printed}，不是“{claim.words}”。"
            if not same and claim.unit in _RATES:
                return f"下面引到的原文里没有“{claim.words}”这个数。"
    return ""


def _shares(quote: str) -> str:
    """Of a sentence with a total and a share (「评定10名（每个企业限入选1名）」), what is said of each."""
    each = [part for part in re.split(r"[，,；;。（）()]", quote) if "每" in part]
    return "；".join(each) or quote


def _other_force(asked: Understanding, best: Citation) -> str:
    cue = next((c.word for c in read_cues(best.gist or best.quote) if c.force is best.force), "")
    if (
        best.force in (Force.ENCOURAGED, Force.MAY)
        and _BREAKS.search(asked.text)
        and not _LEFT_UNDONE.search(asked.text)
    ):
        return "文件没有写这样做是违规。"
    if best.force in (Force.ENCOURAGED, Force.MAY) and _MUST.search(asked.text) and not _FREE.search(asked.text):
        return "不是硬性规定。"
    if best.force is Force.MUST and _FREE.search(asked.text) and cue:
        return f"不是可做可不做：原文用的是“{cue}”。"
    return ""


def _other_firm(asked: Understanding, best: Citation) -> str:
    bound = _RESTRICTED.search(best.duty_bearer) or _RESTRICTED.search(best.gist or best.quote)
    if bound is None:
        return ""
    if _ALL.search(asked.text) and bound.group() not in asked.text:
        return f"不是所有企业：原文写的是“{bound.group()}”。"
    if bound.group() == "国有企业" and _PRIVATE.search(asked.text):
        return "原文写的是“国有企业”，没有写民营企业。"
    return ""


# 「由市发改委牵头对吧」: the office named before the word for leading
_LEADS = re.compile(
    r"(?:由|是|归)?(?P<office>[\u4e00-\u9fff]{2,10}?(?:局|委|厅|办|会|部门))(?:来)?(?:牵头|挑头|负责|主管|管)"
)
_SHORT_NAMES = (
    ("发改", "发展改革"),
    ("人社", "人力资源社会保障"),
    ("工信", "工业和信息化"),
    ("住建", "住房城乡建设"),
    ("科工信", "科工商信"),
    ("人力资源和社会保障", "人力资源社会保障"),
)
_EVERY = re.compile(r"(?:每|(?<![第十])一(?=年(?:至少)?[一两二三四五\d]次))(?P<years>[两二三四五六七八九十\d]{0,2})年")
_ISSUED = re.compile(r"(?P<year>(?:19|20)\d\d)\s*年[^，。？?]{0,6}(?:发|印|出台|公布|成文|颁|签|出的|挂)")
_EVERYBODY = re.compile(r"人人|统统|个个|全都|一律|都(?:有|能|可以|给|发|得|要|进|享受)|凡是.{0,8}都|只要.{0,12}就")
_LIMITED = re.compile(
    r"符合(?:有关|相关|申报)?条件|有条件的|优秀|业绩突出|作出[^，,；;。]{0,4}贡献|名额不超过|每个企业限|同等条件下"
)
_SAYS_NOTHING = re.compile(r"(?:没有?|冇|未)(?:写|提|讲|规定|说)|一个字(?:都|也)?没|只字(?:未|没)提")
_PENALTY = re.compile(r"罚款|处罚|罚钱|被罚|罚不罚|违法|坐牢|吊销")


_CLASS = re.compile(r"(?<![A-Za-z])([A-Z])\s*类")
# 「做兼职算不算违规」; not 「老板不发是不是违法」
_BREAKS = re.compile(r"违规|违法|犯法|犯规")
_LEFT_UNDONE = re.compile(r"不(?!对|算|是|了|能)[\u4e00-\u9fff]|没[\u4e00-\u9fff]|必须|强制")


def _other_class(asked: Understanding, best: Citation) -> str:
    """「高级技师就是A类人才，对吧」 where the text puts them into C类."""
    claimed, held = _CLASS.findall(asked.text), _CLASS.findall(best.quote)
    if not claimed or not held or set(claimed) & set(held):
        return ""
    return f"不对，原文写的是“{'、'.join(f'{letter}类' for letter in dict.fromkeys(held))}”，不是“{claimed[0]}类”。"


def _other_period(asked: Understanding, best: Citation) -> str:
    """「每年一次吧」 where the text says 每两年."""
    claimed, held = _EVERY.search(asked.text), _EVERY.search(best.quote)
    if claimed is None or held is None or _years(claimed) == _years(held):
        return ""
    return f"不对，原文写的是“{held.group()}”，不是“{claimed.group()}”。"


def _years(every: re.Match[str]) -> int:
    return ordinal(every["years"]) if every["years"] else 1


def _other_office(asked: Understanding, best: Citation) -> str:
    """Where the question names who leads, and the clause's list of units names others."""
    named, leads = _LEADS.search(asked.text), best.clause.lead_units
    if named is None or not leads:
        return ""
    office = _core(named["office"])
    if any(_core(unit) in office or office in _core(unit) for unit in leads):
        return ""
    helps = next((unit for unit in best.clause.cooperating_units if office and office in _core(unit)), "")
    return f"不对，牵头的是{'、'.join(leads)}" + (f"，{helps}是配合单位。" if helps else "。")


def _core(office: str) -> str:
    bare = re.split(r"[由是归]", office)[-1]
    bare = re.sub(r"^[省市区县]|(?:局|委员会|委|厅|办公室|办|部门)$", "", bare)
    for short, long in _SHORT_NAMES:
        bare = bare.replace(short, long) if long not in bare else bare
    return bare


def _other_date(asked: Understanding, best: Citation) -> str:
    """Where the question says in which year the text was issued, and its own dates are of another."""
    claimed, policy = _ISSUED.search(asked.text), best.policy
    dates = ((policy.signed_on, "成文"), (policy.printed_on, "印发"), (policy.published_on, "发布"))
    known = [(on, kind) for on, kind in dates if on is not None]
    if claimed is None or not known or any(on.year == int(claimed["year"]) for on, _ in known):
        return ""
    on, kind = known[0]
    return f"不对，{kind}日期是{on.year}年{on.month}月{on.day}日。"


def _not_everybody(asked: Understanding, best: Citation) -> str:
    limits = list(_LIMITED.finditer(best.quote))
    counted = [limit for limit in limits if "名额" in limit.group() and "名额" in asked.text]
    limit = next(iter(counted or limits), None)
    if limit is None or not _EVERYBODY.search(asked.text):
        return ""
    return f"不是人人都有：原文有限制（“{limit.group()}”）。"


def _not_silent(asked: Understanding) -> str:
    """「文件没有写…吧」, and it was found."""
    return "不是，文件写到了。" if _SAYS_NOTHING.search(asked.text) and "吧" in asked.text else ""


def _no_penalty(asked: Understanding, best: Citation) -> str:
    if not _PENALTY.search(asked.text) or _PENALTY.search(best.whole.quote) or not asked.asks(QuestionKind.YES_NO):
        return ""
    return "文件没有写罚款或者处罚。"
