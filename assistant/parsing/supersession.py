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
from assistant.parsing.mentions import Mentioning, find_extensions, find_repeals
from assistant.parsing.references import fold_title

REPEALED_BY = "repealed_by"
"""The `Evidence.field` under which the older text names the newer."""
EXTENDED_BY = "extended_by"
NEWER_VERSION = "newer_version"
NEWER = "newer"
"""The `Evidence.field` whose note is the policy id of the text that goes before this one."""
_LINKS = (REPEALED_BY, EXTENDED_BY, NEWER_VERSION, NEWER)
_BY_ANOTHER = Span(0, 0)
_AMENDED = "通过或修正日期"
_DRAFT_TAIL = re.compile(r"[（(][^（）()]*(?:征求意见|送审|审议|讨论|草案)[^（）()]*[）)]$")


@dataclass(slots=True)
class Marks:
    """What other texts say of one: since when ended, until when extended, which newer one there is."""

    ended: tuple[date, str, str] | None = None
    until: tuple[date, str] | None = None
    newer: tuple[date, str, str] | None = None


def link_versions(documents: Sequence[PolicyDocument]) -> tuple[PolicyDocument, ...]:
    """The documents, with what others among them say of each. The order of `documents` makes no difference."""
    ends = endings(documents)
    return tuple(
        replace(document, policy=ended(document.policy, *ends[document.policy.policy_id]))
        if document.policy.policy_id in ends
        else document
        for document in documents
    )


def endings(texts: Sequence[Mentioning]) -> dict[str, tuple[Marks]]:
    """Policy id → what other held texts say of it; the ids of which nothing is said are left out."""
    marks: dict[str, Marks] = {}
    names = _Names(texts)
    for newer in texts:
        if newer.policy.draft_mark is None:
            _mark_mentioned(newer, names, marks)
            _mark_older(newer, names, marks)
    return {name: (mark,) for name, mark in marks.items()}


def ended(policy: Policy, marks: Marks) -> Policy:
    """A policy with what other texts say of it; where its own words end it by that day, they stand."""
    deadlines, evidence = list(policy.deadlines), list(policy.evidence)
    if marks.ended is not None:
        on, words, by = marks.ended
        evidence.append(Evidence(NEWER, None, by))
        if not any(deadline.kind == "repealed" and deadline.on <= on for deadline in policy.deadlines):
            deadlines.append(Deadline("repealed", on, _BY_ANOTHER))
            evidence.append(Evidence(REPEALED_BY, None, words))
    if marks.until is not None:
        deadlines.append(Deadline("valid_until", marks.until[0], _BY_ANOTHER))
        evidence.append(Evidence(EXTENDED_BY, None, marks.until[1]))
    if marks.newer is not None and marks.ended is None:
        evidence += [Evidence(NEWER_VERSION, None, marks.newer[1]), Evidence(NEWER, None, marks.newer[2])]
    return replace(policy, deadlines=tuple(deadlines), evidence=tuple(evidence))


def unlinked(policy: Policy) -> Policy:
    """A policy as its own text reads, whatever other texts say: the inverse of `ended`."""
    found = {entry.field for entry in policy.evidence}.intersection(_LINKS)
    if not found:
        return policy
    kinds = set()
    if REPEALED_BY in found:
        kinds.add("repealed")
    if EXTENDED_BY in found:
        kinds.add("valid_until")
    return replace(
        policy,
        deadlines=tuple(d for d in policy.deadlines if d.kind not in kinds or d.span != _BY_ANOTHER),
        evidence=tuple(entry for entry in policy.evidence if entry.field not in _LINKS),
    )


class _Names:
    """The texts by number and by title, so that a mention is looked up and not looked for."""

    def __init__(self, texts: Sequence[Mentioning]) -> None:
        self._by_number: dict[str, list[Mentioning]] = {}
        self._by_title: dict[str, list[Mentioning]] = {}
        self._versions: dict[str, list[Mentioning]] = {}
        for text in texts:
            policy = text.policy
            if policy.document_number:
                self._by_number.setdefault(policy.document_number, []).append(text)
            for title in {fold_title(policy.title), fold_title(policy.notice_title or "")} - {""}:
                self._by_title.setdefault(title, []).append(text)
            self._versions.setdefault(_bare(policy.title), []).append(text)

    def only(self, newer: Mentioning, reference: Reference) -> Mentioning | None:
        """The one other text a mention means: by its number where both have one, else by its title."""
        titled = self._by_title.get(fold_title(reference.title), [])
        found = titled
        if reference.document_number:
            unnumbered = [text for text in titled if not text.policy.document_number]
            found = [*self._by_number.get(reference.document_number, ()), *unnumbered]
        others = [text for text in found if text is not newer]
        return others[0] if len(others) == 1 else None

    def versions(self, policy: Policy) -> list[Mentioning]:
        """Those of the same title, drafts of it included."""
        return self._versions.get(_bare(policy.title), [])


def _mark_mentioned(newer: Mentioning, names: _Names, marks: dict[str, Marks]) -> None:
    policy = newer.policy
    on = policy.effective_from or policy.issued_on
    for repeal in find_repeals(newer):
        older = names.only(newer, repeal.reference)
        if older is None or on is None:
            continue
        said = (on, f"{_name(policy)}写明“{_quoted(repeal.span.of(policy.text))}”", policy.policy_id)
        mark = marks.setdefault(older.policy.policy_id, Marks())
        mark.ended = min(mark.ended or said, said)
    for extension in find_extensions(newer):
        older = names.only(newer, extension.reference)
        if older is None:
            continue
        stated = [d.on for d in older.policy.deadlines if d.kind == "valid_until"]
        until = extension.until or (_later(max(stated), extension.years) if stated else None)
        if until is not None and until >= max(stated, default=until):
            mark = marks.setdefault(older.policy.policy_id, Marks())
            said_until = (until, f"{_name(policy)}写明“{_quoted(extension.span.of(policy.text))}”")
            mark.until = max(mark.until or said_until, said_until)


def _mark_older(newer: Mentioning, names: _Names, marks: dict[str, Marks]) -> None:
    """Earlier texts of the same title from the same place: drafts of it, and versions before it."""
    policy = newer.policy
    for other in names.versions(policy):
        older = other.policy
        if other is newer or older.jurisdiction != policy.jurisdiction:
            continue
        if _is_amended(older, policy):
            words = f"{_name(policy)}有 {policy.signed_on} 通过或修正的新版"
            said = (policy.effective_from or policy.issued_on or date.max, words, policy.policy_id)
            mark = marks.setdefault(older.policy_id, Marks())
            mark.ended = min(mark.ended or said, said)
        elif older.draft_mark is not None or _is_later(policy, older):
            day = policy.issued_on or policy.effective_from or date.min
            said = (day, _name(policy), policy.policy_id)
            mark = marks.setdefault(older.policy_id, Marks())
            mark.newer = max(mark.newer or said, said)


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


def _name(policy: Policy) -> str:
    return f"《{policy.title}》" + (f"（{policy.document_number}）" if policy.document_number else "")


def _bare(title: str) -> str:
    return fold_title(_DRAFT_TAIL.sub("", title))


def _later(day: date, years: int) -> date:
    return date(day.year + years, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)


def _quoted(words: str) -> str:
    plain = " ".join(words.split())
    return plain if len(plain) <= 80 else "…" + plain[-79:]
