"""Lines as read: which belong to the text, which are site furniture, which continue the line before.

Nothing is deleted or changed: every decision is a span with a ledger entry.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from assistant.model import LedgerEntry, Span
from assistant.parsing.headings import heading_of

_LINE = re.compile(r"[^\r\n\f\v\x85\u2028\u2029]+")
_BLANK = " \t\u3000\xa0\ufeff\u200b"


@dataclass(frozen=True, slots=True)
class Line:
    """A line with words on it.

    Attributes:
        span: without the blanks at both ends.
        text: the slice.
        indented: it begins with two or more blanks or an ideographic space, as paragraphs do.
        gap: number of empty lines before it.
        continues: it goes on from the line before, across a wrap or a page break.
    """

    span: Span
    text: str
    indented: bool = False
    gap: int = 0
    continues: bool = False


# Words that stand on pages around a text, never in it. Whole short lines only.
_FURNITURE_WORDS = re.compile(
    r"QQ空间|新浪微博|腾讯微博|人人网|豆瓣|微信|朋友圈|分享|收藏|打印|关闭窗口|返回顶部|字号|字体|大\s*中\s*小|扫一扫|二维码"
    r"|首页|个人中心|联系我们|网站地图|网站声明|关于我们|友情链接|技术支持|版权所有|主办单位|承办单位|备案号|ICP备|公网安备"
    r"|政府网站标识码|浏览次数|访问量|点击数|上一篇|下一篇|相关链接|相关附件下载|无障碍|股权代码|股票代码|当前位置|您现在的位置"
)
_OFFICIAL_TAIL = re.compile(
    r"公开方式|公开属性|抄\s*送|主\s*送|印发|联系(?:人|电话|方式)|承办|附\s*件|\d{4}\s*年\s*\d{1,2}\s*月"
)
_IMAGE = re.compile(r"^\[(?:image|图片)[^\]]*\]$|^!\[[^\]]*\]\([^)]*\)$", re.IGNORECASE)
_BLANK_PAGE = re.compile(r"^[（(]?\s*此页无正文\s*[）)]?$")
_PAGE_NUMBER = re.compile(r"^[-—–－]\s*\d{1,4}\s*[-—–－]$|^第\s*\d{1,4}\s*页(?:\s*共\s*\d{1,4}\s*页)?$")
_TERMINAL = re.compile(r"[。！？；;：:!?…][”’」』]*$|[）)》]$")


def read_lines(text: str) -> tuple[Line, ...]:
    """All lines of `text` that hold more than blanks, in order."""
    lines: list[Line] = []
    previous_end = 0
    for match in _LINE.finditer(text):
        raw = match.group()
        words = raw.strip(_BLANK)
        if not words:
            continue
        start = match.start() + raw.index(words)
        lead = raw[: start - match.start()]
        between = text[previous_end : match.start()]
        gap = max(0, between.replace("\r\n", "\n").count("\n") + between.count("\f") - 1) if lines else 0
        lines.append(Line(Span(start, start + len(words)), words, len(lead) > 1 or "\u3000" in lead, gap))
        previous_end = match.end()
    return tuple(lines)


def set_aside_furniture(lines: tuple[Line, ...]) -> tuple[tuple[Line, ...], tuple[LedgerEntry, ...]]:
    """Split the lines into those of the text and ledger entries for the rest.

    Image marks, blank-page marks and page numbers go wherever they stand. A block of short lines at the very end (or
    before the title) goes when at least one of them is a page word such as 新浪微博 and none belongs to an official
    closing (公开方式, 抄送, 印发, a date).
    """
    ledger: list[LedgerEntry] = []
    kept: list[Line] = []
    for line in lines:
        if _IMAGE.match(line.text):
            ledger.append(LedgerEntry("image", line.span, "图片占位符，原图不在文本中。"))
        elif _BLANK_PAGE.match(line.text):
            ledger.append(LedgerEntry("blank_page", line.span, "「此页无正文」，不作为条款内容。"))
        elif _PAGE_NUMBER.match(line.text):
            ledger.append(LedgerEntry("furniture", line.span, "页码，不作为条款内容。"))
        else:
            kept.append(line)
    first_of_tail = len(kept)
    while first_of_tail > 0 and _may_be_furniture(kept[first_of_tail - 1].text):
        first_of_tail -= 1
    if not any(_FURNITURE_WORDS.search(line.text) for line in kept[first_of_tail:]):
        first_of_tail = len(kept)
    end_of_head = 0
    while (
        end_of_head < min(first_of_tail, 15)
        and _FURNITURE_WORDS.search(kept[end_of_head].text)
        and len(kept[end_of_head].text) <= 30
    ):
        end_of_head += 1
    ledger += [
        LedgerEntry("furniture", line.span, "网页附带内容（分享、导航、技术支持等），不属于政策文本。")
        for line in (*kept[:end_of_head], *kept[first_of_tail:])
    ]
    return tuple(kept[end_of_head:first_of_tail]), tuple(sorted(ledger, key=lambda entry: entry.span))


def _may_be_furniture(line: str) -> bool:
    return (
        len(line) <= 40
        and not re.search(r"[。；]", line)
        and heading_of(line) is None
        and not _OFFICIAL_TAIL.search(line)
    )


def join_wrapped(
    lines: tuple[Line, ...], is_running: Callable[[str], bool] = lambda _: True
) -> tuple[tuple[Line, ...], tuple[LedgerEntry, ...]]:
    """Mark the lines that continue the one before, and note each join over empty lines as a page break.

    A line continues when the one before is running text cut off mid-sentence and this one opens no clause.
    `is_running` says which lines may be cut off at all: titles and issuers, read by `header`, are not.
    """
    marked: list[Line] = []
    ledger: list[LedgerEntry] = []
    for line in lines:
        if (
            marked
            and is_running(marked[-1].text)
            and _cut_off(marked[-1])
            and not line.indented
            and heading_of(line.text) is None
        ):
            previous = marked[-1]
            marked.append(Line(line.span, line.text, line.indented, line.gap, continues=True))
            if line.gap:
                note = f"「{previous.text[-6:]}」与「{line.text[:6]}」之间有分页，阅读时连起来，原文位置不变。"
                ledger.append(LedgerEntry("page_break", Span(previous.span.end, line.span.start), note))
        else:
            marked.append(line)
    return tuple(marked), tuple(ledger)


def _cut_off(line: Line) -> bool:
    """Running text without an end: long, or itself a continuation, or stopped at a comma."""
    if _TERMINAL.search(line.text):
        return False
    if line.text.endswith(("，", ",", "、")):
        return True
    running = bool(re.search(r"[，。；,;]", line.text)) or line.continues
    return running or len(line.text) >= 35 or (len(line.text) >= 25 and heading_of(line.text) is None)
