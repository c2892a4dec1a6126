"""BM25 as plain sparse vectors, so that an engine that knows no Chinese ranks as tantivy does (docs/adr/0012).

A chunk's vector holds, for each word and field, what BM25 makes of how often the word stands there; a query's vector
holds the word's rarity times its weight. Their inner product is the BM25 score. Rarity changes with every document and
is therefore kept on the query's side; the mean length of a field is fixed when a store is built, or every vector would
change with it.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from assistant.indexing.lexical import K1, B, LexicalEntry

FIELDS = ("text", "context", "questions")
"""In the order of their numbers."""


@dataclass(frozen=True, slots=True)
class MeanLengths:
    """Tokens of each field of a chunk, on average."""

    text: float
    context: float
    questions: float

    @classmethod
    def of(cls, entries: Iterable[LexicalEntry]) -> MeanLengths:
        """The means over some entries; 1 for a field that is always empty, so that nothing is divided by 0."""
        totals, count = Counter[str](), 0
        for entry in entries:
            totals.update({field: len(getattr(entry, field)) for field in FIELDS})
            count += 1
        return cls(*(totals[field] / count if totals[field] else 1.0 for field in FIELDS))


def word_weights(entry: LexicalEntry, means: MeanLengths) -> Iterator[tuple[str, int, float]]:
    """What BM25 makes of each word of a chunk: (word, number of the field, weight up to 2.2)."""
    for number, field in enumerate(FIELDS):
        tokens: tuple[str, ...] = getattr(entry, field)
        mean: float = getattr(means, field)
        norm = K1 * (1 - B + B * stored_length(len(tokens)) / mean)
        for word, count in Counter(tokens).items():
            yield word, number, count * (K1 + 1) / (count + norm)


def rarity(chunks: int, found: int) -> float:
    """BM25's inverse document frequency of a word that stands in `found` of `chunks` chunks."""
    return math.log(1 + (chunks - found + 0.5) / (found + 0.5))


def query_weights(
    terms: Mapping[str, float], fields: Mapping[str, float], idf: Mapping[str, Mapping[str, float]]
) -> Iterator[tuple[str, int, float]]:
    """What each word of a query counts: (word, number of the field, weight).

    Args:
        terms: word → weight; those of weight 0 or less are left out.
        fields: field → weight.
        idf: field → word → rarity.
    """
    for field, field_weight in fields.items():
        for word, weight in terms.items():
            if weight > 0:
                yield word, FIELDS.index(field), weight * field_weight * idf[field][word]


def _lengths() -> tuple[int, ...]:
    return (*range(40), *(24 + ((code & 7 | 8) << (code >> 3) - 1) for code in range(16, 232)))


_STORED = _lengths()


def stored_length(tokens: int) -> int:
    """The length tantivy reckons with: it keeps one byte, exact up to 40 and rounded down above.

    Example:
        >>> [stored_length(tokens) for tokens in (0, 39, 41, 57, 1000)]
        [0, 39, 40, 56, 984]
    """
    return _STORED[bisect_right(_STORED, tokens) - 1]
