"""Which texts of a corpus end, extend or replace others: 「《…》（文号）同时废止」, a longer validity, a newer version.

A link is made where both texts are held, and only where one text alone fits; ambiguity links nothing. A text repealed
reads as 已废止 from the day the newer one takes effect. A newer version of the same title alone repeals nothing (that
would be more than the words say): it is named beside the older one's status and goes before it in answers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.model import Deadline, Evidence, Policy, PolicyDocument, Reference, Span
from assistant.parsing.mentions import Repeal, find_extensions, find_repeals
from assistant.parsing.references import fold_title

__all__ = ["EXTENDED_BY", "NEWER", "NEWER_VERSION", "REPEALED_BY", "Repeal", "find_repeals", "link_versions"]

REPEALED_BY = "repealed_by"
"""The `Evidence.field` under which the older text names the newer."""
EXTENDED_BY = "extended_by"
NEWER_VERSION = "newer_version"
NEWER = "newer"
"""The `Evidence.field` whose note is the policy id of the text that goes before this one."""
_AMENDED = "通过或修正日期"
_DRAFT_TAIL = re.compile(r"[（(][^（）()]*(?:征求意见|送审|审议|讨论|草案)[^（）()]*[）)]$")


@dataclass(slots=True)
class _Marks:
    """What other texts say of one."""

    ended: tuple[date, str, str] | None = None
    until: tuple[date, str] | None = None
    newer: tuple[date, str, str] | None = None


def link_versions(documents: Sequence[PolicyDocument]) -> tuple[PolicyDocument, ...]:
    """The documents, with what others among them say of each. The order of `documents` makes no difference."""
    marks = {document.policy.policy_id: _Marks() for document in documents}
    for newer in documents:
        if newer.policy.draft_mark is None:
            _mark_mentioned(newer, documents, marks)
            _mark_older(newer, documents, marks)
    return tuple(_marked(document, marks[document.policy.policy_id]) for document in documents)


def _mark_mentioned(newer: PolicyDocument, documents: Sequence[PolicyDocument], marks: dict[str, _Marks]) -> None:
    policy = newer.policy
    on = policy.effective_from or policy.issued_on
    for repeal in find_repeals(newer):
        older = _only(newer, repeal.reference, documents)
        if older is None or on is None:
            continue
        said = (on, f"{_name(policy)}写明“{_quoted(repeal.span.of(policy.text))}”", policy.policy_id)
        mark = marks[older.policy.policy_id]
        mark.ended = min(mark.ended or said, said)
    for extension in find_extensions(newer):
        older = _only(newer, extension.reference, documents)
        if older is None:
            continue
        stated = [deadline.on for deadline in older.policy.deadlines if deadline.kind == "valid_until"]
        until = extension.until or (_later(max(stated), extension.years) if stated else None)
        if until is not None and until >= max(stated, default=until):
            mark = marks[older.policy.policy_id]
            said_until = (until, f"{_name(policy)}写明“{_quoted(extension.span.of(policy.text))}”")
            mark.until = max(mark.until or said_until, said_until)


def _mark_older(newer: PolicyDocument, documents: Sequence[PolicyDocument], marks: dict[str, _Marks]) -> None:
    """Earlier texts of the same title from the same place: drafts of it, and versions before it."""
    policy = newer.policy
    for other in documents:
        older = other.policy
        if other is newer or older.jurisdiction != policy.jurisdiction or _bare(older.title) != _bare(policy.title):
            continue
        if _is_amended(older, policy):
            said = (policy.signed_on or date.max, f"{_name(policy)}有 {policy.signed_on} 通过或修正的新版")
            mark = marks[older.policy_id]
            mark.ended = min(mark.ended or (*said, policy.policy_id), (*said, policy.policy_id))
        elif older.draft_mark is not None or _is_later(policy, older):
            day = policy.issued_on or policy.effective_from or date.min
            mark = marks[older.policy_id]
            mark.newer = max(
                mark.newer or (day, _name(policy), policy.policy_id), (day, _name(policy), policy.policy_id)
            )


def _is_later(newer: Policy, older: Policy) -> bool:
    one, two = older.issued_on or older.effective_from, newer.issued_on or newer.effective_from
    return one is not None and two is not None and one < two


def _is_amended(older: Policy, newer: Policy) -> bool:
    """The same statute as passed or amended earlier."""
    return (
        all(any(e.field == "signed_on" and e.note == _AMENDED for e in p.evidence) for p in (older, newer))
        and older.signed_on is not None
        and newer.signed_on is not None
        and older.signed_on < newer.signed_on
    )


def _only(newer: PolicyDocument, reference: Reference, documents: Sequence[PolicyDocument]) -> PolicyDocument | None:
    matches = [other for other in documents if other is not newer and _is_named(other, reference)]
    return matches[0] if len(matches) == 1 else None


def _is_named(other: PolicyDocument, reference: Reference) -> bool:
    policy = other.policy
    if reference.document_number and policy.document_number:
        return policy.document_number == reference.document_number
    titles = {fold_title(policy.title), fold_title(policy.notice_title or "")} - {""}
    return fold_title(reference.title) in titles


def _marked(document: PolicyDocument, marks: _Marks) -> PolicyDocument:
    policy = document.policy
    deadlines, evidence = list(policy.deadlines), list(policy.evidence)
    if marks.ended is not None:
        on, words, by = marks.ended
        evidence.append(Evidence(NEWER, None, by))
        if not any(deadline.kind == "repealed" and deadline.on <= on for deadline in policy.deadlines):
            deadlines.append(Deadline("repealed", on, Span(0, 0)))
            evidence.append(Evidence(REPEALED_BY, None, words))
    if marks.until is not None:
        deadlines.append(Deadline("valid_until", marks.until[0], Span(0, 0)))
        evidence.append(Evidence(EXTENDED_BY, None, marks.until[1]))
    if marks.newer is not None and marks.ended is None:
        evidence += [Evidence(NEWER_VERSION, None, marks.newer[1]), Evidence(NEWER, None, marks.newer[2])]
    if len(evidence) == len(policy.evidence):
        return document
    return replace(document, policy=replace(policy, deadlines=tuple(deadlines), evidence=tuple(evidence)))


def _name(policy: Policy) -> str:
    return f"《{policy.title}》" + (f"（{policy.document_number}）" if policy.document_number else "")


def _bare(title: str) -> str:
    return fold_title(_DRAFT_TAIL.sub("", title))


def _later(day: date, years: int) -> date:
    return date(day.year + years, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)


def _quoted(words: str) -> str:
    plain = " ".join(words.split())
    return plain if len(plain) <= 80 else "…" + plain[-79:]
