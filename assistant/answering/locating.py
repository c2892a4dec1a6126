"""Answers to 「第六条讲什么」: straight to the clause, no search."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from assistant.answering.citations import cite_span
from assistant.model import Chunk, Citation, Clause, Level, PolicyDocument, Span
from assistant.parsing.numerals import NUMERAL, ordinal
from assistant.retrieval.addresses import Address, clauses_at
from assistant.tokenization import Tokenizer

MAX_SENTENCES = 10
"""Sentences of a clause shown for one address; the evidence card holds the whole clause."""


def locate(
    documents: Iterable[PolicyDocument], addresses: Sequence[Address]
) -> tuple[tuple[PolicyDocument, Clause], ...]:
    """The clauses the addresses name, in the order asked."""
    documents = tuple(documents)
    return tuple((d, clause) for address in addresses for d in documents for clause in clauses_at(d, address))


def sentences_asked(
    document: PolicyDocument,
    clause: Clause,
    chunks: Iterable[Chunk],
    topic: str,
    tokenizer: Tokenizer,
    stop: frozenset[str],
    as_of: date,
) -> tuple[Citation, ...]:
    """The sentences of a clause: those the question's other words point to first, else all in order.

    Without other words the first citation runs from the label over the heading to the end of the first sentence, so
    that it can be read alone.
    """
    if number := _sentence_asked(topic):
        text = [c for c in chunks if c.clause_id == clause.clause_id and c.kind == "text"]
        if text:
            chosen = text[-1] if number < 0 else text[min(number, len(text)) - 1]
            rest = [chunk for chunk in text if chunk is not chosen]
            return tuple(cite_span(document, c.span, as_of) for c in [chosen, *rest][:MAX_SENTENCES])
    own = [chunk for chunk in chunks if chunk.policy_id == document.policy.policy_id and chunk.span in clause.span]
    text = [chunk for chunk in own if chunk.kind in ("text", "front")] or own
    if not text:
        return ()
    words = {token for token in tokenizer.tokens(topic) if token not in stop and len(token) > 1}
    shared = {chunk.chunk_id: len(words & set(tokenizer.tokens(chunk.text))) for chunk in own}
    if words and max(shared.values()) > 0:
        pointed = sorted(
            (c for c in own if shared[c.chunk_id] > 0 and c.kind != "heading"), key=lambda c: -shared[c.chunk_id]
        )
        rest = [chunk for chunk in text if chunk not in pointed]
        if pointed:
            ordered = [*pointed, *rest]
            return tuple(cite_span(document, c.span, as_of, binding=c.kind == "text") for c in ordered[:MAX_SENTENCES])
    opening = Span(clause.span.start, text[0].span.end) if clause.level is not Level.CLOSING else text[0].span
    spans = [opening, *(chunk.span for chunk in text[1:])]
    return tuple(cite_span(document, span, as_of) for span in spans[:MAX_SENTENCES])


def _sentence_asked(topic: str) -> int:
    """「最后一句」 is -1, 「第二句」 2, 「开头那句」 1; 0 where no one sentence is asked for."""
    if re.search(r"(?:最后|末尾?|结尾|收尾)(?:的)?(?:那|这)?一?句", topic):
        return -1
    if match := re.search(rf"第\s*({NUMERAL}{{1,2}})\s*句", topic):
        return ordinal(match.group(1))
    return 1 if re.search(r"(?:开头|首|头|第一)(?:的)?(?:那|这)?一?句", topic) else 0
