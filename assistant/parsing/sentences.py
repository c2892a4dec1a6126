"""Sentences: the smallest thing quoted. Each belongs to the deepest clause it starts in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.model import Clause, Level, Sentence, Span
from assistant.parsing.cleaning import Line
from assistant.parsing.header import Block, LineKind

_STOPS = "。！？；;!?"
_OPENING, _CLOSING = "（(《“‘「『[〔", "）)》”’」』]〕"
_AFTER_STOP = "”’」』）)"


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
    while at < span.end:
        char = text[at]
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
    for passage in passages(body):
        for span in split_span(text, passage):
            clause = deepest(root, span.start)
            if clause.duty_span is not None and span.start >= clause.duty_span.start:
                yield Sentence(clause.clause_id, clause.duty_span, "duty")
                continue
            yield Sentence(clause.clause_id, span, "heading" if _is_heading(text, clause, span) else "text")


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
        yield Sentence(clause_id, span, "front")


def deepest(root: Clause, at: int) -> Clause:
    """The innermost clause whose span holds the position; the root where none does."""
    node = root
    while True:
        inner = next((child for child in node.children if child.span.start <= at < child.span.end), None)
        if inner is None:
            return node
        node = inner


def is_content(clause: Clause) -> bool:
    """Whether a clause may answer a question: everything but page furniture."""
    return clause.level is not Level.FURNITURE
