"""A citation as people write it down: in a sentence, or as an entry of a reference list after GB/T 7714.

The standard's own example of a policy: 「北京市人民政府办公厅. 关于…的通知：京政办发〔2005〕37号[…]. 2005-07-12」, who
is responsible, title and number, the kind in brackets, the date. The kind is Z ("other"): A is an archive's file in
the edition of 2025, and /OL wants an address and the day it was read, which a text held here does not have. What a
text does not say is left out; what the writer adds stands in square brackets, as the standard has it.
"""

from __future__ import annotations

from assistant.model import STATUS_LABELS, Citation, Policy, Status

MOST_ISSUERS = 3
"""Issuers named; beyond that the standard wants the first three and 「等」."""

_DRAFT = STATUS_LABELS[Status.DRAFT]


def in_a_sentence(citation: Citation, origin: str) -> str:
    """The quotation with where it stands: “…”（《题名》三、（六）；文号 · 机关 · 日期 · 地区；状态）.

    Args:
        citation: what is quoted.
        origin: number, issuers, dates and place in one line.
    """
    clause, status = citation.clause, citation.status
    where = f"{clause.path} {clause.heading}".strip() or "全文"
    stands = "：".join(filter(None, [STATUS_LABELS[status.status], status.explanation]))
    return f"“{citation.quote}”（《{citation.policy.title}》{where}；{origin}；{stands}）"


def in_a_list(citation: Citation) -> str:
    """An entry after GB/T 7714: 发文机关. 题名：文号[Z]. 日期：条款. A draft is called one."""
    policy, clause = citation.policy, citation.clause
    named = policy.title
    if citation.status.status is Status.DRAFT and _DRAFT not in named:
        named += f"[{_DRAFT}]"
    if policy.document_number:
        named += f"：{policy.document_number}"
    dated = policy.issued_on.isoformat() if policy.issued_on else ""
    where = "：".join(filter(None, [dated, clause.path]))
    return " ".join(f"{part}." for part in (_responsible(policy), f"{named}[Z]", where) if part)


def _responsible(policy: Policy) -> str:
    return "，".join(policy.issuers[:MOST_ISSUERS]) + ("，等" if len(policy.issuers) > MOST_ISSUERS else "")
