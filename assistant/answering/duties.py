"""All that binds, urges or frees one kind of body: 「企业必须做什么」, 「哪些是鼓励的」, 「人社部门的责任有哪些」.

The rows are the register's, so that a list in an answer and 查义务 say the same. Only provisions with the force asked
for and the bearer asked for are listed; of the others it is said how many there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.answering.citations import cite_act
from assistant.answering.describing import place_of
from assistant.answering.drafting import point, warnings_for
from assistant.answering.holdings import Holdings
from assistant.answering.remarking import remarks_on
from assistant.jurisdictions import Gazetteer
from assistant.model import Citation, Draft, Force, PolicyDocument, Scope, Statement
from assistant.registers.employers import FIRMS, Employer, reaches
from assistant.registers.obligations import Duty, duty_of
from assistant.registers.records import Act, Record
from assistant.registers.shelf import RecordShelf
from assistant.retrieval.duties_asked import OFFICES, Body, DutiesAsked
from assistant.retrieval.understanding import Understanding

MOST_TEXTS = 12
"""Policies up to which a list is made of all in scope; more would be no answer."""
MOST_ROWS = 30
"""Rows listed; of more, each place's first are, and how many there are is said."""

_EMPLOYERS = {
    Body.FIRM: tuple(FIRMS),
    Body.STATE_FIRM: (Employer.STATE_ENTERPRISE,),
    Body.LEADING_FIRM: (Employer.LEADING_ENTERPRISE,),
    Body.LARGE_FIRM: (Employer.LARGE_ENTERPRISE,),
    Body.PRIVATE_FIRM: (Employer.PRIVATE,),
    Body.TRAINER: (Employer.TRAINING_BODY,),
    Body.EVALUATOR: (Employer.EVALUATION_BODY,),
    Body.SCHOOL: (Employer.SCHOOL,),
    Body.INDUSTRY: (Employer.INDUSTRY_BODY,),
    Body.OFFICE: (Employer.OFFICE,),
}
_DOES = {
    Force.MUST: "{who}必须做的",
    Force.ENCOURAGED: "鼓励{who}做的（不强制）",
    Force.MAY: "{who}可以做的（做不做由它定）",
}


@dataclass(frozen=True, slots=True)
class _Row:
    """A provision of the list."""

    document: PolicyDocument
    record: Record
    act: Act


def list_duties(
    wanted: DutiesAsked, asked: Understanding, scope: Scope, shelf: RecordShelf, holdings: Holdings, as_of: date
) -> Draft | None:
    """The list; a draft without citations where no provision in scope is of that kind, None for too many policies."""
    documents = _in_order(scope, holdings)
    if not 0 < len(documents) <= MOST_TEXTS:
        return None
    rows = [row for force in wanted.forces for row in _rows(documents, shelf, wanted, force)]
    listed = _first_of_each(rows, scope)
    citations = tuple(_cited(row, as_of) for row in listed)
    points = tuple(
        Statement(point(citation, scope, holdings.gazetteer), citation.force, (n,))
        for n, citation in enumerate(citations, 1)
    )
    leading, others = warnings_for(citations, len(citations), holdings.gazetteer) if citations else ((), ())
    remarks = [*_left_out(rows, listed), *_others(documents, shelf, wanted), *_led(documents, wanted)]
    return Draft(
        conclusion=_told(wanted, rows, documents, scope, holdings.gazetteer),
        statements=points,
        citations=citations,
        notices=leading,
        remarks=(*remarks, *others, *remarks_on(asked, scope, holdings.gazetteer)),
    )


def _in_order(scope: Scope, holdings: Holdings) -> list[PolicyDocument]:
    """The policies in scope, those of the place itself before those above it."""
    tier = {code: level for level, codes in enumerate(scope.tiers) for code in codes}
    return sorted(
        holdings.in_scope(scope), key=lambda d: (tier.get(d.policy.jurisdiction or "", 0), d.policy.policy_id)
    )


def _rows(documents: Sequence[PolicyDocument], shelf: RecordShelf, wanted: DutiesAsked, force: Force) -> Iterator[_Row]:
    for document in documents:
        for record in shelf.records(document):
            act = next((act for act in record.acts if _meant(act, wanted, force)), None)
            if act is not None:
                yield _Row(document, record, act)


def _meant(act: Act, wanted: DutiesAsked, force: Force) -> bool:
    stated = force is Force.MUST and act.force is Force.NONE and bool(wanted.office)  # 「由人社部门负责…」
    if (act.force is not force and not stated) or (wanted.negative and not act.negative):
        return False
    if wanted.body is None:
        return bool(act.bearer) or force is Force.MUST
    if wanted.office:
        return bool(OFFICES[wanted.office].search(act.bearer)) and reaches(act.bearer, Employer.OFFICE)
    return any(reaches(act.bearer, employer) for employer in _EMPLOYERS[wanted.body]) if act.bearer else False


