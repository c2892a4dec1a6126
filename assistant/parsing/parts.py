"""Where the clauses begin, where closings stand, and where something annexed starts behind one.

header, notice, preamble | clauses | signature and date | annexed plan with clauses of its own | signature …
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.model import LedgerEntry, Level, Span
from assistant.parsing.blocks import ATTACHMENT_LIST, LISTED, TITLE_END, LineKind, kind_of
from assistant.parsing.clause_tree import Zone
from assistant.parsing.cleaning import Line
from assistant.parsing.dates import FULL_DATE
from assistant.parsing.header_record import Header
from assistant.parsing.headings import heading_of

_OPENS_BODY = (Level.PART, Level.CHAPTER, Level.SECTION, Level.ARTICLE, Level.ITEM, Level.SUBITEM)
_SIGNS = (LineKind.DATE, LineKind.PRINTED, LineKind.LABELLED)
_TAIL_KINDS = (*_SIGNS, LineKind.ORGANS)


@dataclass(frozen=True, slots=True)
class Parts:
    """The lines of a text by place.

    Attributes:
        front: before the first clause; everything but the closing where there is no clause.
        body: lines of clauses, closings left out.
        closings: runs of signature, date, 公开方式, 抄送 and 附件 lines, in order.
        annexes: where in the text something annexed starts, behind a closing.
    """

    front: tuple[Line, ...]
    body: tuple[Line, ...]
    closings: tuple[tuple[Line, ...], ...] = ()
    annexes: tuple[int, ...] = ()

    @property
    def tail(self) -> tuple[Line, ...]:
        """The lines of all closings."""
        return tuple(line for closing in self.closings for line in closing)


def split_parts(lines: tuple[Line, ...]) -> Parts:
    """Cut the lines of a text into its parts; see `Parts`."""
    listed = _listed_entries(lines)
    first = next((i for i, line in enumerate(lines) if i not in listed and _opens_body(line)), None)
    if (first is None or lines[first].row) and (annex := _annex_behind(lines, first or len(lines))):
        return _with_annex(lines, annex)
    if first is None:
        text = next((i for i, line in enumerate(lines) if kind_of(line.text) is LineKind.BODY), len(lines))
        last = _closing_start(lines, min(text + 1, len(lines)))
        return Parts(lines[:last], (), (lines[last:],) if last < len(lines) else ())
    last = _closing_start(lines, first)
    body: list[Line] = []
    closings: list[tuple[Line, ...]] = []
    annexes: list[int] = []
    at = first
    announced = _bare("".join(line.text for line in lines[:first]))
    while at < last:
        end = max(_signature_end(lines, at, last), _list_end(lines, at, last, listed))
        if end == at:
            if (
                at > first
                and _is_announced(lines[at], announced)
                and not _is_annex_label(lines[at - 1])
                and not any(line.text == lines[at].text for line in lines[:at])
            ):
                annexes.append(lines[at].span.start)
            body.append(lines[at])
            at += 1
            continue
        start = _listed_before(lines, at, first)
        del body[len(body) - (at - start) :]
        closings.append(lines[start:end])
        annexes.append(lines[end].span.start)
        at = end
    if last < len(lines):
        closings.append(lines[last:])
    return Parts(lines[:first], tuple(body), tuple(closings), tuple(annexes))


def _listed_entries(lines: tuple[Line, ...]) -> frozenset[int]:
    """Positions of 「2.名词解释」 under 「附件：1.任务分解表」: entries of a list, not clauses."""
    found: set[int] = set()
    for at, line in enumerate(lines[1:], 1):
        above = at - 1 in found or ATTACHMENT_LIST.match(lines[at - 1].text)
        if above and LISTED.match(line.text):
            found.add(at)
    return frozenset(found)


def _annex_behind(lines: tuple[Line, ...], end: int) -> int:
    """Where 「附件」 stands alone behind a signature, with a title under it; 0 where it does not."""
    for at in range(2, end):
        heading = heading_of(lines[at].text)
        if heading is not None and heading.level is Level.ATTACHMENT and heading.length >= len(lines[at].text.rstrip()):
            signed = any(_is_date(line.text) for line in lines[max(0, at - 4) : at])
            if signed and at + 1 < len(lines):
                return at
    return 0


def _with_annex(lines: tuple[Line, ...], annex: int) -> Parts:
    """A notice without clauses, its signature, and what is annexed to it, a table mostly."""
    start = annex
    while start > 1 and (kind_of(lines[start - 1].text) in _TAIL_KINDS or ATTACHMENT_LIST.match(lines[start - 1].text)):
        start -= 1
    start = _listed_before(lines, start, 1)
    last = _closing_start(lines, annex + 1)
    closings = [lines[start:annex]] if start < annex else []
    if last < len(lines):
        closings.append(lines[last:])
    return Parts(lines[:start], lines[annex:last], tuple(closings), (lines[annex].span.start,))


def _opens_body(line: Line) -> bool:
    if line.row or line.section:
        return True
    heading = heading_of(line.text)
    if heading is None or heading.level not in _OPENS_BODY or kind_of(line.text) is LineKind.ENACTMENT:
        return False
    if heading.certain:
        return True
    # 「第一章总则」, 「第一条为了…」 set without a blank
    return heading.number == 1 and not re.match(r"[的规所中之和、第]", line.text[heading.length :])


def _closing_start(lines: tuple[Line, ...], first: int) -> int:
    """Index of the first line of the closing at the end of the text; `len(lines)` where there is none."""
    last = len(lines)
    while last > first and (
        kind_of(lines[last - 1].text) in _TAIL_KINDS or ATTACHMENT_LIST.match(lines[last - 1].text)
    ):
        last -= 1
    last = _listed_before(lines, last, first)
    if any(kind_of(line.text) in _SIGNS or ATTACHMENT_LIST.match(line.text) for line in lines[last:]):
        return last
    return len(lines)


def _listed_before(lines: tuple[Line, ...], at: int, first: int) -> int:
    """Go back over 「附件：1.…⏎2.…」 standing above a signature."""
    for start in range(at - 1, max(first, at - 30), -1):
        text = lines[start].text
        if ATTACHMENT_LIST.match(text):
            return start
        if not LISTED.match(text):
            break
    return at


def _list_end(lines: tuple[Line, ...], at: int, last: int, listed: frozenset[int]) -> int:
    """If a list of attachments starts at `at` and the first of them follows, the index after the list; else `at`."""
    if not ATTACHMENT_LIST.match(lines[at].text):
        return at
    end = at + 1
    while end < last and end in listed:
        end += 1
    heading = heading_of(lines[end].text) if end < last else None
    return end if heading is not None and heading.level is Level.ATTACHMENT else at


def _signature_end(lines: tuple[Line, ...], at: int, last: int) -> int:
    """If a signature with text behind it starts at `at`, the index after it; else `at`.

    A signature is issuers and a date under each other; a date alone counts where a title follows.
    """
    end = at
    while end < last and kind_of(lines[end].text) is LineKind.ORGANS:
        end += 1
    if end >= last or not _is_date(lines[end].text) or (end == at and not _titled(lines, at + 1, last)):
        return at
    end += 1
    while end < last and (kind_of(lines[end].text) in _TAIL_KINDS or ATTACHMENT_LIST.match(lines[end].text)):
        if _begins_annex(lines, end, last):
            break
        end += 1
    return end if end < last else at


def _is_annex_label(line: Line) -> bool:
    heading = heading_of(line.text)
    return heading is not None and heading.level is Level.ATTACHMENT


def _bare(words: str) -> str:
    return re.sub(r"\s|[（(][^（）()]*[）)]", "", words)


def _is_announced(line: Line, announced: str) -> bool:
    """A title amid the clauses that the covering notice named: the second of two plans sent out together."""
    return (
        len(line.text) >= 8
        and kind_of(line.text) is LineKind.TITLE
        and bool(TITLE_END.search(line.text))
        and _bare(line.text) in announced
    )


def _begins_annex(lines: tuple[Line, ...], at: int, last: int) -> bool:
    """「附件1」 or 「附件：」 with a title under it is an annex, not the list of them."""
    return bool(re.match(r"附\s*件", lines[at].text)) and _titled(lines, at + 1, last)


def _is_date(line: str) -> bool:
    found = FULL_DATE.search(line)
    return bool(found and not found.group(4) and kind_of(line) is LineKind.DATE and found.end() >= len(line) - 1)


def _titled(lines: tuple[Line, ...], at: int, last: int) -> bool:
    """Whether a title begins here: one or two lines that end as titles do."""
    words = ""
    for line in lines[at : min(at + 2, last)]:
        if kind_of(line.text) is not LineKind.TITLE:
            return False
        words += line.text
        if TITLE_END.search(words):
            return True
    return False


def _labels(line: Line) -> bool:
    heading = heading_of(line.text)
    return line.section or (heading is not None and heading.level is not Level.ATTACHMENT)


def annexed_titles(parts: Parts) -> tuple[Line, ...]:
    """The lines at the head of each annex that may be its title."""
    found: list[Line] = []
    if not any(not line.row and _labels(line) for line in parts.body):
        return ()  # a table behind a notice: the notice is the text
    for start in parts.annexes:
        lines = [line for line in parts.body if line.span.start >= start][:4]
        for line in lines:
            if kind_of(line.text) in (LineKind.TITLE, LineKind.DRAFT_MARK):
                found.append(line)
            elif not re.fullmatch(r"附\s*件\s*\d*\s*[：:]?", line.text):
                break
    return tuple(found)


def zones_of(header: Header, parts: Parts, aside: tuple[LedgerEntry, ...]) -> tuple[Zone, ...]:
    """Header, covering notice, plan title, preamble, closings and page furniture, where the text has them."""
    zones: list[Zone] = []
    body_start = parts.body[0].span.start if parts.body else parts.tail[0].span.start if parts.tail else None
    front = header.front
    if front:
        preamble = _preamble_start(header)
        notice = header.notice_span
        head_end = notice.start if notice else preamble if preamble is not None else front[-1].span.end
        before = [block for block in front if block.span.end <= head_end]
        if before:
            zones.append(Zone(Level.HEADER, "首部", Span(before[0].span.start, before[-1].span.end)))
        if notice and header.title_span:
            inside = [block for block in front if notice.start <= block.span.start < notice.end]
            zones.append(Zone(Level.NOTICE, "通知", Span(notice.start, inside[-1].span.end)))
            after = [b for b in front if b.span.start >= notice.end and (preamble is None or b.span.start < preamble)]
            zones.append(Zone(Level.HEADER, "标题", Span(after[0].span.start, after[-1].span.end), header.title))
        if preamble is not None and (body_start is None or preamble < body_start):
            path = "引言" if parts.body else "正文"
            zones.append(Zone(Level.PREAMBLE, path, Span(preamble, front[-1].span.end)))
    zones += [Zone(Level.CLOSING, "尾部", Span(lines[0].span.start, lines[-1].span.end)) for lines in parts.closings]
    return (*zones, *_furniture_zones(zones, parts, aside))


def _preamble_start(header: Header) -> int | None:
    """Where running text begins after the title (and after the covering notice)."""
    after = header.title_span.end if header.title_span else 0
    return next((b.span.start for b in header.front if b.kind is LineKind.BODY and b.span.start >= after), None)


def _furniture_zones(zones: list[Zone], parts: Parts, aside: tuple[LedgerEntry, ...]) -> list[Zone]:
    """Furniture outside the clauses, neighbouring lines together; what stands inside a clause stays there."""
    lines = parts.body
    inside = [zone.span for zone in zones]
    if lines:
        inside.append(Span(lines[0].span.start, lines[-1].span.end))
    found: list[Zone] = []
    for entry in aside:
        if any(span.overlaps(entry.span) for span in inside):
            continue
        between = [s for s in inside if found and found[-1].span.end <= s.start < entry.span.start]
        if found and not between:
            found[-1] = Zone(Level.FURNITURE, "附随", Span(found[-1].span.start, entry.span.end))
        else:
            found.append(Zone(Level.FURNITURE, "附随", entry.span))
    return found
