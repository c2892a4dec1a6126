"""Lay word → policy word, learned from (lay question, answering sentence) pairs: IBM model 1 (Brown et al. 1993)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from lexical import tokens
from sets import Sources, document_pairs, question_pairs

_EMPTY = "<empty>"
_FUNCTION_WORDS = set(
    "的了吗呢啊吧和与或及在是有就都也还不我你他她它们这那哪个什么怎么怎样多少几能要会可以得到给把被让对从为于上下里中"
)


def translation_pairs(sources: Sources, documents: Sequence[str]) -> list[tuple[list[str], list[str]]]:
    """Tokens of each question and of its sentence: the written sets and the given documents' questions."""
    pairs = [pair for pair in question_pairs(sources) if pair.source == "lay_sentence"]
    pairs += document_pairs(sources, documents)
    cut: dict[str, list[str]] = {}
    return [(tokens(pair.query), cut.setdefault(pair.passage, tokens(pair.passage))) for pair in pairs]


def learn(
    pairs: Sequence[tuple[list[str], list[str]]], *, rounds: int = 6, most: int = 8, least: float = 0.03, rare: int = 3
) -> dict[str, list[tuple[str, float]]]:
    """p(policy word | lay word) by expectation maximisation, each word's best other words only.

    Policy words that stand everywhere gain nothing by being added, so each probability is discounted by the share of
    sentences that hold the word; words seen fewer than `rare` times are left out.
    """
    lay: dict[str, int] = {_EMPTY: 0}
    policy: dict[str, int] = {}
    left, right, starts = [], [], []
    counts: Counter[str] = Counter()
    spread: Counter[str] = Counter()
    for question, sentence in pairs:
        asked = [lay.setdefault(word, len(lay)) for word in dict.fromkeys(question)]
        counts.update(dict.fromkeys(question, 1))
        spread.update(set(sentence))
        for word in dict.fromkeys(sentence):
            number = policy.setdefault(word, len(policy))
            starts.append(len(left))
            left += [0, *asked]
            right += [number] * (len(asked) + 1)
    lefts, rights = np.array(left), np.array(right)
    cells, cell = np.unique(lefts.astype(np.int64) * len(policy) + rights, return_inverse=True)
    of_lay = cells // len(policy)
    chance = np.full(len(cells), 1.0 / len(policy))
    owner = np.repeat(np.arange(len(starts)), np.diff([*starts, len(left)]))
    for _ in range(rounds):
        share = chance[cell]
        share /= np.bincount(owner, weights=share)[owner]
        expected = np.bincount(cell, weights=share, minlength=len(cells))
        chance = expected / np.bincount(of_lay, weights=expected)[of_lay]
    lay_words, policy_words = list(lay), list(policy)
    table: dict[str, list[tuple[str, float]]] = {}
    for index in np.argsort(-chance):
        source, target = lay_words[of_lay[index]], policy_words[cells[index] % len(policy)]
        common = spread[target] / len(pairs)
        probability = float(chance[index]) * (1 - common) ** 8
        if (
            source in (_EMPTY, target)
            or counts[source] < rare
            or probability < least
            or source in _FUNCTION_WORDS
            or len(target) < 2
            or target.isascii()
        ):
            continue
        best = table.setdefault(source, [])
        if len(best) < most:
            best.append((target, round(probability, 3)))
    return dict(sorted(table.items()))


def write(path: Path, table: dict[str, list[tuple[str, float]]]) -> None:
    """Store the table, one lay word a line."""
    lines = ",\n".join(
        f"{json.dumps(word, ensure_ascii=False)}: {json.dumps(terms, ensure_ascii=False)}"
        for word, terms in table.items()
    )
    path.write_text('{"format": 1, "table": {\n' + lines + "\n}}\n", encoding="utf-8")
