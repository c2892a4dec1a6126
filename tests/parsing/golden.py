"""A parsed policy as text that a person can check against the original."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.model import Clause, PolicyDocument, Span

_FIELDS = (
    "title",
    "notice_title",
    "document_number",
    "jurisdiction",
    "signed_on",
    "printed_on",
    "published_on",
    "effective_from",
    "disclosure",
    "copied_to",
    "contact",
)


def render(document: PolicyDocument) -> str:
    """Header, clause tree, ledger, references and deadlines of a document."""
    policy, text = document.policy, document.policy.text
    lines = [f"# {policy.policy_id}", ""]
    lines += [f"{name}: {getattr(policy, name)}" for name in _FIELDS if getattr(policy, name) is not None]
    lines.append(f"issuers: {'、'.join(policy.issuers)}")
    if policy.draft_mark:
        lines.append(f"draft_mark: {_words(policy.draft_mark.of(text))}")
    lines += ["", "## clauses", ""]
    lines += _clause_lines(document.root, text, 0)
    lines += ["", "## sentences", ""]
    kinds = [sentence.kind for sentence in document.sentences]
    lines.append(", ".join(f"{kind} {kinds.count(kind)}" for kind in sorted(set(kinds))))
    for title, rows in (
        ("ledger", [f"{e.kind} {_at(e.span)} {_short(e.span.of(text))} {e.note}" for e in document.ledger]),
        ("references", [f"{_at(r.span)} 《{r.title}》 {r.document_number or '-'}" for r in document.references]),
        ("deadlines", [f"{d.kind} {d.on} {_at(d.span)} {d.span.of(text)}" for d in policy.deadlines]),
    ):
        lines += ["", f"## {title}", "", *rows]
    return "\n".join(lines).rstrip() + "\n"


def _clause_lines(clause: Clause, text: str, depth: int) -> Iterator[str]:
    local_id = clause.clause_id.split("#", 1)[1]
    heading = f" 「{clause.heading}」" if clause.heading else ""
    own = "".join(span.of(text) for span in clause.own_spans())
    yield f"{'  ' * depth}{local_id} {clause.level} [{clause.path}]{heading} {_at(clause.span)} {_short(own)}"
    if clause.lead_units or clause.cooperating_units:
        units = f"牵头 {'|'.join(clause.lead_units) or '-'}  配合 {'|'.join(clause.cooperating_units) or '-'}"
        yield f"{'  ' * depth}  {units}"
    for child in clause.children:
        yield from _clause_lines(child, text, depth + 1)


def _at(span: Span) -> str:
    return f"{span.start}-{span.end}"


def _words(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _short(text: str) -> str:
    words = _words(text)
    return words if len(words) <= 26 else f"{words[:12]}…{words[-12:]}"