def _first_of_each(rows: Sequence[_Row], scope: Scope) -> list[_Row]:
    """All rows, or as many as can be read: of the place asked about first, else of each policy the same share."""
    if len(rows) <= MOST_ROWS or scope.asked is not None:
        return list(rows[:MOST_ROWS])
    of_each = Counter(row.document.policy.policy_id for row in rows)
    share = max(n for n in range(1, MOST_ROWS + 1) if n == 1 or sum(min(n, c) for c in of_each.values()) <= MOST_ROWS)
    kept, listed = Counter[str](), []
    for row in rows:
        kept[row.document.policy.policy_id] += 1
        if kept[row.document.policy.policy_id] <= share:
            listed.append(row)
    return listed


def _cited(row: _Row, as_of: date) -> Citation:
    at = max(0, row.record.text.find(row.act.text))
    word = row.act.text.find(row.act.word) if row.act.word else 0
    return cite_act(
        row.document, row.record.span, at + max(0, word), as_of, force=row.act.force, duty_bearer=row.act.bearer
    )


def _told(
    wanted: DutiesAsked, rows: Sequence[_Row], documents: Sequence[PolicyDocument], scope: Scope, gazetteer: Gazetteer
) -> str:
    who = wanted.office or (wanted.body.value if wanted.body else "")
    what = "和".join("{who}不得做的" if wanted.negative else _DOES[force] for force in wanted.forces).format(who=who)
    if wanted.office and wanted.forces == (Force.MUST,) and not wanted.negative:
        what = f"{who}要做的"  # with what is only stated: 「由人社部门组织实施」
    if not rows:
        places = "、".join(dict.fromkeys(place_of(d.policy, gazetteer) for d in documents))
        return f"库里的文件（{places}）没有写{what}事。"
    counted = Counter(place_of(row.document.policy, gazetteer) for row in rows)
    names = list(dict.fromkeys(place_of(d.policy, gazetteer) for d in documents))
    own = gazetteer.place(scope.asked).short_name if scope.asked else ""
    said = [
        f"{'上级' if own and name != own else ''}{name} {counted[name]} 条" if counted[name] else f"{name}没有写"
        for name in names
    ]
    only = "" if wanted.body is None else "别的单位的不算在内；"
    return f"{what}，共 {len(rows)} 条：{'，'.join(said)}（{only}逐条见下）。"


def _left_out(rows: Sequence[_Row], listed: Sequence[_Row]) -> list[str]:
    left = len(rows) - len(listed)
    return (
        [f"这里只列出 {len(listed)} 条，还有 {left} 条；说明是哪里、哪种单位，或者用“查义务”，可以看全。"]
        if left
        else []
    )


def _others(documents: Sequence[PolicyDocument], shelf: RecordShelf, wanted: DutiesAsked) -> list[str]:
    """One line that says how much there is of another force."""
    if wanted.body is None or wanted.office:
        return []
    told = []
    for force in (Force.MUST, Force.ENCOURAGED, Force.MAY):
        if force not in wanted.forces and (count := sum(1 for _ in _rows(documents, shelf, wanted, force))):
            told.append(f"{_DOES[force].format(who='')} {count} 条")
    levers = sum(_is_lever(record, wanted.body) for document in documents for record in shelf.records(document))
    if levers:
        told.append(f"与评优、用地、招投标等挂钩的 {levers} 条")
    return [f"没有列在这里的：{'，'.join(told)}；要看可以接着问，或者用“查义务”。"] if told else []


def _is_lever(record: Record, body: Body) -> bool:
    found = (duty_of(record, employer) for employer in _EMPLOYERS[body])
    return any(each is not None and each[0] is Duty.LEVER for each in found)


def _led(documents: Sequence[PolicyDocument], wanted: DutiesAsked) -> list[str]:
    """The clauses that an office leads: their lists of units, not a sentence, give it the task."""
    if not wanted.office:
        return []
    cue, told = OFFICES[wanted.office], []
    for document in documents:
        led = [c.path for c in document.root.walk() if any(cue.search(unit) for unit in c.lead_units)]
        if led:
            told.append(f"《{document.policy.title}》由它牵头的有 {len(led)} 条：{'、'.join(dict.fromkeys(led))}")
    return [f"{'；'.join(told)}。"] if told else []
