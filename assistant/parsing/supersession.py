"""Which texts of a corpus put others out of force: 「《…》（文号）同时废止」, and later versions of a statute.

The link is made where both texts are held; the older one then reads as 已废止 from the day the newer one takes effect.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.model import Deadline, Evidence, PolicyDocument, Reference, Span
from assistant.parsing.references import fold_title

REPEALED_BY = "repealed_by"
"""The `Evidence.field` under which the older text names the newer."""

_END = re.compile(r"(?:同时|即行|相应|予以|随之|自行|一并)?\s*(?:废止|失效|停止执行|不再执行|停止施行)")
_NEGATED = re.compile(r"(?:不|未|是否|如|若|尚未|需要?|建议|拟|可以?)\s*(?:予以|同时)?\s*$")
_BEFORE = re.compile(
    r"(?:现?决定|同意|现将|现予)?(?:废止|停止执行)(?:以下|下列)?[^《。；]{0,30}$|(?:代替|取代|替代)\s*$"
)
_AMENDED = "通过或修正日期"


@dataclass(frozen=True, slots=True)
class Repeal:
    """A mention of another text that this one ends, with the words that say so."""

    reference: Reference
    span: Span


def find_repeals(document: PolicyDocument) -> tuple[Repeal, ...]:
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
    ends: dict[str, tuple[date, str]] = {}
    for newer in documents:
        for older, words in _ended_by(newer, documents):
            on = newer.policy.effective_from or newer.policy.issued_on
            if on is not None and (older not in ends or (on, words) < ends[older]):
                ends[older] = (on, words)
    return tuple(
        _ended(document, *ends[document.policy.policy_id]) if document.policy.policy_id in ends else document
        for document in documents
    )


def _ended_by(newer: PolicyDocument, documents: Sequence[PolicyDocument]) -> list[tuple[str, str]]:
    """(policy id, the reason) of the held texts that `newer` ends."""
    found = []
    policy = newer.policy
    if policy.draft_mark is not None:
        return []
    name = f"《{policy.title}》" + (f"（{policy.document_number}）" if policy.document_number else "")
    for repeal in find_repeals(newer):
        matches = [other for other in documents if other is not newer and _is_named(other, repeal.reference)]
        if len(matches) == 1:
            found.append((matches[0].policy.policy_id, f"{name}写明“{_quoted(repeal.span.of(policy.text))}”"))
    for other in documents:
        if other is not newer and _is_older_version(other, newer):
            found.append((other.policy.policy_id, f"{name}有 {policy.signed_on} 通过或修正的新版"))
    return found


def _is_named(other: PolicyDocument, reference: Reference) -> bool:
    policy = other.policy
    if reference.document_number and policy.document_number:
        return policy.document_number == reference.document_number
    titles = {fold_title(policy.title), fold_title(policy.notice_title or "")} - {""}
    return fold_title(reference.title) in titles


def _is_older_version(older: PolicyDocument, newer: PolicyDocument) -> bool:
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


def _ended(document: PolicyDocument, on: date, words: str) -> PolicyDocument:
    policy = document.policy
    if any(deadline.kind == "repealed" and deadline.on <= on for deadline in policy.deadlines):
        return document
    marked = replace(
        policy,
        deadlines=(*policy.deadlines, Deadline("repealed", on, Span(0, 0))),
        evidence=(*policy.evidence, Evidence(REPEALED_BY, None, words)),
    )
    return replace(document, policy=marked)


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
