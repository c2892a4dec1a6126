"""Policies and clauses as JSON."""

from __future__ import annotations

from datetime import date

from assistant.answering.answerer import Answerer
from assistant.interfaces.contract import Json
from assistant.model import Clause, PolicyDocument, reading_text


def policy_summary(opened: Answerer, document: PolicyDocument, as_of: date) -> Json:
    """What a policy's own header says, and its status on the day with what that rests on."""
    policy = document.policy
    reading = opened.status_of(policy.policy_id, as_of)
    return {
        "policy_id": policy.policy_id,
        "title": policy.title,
        "document_number": policy.document_number,
        "issuers": list(policy.issuers),
        "jurisdiction": opened.place_name(policy.jurisdiction) if policy.jurisdiction else None,
        "policy_status": reading.status.value,
        "status_basis": reading.explanation,
        "issued_on": _day(policy.issued_on),
        "signed_on": _day(policy.signed_on),
        "printed_on": _day(policy.printed_on),
        "published_on": _day(policy.published_on),
        "effective_from": _day(policy.effective_from),
        "source": policy.source,
        "sha256": policy.sha256,
        "characters": len(policy.text),
    }


def policy_detail(opened: Answerer, document: PolicyDocument, as_of: date) -> Json:
    """The same with the parser's ledger and the whole text."""
    ledger = [
        {"kind": entry.kind, "note": entry.note, "start": entry.span.start, "end": entry.span.end}
        for entry in document.ledger
    ]
    return policy_summary(opened, document, as_of) | {"ledger": ledger, "text": document.policy.text}


def clause_tree(clause: Clause) -> Json:
    """A node and all below it."""
    return {
        "clause_id": clause.clause_id,
        "level": clause.level.value,
        "label": clause.label,
        "path": clause.path,
        "heading": clause.heading,
        "start": clause.span.start,
        "end": clause.span.end,
        "lead_units": list(clause.lead_units),
        "cooperating_units": list(clause.cooperating_units),
        "children": [clause_tree(child) for child in clause.children],
    }


def clause_detail(opened: Answerer, document: PolicyDocument, clause: Clause, as_of: date) -> Json:
    """One clause with its text as read."""
    policy = document.policy
    return clause_tree(clause) | {
        "policy_id": policy.policy_id,
        "title": policy.title,
        "policy_status": opened.status_of(policy.policy_id, as_of).status.value,
        "text": reading_text(clause.span.of(policy.text)),
    }


def _day(on: date | None) -> str | None:
    return on.isoformat() if on else None
