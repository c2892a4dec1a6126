"""Sentences: the smallest thing quoted. Each belongs to the deepest clause it starts in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.model import Clause, Level, Sentence, Span
from assistant.parsing.blocks import Block, LineKind
from assistant.parsing.cleaning import Line
from assistant.parsing.facts import facts_in
from assistant.parsing.innermost import deepest

_STOPS = "。！？；;!?"
_OPENING, _CLOSING = "（(《“‘「『[〔", "）)》”’」』]〕"
_AFTER_STOP = "”’」』）)"
LONG_ROW = 240
"""Characters up to which a row of a table is quoted whole; a longer one is cut into sentences."""
_MARKS = re.compile(f"[{re.escape(_STOPS + _OPENING + _CLOSING)}]")


def split_span(text: str, span: Span) -> tuple[Span, ...]:
    """Cut a stretch of running text after 。！？；, not inside brackets, quotation marks or book marks.

    A bracket left open would swallow the rest, so then brackets are ignored. Parts without a word are joined to
    their neighbour.

    Example:
        >>> raw = "甲。乙（丙；丁）；戊"
        >>> [part.of(raw) for part in split_span(raw, Span(0, len(raw)))]
        ['甲。', '乙（丙；丁）；', '戊']
    """
    parts = _cut(text, span, heed_brackets=True)
    return parts if parts is not None else _cut(text, span, heed_brackets=False) or ()


def _cut(text: str, span: Span, *, heed_brackets: bool) -> tuple[Span, ...] | None:
    parts: list[Span] = []
    start, at, depth = span.start, span.start, 0
    while (mark := _MARKS.search(text, at, span.end)) is not None:
        at, char = mark.start(), mark.group()
        if heed_brackets and char in _OPENING:
            depth += 1
        elif heed_brackets and char in _CLOSING:
            depth = max(0, depth - 1)
        at += 1
        if char in _STOPS and depth == 0 and not (char in ";!?" and _ascii_beside(text, at)):
            while at < span.end and text[at] in _STOPS:
                at += 1
            while not heed_brackets and at < span.end and text[at] in _AFTER_STOP:
                at += 1
            parts.append(Span(start, at))
            start = at
        elif char in "。" and depth > 0 and at < span.end and text[at] in _AFTER_STOP and depth == 1 and at - start > 1:
            # 「……。」 at the end of a quotation closes the sentence that holds it
            parts.append(Span(start, at + 1))
            start, at, depth = at + 1, at + 1, 0
    if depth > 0:
        return None
    parts.append(Span(start, span.end))
    return tuple(trimmed for part in parts if (trimmed := trim(text, part)) is not None)


def _ascii_beside(text: str, at: int) -> bool:
    """A half-width mark between Latin letters (a URL, code) ends nothing."""
    return at < len(text) and text[at].isascii() and text[at].isalnum() and text[at - 2].isascii()


def trim(text: str, span: Span) -> Span | None:
    """The span without blanks at its ends; None when no letter or digit is left."""
    start, end = span.start, span.end
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if any(char.isalnum() for char in text[start:end]) else None


def sentences_of(text: str, root: Clause, body: Sequence[Line], front: Sequence[Block]) -> tuple[Sentence, ...]:
    """All sentences of a policy in text order.

    Args:
        text: the policy text.
        root: its clause tree.
        body: lines of the numbered clauses; those with `continues` are read with the line before.
        front: blocks of header, notice, preamble and closing.
    """
    found = [*_body_sentences(text, root, body), *_front_sentences(text, root, front)]
    return tuple(sorted(found, key=lambda sentence: sentence.span))


def _body_sentences(text: str, root: Clause, body: Sequence[Line]) -> Iterator[Sentence]:
    rows = {line.span.start: line for line in body if line.row}
    duties = {clause.duty_span: clause.clause_id for clause in root.walk() if clause.duty_span is not None}
    for passage in passages(body):
        at = passage.start
        if (row := rows.get(at)) is not None and (len(passage) <= LONG_ROW or "。" not in row.text):
            if trim(text, passage) is not None:
                clause = deepest(root, at)
                yield Sentence(clause.clause_id, passage, "text" if clause.heading else "heading")
            continue
        for duty in sorted(span for span in duties if span.overlaps(passage)):
            # 「牵头单位：甲；配合单位：乙」 is one thing, whatever stops it holds
            yield from _cut_body(text, root, Span(at, max(at, duty.start)))
            if duty.start >= passage.start and trim(text, duty) is not None:  # else yielded with the line before
                yield Sentence(duties[duty], duty, "duty")
            at = max(at, duty.end)
        yield from _cut_body(text, root, Span(at, max(at, passage.end)))


def _cut_body(text: str, root: Clause, span: Span) -> Iterator[Sentence]:
    for part in split_span(text, span):
        clause = deepest(root, part.start)
        kind = "heading" if _is_heading(text, clause, part) else "front" if facts_in(part.of(text)) else "text"
        yield Sentence(clause.clause_id, part, kind)


def passages(lines: Sequence[Line]) -> Iterator[Span]:
    """Lines with their continuations, as spans."""
    start: int | None = None
    end = 0
    for line in lines:
        if line.continues and start is not None:
            end = line.span.end
            continue
        if start is not None:
            yield Span(start, end)
        start, end = line.span.start, line.span.end
    if start is not None:
        yield Span(start, end)


def _is_heading(text: str, clause: Clause, span: Span) -> bool:
    if clause.level is Level.ATTACHMENT:
        words = "".join(span.of(text).split())
        return words in ("".join(clause.label.split()), "附件") or words in "".join(
            (clause.label + clause.heading).split()
        )
    return bool(clause.heading) and span.start == clause.span.start and clause.heading in span.of(text)


def _front_sentences(text: str, root: Clause, front: Sequence[Block]) -> Iterator[Sentence]:
    """Titles, numbers, issuers whole; issuers with the date under them, as a signature is read; text cut as text."""
    skip = False
    for block, following in zip(front, (*front[1:], None), strict=bool(front)):
        if skip:
            skip = False
            continue
        clause_id = deepest(root, block.span.start).clause_id
        if block.kind is LineKind.BODY:
            for span in split_span(text, block.span):
                yield Sentence(clause_id, span)
            continue
        span = block.span
        if block.kind is LineKind.ORGANS and following is not None and following.kind is LineKind.DATE:
            span, skip = Span(span.start, following.span.end), True
        if trim(text, span) is not None:
            yield Sentence(clause_id, span, "front")
