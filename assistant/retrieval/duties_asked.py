"""「企业必须做什么」, 「哪些是鼓励的」, 「人社部门的责任有哪些」: all that binds or urges one body is asked for.

Such a question names no matter: who, how strongly, and that everything is wanted. What is left over once these words
are taken away is a matter (「企业在培训上必须做什么」), and the question is then answered by search as any other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from assistant.model import Force


class Body(StrEnum):
    """Kinds of body a question may name."""

    STATE_FIRM = "国有企业"
    LEADING_FIRM = "龙头企业"
    LARGE_FIRM = "规模以上企业"
    PRIVATE_FIRM = "民营企业"
    TRAINER = "培训机构"
    EVALUATOR = "评价机构"
    SCHOOL = "院校"
    INDUSTRY = "行业协会"
    OFFICE = "政府部门"
    FIRM = "企业"


@dataclass(frozen=True, slots=True)
class DutiesAsked:
    """What is asked for.

    Attributes:
        forces: of MUST, ENCOURAGED and MAY, those asked for, strongest first; at least one.
        negative: only what is forbidden is meant.
        body: who is to act; None where nobody is named.
        office: the family of a single office (人社), "" where none is named.
    """

    forces: tuple[Force, ...]
    negative: bool = False
    body: Body | None = None
    office: str = ""


# 「人社局」, 「工会」: an office by itself; each family with the ways its name is printed and said
OFFICES: dict[str, re.Pattern[str]] = {
    "人力资源社会保障部门": re.compile(r"人社|人力资源(?:和)?社会保障|人力社保|劳动局|社保局"),
    "财政部门": re.compile(r"财政"),
    "工业和信息化部门": re.compile(r"工信|工业和信息化|经信"),
    "教育部门": re.compile(r"教育(?=部门|局|厅|行政)"),
    "发展改革部门": re.compile(r"发改|发展改革|发展和改革"),
    "国资监管部门": re.compile(r"国资"),
    "科技部门": re.compile(r"科技(?=部门|局|厅)"),
    "行业主管部门": re.compile(r"行业主管"),
    "工会": re.compile(r"工会"),
    "妇联": re.compile(r"妇联"),
    "残联": re.compile(r"残联"),
    "各区": re.compile(r"各区|区政府|区里(?=要|必须|得|应|有)"),
    "街道": re.compile(r"街道"),
}
_OFFICE_TAIL = r"(?:行政)?(?:主管)?(?:部门|局|厅|委员会|委|组织)?(?:们)?"
_BODIES: tuple[tuple[Body, re.Pattern[str]], ...] = (
    (Body.STATE_FIRM, re.compile(r"国有企业|国企|央企")),
    (Body.LEADING_FIRM, re.compile(r"龙头企业|链主(?:企业)?|大型企业|头部企业")),
    (Body.LARGE_FIRM, re.compile(r"规模以上(?:的)?企业|规上企业")),
    (Body.PRIVATE_FIRM, re.compile(r"民营企业|民企|私企|私营企业|中小(?:微)?企业|小微企业|小公司|小厂|外资企业|外企")),
    (Body.TRAINER, re.compile(r"培训机构|培训学校")),
    (Body.EVALUATOR, re.compile(r"评价机构|鉴定机构|认定机构")),
    (Body.SCHOOL, re.compile(r"(?:职业|技工|高等)?(?:院校|学校)|技校|技师学院|高校|学院")),
    (Body.INDUSTRY, re.compile(r"行业协会|行业组织|协会|商会")),
    (
        Body.OFFICE,
        re.compile(r"(?:各级|地方|市|省|区|县)?政府(?:部门|机关)?|有关部门|主管部门|部门|机关|官方|公家|各地"),
    ),
    (Body.FIRM, re.compile(r"企业|公司|用人单位|单位|工厂|厂(?:里|家)?|雇主|老板|我司|东家")),
)
_NEGATIVE = re.compile(r"不得|不能|不准|不许|禁止|严禁|不可以|不让")
_MUST = re.compile(
    r"必须|强制(?:性)?|硬性|刚性|义务|责任|职责|非[做干]不可|不[做干]不行|一定(?:要|得)|务必|必做|应尽|应当|应该|该|"
    r"要求|任务|规定动作|得(?=做|干|办|完成|履行)|要(?=做|干|办|完成|履行|承担|尽|负)"
)
_ENCOURAGED = re.compile(r"鼓励|倡导|提倡|引导|支持(?=做|企业|院校|的|什么|哪)|自愿|不强制|非强制|不是(?:必须|强制)")
_MAY = re.compile(r"可以(?=做|干|办|有|自主|自己)|允许|有权|可做可不做")
_ALL = re.compile(r"什么|哪些|哪几|啥|乜|边啲|一条条|逐条|逐一|一一|列|清单|所有|全部|都有|盘点|梳理|汇总|几条")
# What may stand around these words and names no matter
_FILLER = re.compile(
    r"HR|hr|人事|请问|请|麻烦|帮(?:我|忙)?|给我|告诉|想(?:知道|了解|问)?|查(?:一下|查)?|看(?:看|一下)?|了解|知道|我们?|咱们?|你们?|您|本|作为|身为|对于?|针对|关于|"
    r"到底|究竟|具体|一共|总共|真正|明确|主要|法定|政策|文件|规定|方案|意见|计划|通知|草案|征求意见稿|这份|那份|这个|那个|里面?|里头|上面|当中|中|"
    r"提出|提到|写(?:明|到|了)?|讲|说|事(?:情|项)?|内容|条款?|项|点|句|东西|工作|动作|方面|地方|分别|各|有|是|的|了|去|来|出|出来|下|一下|"
    r"做|干|办|履行|承担|完成|尽|负|落实|执行|遵守|开展|被|由|为|在|按照?|根据|依|就|只|光|也|都|还|和|与|及|跟|那|那么|呢|吗|嘛|呀|啊|吧|咧|么|"
    r"得|要|会|能|可以|该|应|当|个|人|啥|乜|嘢|嘅|系|边啲|点|一|二|两|几|哪|什么|怎么|怎样|样|多少|硬|死|性|类|种|全|总|所|如何|哪里"
)
_SIGNS = re.compile(r"[\s,，。.;；:：!！?？、“”\"'()（）《》—\-]+")
MOST = 60
"""Characters of a question that may ask for a list of duties and nothing else."""


@dataclass(frozen=True, slots=True)
class _Words:
    """What some words hold of such a question: each empty where they do not say."""

    forces: tuple[Force, ...]
    negative: bool
    body: Body | None
    office: str
    everything: bool
    rest: str


_NOTHING = _Words((), False, None, "", False, "")


def duties_asked(topic: str, carried: str = "") -> DutiesAsked | None:
    """What list of duties a question asks for; None where it asks for something else.

    Args:
        topic: the question without its places.
        carried: the question before it, where this one follows on (「那政府呢」).

    Example:
        >>> duties_asked("对企业有什么强制要求，一条条列出来").body.value
        '企业'
        >>> duties_asked("企业在职工教育经费上必须做什么") is None
        True
    """
    own = _words(topic)
    if own.rest or len(topic) > MOST:
        return None
    before = _words(carried) if carried else _NOTHING
    if before.rest or not before.everything or not before.forces:
        before = _NOTHING
    named = own if own.body or own.office else before
    bound = own if own.forces else before
    if not bound.forces or not (own.everything or before.everything):
        return None
    if bound.forces == (Force.MAY,) and named.body is None:
        return None  # 「可以做什么」 of oneself asks for what one is given
    return DutiesAsked(bound.forces, bound.negative, named.body, named.office)


def _words(text: str) -> _Words:
    rest = _SIGNS.sub("", text)
    office = next((name for name, cue in OFFICES.items() if cue.search(rest)), "")
    if office:
        rest = re.sub(f"(?:{OFFICES[office].pattern}){_OFFICE_TAIL}", "", rest)
    body = next((kind for kind, cue in _BODIES if cue.search(rest)), None)
    if body is not None:
        rest = dict(_BODIES)[body].sub("", rest)
        rest = dict(_BODIES)[Body.FIRM].sub("", rest)
    if office:
        body = Body.OFFICE
    negative = bool(_NEGATIVE.search(rest))
    forces = (Force.MUST,) if negative else _forces(rest)
    everything = bool(_ALL.search(rest))
    for cue in (_NEGATIVE, _ENCOURAGED, _MUST, _MAY, _ALL, _FILLER):
        rest = cue.sub("", rest)
    return _Words(forces, negative, body, office, everything, rest)


def _forces(words: str) -> tuple[Force, ...]:
    found = []
    urged = _ENCOURAGED.sub("", words)
    if _MUST.search(urged):
        found.append(Force.MUST)
    if urged != words:
        found.append(Force.ENCOURAGED)
    return tuple(found) or ((Force.MAY,) if _MAY.search(words) else ())
