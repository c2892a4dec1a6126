"""Which run of a sentence's parts to quote: what answers, complete by itself, and no more.

Every run offered is made of whole provisions (`provisions/rules.py`), so none can lose a subject, a condition or a
limit; here it is only weighed how much of the question a run holds against its length. The weights were fitted on the
quotations of the development and training questions (`eval/quoting/train.py`), so that both readings of a match count:
how much of the wanted words is quoted, and how little else.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from assistant.indexing.dense import Vectors
from assistant.provisions.rules import SentenceParts

SIGNS = (
    "words",
    "best_words",
    "sense",
    "best_sense",
    "weakest",
    "length",
    "whole",
    "number_missing",
    "lead",
    "left_out",
)
"""What is read of a run, see `signs_of`."""
WEIGHTS = (3.33, 1.6, 5.57, 2.78, 4.53, 0.13, 4.79, -5.13, -6.73, -6.48)
"""What each sign counts where parts are compared by sense as well as by words."""
WEIGHTS_OF_WORDS = (4.08, 2.94, 0.0, 0.0, 0.0, 1.6, 2.62, -1.85, -5.26, -4.51)
"""The same where there are words alone."""

READ_AT_ONCE = 80
"""Characters up to which a sentence is quoted whole: it is read at a glance, and its other parts explain the one."""


@dataclass(frozen=True, slots=True)
class Sense:
    """How near each part comes to each piece of the question: shape (parts, pieces); what each piece counts, sum 1."""

    near: Vectors
    weights: Vectors


@dataclass(frozen=True)
class Nearness:
    """A sentence's parts against a question.

    Attributes:
        held: per part, the question's words in it.
        words: what each word of the question counts.
        numbers: per part, whether it holds a number; None where no number is asked for.
        sense: by sense; None where there is no encoder to tell.
    """

    held: tuple[frozenset[str], ...]
    words: Mapping[str, float]
    numbers: tuple[bool, ...] | None = None
    sense: Sense | None = None

    def weight(self, tokens: frozenset[str]) -> float:
        """What some words of the question count together."""
        return math.fsum([self.words[token] for token in tokens])  # the same in whatever order a set is gone through

    @cached_property
    def weights(self) -> tuple[float, ...]:
        """What the question's words in each part count."""
        return tuple(self.weight(held) for held in self.held)

    @cached_property
    def most(self) -> float:
        """What the question's words in the whole sentence count; 1 where there are none."""
        return self.weight(frozenset().union(*self.held)) or 1.0

    @cached_property
    def by_sense(self) -> tuple[Vectors, float]:
        """Nearness of each part by sense, and what the whole sentence holds of the question."""
        if self.sense is None:
            raise ValueError("Nothing tells how near the parts are by sense.")
        matrix, weights = self.sense.near, self.sense.weights
        return matrix @ weights, float(matrix.max(axis=0) @ weights) or 1.0


def choose(parts: SentenceParts, near: Nearness, margin: float = 0.0) -> tuple[int, int]:
    """The first and last part to quote; all unless the sentence is long and a run is better by the margin."""
    if len(parts.sentence) <= READ_AT_ONCE:
        return 0, len(parts.parts) - 1
    weights = WEIGHTS if near.sense is not None else WEIGHTS_OF_WORDS
    offered = runs_of(parts)
    scores = [sum(w * x for w, x in zip(weights, signs_of(parts, near, *run), strict=True)) for run in offered]
    low, high = offered[scores.index(max(scores))]
    if max(scores) < scores[offered.index((0, len(parts.parts) - 1))] + margin:
        return 0, len(parts.parts) - 1
    return low, high


def runs_of(parts: SentenceParts) -> tuple[tuple[int, int], ...]:
    """Every run of whole provisions, the whole sentence among them."""
    rules = parts.runs
    found = {(min(a[0], b[0]), max(a[1], b[1])): None for i, a in enumerate(rules) for b in rules[i:]}
    return tuple({**found, (0, len(parts.parts) - 1): None})


def signs_of(parts: SentenceParts, near: Nearness, low: int, high: int) -> tuple[float, ...]:
    """What is read of a run, in the order of `SIGNS`.

    words, sense: the share of what the whole sentence holds of the question, by words and by sense; best_…: whether
    the part nearest to it is in; weakest: how near the least near part in it is, beside the nearest; length: its
    logarithm; whole: the whole sentence; number_missing: a number is asked for and stands outside only; lead: it begins
    where the sentence begins; left_out: the most that one part left out would add.
    """
    inside, count = range(low, high + 1), len(parts.parts)
    outside = [*range(low), *range(high + 1, count)]
    scores, total = near.weights, near.most
    held = frozenset().union(*near.held[low : high + 1])
    missing = near.numbers is not None and any(near.numbers) and not any(near.numbers[low : high + 1])
    span = parts.span(low, high)
    plain = {
        "words": near.weight(held) / total,
        "best_words": float(scores.index(max(scores)) in inside),
        "length": math.log(len(span)),
        "whole": float(high - low + 1 == count),
        "number_missing": float(missing),
        "lead": float(low == 0),
    }
    if near.sense is None:
        left = max((near.weight(near.held[i] - held) for i in outside), default=0.0)
        return _in_order({**plain, "left_out": left / total})
    matrix, weights = near.sense.near, near.sense.weights
    each, most = near.by_sense
    own = matrix[low : high + 1].max(axis=0)
    sense = float(own @ weights)
    added = np.maximum(matrix[outside], own) @ weights - sense if outside else np.zeros(1)
    by_sense = {
        "sense": sense / most,
        "best_sense": float(int(each.argmax()) in inside),
        "weakest": float(each[low : high + 1].min() / (each.max() or 1.0)),
        "left_out": float(added.max()) / most,
    }
    return _in_order({**plain, **by_sense})


def _in_order(signs: Mapping[str, float]) -> tuple[float, ...]:
    return tuple(signs.get(sign, 0.0) for sign in SIGNS)
