"""Which texts a question may be answered from; decided before ranking, and fails closed.

广州市 (chosen or named)   its own texts, then 广东省's; never another city's, never a district's
海珠区                     海珠, 广州, 广东: three tiers, each with its seats
深圳市 (no text of its own) 广东省's alone, and the person is told
北京市                     nothing
广州和湛江                 both, side by side
no place                   every text, each answer labelled with its place
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.jurisdictions import Gazetteer, Place, PlaceLevel
from assistant.model import Policy, Question, Scope
from assistant.retrieval.understanding import Understanding


def resolve_scope(asked: Understanding, question: Question, policies: Iterable[Policy], gazetteer: Gazetteer) -> Scope:
    """The scope of a question. The question's own place goes before the selector's."""
    policies = tuple(policies)
    held = frozenset({policy.jurisdiction for policy in policies if policy.jurisdiction})
    named = frozenset(asked.policy_ids) or None
    if len(asked.places) > 1:
        codes = frozenset(code for place in asked.places if (code := _nearest(gazetteer, place.code, held)))
        return Scope((codes,) if codes else (), None, True, named)
    code = asked.places[0].code if asked.places else question.jurisdiction
    if asked.relative is not None and not asked.place_in_question:
        code = _lift(gazetteer, code, asked.relative) or code
        if code is None:
            tier = frozenset(c for c in held if gazetteer.place(c).level is asked.relative)
            return Scope((tier,) if tier else (), None, True, named)
    if code is None:
        if named:
            held = frozenset(p.jurisdiction or "" for p in policies if p.policy_id in named)
        return Scope((held,) if held else (), None, False, named)
    tiers = tuple(frozenset({place.code}) for place in gazetteer.chain(code) if place.code in held)
    own = frozenset(p.jurisdiction or "" for p in policies if named and p.policy_id in named)
    if not asked.places and asked.relative is None and not own.issubset(frozenset().union(*tiers)):
        return Scope((own,), None, False, named)  # a document named by its number goes before the selector
    return Scope(tiers, code, asked.place_in_question, named)


def has_own_text(scope: Scope) -> bool:
    """Whether the place asked about has a text of its own, or no one place was asked about."""
    return scope.asked is None or any(scope.asked in tier for tier in scope.tiers)


def places_without_text(asked: Understanding, policies: Sequence[Policy], gazetteer: Gazetteer) -> tuple[Place, ...]:
    """Of the places compared, those that have no text and no superior's text either."""
    held = frozenset(policy.jurisdiction for policy in policies if policy.jurisdiction)
    return tuple(place for place in asked.places if _nearest(gazetteer, place.code, held) is None)


def _nearest(gazetteer: Gazetteer, code: str, held: frozenset[str]) -> str | None:
    return next((place.code for place in gazetteer.chain(code) if place.code in held), None)


def _lift(gazetteer: Gazetteer, code: str | None, level: PlaceLevel) -> str | None:
    """「省里」 said by someone in 湛江 is 广东省."""
    if code is None:
        return None
    return next((place.code for place in gazetteer.chain(code) if place.level is level), None)
