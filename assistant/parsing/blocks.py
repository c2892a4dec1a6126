"""What kind of line each line outside the clauses is, and which lines are read as one.

A title broken over lines, issuers set above each other, a label whose value stands on the next line: one block each.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from assistant.model import Span
from assistant.parsing.cleaning import Line
from assistant.parsing.dates import FULL_DATE
from assistant.parsing.facts import facts_in, only_label
from assistant.parsing.headings import heading_of
from assistant.parsing.references import DOCUMENT_NUMBER

_ORGAN = (
    r"(?:中共)?[\u4e00-\u9fff“”]{2,44}?(?:政府|办公厅|办公室|厅|局|委员会|管委会|委|部|院|署|总工会|联合会|联盟|协会|共青团|法院|检察院|银行"
    r"|中心|秘书处|领导小组|(?<!公)司)"
)
ORGANS = re.compile(rf"^{_ORGAN}(?:[\s\u3000、]+{_ORGAN})*(?:[\s\u3000]*文件)?$|^文件$")
"""One or several issuing organs, as printed above a number or under a text."""

TITLE_END = re.compile(
    r"(?:通知|意见|方案|办法|规定|条例|细则|计划|决定|公告|通告|规划|措施|指引|指南|函|批复|章程|守则|制度|要点|纲要|标准|规则|决议"
    r"|若干政策|政策|清单|法|解读|问答|报告|倡议|战略|规范|名单|目录|答复|预案|大纲|声明|须知|导则|任务书|分工|安排|重点|行动|准则|举措)"
    r"(?:[（(〔\[][^（）()]{1,16}[）)〕\]])*$"
)
DRAFT = re.compile(r"征求意见稿|公开征求意见|送审稿|审议稿|讨论稿|（草案）|\(草案\)|草案稿")
_NUMBER_LINE = re.compile(rf"^[（(]?(?:文\s*号|发文字号|文件编号)?[：:]?\s*{DOCUMENT_NUMBER.pattern}[）)]?$")
_ORDER_NUMBER = re.compile(
    r"^[（(]?((?:[\u4e00-\u9fff]{2,20}(?:[\s、][\u4e00-\u9fff]{2,20}){0,5}(?:令|公告|通告))?\s*[（(]?(?:(?:19|20)\d{2}\s*年\s*)?第\s*[〇零一二三四五六七八九十百\d]+\s*号(?:令)?)[）)]?$"
)
_SALUTATION = re.compile(r"^[^。]{2,200}[：:]$")
# 「…现提出如下意见：」 ends like a salutation and is the preamble's last sentence
_RUNS_ON = re.compile(r"如下|以下|现将|经研究|^(?:为了?|根据|按照|依据)(?=.{6})|，现")
_PRINTED = re.compile(r"印发$")
LABELLED = {
    "disclosure": re.compile(r"^公开(?:方式|属性)\s*[：:]\s*(.+)$|^[（(]\s*(此件[^（）()]{2,12})\s*[）)]$"),
    "copied_to": re.compile(r"^抄\s*送\s*[：:]\s*(.+?)。?$"),
    "contact": re.compile(r"^[（(]?((?:承办(?:部门|单位)|联系(?:人|电话|方式|部门)|咨询电话).*?[：:].+?)[）)]?$"),
}
"""Lines of the closing that say what they are; the first group that matched is the value."""

ENACTMENT = re.compile(
    rf"^(?:根据)?[（(—―–－─\s]*(?:{FULL_DATE.pattern}).*(?:通过|批准|修正|修订|公布|发布|会议上|大会上|次会议)[）)]?$"
)
"""The note under a statute's title (…会议通过) or a report's (在…会议上)."""
ATTACHMENT_LIST = re.compile(r"^附\s*件\s*[0-9一二三四五六七八九十]*\s*[：:]\s*\S|^附\s*件\s*[：:]$")
"""「附件：1.申报表」, naming what is attached; further entries stand on lines of their own."""
LISTED = re.compile(r"^(?:附\s*件\s*)?[0-9]{1,2}\s*[.．、：:]?\s*\S[^。]{0,78}$")
_YEAR_MONTH = re.compile(r"^(?:19|20)\d{2}\s*年\s*\d{1,2}\s*月$")
_BRACKETED = re.compile(r"^(?:[（(][^（）()]{1,20}[）)]\s*)+$")
_SENDS_OUT = re.compile(r"关于(?:印发|转发|公布|发布|修订|修改|废止|调整|延长)(?!.*(?:通知|公告|通告|函|决定|意见)$)")
_TITLE_REST = re.compile(r"(?:[（(][^（）()]{1,20}[）)])?的(?:通知|意见|公告|通告|决定|函)$")
_SPACED = re.compile(r"(?:[\u4e00-\u9fff]\s+){3,}[\u4e00-\u9fff]")


class LineKind(StrEnum):
    """What a line outside the clauses is."""

    NUMBER = "number"
    FACT = "fact"
    ENACTMENT = "enactment"
    DATE = "date"
    PRINTED = "printed"
    LABELLED = "labelled"
    DRAFT_MARK = "draft_mark"
    ORGANS = "organs"
    SALUTATION = "salutation"
    TITLE = "title"
    BODY = "body"


@lru_cache(maxsize=4096)
def kind_of(line: str) -> LineKind:
    """What kind of line this is; the order of the questions matters and is tested."""
    if _NUMBER_LINE.match(line) or _ORDER_NUMBER.match(line):
        return LineKind.NUMBER
    if facts_in(line):
        return LineKind.FACT
    if " | " in line:
        return LineKind.BODY
    if ATTACHMENT_LIST.match(line) or any(pattern.match(line) for pattern in LABELLED.values()):
        return LineKind.LABELLED
    if ENACTMENT.match(line) and not re.search("。", line):
        return LineKind.ENACTMENT
    if FULL_DATE.search(line) and _PRINTED.search(line):
        return LineKind.PRINTED
    if (
        (found := FULL_DATE.search(line))
        and len(line) - len(found.group()) <= 12
        and not re.search("[。，；]|已于", line)
    ):
        return LineKind.DATE
    if _YEAR_MONTH.match(line):
        return LineKind.DATE
    if len(line) <= 14 and DRAFT.search(line):
        return LineKind.DRAFT_MARK
    if ORGANS.match(despaced(line)) and "关于" not in line:
        return LineKind.ORGANS
    if _SALUTATION.match(line) and not _RUNS_ON.search(line) and not heading_of(line):
        return LineKind.SALUTATION
    if re.search(r"[。；;]", line) or line.endswith(("，", "、", ",", "：", ":")) or heading_of(line):
        return LineKind.BODY
    if is_complete_title(line):
        return LineKind.TITLE if len(line) <= 80 or ("关于" in line and len(line) <= 160) else LineKind.BODY
    return LineKind.BODY if len(line) > 80 or re.search(r"[，,]", line) else LineKind.TITLE


def despaced(line: str) -> str:
    """「济 南 市 公 安 局」, set wide to fill its line, without the blanks."""
    return re.sub(r"\s+", "", line) if _SPACED.fullmatch(line) else line


@dataclass(frozen=True, slots=True)
class Block:
    """Consecutive lines read as one: a title broken over lines, issuers above each other, one line of text."""

    kind: LineKind
    span: Span
    text: str  # joined without line breaks; organs keep one blank between them


def group_blocks(lines: tuple[Line, ...]) -> tuple[Block, ...]:
    """Lines of the front or tail as blocks: titles, issuers and text run on over line ends.

    A title goes on while it is not complete (complete = ends in 意见, 通知, 方案 … with no open 《); issuers go on line
    under line; addressees and text go on where the line before is cut off (`Line.continues`).
    """
    blocks: list[Block] = []
    for line in lines:
        kind = kind_of(line.text)
        last = blocks[-1] if blocks else None
        if last is None:
            blocks.append(Block(kind, line.span, line.text))
            continue
        joined: Block | None = None
        span = Span(last.span.start, line.span.end)
        if _awaits_value(last) and kind not in (LineKind.FACT, LineKind.SALUTATION):
            joined = Block(last.kind, span, last.text + line.text)
        elif last.kind is LineKind.LABELLED and ATTACHMENT_LIST.match(last.text) and LISTED.match(line.text):
            joined = Block(LineKind.LABELLED, span, f"{last.text} {line.text}")
        elif kind is LineKind.BODY and _is_cut_text(blocks, line):
            joined = Block(LineKind.BODY, span, last.text + line.text)
        elif kind is LineKind.SALUTATION and last.kind is LineKind.BODY and line.continues:
            joined = Block(LineKind.SALUTATION, span, last.text + line.text)
        elif last.kind is LineKind.TITLE and _title_goes_on(last, line, kind):
            joined = Block(LineKind.TITLE, span, last.text + line.text)
        elif (
            last.kind is LineKind.ORGANS
            and last.text != "文件"
            and line.gap == 0
            and kind is LineKind.TITLE
            and "关于" in line.text
            and not line.text.startswith(last.text)  # the site's name above, not an issuer that opens the title
        ):
            # 「甲厅 乙厅 ⏎ 丙厅关于印发…」: these issuers open the title
            joined = Block(LineKind.TITLE, span, f"{last.text} {line.text}")
        elif last.kind is LineKind.ORGANS and kind is LineKind.ORGANS and line.gap == 0:
            joined = Block(LineKind.ORGANS, span, f"{last.text} {despaced(line.text)}")
        elif line.continues and kind in (LineKind.BODY, LineKind.TITLE) and last.kind is LineKind.BODY:
            joined = Block(LineKind.BODY, span, last.text + line.text)
        if joined:
            blocks[-1] = joined
        else:
            blocks.append(Block(kind, line.span, despaced(line.text) if kind is LineKind.ORGANS else line.text))
    return tuple(blocks)


def _is_cut_text(blocks: list[Block], line: Line) -> bool:
    """The last block is the first line of wrapped text, so far without a stop, and not (part of) a title."""
    last = blocks[-1]
    return (
        last.kind is LineKind.TITLE
        and line.gap == 0
        and len(last.text) >= 12
        and not line.indented
        and not TITLE_END.search(last.text)
        and heading_of(line.text) is None
        and any(block.kind is LineKind.TITLE and is_complete_title(block.text) for block in blocks[:-1])
    )


def _awaits_value(last: Block) -> bool:
    """「成文日期：」 or 「来源：」 alone on its line."""
    return last.kind is LineKind.FACT and only_label(last.text)


def _title_goes_on(last: Block, line: Line, kind: LineKind) -> bool:
    if kind is LineKind.DRAFT_MARK:
        return True
    if _TITLE_REST.match(line.text):
        return line.gap <= 1  # 「…行动方案⏎（2024—2027年）的通知」
    if last.text.count("《") > last.text.count("》") and kind is not LineKind.BODY:
        return line.gap <= 1
    if kind not in (LineKind.TITLE, LineKind.ORGANS):
        return False
    if _SENDS_OUT.search(last.text) and re.search(r"的?(?:通知|公告|通告|函|决定)$", line.text) and line.gap == 0:
        return True  # 「关于印发…提升行动⏎实施方案的通知」
    if kind is LineKind.ORGANS:
        # 「关于加强⏎信息化委员会⏎…」 is rare; an issuer under a finished title is the usual case
        return False
    if _BRACKETED.match(line.text):
        return line.gap <= 1  # （试行）, （2021—2025年）
    if re.match(r"(?:19|20)\d\d年", line.text) and is_complete_title(line.text):
        return False  # 「云南要闻⏎2026年政府工作报告」: a heading of the page, then the title
    return not is_complete_title(last.text) and line.gap <= 1


def is_complete_title(text: str) -> bool:
    """Whether a title may end here: a document word last, and no book mark or bracket open."""
    return bool(TITLE_END.search(text)) and all(
        text.count(opening) <= text.count(closing) for opening, closing in ("《》", "（）", "“”")
    )
