"""What a document says of itself: title, number, issuers, dates, draft mark, and the covering notice.

Works on the lines before the first clause (`front`) and on the closings; what kind of line each is decides which
field it fills. Nothing is guessed: a field without words in the text stays empty.
"""

from __future__ import annotations

import re

from assistant.model import Evidence, LedgerEntry, Span
from assistant.parsing.blocks import (
    DRAFT,
    LABELLED,
    ORGANS,
    Block,
    LineKind,
    group_blocks,
    kind_of,
)
from assistant.parsing.cleaning import Line
from assistant.parsing.dates import FULL_DATE, full_date
from assistant.parsing.facts import Fact, facts_in
from assistant.parsing.header_record import Header, ends_title
from assistant.parsing.issuers import read_issuers, split_organs
from assistant.parsing.references import DOCUMENT_NUMBER, normal_number

_ASSEMBLY = re.compile(
    r"([\u4e00-\u9fff]{2,14}?)第[〇零一二三四五六七八九十百]+届(人民代表大会(?:常务委员会)?|人大常委会)第[^，。]{1,8}次会议(?:修订)?通过"
)
_NATIONAL_ASSEMBLY = re.compile(
    r"第[〇零一二三四五六七八九十百]+届(全国人民代表大会(?:常务委员会)?)第[^，。]{1,8}次会议[^，。]{0,60}?(?:通过|修正|修订)"
)
_ORDER = re.compile(
    r"(?:日|[^\u4e00-\u9fff]|^)\s*([\u4e00-\u9fff]{2,20}?(?:人民政府|国务院|部|委员会|署|局))令\s*(?:〔?\d{4}〕?\s*)?第\s*([\d〇零一二三四五六七八九十百]+)\s*号"
)
_SERIES = re.compile(r"^([\u4e00-\u9fff]{2,30}?)(?:令|公告|通告)$")
_DATES = ("signed_on", "published_on", "effective_from", "repealed_on")
_ENDED = re.compile(r"失效|废止|无效|^否$")


def read_header(
    front: tuple[Line, ...],
    tail: tuple[Line, ...],
    annexed: tuple[Line, ...] = (),
    fields: tuple[Line, ...] = (),
) -> Header:
    """Read the fields from the lines before the first clause and from the closings.

    `annexed` are title lines standing after a covering notice that has clauses of its own, `fields` lines of a service
    guide that may be fields (实施主体：…).
    """
    header = Header(front=group_blocks(front), tail=group_blocks(tail))
    _read_titles(header, group_blocks(annexed))
    organs = [
        (split_organs(block.text), block.span)
        for block in (*header.front, *header.tail)
        if block.kind is LineKind.ORGANS
    ]
    blocks = (*header.front, *header.tail)
    for before, block in zip((None, *blocks), blocks, strict=False):
        _read_block(header, block, before)
    _read_enactment(header)
    read_issuers(header, organs, fields)
    return header


def _read_block(header: Header, block: Block, before: Block | None) -> None:
    match block.kind:
        case LineKind.NUMBER:
            found = DOCUMENT_NUMBER.search(block.text)
            number = normal_number(*found.groups()) if found else _order_number(block.text)
            series = _SERIES.match(before.text) if before and before.kind is LineKind.TITLE else None
            if before and series and (ORGANS.match(series.group(1)) or before.text.endswith("令")):
                # 「丁市人民政府令⏎第179号」 is one number, and names who gave the order
                number = number if found else series.group() + number
                if ORGANS.match(series.group(1)):
                    header.set_once("issuers", (series.group(1),), before.span)
            header.set_once("document_number", number, block.span)
        case LineKind.DATE:
            found = FULL_DATE.search(block.text)
            if found:
                # 「2026-02-03 09:02」 is how a web page stamps itself; documents are signed in 年月日
                name = "published_on" if found.group(4) else "signed_on"
                header.set_once(name, full_date(found), block.span)
        case LineKind.PRINTED:
            if found := FULL_DATE.search(block.text):
                header.set_once("printed_on", full_date(found), block.span)
        case LineKind.FACT:
            for fact in facts_in(block.text):
                _read_fact(header, block, fact)
        case LineKind.LABELLED:
            for name, pattern in LABELLED.items():
                if found := pattern.match(block.text):
                    value = next(group for group in found.groups() if group)
                    header.set_once(name, value.strip(), block.span)
        case LineKind.TITLE | LineKind.DRAFT_MARK:
            if found := DRAFT.search(block.text):
                header.set_once("draft_mark", block.span, block.span, found.group())


def _read_fact(header: Header, block: Block, fact: Fact) -> None:
    """A field of the site's own table. 「有效性：失效」 is a repeal whose day the table does not give."""
    dated = FULL_DATE.search(fact.value)
    number = DOCUMENT_NUMBER.search(fact.value)
    if fact.kind in _DATES and dated:
        header.set_once(fact.kind, full_date(dated), block.span, fact.label)
        if fact.kind == "repealed_on":
            header.repealed_span = header.repealed_span or block.span
    elif fact.kind == "validity" and _ENDED.search(fact.value):
        header.repealed_span = header.repealed_span or block.span
    elif fact.kind in ("number", "lead") and number:
        header.set_once("document_number", normal_number(*number.groups()), block.span, fact.label)
    elif fact.kind == "number" and kind_of(fact.value) is LineKind.NUMBER:
        header.set_once("document_number", _order_number(fact.value), block.span, fact.label)
    elif fact.kind == "lead" and dated:
        header.set_once("published_on", full_date(dated), block.span)


