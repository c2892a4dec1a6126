"""Clause tree → chunks. One sentence is one chunk; what is searched with it (headings, title) is not what is quoted."""

from __future__ import annotations

from assistant.model import Chunk, Clause, Level, PolicyDocument, reading_text, row_text


def chunks_of(document: PolicyDocument) -> tuple[Chunk, ...]:
    """The chunks of a policy in text order; page furniture gives none."""
    policy = document.policy
    lines = {clause.clause_id: clause for clause in document.root.walk()}
    headings = _heading_paths(document)
    return tuple(
        Chunk(
            chunk_id=f"{policy.policy_id}@{sentence.span.start}-{sentence.span.end}",
            policy_id=policy.policy_id,
            clause_id=sentence.clause_id,
            jurisdiction=policy.jurisdiction or "",
            span=sentence.span,
            kind=sentence.kind,
            text=_text(lines[sentence.clause_id], reading_text(sentence.span.of(policy.text))),
            context=f"{policy.title} {headings[sentence.clause_id]}".strip(),
        )
        for sentence in document.sentences
        if lines[sentence.clause_id].level is not Level.FURNITURE
    )


def _text(clause: Clause, quote: str) -> str:
    return row_text(clause.heading, quote) if clause.level is Level.ROW else quote


def _heading_paths(document: PolicyDocument) -> dict[str, str]:
    """Clause id → headings from the chapter down to the clause, space separated."""
    paths: dict[str, str] = {}

    def visit(clause: Clause, above: str) -> None:
        path = f"{above} {clause.heading}".strip()
        paths[clause.clause_id] = path
        for child in clause.children:
            visit(child, path)

    visit(document.root, "")
    return paths
