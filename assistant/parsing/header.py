"""What a document says of itself: title, number, issuers, dates, draft mark, and the covering notice.

Works on the lines before the first clause (`front`) and after the last one (`tail`); what kind of line each is decides
which field it fills. Nothing is guessed: a field without words in the text stays empty.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from assistant.model import Evidence, LedgerEntry, Span
from assistant.parsing.cleaning import Line
from assistant.parsing.dates import FULL_DATE, full_date
from assistant.parsing.headings import heading_of
from assistant.parsing.references import DOCUMENT_NUMBER, normal_number

_ORGAN = r"(?:中共)?[\u4e00-\u9fff]{2,28}?(?:政府|办公厅|办公室|厅|局|委员会|委|部|院|署|总工会|联合会|联盟|协会|共青团|法院|检察院|银行|中心|秘书处|领导小组)"
_ORGANS = re.compile(rf"^{_ORGAN}(?:[\s\u3000]+{_ORGAN})*(?:[\s\u3000]*文件)?$")
_TITLE_END = re.compile(
    r"(?:通知|意见|方案|办法|规定|条例|细则|计划|决定|公告|通告|规划|措施|指引|指南|函|批复|章程|守则|制度|要点|纲要|标准|规则|决议|若干政策|政策|清单|法|解读|问答)"
    r"(?:[（(〔\[][^（）()]{1,12}[）)〕\]])*$"
)
_DRAFT = re.compile(r"征求意见稿|公开征求意见|送审稿|讨论稿|（草案）|\(草案\)|草案稿")
_NUMBER_LINE = re.compile(rf"^(?:文\s*号|发文字号|文件编号)?[：:]?\s*{DOCUMENT_NUMBER.pattern}$")
_ORDER_NUMBER = re.compile(
    r"^[（(]?((?:[\u4e00-\u9fff]{2,20}(?:令|公告))?\s*(?:(?:19|20)\d{2}\s*年\s*)?第\s*[〇零一二三四五六七八九十百\d]+\s*号(?:令)?)[）)]?$"
)
_SOURCE = re.compile(r"^(?:来\s*源|信息来源|发布机构|发布单位)\s*[：:]\s*(\S+)?")
_SALUTATION = re.compile(r"^[^。]{2,200}[：:]$")
_PRINTED = re.compile(r"印发$")
_LABELLED = {
    "disclosure": re.compile(r"^公开(?:方式|属性)\s*[：:]\s*(.+)$"),
    "copied_to": re.compile(r"^抄\s*送\s*[：:]\s*(.+?)。?$"),
    "contact": re.compile(r"^[（(]?((?:承办(?:部门|单位)|联系(?:人|电话|方式|部门)|咨询电话).*?[：:].+?)[）)]?$"),
}


class LineKind(StrEnum):
    """What a line outside the clauses is."""

    NUMBER = "number"
    SOURCE = "source"
    DATE = "date"
    PRINTED = "printed"
    LABELLED = "labelled"
    DRAFT_MARK = "draft_mark"
    ORGANS = "organs"
    SALUTATION = "salutation"
    TITLE = "title"
    BODY = "body"


def kind_of(line: str) -> LineKind:
    """What kind of line this is; the order of the questions matters and is tested."""
    if _NUMBER_LINE.match(line) or _ORDER_NUMBER.match(line):
        return LineKind.NUMBER
    if _SOURCE.match(line):
        return LineKind.SOURCE
    if any(pattern.match(line) for pattern in _LABELLED.values()):
        return LineKind.LABELLED
    if FULL_DATE.search(line) and _PRINTED.search(line):
        return LineKind.PRINTED
    if (found := FULL_DATE.search(line)) and len(line) - len(found.group()) <= 12 and not re.search("[。，]", line):
        return LineKind.DATE
    if len(line) <= 14 and _DRAFT.search(line):
        return LineKind.DRAFT_MARK
    if _ORGANS.match(line) and "关于" not in line:
        return LineKind.ORGANS
    if _SALUTATION.match(line):
        return LineKind.SALUTATION
    if re.search(r"[。；;]", line) or len(line) > 80 or line.endswith(("，", "、", ",")) or heading_of(line):
        return LineKind.BODY
    return LineKind.TITLE


@dataclass(frozen=True, slots=True)
class Block:
    """Consecutive lines read as one: a title broken over lines, issuers above each other, one line of text."""

    kind: LineKind
    span: Span
    text: str  # joined without line breaks; organs keep one blank between them


@dataclass(slots=True)
class Header:
    """The fields found, with their evidence, and the blocks they came from (front and tail, in text order)."""

    title: str = ""
    notice_title: str | None = None
    document_number: str | None = None
    issuers: tuple[str, ...] = ()
    signed_on: date | None = None
    printed_on: date | None = None
    published_on: date | None = None
    draft_mark: Span | None = None
    disclosure: str | None = None
    copied_to: str | None = None
    contact: str | None = None
    notice_span: Span | None = None
    title_span: Span | None = None
    front: tuple[Block, ...] = ()
    tail: tuple[Block, ...] = ()
    evidence: list[Evidence] = field(default_factory=list)
    ledger: list[LedgerEntry] = field(default_factory=list)

    def set_once(self, name: str, value: object, span: Span, note: str = "") -> None:
        """Fill a field unless an earlier line did; the first mention in a header is the official one."""
        if value and not getattr(self, name):
            setattr(self, name, value)
            self.evidence.append(Evidence(name, span, note))


def group_blocks(lines: tuple[Line, ...]) -> tuple[Block, ...]:
    """Lines of the front or tail as blocks: titles, issuers and text run on over line ends.

    A title goes on while it is not complete (complete = ends in 意见, 通知, 方案 …); issuers go on line under line;
    addressees and text go on where the line before is cut off (`Line.continues`).
    """
    blocks: list[Block] = []
    for line in lines:
        kind = kind_of(line.text)
        last = blocks[-1] if blocks else None
        if last and kind is LineKind.SALUTATION and last.kind is LineKind.BODY and line.continues:
            blocks[-1] = Block(LineKind.SALUTATION, Span(last.span.start, line.span.end), last.text + line.text)
        elif (
            last
            and last.kind is LineKind.TITLE
            and kind in (LineKind.TITLE, LineKind.DRAFT_MARK)
            and _goes_on(last, line, kind)
        ):
            blocks[-1] = Block(LineKind.TITLE, Span(last.span.start, line.span.end), last.text + line.text)
        elif last and last.kind is LineKind.ORGANS and line.gap == 0 and kind is LineKind.TITLE and "关于" in line.text:
            # 「甲厅 乙厅 ⏎ 丙厅关于印发…」: these issuers open the title
            blocks[-1] = Block(LineKind.TITLE, Span(last.span.start, line.span.end), f"{last.text} {line.text}")
        elif last and last.kind is LineKind.ORGANS and kind is LineKind.ORGANS and line.gap == 0:
            blocks[-1] = Block(LineKind.ORGANS, Span(last.span.start, line.span.end), f"{last.text} {line.text}")
        elif last and line.continues and kind in (LineKind.BODY, LineKind.TITLE) and last.kind is LineKind.BODY:
            blocks[-1] = Block(LineKind.BODY, Span(last.span.start, line.span.end), last.text + line.text)
        else:
            blocks.append(Block(kind, line.span, line.text))
    return tuple(blocks)


def _goes_on(last: Block, line: Line, kind: LineKind) -> bool:
    return kind is LineKind.DRAFT_MARK or (not _TITLE_END.search(last.text) and line.gap <= 1)


def read_header(front: tuple[Line, ...], tail: tuple[Line, ...]) -> Header:
    """Read the fields from the lines before the first clause and after the last."""
    header = Header(front=group_blocks(front), tail=group_blocks(tail))
    _read_titles(header)
    organs: list[tuple[tuple[str, ...], Span]] = []
    for position, block in enumerate((*header.front, *header.tail)):
        _read_block(header, block)
        if block.kind is LineKind.ORGANS:
            organs.append((_split_organs(block.text), block.span))
        in_tail = position >= len(header.front)
        if block.kind is LineKind.DATE and (in_tail or block.span.end <= _body_start(header)):
            found = FULL_DATE.search(block.text)
            if found:
                header.set_once("signed_on", full_date(found), block.span)
    _read_issuers(header, organs)
    return header


def _body_start(header: Header) -> int:
    return header.front[-1].span.end if header.front else 0


def _read_block(header: Header, block: Block) -> None:
    match block.kind:
        case LineKind.NUMBER:
            found = DOCUMENT_NUMBER.search(block.text)
            number = normal_number(*found.groups()) if found else block.text.strip("（）() ")
            header.set_once("document_number", number, block.span)
        case LineKind.SOURCE | LineKind.PRINTED:
            found = FULL_DATE.search(block.text)
            if found:
                name = "printed_on" if block.kind is LineKind.PRINTED else "published_on"
                header.set_once(name, full_date(found), block.span)
        case LineKind.LABELLED:
            for name, pattern in _LABELLED.items():
                if found := pattern.match(block.text):
                    header.set_once(name, found.group(1).strip(), block.span)
        case LineKind.TITLE | LineKind.DRAFT_MARK:
            if found := _DRAFT.search(block.text):
                header.set_once("draft_mark", block.span, block.span, found.group())


def _read_titles(header: Header) -> None:
    """Title, covering notice, and repeated titles."""
    titles = [block for block in header.front if block.kind is LineKind.TITLE and _TITLE_END.search(block.text)]
    if not titles:
        titles = [block for block in header.front if block.kind is LineKind.TITLE][:1]
    distinct: list[Block] = []
    for block in titles:
        if any(_bare(block.text) == _bare(seen.text) for seen in distinct):
            header.ledger.append(LedgerEntry("repeated_title", block.span, "题名重复出现，只取一次。"))
        else:
            distinct.append(block)
    if not distinct:
        return
    notices = [b for b in distinct if re.search(r"印发|转发|发布", b.text) and re.search(r"通知$|公告$|令$", b.text)]
    own = [b for b in distinct if b not in notices and notices and b.span.start > notices[0].span.end]
    if notices and own:
        header.notice_title = _clean_title(notices[0].text)
        header.evidence.append(Evidence("notice_title", notices[0].span))
        header.notice_span = Span(notices[0].span.start, own[-1].span.start)
        chosen = own[-1]
    else:
        chosen = distinct[0]
    header.title = _clean_title(chosen.text)
    header.title_span = chosen.span
    header.evidence.append(Evidence("title", chosen.span))


def _bare(title: str) -> str:
    return re.sub(r"\s", "", title)


def _clean_title(title: str) -> str:
    """Blanks inside a title are line remains, except between the names of joint issuers."""
    return re.sub(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])", " ", title).strip()


def _split_organs(text: str) -> tuple[str, ...]:
    names = re.split(r"[\s\u3000]+", re.sub(r"\s*文件$", "", text.replace(" 文件", "")))
    return tuple(dict.fromkeys(name for name in names if name and name != "文件"))


def _read_issuers(header: Header, organs: list[tuple[tuple[str, ...], Span]]) -> None:
    """Issuers: the printed head, else the words before 关于 in the title, else signature, else the 来源 line."""
    before = [entry for entry in organs if header.title_span is None or entry[1].start < _first_title_start(header)]
    if before:
        names = tuple(dict.fromkeys(name for entry in before for name in entry[0]))
        header.set_once("issuers", names, before[0][1])
    titled = [(header.notice_title or "", "notice_title"), (header.title, "title")]
    for title, name in titled:
        prefix = title.split("关于", 1)[0].strip() if "关于" in title else ""
        if prefix and _ORGANS.match(prefix):
            span = next(entry.span for entry in header.evidence if entry.field == name)
            header.set_once("issuers", _split_organs(prefix), span or Span(0, 0))
    if organs:
        signature = [entry for entry in organs if entry not in before] or organs
        header.set_once("issuers", signature[-1][0], signature[-1][1])
    for block in header.front:
        found = _SOURCE.match(block.text)
        if found and found.group(1) and _ORGANS.match(found.group(1)):
            header.set_once("issuers", (found.group(1),), block.span, "来源")


def _first_title_start(header: Header) -> int:
    starts = [block.span.start for block in header.front if block.kind is LineKind.TITLE]
    return min(starts) if starts else 0
