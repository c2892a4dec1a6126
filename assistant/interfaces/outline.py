"""A policy as text for the terminal: header facts, clause tree, ledger; or one clause in full."""

from __future__ import annotations

from assistant.answering.describing import dated, place_in_full
from assistant.errors import CorpusError
from assistant.jurisdictions import Gazetteer
from assistant.model import Level, PolicyDocument, reading_text
from assistant.retrieval.clause_paths import clauses_at


def policy_outline(document: PolicyDocument, gazetteer: Gazetteer) -> str:
    """Header, tree and ledger."""
    policy = document.policy
    lines = [
        policy.title,
        f"文号：{policy.document_number or '未标明'}　机关：{'、'.join(policy.issuers) or '未标明'}",
        f"日期：{dated(policy)}　地区：{place_in_full(policy, gazetteer)}",
        f"来源：{policy.source}　sha256：{policy.sha256}",
        "",
    ]
    for node in document.root.walk():
        if node.level is Level.DOCUMENT:
            continue
        depth = node.clause_id.count("__")
        units = f"　牵头：{'、'.join(node.lead_units)}" if node.lead_units else ""
        lines.append(f"{'  ' * depth}{node.path}　{node.heading}{units}")
    if document.ledger:
        lines += ["", "整理记录："]
        lines += [f"  {entry.span.start}-{entry.span.end}　{entry.note}" for entry in document.ledger]
    return "\n".join(lines) + "\n"


def clause_text(document: PolicyDocument, path: str) -> str:
    """One clause in full, as read.

    Raises:
        CorpusError: No clause has this path, or several do.
    """
    found = clauses_at(document, path)
    if not found:
        raise CorpusError(f"《{document.policy.title}》没有“{path[:20]}”这一条。不带条款再运行一次可以看到全部编号。")
    if len(found) > 1:
        places = "、".join(node.path for node in found[:8])
        raise CorpusError(f"“{path[:20]}”在这份文件里不止一处：{places}。请写完整的路径。")
    return f"{found[0].path}\n{reading_text(found[0].span.of(document.policy.text))}\n"
