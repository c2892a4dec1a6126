"""What a text says of other texts: which it puts out of force, and whose validity it extends."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.model import Clause, Level, PolicyDocument, Reference, Span
from assistant.parsing.dates import FULL_DATE, full_date
from assistant.parsing.layout import cells_of
from assistant.parsing.mentioned import Extension, Mentions, Repeal
from assistant.parsing.numerals import ordinal
from assistant.parsing.references import DOCUMENT_NUMBER, normal_number

_END = re.compile(r"(?:同时|即行|相应|予以|随之|自行|一并)?\s*(?:废止|失效|停止执行|不再执行|停止施行)")
_NEGATED = re.compile(r"(?:不|未|是否|如|若|尚未|需要?|建议|拟|可以?)\s*(?:予以|同时)?\s*$")
_BEFORE = re.compile(
    r"(?:现?决定|同意|现将|现予)?(?:废止|停止执行)(?:以下|下列)?[^《。；]{0,30}$|(?:代替|取代|替代)\s*$"
)
_ENDING_LIST = re.compile(r"废止|失效")
_KEEPING_LIST = re.compile(r"继续有效|保留|修改|修订|现行有效")
_EXTENDED = re.compile(
    r"(?:有效期|执行期限|施行期限|实施期限)[^。；]{0,12}?(?:延长|延续|延期|顺延|展期)[^。；]{0,4}?(?:至|到)|(?:继续(?:有效|执行|施行|实施)|延期执行|延长执行)[^。；]{0,8}?(?:至|到)"
    r"|(?:延长|延续)(?:其)?(?:有效期|执行期限|施行期限)[^。；]{0,4}?(?:至|到)"
)
_BY_YEARS = re.compile(
    r"(?:有效期|执行期限|施行期限)[^。；]{0,6}?(?:延长|延续|顺延)\s*([一二两三四五\d]{1,2})\s*年|延长(?:有效期)?\s*([一二两三四五\d]{1,2})\s*年"
)


def mentions_of(document: PolicyDocument) -> Mentions:
    """The texts that a document puts out of force or keeps in force longer."""
    return Mentions(find_repeals(document), find_extensions(document))


def find_repeals(document: PolicyDocument) -> tuple[Repeal, ...]:
    """The mentions of other texts that this text puts out of force, in sentences and in lists of repealed texts."""
    text = document.policy.text
    found: list[Repeal] = []
    for reference in document.references:
        span = _sentence(text, reference.span)
        before, after = text[span.start : reference.span.start], text[reference.span.end : span.end]
        ending = _END.search(_outside_marks(after))
        closes = ending is not None and not _NEGATED.search(_outside_marks(after)[: ending.start()])
        inside_range = ending is not None and _lists_only(_outside_marks(after)[: ending.start()])
        if (closes and inside_range) or _BEFORE.search(_outside_marks(before)):
            found.append(Repeal(reference, span, _quoted(span.of(text))))
    return (*found, *_listed_repeals(document))


def find_extensions(document: PolicyDocument) -> tuple[Extension, ...]:
    """The mentions of other texts that this text keeps in force longer."""
    text = document.policy.text
    found: list[Extension] = []
    for reference in document.references:
        span = _sentence(text, reference.span)
        after = text[reference.span.end : span.end]
        if match := _EXTENDED.search(after):
            day = FULL_DATE.match(after, match.end()) or FULL_DATE.match(after[match.end() :].lstrip())
            if day is not None and (until := full_date(day)):
                found.append(Extension(reference, span, _quoted(span.of(text)), until))
        elif (years := _BY_YEARS.search(after)) is not None:
            found.append(
                Extension(reference, span, _quoted(span.of(text)), None, ordinal(years.group(1) or years.group(2)))
            )
    return tuple(found)


def _sentence(text: str, inside: Span) -> Span:
    start = max((text.rfind(stop, 0, inside.start) for stop in "。；\n"), default=-1) + 1
    stops = [at for stop in "。；\n" if (at := text.find(stop, inside.end)) >= 0]
    return Span(start, min(stops, default=len(text)))


def _listed_repeals(document: PolicyDocument) -> Iterator[Repeal]:
    """The rows of a table of repealed texts: 序号 | 文件名称 | 文号."""
    text, title = document.policy.text, document.policy.title
    if document.policy.draft_mark is not None:
        return
    for table in document.root.walk():
        if table.level is Level.ROW or not any(row.level is Level.ROW for row in table.children):
            continue
        name = table.heading if _ENDING_LIST.search(table.heading) or _KEEPING_LIST.search(table.heading) else title
        if not _ENDING_LIST.search(name) or _KEEPING_LIST.search(name):
            continue
        for row in table.children:
            if row.level is Level.ROW and row.heading and (named := _named_in(row, text)) is not None:
                yield Repeal(named, row.span, _quoted(row.span.of(text)))


def _named_in(row: Clause, text: str) -> Reference | None:
    """The text that a row names."""
    cells = cells_of(row.span.of(text))
    number = next(
        (normal_number(*found.groups()) for cell in cells if (found := DOCUMENT_NUMBER.fullmatch(cell))), None
    )
    titles = [
        cell for cell in cells if len(cell) >= 6 and re.search(r"[\u4e00-\u9fff]{4}", cell) and not cell.endswith("号")
    ]
    if not titles:
        return None
    title = titles[0].strip("《》") if titles[0].count("《") == 1 and titles[0].startswith("《") else titles[0]
    return Reference(title, number, row.span)


def _outside_marks(words: str) -> str:
    """The words with titles and brackets taken out: 《…失效文件目录》 ends nothing."""
    previous = None
    while previous != words:
        previous, words = words, re.sub(r"《[^《》]*》|[（(][^（）()]*[）)]", "", words)
    return words


def _lists_only(words: str) -> bool:
    """Between a title and 废止 stand other titles and list words only."""
    words = re.sub(r"自本[\u4e00-\u9fff]{1,8}之日起|同时$", "", words)
    return bool(
        re.fullmatch(
            r"[\s、，,和与及以等]*(?:[^，。；]{0,16}(?:文件|规定|通知|办法|细则|意见|政策|法规|规章|条例))?[\s、，,]*",
            words,
        )
    )


def _quoted(words: str) -> str:
    plain = " ".join(words.split())
    return plain if len(plain) <= 80 else "…" + plain[-79:]
