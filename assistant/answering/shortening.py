"""A long quotation in one short line: the provision that was asked about, complete by itself, in the text's own words.

What is left out is what stands beside it: other provisions of the sentence, what a work is for, words in brackets. The
provision keeps its subject, its modal word, its condition and its limit (`provisions/rules.py`), so the line never says
more than the quotation; where no such line can be made, none is.
"""

from __future__ import annotations

import re

from assistant.model import Citation, Level
from assistant.provisions.rules import SentenceParts, read_parts

READ_WHOLE = 45
"""Characters up to which a quotation is short enough to be said whole."""
SHORT = 75
"""Characters that a line may have."""
_BRACKETS = re.compile(r"[（(][^（）()]*[）)]")
_COUNTS = re.compile(r"\d|不超过|不低于|限")
_WORD = re.compile(r"[^\W\d的了吗呢么有是在和能会要可不没怎什多少几给这那我你]{2}")
_STOPS = "，,；;。 "


def in_short(citation: Citation, question: str) -> str:
    """The provision asked about as a short line; "" where the quotation is short itself, or no line can be made.

    Args:
        citation: its `gist` is the part nearest to the question.
        question: its words; what the quotation holds of them, the line holds too.
    """
    quote = citation.quote
    if len(quote) <= READ_WHOLE or citation.clause.level is Level.ROW or not citation.gist:
        return ""
    parts = read_parts(quote)
    nearest = _part_at(parts, quote.index(citation.gist) + len(citation.gist) - 1)
    low, high = parts.run(nearest)
    kept = parts.span(low, high).of(quote)
    for index in range(len(parts.parts)):
        if any(pair in parts.words(index) and pair not in kept for pair in _pairs(question)):
            first, last = parts.run(index)
            low, high = min(low, first), max(high, last)
            kept = parts.span(low, high).of(quote)
    told = _without_asides(kept.strip(_STOPS))
    return told if len(told) <= SHORT and len(told) < len(quote) - 5 else ""


def _pairs(question: str) -> frozenset[str]:
    """Each two characters that stand side by side in the question and may be a word of its matter."""
    return frozenset(pair for at in range(len(question) - 1) if _WORD.fullmatch(pair := question[at : at + 2]))


def row_in_short(citation: Citation) -> str:
    """A row of a table as it reads with the names of its columns; "" for what is no row."""
    return citation.said if citation.clause.level is Level.ROW and citation.clause.heading else ""


def _part_at(parts: SentenceParts, at: int) -> int:
    return next(i for i, part in enumerate(parts.parts) if part.start <= at < part.end)


def _without_asides(words: str) -> str:
    """The words without brackets, except those that hold a number or a limit."""
    return _BRACKETS.sub(lambda match: match.group() if _COUNTS.search(match.group()) else "", words)
