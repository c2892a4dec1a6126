"""Of several versions of a text, answers rest on the one in force: hits in an older one give way to the newer's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from assistant.model import PolicyDocument, Ranking
from assistant.parsing.supersession import NEWER

Documents = Callable[[str], PolicyDocument]
"""A held document by its id."""


def without_older(kept: Ranking, documents: Documents, as_of: date) -> Ranking:
    """The hits without those in a text that a newer one, in force on the day and among the hits, has taken over.

    An older text alone among the hits stays, with its status: what it says may be all there is.
    """
    found = {_policy_id(hit.chunk_id) for hit in kept}
    older = {name for name in found if _newer(documents(name), documents, as_of) & found}
    return tuple(hit for hit in kept if _policy_id(hit.chunk_id) not in older) if older else kept


def _newer(document: PolicyDocument, documents: Documents, as_of: date) -> frozenset[str]:
    named = {entry.note for entry in document.policy.evidence if entry.field == NEWER}
    return frozenset(name for name in named if _begun(documents(name), as_of))


def _begun(document: PolicyDocument, as_of: date) -> bool:
    on = document.policy.effective_from or document.policy.issued_on
    return on is None or on <= as_of


def _policy_id(chunk_id: str) -> str:
    return chunk_id.rpartition("@")[0]
