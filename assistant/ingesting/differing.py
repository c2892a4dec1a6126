"""Two versions of a text, sentence by sentence: what was added, left out, made stronger or weaker, or changed.

Sentences are compared without their labels, blanks and widths, so that renumbering alone changes nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from assistant.model import Force, PolicyDocument, Sentence, reading_text
from assistant.parsing.headings import heading_of
from assistant.provisions.force import main_force

_STRENGTH = {Force.NONE: 0, Force.GOAL: 1, Force.MAY: 2, Force.ENCOURAGED: 3, Force.MUST: 4}
ALIKE = 0.6
"""Share of characters two sentences have in common, in order, from which one is the other changed."""
_NEAR = 40
"""Sentences compared on either side of the place where a changed one is expected."""
_FIGURE = re.compile(
    r"\d+(?:\.\d+)?\s*(?:%|万|亿|元|人|年|个月|日|天|倍|家|名|次)*|[一二三四五六七八九十百]+(?:年|个月|日|倍|次)"
)


class Change(StrEnum):
    """What became of a sentence."""

    ADDED = "added"
    REMOVED = "removed"
    STRONGER = "strengthened"
    WEAKER = "weakened"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence where it stands.

    Attributes:
        path: of its clause.
        words: as read.
        force: how strongly it binds.
    """

    path: str
    words: str
    force: Force


@dataclass(frozen=True, slots=True)
class Difference:
    """One change; `old` is None for what was added, `new` for what was left out.

    `figures` are the numbers that the one has and the other has not.
    """

    change: Change
    old: Said | None
    new: Said | None
    figures: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())


@dataclass(frozen=True, slots=True)
class Comparison:
    """The changes, in the order of the newer text (what was left out where it would stand), and what stayed."""

    differences: tuple[Difference, ...]
    same: int
    moved: int
    """Of the same sentences, those now in a clause with another address."""


def compare(old: PolicyDocument, new: PolicyDocument) -> Comparison:
    """What the newer text changes.

    Example: 「企业可以发放津贴」 → 「企业应当发放津贴」 is one `strengthened`.
    """
    before, after = _said(old), _said(new)
    ones, others = [_folded(said.words) for said in before], [_folded(said.words) for said in after]
    pairs = _pairs(ones, others)
    partner = {theirs: ours for ours, theirs in pairs}
    found: list[Difference] = []
    same = moved = at = 0
    taken = {ours for ours, _ in pairs}
    for theirs, said in enumerate(after):
        # what was left out stands before what took its place
        coming = next((partner[later] for later in range(theirs, len(after)) if later in partner), len(before))
        found += [Difference(Change.REMOVED, before[gone], None) for gone in range(at, coming) if gone not in taken]
        at = max(at, coming)
        if theirs not in partner:
            found.append(Difference(Change.ADDED, None, said))
            continue
        ours = partner[theirs]
        if ones[ours] == others[theirs]:
            same += 1
            moved += before[ours].path != said.path
        else:
            found.append(_changed(before[ours], said))
    found += [Difference(Change.REMOVED, before[gone], None) for gone in range(at, len(before)) if gone not in taken]
    return Comparison(tuple(found), same, moved)


def _said(document: PolicyDocument) -> list[Said]:
    paths = {node.clause_id: node.path for node in document.root.walk()}
    text = document.policy.text

    def words(sentence: Sentence) -> str:
        return reading_text(sentence.span.of(text))

    return [
        Said(paths[sentence.clause_id], words(sentence), main_force(words(sentence)))
        for sentence in document.sentences
        if sentence.kind in ("text", "duty")
    ]


def _folded(words: str) -> str:
    label = heading_of(words)
    rest = words[label.length :] if label is not None else words
    return re.sub(r"[\s，,。；;：:、]", "", unicodedata.normalize("NFKC", rest))


def _pairs(ones: Sequence[str], others: Sequence[str]) -> list[tuple[int, int]]:
    """Which sentence became which: equal ones in order, equal ones anywhere, then the most alike."""
    pairs: list[tuple[int, int]] = []
    for block in SequenceMatcher(None, ones, others, autojunk=False).get_matching_blocks():
        pairs += [(block.a + step, block.b + step) for step in range(block.size)]
    left = set(range(len(ones))) - {ours for ours, _ in pairs}
    right = set(range(len(others))) - {theirs for _, theirs in pairs}
    for ours in sorted(left):
        equal = next((theirs for theirs in sorted(right) if ones[ours] == others[theirs]), None)
        if equal is not None:
            pairs.append((ours, equal))
            left.discard(ours)
            right.discard(equal)
    known = sorted(pairs)
    likely = []
    for ours in sorted(left):
        expected = max((theirs for mine, theirs in known if mine < ours), default=-1) + 1
        for theirs in right:
            if abs(theirs - expected) <= _NEAR:
                alike = _alike(ones[ours], others[theirs])
                if alike >= ALIKE:
                    likely.append((-alike, abs(theirs - expected), ours, theirs))
    for _, _, ours, theirs in sorted(likely):
        if ours in left and theirs in right:
            pairs.append((ours, theirs))
            left.discard(ours)
            right.discard(theirs)
    return pairs


def _alike(one: str, other: str) -> float:
    if not one or not other or 2 * min(len(one), len(other)) / (len(one) + len(other)) < ALIKE:
        return 0.0
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _changed(old: Said, new: Said) -> Difference:
    before, after = _STRENGTH[old.force], _STRENGTH[new.force]
    change = Change.STRONGER if after > before else Change.WEAKER if after < before else Change.CHANGED
    ours, theirs = _figures(old.words), _figures(new.words)
    return Difference(
        change,
        old,
        new,
        (tuple(one for one in ours if one not in theirs), tuple(one for one in theirs if one not in ours)),
    )


def _figures(words: str) -> list[str]:
    label = heading_of(words)
    rest = words[label.length :] if label is not None else words
    return list(dict.fromkeys(re.sub(r"\s", "", found.group()) for found in _FIGURE.finditer(rest)))
