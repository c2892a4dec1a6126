"""Policies and citations as LangChain documents: the words as content, what a citation needs as metadata."""

from __future__ import annotations

from typing import Any

from langchain_core.documents import Document

from assistant.jurisdictions import Gazetteer
from assistant.model import Citation, Policy


def policy_metadata(policy: Policy, gazetteer: Gazetteer) -> dict[str, Any]:
    """The facts of a policy; what its text does not give is None or empty."""
    return {
        "policy_id": policy.policy_id,
        "title": policy.title,
        "document_number": policy.document_number,
        "issuers": list(policy.issuers),
        "jurisdiction": gazetteer.full_name(policy.jurisdiction) if policy.jurisdiction else None,
        "issued_on": policy.issued_on.isoformat() if policy.issued_on else None,
        "source": policy.source,
        "sha256": policy.sha256,
    }


def citation_document(citation: Citation, gazetteer: Gazetteer, **more: object) -> Document:
    """A citation: its quotation, and in the metadata everything the page shows beside it.

    `text[start:end]` of the file named by `source` is the quotation, page breaks inside it aside.
    """
    policy, span = citation.policy, citation.span
    own = {
        "clause": citation.clause.path,
        "clause_id": citation.clause.clause_id,
        "heading": citation.clause.heading,
        "policy_status": citation.status.status.value,
        "force": citation.force.value,
        "duty_bearer": citation.duty_bearer,
        "start": span.start,
        "end": span.end,
        "page": citation.page,
    }
    metadata = {**policy_metadata(policy, gazetteer), **own, **more}
    return Document(id=f"{policy.policy_id}@{span.start}-{span.end}", page_content=citation.quote, metadata=metadata)
