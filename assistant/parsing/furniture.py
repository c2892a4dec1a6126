"""What stands on the page but not in the text: share buttons, navigation, page numbers, tables of contents.

Nothing is deleted: each line set aside is a ledger entry, and a line that stays knows that something stood before it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from assistant.model import LedgerEntry
from assistant.parsing.blocks import ATTACHMENT_LIST
from assistant.parsing.cleaning import Line
from assistant.parsing.headings import heading_of

# Words that stand on pages around a text, never in it.
_PAGE_WORDS = re.compile(
    r"QQ空间|新浪微博|腾讯微博|人人网|豆瓣|朋友圈|微信扫一扫|关闭窗口|关闭本页|返回顶部|扫一扫|二维码|公众号|个人中心|联系我们|网站地图"
    r"|网站声明|关于我们|友情链接|版权所有|版权声明|ICP备|公网安备|政府网站标识码|网站标识码|浏览次数|访问量|点击数|上一篇|下一篇"
    r"|相关附件下载|股权代码|股票代码|当前位置|您现在的位置|您的位置|分享到|相关解读|关联政策|关联内容|相关文章|相关链接|相关文件下载|责任编辑"
)
# Words of buttons: page furniture only where they are the whole line.
_BUTTONS = re.compile(
    r"推荐|取消|分享|收藏|打印|下载|全屏|首页|微信|微博|字号|字体|加大|还原|减小|大|中|小|大中小|无障碍|技术支持|主办单位|承办单位|备案号|正文|返回|关闭"
)
_NAVIGATION = re.compile(
    r"^[\u4e00-\u9fff]{2,20}(?:\s*[>＞›»]\s*[\u4e00-\u9fff]{2,12})+$|^(?:网站)?首页\s*[>＞›»|｜].*$|^[>＞›»】|｜]+$|^【?(?:字号|字体)[:：].*$|^(?:技术支持|主办单位|承办单位|主办)[:：][^。]{2,60}$"
)
_OFFICIAL = re.compile(
    r"公开方式|公开属性|抄\s*送|主\s*送|印发|联系(?:人|电话|方式)|承办|附\s*件|\d{4}\s*年\s*\d{1,2}\s*月|[一二三四五六七八九十]月"
)
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|wps|ofd|zip|rar)$|解读》?$|政策解读", re.IGNORECASE)
_DOWNLOAD = re.compile(r"\.(?:pdf|docx?|xlsx?|wps|et|ofd|zip|rar)$", re.IGNORECASE)
_REGISTERED = re.compile(r"ICP备|公网安备|网站标识码")
"""What only the foot of a site says."""
_COMMENT = re.compile(r"^<!--.*-->$")
_IMAGE = re.compile(r"^\[(?:image|图片)[^\]]*\]$|^!\[[^\]]*\]\([^)]*\)$", re.IGNORECASE)
_BLANK_PAGE = re.compile(r"^[（(]?\s*此页无正文\s*[）)]?$")
_PAGE_NUMBER = re.compile(
    r"^[-—–－―]\s*\d{1,4}\s*[-—–－―]$|^第\s*\d{1,4}\s*页(?:\s*[，,/]?\s*共\s*\d{1,4}\s*页)?$|^\d{1,4}\s*/\s*\d{1,4}$"
)
_CONTENTS = re.compile(r"^目\s*录$|^目\s*次$")
_LEADER = re.compile(r"(?:[.．…·]\s*){3,}\s*\d{0,3}\s*$|[.．…·]{2,}\s*\d{1,3}$")

_NAVIGATION_NOTE = "网页附带内容（分享、导航、技术支持等），不属于政策文本。"


def set_aside_furniture(lines: tuple[Line, ...]) -> tuple[tuple[Line, ...], tuple[LedgerEntry, ...]]:
    """Split the lines into those of the text and ledger entries for the rest.

    Image marks, blank-page marks and page numbers go wherever they stand, a table of contents whose entries come again,
    and page words at both ends of the text.
    """
    ledger: list[LedgerEntry] = []
    numbers = _running_numbers(lines)
    contents = _contents(lines)
    heads = _running_heads(lines)
    kept: list[Line] = []
    aside_before = False
    for at, line in enumerate(lines):
        entry = _single(line)
        if entry is None and at in contents:
            entry = LedgerEntry("furniture", line.span, "目录，条目在正文里另有，不作为条款内容。")
        if entry is None and at in heads:
            entry = LedgerEntry("furniture", line.span, "重复的页眉，不作为条款内容。")
        if entry is None and at in numbers:
            entry = LedgerEntry("furniture", line.span, "页码，不作为条款内容。")
        if entry is not None:
            ledger.append(entry)
            aside_before = True
            continue
        kept.append(replace(line, after_aside=True) if aside_before else line)
        aside_before = False
    head, tail = _head_end(kept), _tail_start(kept)
    ledger += [
        LedgerEntry("furniture", line.span, _NAVIGATION_NOTE) for line in (*kept[:head], *kept[max(head, tail) :])
    ]
    return tuple(kept[head : max(head, tail)]), tuple(sorted(ledger, key=lambda entry: entry.span))


def _single(line: Line) -> LedgerEntry | None:
    """A line that is furniture by itself, wherever it stands."""
    if _IMAGE.match(line.text):
        return LedgerEntry("image", line.span, "图片占位符，原图不在文本中。")
    if _BLANK_PAGE.match(line.text):
        return LedgerEntry("blank_page", line.span, "「此页无正文」，不作为条款内容。")
    if _PAGE_NUMBER.match(line.text):
        return LedgerEntry("furniture", line.span, "页码，不作为条款内容。")
    if _COMMENT.match(line.text):
        return LedgerEntry("furniture", line.span, "网页或排版标记，不属于政策文本。")
    return None


def _running_numbers(lines: tuple[Line, ...]) -> frozenset[int]:
    """Positions of bare numbers that count up by one through the text: page numbers without dashes.

    Two in neighbouring lines are cells of a table, not pages.
    """
    bare = [(at, int(line.text)) for at, line in enumerate(lines) if line.text.isascii() and line.text.isdigit()]
    bare = [(at, number) for at, number in bare if number < 1000]
    if len(bare) < 2 or any(b[0] - a[0] < 5 or b[1] != a[1] + 1 for a, b in pairwise(bare)):
        return frozenset()
    return frozenset(at for at, _ in bare)


def _running_heads(lines: tuple[Line, ...]) -> frozenset[int]:
    """Positions of a short line printed three times or more in a row: page heads gathered by a PDF reader."""
    found: set[int] = set()
    for at in range(2, len(lines)):
        here = lines[at].text
        if len(here) <= 30 and heading_of(here) is None and here == lines[at - 1].text == lines[at - 2].text:
            found |= {at - 2, at - 1, at}
    return frozenset(found)


def _contents(lines: tuple[Line, ...]) -> frozenset[int]:
    """Positions of a table of contents: the lines after 目录 up to where its first entry comes again as a line.

    Entries with dot leaders need not come again word by word. Without either sign nothing is taken.
    """
    start = next((at for at, line in enumerate(lines[:60]) if _CONTENTS.match(line.text)), None)
    if start is None or start + 1 >= len(lines):
        return frozenset()
    led = [at for at in range(start + 1, min(start + 200, len(lines))) if _LEADER.search(lines[at].text)]
    if len(led) >= 2:
        found = {start}
        for at in range(start + 1, led[-1] + 1):
            if at in led or len(lines[at].text) <= 40:
                found.add(at)
        return frozenset(found)
    first = _entry(lines[start + 1].text)
    again = next((at for at in range(start + 2, len(lines)) if _entry(lines[at].text) == first), None)
    if again is None or again - start > 200 or any(len(lines[at].text) > 60 for at in range(start + 1, again)):
        return frozenset()
    return frozenset(range(start, again))


def _entry(line: str) -> str:
    return re.sub(r"[\s.．…·]|\d+$", "", line)


def _head_end(kept: list[Line]) -> int:
    """How many lines before the title are buttons and navigation."""
    end = 0
    while end < min(len(kept), 25) and _is_page_word(kept[end].text):
        end += 1
    while end:
        # 「首页 > 政策文件 【字体：」: what stands between buttons belongs to them
        later = [at for at in range(end, min(len(kept), end + 4)) if _is_page_word(kept[at].text)]
        if not later or any(len(line.text) > 12 for line in kept[end : later[-1]]):
            break
        end = later[-1] + 1
    return end


def _tail_start(kept: list[Line]) -> int:
    """Where the page's own tail begins: in the last run of short lines, at its first page word."""
    first = len(kept)
    while first > 0 and _may_be_furniture(kept[first - 1].text):
        first -= 1
    words = [at for at in range(first, len(kept)) if _is_page_word(kept[at].text)]
    telling = [at for at in words if _PAGE_WORDS.search(kept[at].text) or _is_link_to_file(kept[at].text)]
    if not telling and len(words) < 2:
        return len(kept)
    return words[0]


def _is_page_word(line: str) -> bool:
    bare = re.sub(r"[\s•·【】\[\]|｜：:]", "", line)
    if _BUTTONS.fullmatch(bare) or _NAVIGATION.match(line) or _is_link_to_file(line):
        return True
    if _REGISTERED.search(line) and len(line) <= 200:
        return True
    return bool(_PAGE_WORDS.search(line)) and len(line) <= 40 and not re.search(r"。", line)


def _is_link_to_file(line: str) -> bool:
    """「附件1.申请书.docx」 under the text; 「附件：1.申请书.docx」 is the text's own list."""
    return _DOWNLOAD.search(line) is not None and ATTACHMENT_LIST.match(line) is None and len(line) <= 120


def _may_be_furniture(line: str) -> bool:
    if _REGISTERED.search(line) or _NAVIGATION.match(line):
        return True
    if _FILE.search(line) and len(line) <= 120:
        return True
    if _PAGE_WORDS.search(line) and len(line) <= 40:
        return True
    if re.fullmatch(r"附\s*件\s*[：:]?", line):
        return True
    return (
        len(line) <= 40 and not re.search(r"[。；]", line) and heading_of(line) is None and not _OFFICIAL.search(line)
    )
