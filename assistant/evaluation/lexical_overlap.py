"""How alike two questions are in wording, by the pairs of neighbouring characters they share.

Lay questions that help retrieval must not be near copies of evaluation questions, or the figures would measure memory.
Pairs of characters need no word list, and a changed particle or place costs only the pairs it touches.

Two numbers, since each is blind where the other sees:

* containment = shared pairs / pairs of the shorter question. It finds a question that was copied into a longer one,
  where Jaccard is low because the longer one brings many pairs of its own. On a question of a few characters it means
  little: 「那湛江呢」 has three pairs, and two of them are in half of all questions from 湛江.
* Jaccard = shared pairs / pairs of either. It is never above containment, and stays fair for very short questions.

So two questions are too close when containment reaches 0.6, and where the shorter has fewer than five pairs, only
when Jaccard does.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

CLOSENESS_FLOOR = 0.6
FEWEST_PAIRS = 5


@dataclass(frozen=True, slots=True)
class Overlap:
    """How alike two questions are, both numbers from 0 to 1."""

    question: str
    other: str
    containment: float
    jaccard: float
    too_close: bool


def bigrams(text: str) -> frozenset[str]:
    """The pairs of neighbouring letters and digits, after NFKC, lower case and without punctuation or white space.

    Example:
        >>> sorted(bigrams("补贴，多少？"))
        ['多少', '补贴', '贴多']
    """
    folded = unicodedata.normalize("NFKC", text).lower()
    letters = "".join(character for character in folded if character.isalnum())
    return frozenset(letters[at : at + 2] for at in range(len(letters) - 1))


def compare(question: str, other: str) -> Overlap:
    """The overlap of two questions; without a pair on either side both numbers are 0."""
    return _overlap(question, bigrams(question), other, bigrams(other))


def nearest(questions: Iterable[str], others: Sequence[str]) -> tuple[Overlap, ...]:
    """For each question the closest of the others, by containment and then Jaccard; the first of equals.

    Raises:
        ValueError: `others` is empty.
    """
    if not others:
        raise ValueError("nearest() needs at least one other question.")
    known = [(other, bigrams(other)) for other in others]
    found = []
    for question in questions:
        pairs = bigrams(question)
        overlaps = (_overlap(question, pairs, other, other_pairs) for other, other_pairs in known)
        found.append(max(overlaps, key=lambda overlap: (overlap.too_close, overlap.containment, overlap.jaccard)))
    return tuple(found)


def _overlap(question: str, pairs: frozenset[str], other: str, other_pairs: frozenset[str]) -> Overlap:
    shared = len(pairs & other_pairs)
    shorter = min(len(pairs), len(other_pairs))
    either = len(pairs | other_pairs)
    containment = shared / shorter if shorter else 0.0
    jaccard = shared / either if either else 0.0
    deciding = containment if shorter >= FEWEST_PAIRS else jaccard
    return Overlap(question, other, containment, jaccard, deciding >= CLOSENESS_FLOOR)
