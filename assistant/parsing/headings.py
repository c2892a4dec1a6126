"""The grammar of clause labels: what a line's beginning says about the unit it opens.

    第一编 第二章 第三节 第四条 第四条之一      regulations
    第一部分                                    plans
    一、  （一） (一)  1.  1、  （1） 1）  ①  ——  notices, opinions, plans
    问：                                        questions and answers
    附件  附件1  附件1：…                       attachments

Half- and full-width brackets and stops mix inside one file, so both are accepted everywhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from assistant.model import Level
from assistant.parsing.numerals import NUMERAL, chinese, ordinal

RANK = {
    Level.PART: 1,
    Level.CHAPTER: 2,
    Level.SECTION: 3,
    Level.ARTICLE: 4,
    Level.PARAGRAPH: 5,
    Level.ITEM: 6,
    Level.SUBITEM: 7,
    Level.POINT: 8,
    Level.BULLET: 9,
    Level.ROW: 10,
}
"""Depth of the labelled levels: a node of smaller rank closes every open node of equal or larger rank."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A label at the start of a line.

    Attributes:
        level: the unit it opens.
        number: its ordinal; 0 for bullets and an unnumbered 附件.
        insertion: 1 for 第四条之一, else 0.
        label: as printed, without blanks around it.
        length: characters of the line up to the end of the label.
        certain: False where the same characters also begin ordinary text ("第三条规定的…" has no blank after 条).
    """

    level: Level
    number: int
    insertion: int
    label: str
    length: int
    certain: bool = True

    @property
    def rank(self) -> float:
        """Depth of the label; ① stands below （1）, both being points."""
        return RANK.get(self.level, 0) + (0.5 if self.label and self.label[0] in _CIRCLED else 0)

    @property
    def path_label(self) -> str:
        """The label as it stands in a path: brackets full width, numerals as printed."""
        if self.label and self.label[0] in _CIRCLED:
            return self.label
        match self.level:
            case Level.ITEM if is_question(self.label):
                return f"问{self.number}" if self.number else "问"
            case Level.ATTACHMENT:
                return re.sub(r"\s|[：:].*", "", self.label)
            case Level.CHAPTER if self.label[0] != "第":
                return chinese(self.number)
            case Level.ITEM if self.label[0] != "第":
                return f"（{chinese(self.number)}）"
            case Level.SUBITEM:
                return f"{self.number}."
            case Level.POINT:
                return f"（{self.number}）"
            case _:
                return re.sub(r"\s", "", self.label)


_CN = NUMERAL.replace("0-9０-９", "")
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_PATTERNS: tuple[tuple[re.Pattern[str], Level | None], ...] = (
    # 第三章 总则 / 第十条 …… / 第十条之一 / 第二部分
    (re.compile(rf"第\s?({NUMERAL}+)\s?(编|章|节|条|部分)(?:之({_CN}+))?(?=(\s|　|$)?)"), None),
    # 一、  (not "一是", not "一、二、三产业": a second numeral right after the stop is a list of ordinals)
    (re.compile(rf"({_CN}+)[、.．](?!{_CN}+[、，,产线])"), Level.CHAPTER),
    (re.compile(rf"[（(]\s?({_CN}+)\s?[）)](?![、，,](?:[（(]|第)|\s?[项款目条。；，、）)])"), Level.ITEM),
    # 1.问： / 3、【问】
    (re.compile(r"([0-9]{1,2})\s?[.．、]\s?(?:【问】|问题?\s?[：:])"), Level.ITEM),
    # 1.  1、  (not 2025.4.10, not 1.5倍)
    (re.compile(r"([0-9０-９]{1,2})\s?(?:[、．]|[.](?![0-9]))(?![。；，、）)])"), Level.SUBITEM),
    (re.compile(r"[（(]\s?([0-9０-９]{1,2})\s?[）)](?![、，,][（(]|\s?[项款目条。；，、）)])"), Level.POINT),
    (re.compile(r"([0-9０-９]{1,2})[）)](?!\s?[项款目条。；，、）)])"), Level.POINT),
    (re.compile(rf"([{_CIRCLED}])"), Level.POINT),
    (re.compile(r"(?:——|––|──|――|—)(?=[^\s—―])"), Level.BULLET),
    (re.compile(r"(?:【问】|问题?|Q)\s?([0-9]{0,2})\s?(?:[：:]|(?<=[0-9])[.．、]|(?<=】))"), Level.ITEM),
    (re.compile(r"附\s?件\s?([0-9]*)\s*[：:]?(?=\s*$)"), Level.ATTACHMENT),
    # not the link 「附件1.申请书.docx」
    (
        re.compile(r"附\s?件\s?([0-9]{1,2})\s*[：:]?(?=\s*\S)(?!.*\.(?:pdf|docx?|xlsx?|wps|ofd|zip|rar)\s*$)"),
        Level.ATTACHMENT,
    ),
)
_UNITS = {
    "编": Level.PART,
    "部分": Level.PART,
    "章": Level.CHAPTER,
    "节": Level.SECTION,
    "条": Level.ARTICLE,
}


_SECTIONS = re.compile(
    r"[【◆■●▲★]?\s*(?:(?:办理|办事|服务|申请|申报|申领|受理|审批|审核|发放|补贴|认定|享受|政策)(?:对象|条件|材料|流程|程序|时限|期限|时间|地点|方式|渠道"
    r"|标准|依据|机构|部门|范围|结果|须知|说明|环节|步骤|内容|要求)|基本信息|基本情况|事项名称|事项类型|实施主体|实施依据|设定依据|法律依据|政策依据|文件依据"
    r"|适用范围|适用对象|所需材料|提交材料|材料清单|法定(?:办结)?时限|承诺(?:办结)?时限|是否收费|收费(?:情况|标准|依据)|补贴金额|资助标准|奖励标准"
    r"|咨询(?:电话|方式|渠道|途径)|监督(?:电话|投诉(?:电话|渠道|方式)?)|投诉(?:电话|渠道|方式)|联系(?:电话|方式)|办公(?:地址|时间)|办理地址|窗口地址"
    r"|结果(?:送达|查询|领取|反馈)|常见问题|注意事项|温馨提示|政策咨询|申请表格|表格下载|线上办理|线下办理|办理地点和时间|办理时间和地点|办理地点及时间|资金拨付)"
    r"\s*】?\s*[：:]?"
)


def is_named_section(line: str) -> bool:
    """Whether a line is one of the headings that service guides set without a number: 受理条件, 申请材料, 办理流程.

    By itself such a line may be anything; a text with several of them is a guide.
    """
    return len(line) <= 16 and _SECTIONS.fullmatch(line.strip()) is not None


@lru_cache(maxsize=4096)
def heading_of(line: str) -> Heading | None:
    """The label that `line` (without leading blanks) begins with, or None.

    Example:
        >>> heading_of("(六)全面推行").path_label, heading_of("（六）全面推行").path_label
        ('（六）', '（六）')
        >>> heading_of("2025年的目标") is None
        True
    """
    for pattern, level in _PATTERNS:
        match = pattern.match(line)
        if match is None:
            continue
        groups = match.groups()
        label = match.group().strip()
        if level is None:
            insertion = ordinal(groups[2]) if groups[2] else 0
            return Heading(
                _UNITS[groups[1]], ordinal(groups[0]), insertion, label, match.end(), certain=groups[3] is not None
            )
        if level is Level.BULLET:
            return Heading(level, 0, 0, label, match.end())
        number = _number(groups[0])
        if level in (Level.CHAPTER, Level.ITEM) and not is_question(label) and not 1 <= number <= 999:
            continue
        # 「附件1：申报表」 opens an attachment only behind the signature; before it, it is a list
        certain = level is not Level.ATTACHMENT or match.end() == len(line.rstrip())
        return Heading(level, number, 0, label, match.end(), certain)
    return None


def is_question(label: str) -> bool:
    """Whether a label opens a question: 问：, Q1:, 3.问：."""
    return label[0] == "Q" or "问" in label


def _number(numeral: str) -> int:
    if not numeral:
        return 0
    return _CIRCLED.index(numeral) + 1 if numeral in _CIRCLED else ordinal(numeral)
