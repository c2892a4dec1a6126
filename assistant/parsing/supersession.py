"""Which texts of a corpus end, extend or replace others: 「《…》（文号）同时废止」, a longer validity, a newer version.

A link is made where both texts are held, and only where one text alone fits; ambiguity links nothing. A text repealed
reads as 已废止 from the day the newer one takes effect. A newer version of the same title alone repeals nothing (that
would be more than the words say): it is named beside the older one's status and goes before it in answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.model import Deadline, Evidence, Policy, PolicyDocument, Reference, Span
from assistant.parsing.mentioned import Mentions
from assistant.parsing.mentions import mentions_of
from assistant.parsing.references import fold_title

REPEALED_BY = "repealed_by"
"""The `Evidence.field` under which the older text names the newer."""
EXTENDED_BY = "extended_by"
NEWER_VERSION = "newer_version"
NEWER = "newer"
"""The `Evidence.field` whose note is the policy id of the text that goes before this one."""
_LINKS = frozenset({REPEALED_BY, EXTENDED_BY, NEWER_VERSION, NEWER})
_BY_ANOTHER = Span(0, 0)
"""Where a deadline stands that another text sets."""
_AMENDED = "通过或修正日期"
_DRAFT_TAIL = re.compile(r"[（(][^（）()]*(?:征求意见|送审|审议|讨论|草案)[^（）()]*[）)]$")


@dataclass(slots=True)
class Marks:
    """What other texts say of one.

    Attributes:
        ended: since when it is out of force, the words that say so, the policy id of the text that says it.
        until: the last day of a longer validity, and the words.
        newer: the day, name and policy id of the newest version of the same title.
    """

    ended: tuple[date, str, str] | None = None
    until: tuple[date, str] | None = None
    newer: tuple[date, str, str] | None = None


def link_versions(documents: Sequence[PolicyDocument]) -> tuple[PolicyDocument, ...]:
    """The documents, with what others among them say of each. The order of `documents` makes no difference."""
    marks = marks_between([(document.policy, mentions_of(document)) for document in documents])
    return tuple(
        replace(document, policy=marked(document.policy, marks[document.policy.policy_id]))
        if document.policy.policy_id in marks
        else document
        for document in documents
    )


def marks_between(texts: Iterable[tuple[Policy, Mentions]]) -> dict[str, Marks]:
    """Policy id → what the others say of it; a text nobody says anything of is left out. `Policy.text` is not read."""
    held = list(texts)
    marks: dict[str, Marks] = {}
    names = _Names(policy for policy, _ in held)
    for policy, mentions in held:
        if policy.draft_mark is None:
            _mark_mentioned(policy, mentions, names, marks)
            _mark_older(policy, names, marks)
    return marks


def marked(policy: Policy, marks: Marks) -> Policy:
    """A policy with what others say of it; its own words go before theirs where they end it as early."""
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


def unmarked(policy: Policy) -> Policy:
    """A policy as its own text reads, whatever other texts say: the inverse of `marked`."""
    if not any(entry.field in _LINKS for entry in policy.evidence):
        return policy
    return replace(
        policy,
        deadlines=tuple(deadline for deadline in policy.deadlines if deadline.span != _BY_ANOTHER),
        evidence=tuple(entry for entry in policy.evidence if entry.field not in _LINKS),
    )


class _Names:
    """The texts by number and by title, so that a mention is looked up and not looked for."""

    def __init__(self, policies: Iterable[Policy]) -> None:
        self._by_number: dict[str, list[Policy]] = {}
        self._by_title: dict[str, list[Policy]] = {}
        self._versions: dict[tuple[str | None, str], list[Policy]] = {}
        for policy in policies:
            if policy.document_number:
                self._by_number.setdefault(policy.document_number, []).append(policy)
            for title in {fold_title(policy.title), fold_title(policy.notice_title or "")} - {""}:
                self._by_title.setdefault(title, []).append(policy)
            self._versions.setdefault(_version_key(policy), []).append(policy)

    def only(self, newer: Policy, reference: Reference) -> Policy | None:
        """The one other text that a mention means: by its number where both have one, else by its title."""
        titled = self._by_title.get(fold_title(reference.title), [])
        if reference.document_number:
            unnumbered = [policy for policy in titled if not policy.document_number]
            titled = [*self._by_number.get(reference.document_number, ()), *unnumbered]
        matches = [policy for policy in titled if policy is not newer]
        return matches[0] if len(matches) == 1 else None

    def versions(self, policy: Policy) -> list[Policy]:
        """The other texts of the same title from the same place, drafts among them."""
        return [other for other in self._versions[_version_key(policy)] if other is not policy]


def _mark_mentioned(policy: Policy, mentions: Mentions, names: _Names, marks: dict[str, Marks]) -> None:
    on = policy.effective_from or policy.issued_on
    for repeal in mentions.repeals:
        older = names.only(policy, repeal.reference)
        if older is None or on is None:
            continue
        said = (on, f"{_name(policy)}写明“{repeal.words}”", policy.policy_id)
        mark = marks.setdefault(older.policy_id, Marks())
        mark.ended = min(mark.ended or said, said)
    for extension in mentions.extensions:
        older = names.only(policy, extension.reference)
        if older is None:
            continue
        stated = [deadline.on for deadline in older.deadlines if deadline.kind == "valid_until"]
        until = extension.until or (_later(max(stated), extension.years) if stated else None)
        if until is not None and until >= max(stated, default=until):
            mark = marks.setdefault(older.policy_id, Marks())
            said_until = (until, f"{_name(policy)}写明“{extension.words}”")
            mark.until = max(mark.until or said_until, said_until)


def _mark_older(policy: Policy, names: _Names, marks: dict[str, Marks]) -> None:
    """Earlier texts of the same title from the same place: drafts of it, and versions before it."""
    for older in names.versions(policy):
        if _is_amended(older, policy):
            said = (policy.signed_on or date.max, f"{_name(policy)}有 {policy.signed_on} 通过或修正的新版")
            mark = marks.setdefault(older.policy_id, Marks())
            mark.ended = min(mark.ended or (*said, policy.policy_id), (*said, policy.policy_id))
        elif older.draft_mark is not None or _is_later(policy, older):
            version = (policy.issued_on or policy.effective_from or date.min, _name(policy), policy.policy_id)
            mark = marks.setdefault(older.policy_id, Marks())
            mark.newer = max(mark.newer or version, version)


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


def _version_key(policy: Policy) -> tuple[str | None, str]:
    return policy.jurisdiction, fold_title(_DRAFT_TAIL.sub("", policy.title))


def _name(policy: Policy) -> str:
    return f"《{policy.title}》" + (f"（{policy.document_number}）" if policy.document_number else "")


def _later(day: date, years: int) -> date:
    return date(day.year + years, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)
