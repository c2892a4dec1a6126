"""Citations → draft: the points with their force, what the text leaves open, whom to ask."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.conclusions import conclude
from assistant.answering.describing import place_of, status_notice
from assistant.jurisdictions import Gazetteer
from assistant.model import FORCE_LABELS, Citation, Draft, Level, Scope, Statement, Status
from assistant.retrieval.understanding import Understanding

LONG_QUOTE = 150
"""Characters from which a point shows only the part of the sentence that was asked about."""
_DEFERRALS = re.compile(
    r"(?:按|按照|根据|依据)(?:国家|省|市)?(?:和省|有关|相关)?(?:政策)?(?:的)?(?:规定|有关规定|相关规定|有关政策|相关政策)"
)


def draft_answer(
    asked: Understanding,
    citations: Sequence[Citation],
    stated: int,
    scope: Scope,
    gazetteer: Gazetteer,
    remarks: Sequence[str] = (),
) -> Draft:
    """An answer from citations, best first; the first `stated` become points, the rest are listed as related."""
    points = tuple(
        Statement(point(citation, scope, gazetteer), citation.force, (number,))
        for number, citation in enumerate(citations[:stated], 1)
    )
    shown = citations[:stated]
    notices, others = warnings_for(citations, stated, gazetteer)
    return Draft(
        conclusion=conclude(asked, shown, gazetteer),
        statements=points,
        citations=tuple(citations),
        notices=notices,
        remarks=(*others, *remarks),
        gaps=_gaps(shown),
        contacts=_contacts(shown),
    )


def warnings_for(
    citations: Sequence[Citation], stated: int, gazetteer: Gazetteer
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Status warnings that lead (any draft cited; the policy the answer rests on first) and those that follow."""
    drafts = notices_for([c for c in citations if c.status.status is Status.DRAFT], gazetteer)
    leading = (*drafts, *(n for n in notices_for(citations[:1], gazetteer) if n not in drafts))
    others = [notice for notice in notices_for(citations[:stated], gazetteer) if notice not in leading]
    return leading, tuple(others)


def notices_for(citations: Sequence[Citation], gazetteer: Gazetteer) -> tuple[str, ...]:
    """The status warnings of the policies cited, drafts first, each once."""
    found = [status_notice(citation.policy, citation.status, gazetteer) for citation in citations]
    unique = dict.fromkeys(notice for notice in found if notice)
    return tuple(sorted(unique, key=lambda notice: "征求意见稿" not in notice))


def point(citation: Citation, scope: Scope, gazetteer: Gazetteer) -> str:
    """〔force·who〕「quote」, with the place where it is not the one asked about."""
    bearer = f"·{citation.duty_bearer}" if citation.duty_bearer else ""
    label = f"〔{FORCE_LABELS[citation.force]}{bearer}〕"
    own = scope.asked is not None and citation.policy.jurisdiction == scope.asked
    place = "" if own else f"{_relation(citation, scope, gazetteer)}"
    return f"{place}{label}{shown(citation)}"


def shown(citation: Citation) -> str:
    """The quotation in brackets; of a very long sentence the part asked about, its card holds the whole."""
    quote = citation.quote.rstrip("；;")
    if citation.clause.level is Level.ROW and citation.clause.heading:
        return f"「{quote}」（表中这一行：{citation.said}）"
    if len(quote) <= LONG_QUOTE or len(citation.gist) < 10:
        return f"「{quote}」"
    before = "" if quote.startswith(citation.gist) else "……"
    after = "" if quote.endswith(citation.gist) else "……"
    return f"「{before}{citation.gist}{after}」"


def _relation(citation: Citation, scope: Scope, gazetteer: Gazetteer) -> str:
    place = place_of(citation.policy, gazetteer)
    code = citation.policy.jurisdiction
    above = scope.asked is not None and code is not None and gazetteer.covers(code, scope.asked)
    return f"上级（{place}）" if above else f"{place}："


def _gaps(citations: Sequence[Citation]) -> tuple[str, ...]:
    """Deferring words in the quotes: what they leave to other rules is not in this text."""
    words = dict.fromkeys(m.group() for c in citations[:2] for m in _DEFERRALS.finditer(c.quote))
    return tuple(f"“{word}”指的是哪些规定、具体标准多少" for word in list(words)[:1])


def _contacts(citations: Sequence[Citation]) -> tuple[str, ...]:
    """Lead units of the clause first cited, as its text names them; the contact line of the document."""
    best = citations[0]
    found = []
    if best.clause.lead_units and best.clause.duty_span != best.span:
        found.append(f"牵头单位{'、'.join(best.clause.lead_units)}")
    if best.policy.contact:
        found.append(best.policy.contact)
    return tuple(found)