def _order_number(words: str) -> str:
    """「深圳市人民政府令（第352号）」 without brackets; joint names keep the blank between them."""
    plain = re.sub(r"[（）()]", "", words)
    return re.sub(r"(?<![\u4e00-\u9fff])\s+|\s+(?![\u4e00-\u9fff])|\s+(?=第)|(?<=[年令告])\s+", "", plain)


def _read_enactment(header: Header) -> None:
    """The note under a statute's title: its dates (the last one is the version's), the assembly or the order."""
    for block in header.front:
        if block.kind is not LineKind.ENACTMENT:
            continue
        days = [day for found in FULL_DATE.finditer(block.text) if (day := full_date(found))]
        if days and (header.signed_on is None or _signed_by_note(header)):
            header.signed_on = max(days)
            header.evidence = [entry for entry in header.evidence if entry.field != "signed_on"]
            header.evidence.append(Evidence("signed_on", block.span, "通过或修正日期"))
        if found := _ASSEMBLY.search(block.text):
            name = found.group(1).removeprefix("日") + found.group(2).replace("人大常委会", "人民代表大会常务委员会")
            header.set_once("issuers", (name,), block.span)
        if found := _NATIONAL_ASSEMBLY.search(block.text):
            header.set_once("issuers", (found.group(1),), block.span)
        if order := _ORDER.search(block.text):
            issuer = order.group(1).removeprefix("日")
            header.set_once("issuers", (issuer,), block.span)
            header.set_once("document_number", f"{issuer}令第{order.group(2)}号", block.span)


def _signed_by_note(header: Header) -> bool:
    return any(entry.field == "signed_on" and entry.note == "通过或修正日期" for entry in header.evidence)


def _read_titles(header: Header, annexed: tuple[Block, ...]) -> None:
    """Title, covering notice, and repeated titles."""
    titles = [
        block
        for block in header.front
        if block.kind is LineKind.TITLE and (ends_title(block.text) or _SERIES.match(block.text))
    ]
    if not titles:
        lines = [block for block in header.front if block.kind is LineKind.TITLE]
        titles = lines[:1] if lines and _may_be_title(lines[0], header) else []
    distinct: list[Block] = []
    for block in titles:
        if any(_bare(block.text) == _bare(seen.text) for seen in distinct):
            header.ledger.append(LedgerEntry("repeated_title", block.span, "题名重复出现，只取一次。"))
        else:
            distinct.append(block)
    if not distinct:
        return
    notices = [
        b
        for b in distinct
        if re.search(r"(?:印发|转发|发布|公布).*(?:通知|公告)$|征求.*意见.*(?:公告|通知|通告|函|启事)$|令$", b.text)
    ]
    own = _own_titles(header, distinct, notices)
    announced = [block for block in annexed if notices and _bare(block.text)[:-2] in _bare(notices[0].text)]
    if notices and own:
        header.notice_title = _clean_title(notices[0].text)
        header.evidence.append(Evidence("notice_title", notices[0].span))
        header.notice_span = Span(notices[0].span.start, own[-1].span.start)
        chosen = own[-1]
    elif announced:
        header.notice_title = _clean_title(notices[0].text)
        header.evidence.append(Evidence("notice_title", notices[0].span))
        header.title = _clean_title(announced[0].text)
        header.title_span = notices[0].span  # the plan's own words stand behind the notice's clauses
        header.evidence.append(Evidence("title", announced[0].span))
        return
    else:
        chosen = distinct[0]
    header.title = _clean_title(chosen.text)
    header.title_span = chosen.span
    header.evidence.append(Evidence("title", chosen.span))


def _own_titles(header: Header, distinct: list[Block], notices: list[Block]) -> list[Block]:
    """Titles after a covering notice; also one of unusual ending, where the notice itself names it."""
    if not notices:
        return []
    named = _bare(notices[0].text)
    return [
        block
        for block in header.front
        if block.kind is LineKind.TITLE
        and block.span.start > notices[0].span.end
        and block not in notices
        and (block in distinct or (len(block.text) >= 6 and _bare(block.text) in named))
        and _bare(block.text) != named
    ]


def _may_be_title(block: Block, header: Header) -> bool:
    """A first line of unusual ending: a title unless it runs into the text, or begins with a mark left from a label."""
    if not any(char.isalnum() for char in block.text):
        return False
    after = _first_text(header) - block.span.end
    return (
        after > 0 and (block.text[0].isalnum() or block.text[0] in "《“") and not (after <= 2 and len(block.text) >= 18)
    )


def _first_text(header: Header) -> int:
    return next((block.span.start for block in header.front if block.kind is LineKind.BODY), 1 << 60)


def _bare(title: str) -> str:
    return re.sub(r"[\s《》〈〉]", "", title).replace("(", "（").replace(")", "）")


def _clean_title(title: str) -> str:
    """Blanks inside a title are line remains, except between the names of joint issuers."""
    spaced = re.sub(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])", " ", title).strip()
    return re.sub(r"(?<=[\u4e00-\u9fff]) (?=关于)", "", spaced)
