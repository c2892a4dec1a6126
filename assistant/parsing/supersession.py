"""Which texts of a corpus put others out of force: 「《…》（文号）同时废止」, and later versions of a statute.

The link is made where both texts are held; the older one then reads as 已废止 from the day the newer one takes effect.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from assistant.model import Deadline, Evidence, Policy, PolicyDocument, Reference, Span
from assistant.parsing.references import fold_title

REPEALED_BY = "repealed_by"
"""The `Evidence.field` under which the older text names the newer."""

_END = re.compile(r"(?:同时|即行|相应|予以|随之|自行|一并)?\s*(?:废止|失效|停止执行|不再执行|停止施行)")
_NEGATED = re.compile(r"(?:不|未|是否|如|若|尚未|需要?|建议|拟|可以?)\s*(?:予以|同时)?\s*$")
_BEFORE = re.compile(
    r"(?:现?决定|同意|现将|现予)?(?:废止|停止执行)(?:以下|下列)?[^《。；]{0,30}$|(?:代替|取代|替代)\s*$"
)
_AMENDED = "通过或修正日期"


_BY_ANOTHER = Span(0, 0)


class Mentioning(Protocol):
    """A text as far as linking needs it: a `PolicyDocument`, or the part of one that is stored apart."""

    @property
    def policy(self) -> Policy: ...  # noqa: D102
    @property
    def references(self) -> tuple[Reference, ...]: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Repeal:
    """A mention of another text that this one ends, with the words that say so."""

    reference: Reference
    span: Span


def find_repeals(document: Mentioning) -> tuple[Repeal, ...]:
    """The mentions of other texts that this text puts out of force."""
    text = document.policy.text
    found: list[Repeal] = []
    for reference in document.references:
        start = max((text.rfind(stop, 0, reference.span.start) for stop in "。；\n"), default=-1) + 1
        stops = [at for stop in "。；\n" if (at := text.find(stop, reference.span.end)) >= 0]
        end = min(stops, default=len(text))
        before, after = text[start : reference.span.start], text[reference.span.end : end]
        ending = _END.search(_outside_marks(after))
        closes = ending is not None and not _NEGATED.search(_outside_marks(after)[: ending.start()])
        inside_range = ending is not None and _lists_only(_outside_marks(after)[: ending.start()])
        if (closes and inside_range) or _BEFORE.search(_outside_marks(before)):
            found.append(Repeal(reference, Span(start, end)))
    return tuple(found)


def link_versions(documents: Sequence[PolicyDocument]) -> tuple[PolicyDocument, ...]:
    """The documents, those ended by another held text marked so. The order of `documents` makes no difference."""
    ends = endings(documents)
    return tuple(
        replace(document, policy=ended(document.policy, *ends[document.policy.policy_id]))
        if document.policy.policy_id in ends
        else document
        for document in documents
    )


def endings(texts: Sequence[Mentioning]) -> dict[str, tuple[date, str]]:
    """Policy id → since when another held text has put it out of force, and the words that say so."""
    ends: dict[str, tuple[date, str]] = {}
    names = _Names(texts)
    for newer in texts:
        on = newer.policy.effective_from or newer.policy.issued_on
        for older, words in _ended_by(newer, names) if on is not None else ():
            if on is not None and (older not in ends or (on, words) < ends[older]):
                ends[older] = (on, words)
    return ends


def ended(policy: Policy, on: date, words: str) -> Policy:
    """A policy marked as put out of force; as it is where its own words say so for that day or an earlier one."""
    if any(deadline.kind == "repealed" and deadline.on <= on for deadline in policy.deadlines):
        return policy
    return replace(
        policy,
        deadlines=(*policy.deadlines, Deadline("repealed", on, _BY_ANOTHER)),
        evidence=(*policy.evidence, Evidence(REPEALED_BY, None, words)),
    )


def unlinked(policy: Policy) -> Policy:
    """A policy as its own text reads, whatever other texts say: the inverse of `ended`."""
    if not any(entry.field == REPEALED_BY for entry in policy.evidence):
        return policy
    return replace(
        policy,
        deadlines=tuple(d for d in policy.deadlines if d.kind != "repealed" or d.span != _BY_ANOTHER),
        evidence=tuple(entry for entry in policy.evidence if entry.field != REPEALED_BY),
    )


class _Names:
    """The texts by number and by title, so that a mention is looked up and not looked for."""

    def __init__(self, texts: Sequence[Mentioning]) -> None:
        self._by_number: dict[str, list[Mentioning]] = {}
        self._by_title: dict[str, list[Mentioning]] = {}
        for text in texts:
            policy = text.policy
            if policy.document_number:
                self._by_number.setdefault(policy.document_number, []).append(text)
            for title in {fold_title(policy.title), fold_title(policy.notice_title or "")} - {""}:
                self._by_title.setdefault(title, []).append(text)

    def named(self, reference: Reference) -> list[Mentioning]:
        """Those a mention means: by its number where both have one, else by its title."""
        titled = self._by_title.get(fold_title(reference.title), [])
        if not reference.document_number:
            return titled
        unnumbered = [text for text in titled if not text.policy.document_number]
        return [*self._by_number.get(reference.document_number, ()), *unnumbered]

    def of_title(self, title: str) -> list[Mentioning]:
        """Those of the same title."""
        return self._by_title.get(fold_title(title), [])


def _ended_by(newer: Mentioning, names: _Names) -> list[tuple[str, str]]:
    """(policy id, the reason) of the held texts that `newer` ends."""
    found = []
    policy = newer.policy
    if policy.draft_mark is not None:
        return []
    name = f"《{policy.title}》" + (f"（{policy.document_number}）" if policy.document_number else "")
    for repeal in find_repeals(newer):
        matches = [other for other in names.named(repeal.reference) if other is not newer]
        if len(matches) == 1:
            found.append((matches[0].policy.policy_id, f"{name}写明“{_quoted(repeal.span.of(policy.text))}”"))
    for other in names.of_title(policy.title):
        if other is not newer and _is_older_version(other, newer):
            found.append((other.policy.policy_id, f"{name}有 {policy.signed_on} 通过或修正的新版"))
    return found


def _is_older_version(older: Mentioning, newer: Mentioning) -> bool:
    """The same statute as passed or amended earlier."""
    one, two = older.policy, newer.policy
    return (
        fold_title(one.title) == fold_title(two.title)
        and one.jurisdiction == two.jurisdiction
        and all(any(e.field == "signed_on" and e.note == _AMENDED for e in p.evidence) for p in (one, two))
        and one.signed_on is not None
        and two.signed_on is not None
        and one.signed_on < two.signed_on
    )


def _outside_marks(words: str) -> str:
    """The words with titles and brackets taken out: 《…失效文件目录》 ends nothing."""
    previous = None
    while previous != words:
        previous, words = words, re.sub(r"《[^《》]*》|[（(][^（）()]*[）)]", "", words)
    return words


def _lists_only(words: str) -> bool:
    """Between a title and 废止 stand other titles and list words only."""
    words = re.sub(r"自本[\u4e00-\u9fff]{1,8}之日起|同时$", "", words)
    return bool(
        re.fullmatch(
            r"[\s、，,和与及以等]*(?:[^，。；]{0,16}(?:文件|规定|通知|办法|细则|意见|政策|法规|规章|条例))?[\s、，,]*",
            words,
        )
    )


def _quoted(words: str) -> str:
    plain = " ".join(words.split())
    return plain if len(plain) <= 80 else "…" + plain[-79:]
