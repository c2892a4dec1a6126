"""The register against people's labels: pure functions over readings and golds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.evaluation.measures import Mean, mean
from assistant.evaluation.register_gold import Expected, SentenceGold
from assistant.model import Force
from assistant.provisions.bearers import BearerKind


@dataclass(frozen=True, slots=True)
class SentenceReading:
    """What the program read from one sentence, in the terms of the labels."""

    force: Force
    bearer_kind: BearerKind
    levels: tuple[int, ...] | None
    topics: tuple[str, ...]
    quantities: tuple[str, ...]
    deadlines: tuple[str, ...]
    personal: bool


@dataclass(frozen=True, slots=True)
class SentenceFigures:
    """Shares over all labelled sentences; precision and recall over all items.

    Attributes:
        topic: the first topic read is one of the gold's.
        personal: whether a sentence gives a person something.
    """

    sentences: int
    force: Mean
    bearer_kind: Mean
    levels: Mean
    topic: Mean
    personal: Mean
    quantity_precision: Mean
    quantity_recall: Mean
    deadline_precision: Mean
    deadline_recall: Mean


@dataclass(frozen=True, slots=True)
class RowFigures:
    """Rows of all cases together.

    Attributes:
        cases: profiles or employers.
        precision: of the rows given, those expected.
        recall: of the rows expected, those given.
        kind: of the rows both given and expected, those classed as expected.
    """

    cases: int
    precision: Mean
    recall: Mean
    kind: Mean


def score_sentences(golds: Sequence[SentenceGold], readings: Mapping[str, SentenceReading]) -> SentenceFigures:
    """Compare readings with labels; a gold without a reading counts as misread."""
    pairs = [(gold, readings.get(gold.sentence_id)) for gold in golds]
    numbers = [_matched(gold.quantities, got.quantities if got else ()) for gold, got in pairs]
    times = [_matched(gold.deadlines, got.deadlines if got else ()) for gold, got in pairs]
    return SentenceFigures(
        sentences=len(golds),
        force=mean(got is not None and got.force is gold.force for gold, got in pairs),
        bearer_kind=mean(got is not None and got.bearer_kind is gold.bearer_kind for gold, got in pairs),
        levels=mean(got is not None and got.levels == gold.levels for gold, got in pairs),
        topic=mean(got is not None and got.topics[:1] != () and got.topics[0] in gold.topics for gold, got in pairs),
        personal=mean(got is not None and got.personal is gold.personal for gold, got in pairs),
        quantity_precision=_share(numbers, lambda found: found.given),
        quantity_recall=_share(numbers, lambda found: found.wanted),
        deadline_precision=_share(times, lambda found: found.given),
        deadline_recall=_share(times, lambda found: found.wanted),
    )


def score_rows(cases: Iterable[tuple[Sequence[Expected], Sequence[Expected]]]) -> RowFigures:
    """Compare rows given with rows expected, each case a pair (expected, given)."""
    count = shared = given = wanted = right = 0
    for expected, got in cases:
        kinds = {row.sentence_id: row.kind for row in expected}
        held = {row.sentence_id: row.kind for row in got}
        both = kinds.keys() & held.keys()
        count, shared = count + 1, shared + len(both)
        given, wanted = given + len(held), wanted + len(kinds)
        right += sum(kinds[key] == held[key] for key in both)
    return RowFigures(count, Mean(float(shared), given), Mean(float(shared), wanted), Mean(float(right), shared))


@dataclass(frozen=True, slots=True)
class _Items:
    matched: int
    given: int
    wanted: int


def _matched(wanted: Sequence[str], given: Sequence[str]) -> _Items:
    """Each item is matched once; 「60%」 matches 「60%以上」 where the numbers are the same."""
    left = ["".join(item.split()) for item in wanted]
    matched = 0
    for item in ("".join(words.split()) for words in given):
        found = next((other for other in left if _same(item, other)), None)
        if found is not None:
            left.remove(found)
            matched += 1
    return _Items(matched, len(given), len(wanted))


def _same(one: str, other: str) -> bool:
    return (one in other or other in one) and re.findall(r"\d+", one) == re.findall(r"\d+", other)


def _share(items: Sequence[_Items], of: Callable[[_Items], int]) -> Mean:
    return Mean(float(sum(item.matched for item in items)), sum(of(item) for item in items))
