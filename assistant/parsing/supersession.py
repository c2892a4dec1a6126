"""Which texts of a corpus put others out of force: 「《…》（文号）同时废止」, and later versions of a statute.

The link is made where both texts are held; the older one then reads as 已废止 from the day the newer one takes effect.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

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


@dataclass(frozen=True, slots=True)
class Linkable:
    """What has to be known of a text to link it with others: little, so that thousands fit in memory.

    Attributes:
        policy: without its text.
        repeals: mentions of other texts that it ends, each with the words that say so.
    """

    policy: Policy
    repeals: tuple[tuple[Reference, str], ...]


def linkable(document: PolicyDocument) -> Linkable:
    """What linking needs of a document."""
    text = document.policy.text
    repeals = tuple((repeal.reference, _quoted(repeal.span.of(text))) for repeal in find_repeals(document))
    return Linkable(replace(document.policy, text=""), repeals)


def link_versions(documents: Sequence[PolicyDocument]) -> tuple[PolicyDocument, ...]:
    """The documents, those ended by another held text marked so. The order of `documents` makes no difference."""
    ends = endings([linkable(document) for document in documents])
    return tuple(
        ended(document, *ends[document.policy.policy_id]) if document.policy.policy_id in ends else document
        for document in documents
    )


def endings(held: Sequence[Linkable]) -> Mapping[str, tuple[date, str]]:
    """Policy id of each text that another held text ends → from when, and the reason."""
    named = _Names(held)
    ends: dict[str, tuple[date, str]] = {}
    for newer in held:
        on = newer.policy.effective_from or newer.policy.issued_on
        for older, words in _ended_by(newer, named):
            if on is not None and (older not in ends or (on, words) < ends[older]):
                ends[older] = (on, words)
    return ends


class _Names:
    """Texts by what others may call them, so that not every text is compared with every other."""

    def __init__(self, held: Sequence[Linkable]) -> None:
        self._by_name: dict[str, list[Policy]] = {}
        self._by_title: dict[str, list[Policy]] = {}
        for policy in (entry.policy for entry in held):
            for name in {policy.document_number, *_titles(policy)} - {None}:
                self._by_name.setdefault(name or "", []).append(policy)
            self._by_title.setdefault(fold_title(policy.title), []).append(policy)

    def called(self, reference: Reference) -> list[Policy]:
        """The texts a mention may mean."""
        names = (reference.document_number or "", fold_title(reference.title))
        found = {policy.policy_id: policy for name in names for policy in self._by_name.get(name, ())}
        return [policy for policy in found.values() if _is_named(policy, reference)]

    def titled(self, title: str) -> list[Policy]:
        """The texts of the same title."""
        return self._by_title.get(fold_title(title), [])


def _ended_by(newer: Linkable, named: _Names) -> list[tuple[str, str]]:
    """(policy id, the reason) of the held texts that `newer` ends."""
    found = []
    policy = newer.policy
    if policy.draft_mark is not None:
        return []
    name = f"《{policy.title}》" + (f"（{policy.document_number}）" if policy.document_number else "")
    for reference, words in newer.repeals:
        matches = [other for other in named.called(reference) if other.policy_id != policy.policy_id]
        if len(matches) == 1:
            found.append((matches[0].policy_id, f"{name}写明“{words}”"))
    for other in named.titled(policy.title):
        if other.policy_id != policy.policy_id and _is_older_version(other, policy):
            found.append((other.policy_id, f"{name}有 {policy.signed_on} 通过或修正的新版"))
    return found


def _is_named(policy: Policy, reference: Reference) -> bool:
    if reference.document_number and policy.document_number:
        return policy.document_number == reference.document_number
    return fold_title(reference.title) in _titles(policy)


def _titles(policy: Policy) -> set[str]:
    return {fold_title(policy.title), fold_title(policy.notice_title or "")} - {""}


def _is_older_version(one: Policy, two: Policy) -> bool:
    """Whether `one` is the same statute as passed or amended earlier."""
    return (
        fold_title(one.title) == fold_title(two.title)
        and one.jurisdiction == two.jurisdiction
        and all(any(e.field == "signed_on" and e.note == _AMENDED for e in p.evidence) for p in (one, two))
        and one.signed_on is not None
        and two.signed_on is not None
        and one.signed_on < two.signed_on
    )


def ended(document: PolicyDocument, on: date, words: str) -> PolicyDocument:
    """The document, marked as out of force from a day on, with the reason; unless it says so itself."""
    policy = document.policy
    if any(deadline.kind == "repealed" and deadline.on <= on for deadline in policy.deadlines):
        return document
    marked = replace(
        policy,
        deadlines=(*policy.deadlines, Deadline("repealed", on, Span(0, 0))),
        evidence=(*policy.evidence, Evidence(REPEALED_BY, None, words)),
    )
    return replace(document, policy=marked)


def unlinked(document: PolicyDocument) -> PolicyDocument:
    """The document as it was before `ended`."""
    policy = document.policy
    if not any(evidence.field == REPEALED_BY for evidence in policy.evidence):
        return document
    mark = max(at for at, deadline in enumerate(policy.deadlines) if deadline.kind == "repealed")
    kept = replace(
        policy,
        deadlines=(*policy.deadlines[:mark], *policy.deadlines[mark + 1 :]),
        evidence=tuple(evidence for evidence in policy.evidence if evidence.field != REPEALED_BY),
    )
    return replace(document, policy=kept)


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
