"""Whole sentences cited → the provisions of them that were asked about, and which of those become points."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answering.citations import cite_rules
from assistant.answering.focusing import Focus
from assistant.answering.holdings import Holdings
from assistant.model import Citation
from assistant.retrieval.cues import QuestionKind
from assistant.retrieval.understanding import Understanding

POINT_WORDS = 0.4
"""What a further point must hold of the question's words, as a share of what the first holds."""


def to_the_point(
    holdings: Holdings, asked: Understanding, citations: Sequence[Citation], stated: int
) -> tuple[tuple[Citation, ...], int]:
    """Citations of whole sentences cut down to the provisions asked about.

    Args:
        holdings: what the citations are from.
        asked: the question.
        citations: as `Holdings.cite_hits` gives them.
        stated: how many of them, from the first, become points.

    Returns:
        The citations, and how many become points now. Further provisions of a sentence follow the points.
    """
    focus = holdings.focus(asked)
    cut = [_cut(holdings, citation, focus) for citation in citations]
    first = [rules[0] for rules in cut]
    points = _points(holdings, asked, citations[:stated], first[:stated], focus)
    further = [rule for rules in cut[:stated] for rule in rules[1:]]
    return tuple(dict.fromkeys([*points, *further, *first])), len(points)


def _points(
    holdings: Holdings,
    asked: Understanding,
    sentences: Sequence[Citation],
    rules: Sequence[Citation],
    focus: Focus,
) -> tuple[Citation, ...]:
    """Of the best provisions, those that deal with the matter of the first; all of them where a list is asked for.

    A line of the header, a list of units or a sentence that shares little with the question is no point beside one.
    """
    if asked.asks(QuestionKind.LIST) or asked.parts or not rules:
        return tuple(dict.fromkeys(rules))
    least = POINT_WORDS * focus.weight(rules[0].quote)
    kept = [
        rule
        for sentence, rule in zip(sentences, rules, strict=True)
        if rule == rules[0]
        or ((asked.wants_units or _is_text(holdings, sentence)) and focus.weight(rule.quote) >= least)
    ]
    return tuple(dict.fromkeys(kept))


def _cut(holdings: Holdings, citation: Citation, focus: Focus) -> tuple[Citation, ...]:
    document = holdings.document(citation.policy.policy_id)
    if citation.clause.duty_span == citation.span or not _is_text(holdings, citation):
        return (citation,)
    return cite_rules(document, citation, focus)


def _is_text(holdings: Holdings, citation: Citation) -> bool:
    chunk = holdings.chunks.get(f"{citation.policy.policy_id}@{citation.span.start}-{citation.span.end}")
    return chunk is not None and chunk.kind == "text"
