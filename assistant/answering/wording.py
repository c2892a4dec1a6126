"""Draft → the text a person reads: notices, conclusion, points, what is open, whom to ask, sources."""

from __future__ import annotations

from assistant.answering.describing import policy_line
from assistant.jurisdictions import Gazetteer
from assistant.model import Citation, Draft

SOURCES = "来源："


def as_text(draft: Draft, gazetteer: Gazetteer, next_step: str = "") -> str:
    """The whole text, conclusion first (a draft's warning before it)."""
    lines = [*draft.notices, draft.conclusion]
    for statement in draft.statements:
        marks = "".join(f"[{number}]" for number in statement.citations)
        lines.append(f"- {statement.text}{marks}")
    lines += draft.remarks
    if draft.gaps:
        lines.append("文件未写明：" + "；".join(draft.gaps) + "。")
    if draft.contacts:
        lines.append("可以问：" + "；".join(draft.contacts) + "。")
    if next_step:
        lines.append(next_step)
    if draft.citations:
        lines += [SOURCES, *_sources(draft, gazetteer)]
    return "\n".join(line for line in lines if line)


def _sources(draft: Draft, gazetteer: Gazetteer) -> list[str]:
    """One line per policy with its facts, and under it the clauses cited from it; related ones with their words."""
    used = {number for statement in draft.statements for number in statement.citations}
    lines: list[str] = []
    for policy_id in dict.fromkeys(citation.policy.policy_id for citation in draft.citations):
        own = [(n, c) for n, c in enumerate(draft.citations, 1) if c.policy.policy_id == policy_id]
        paths = "　".join(f"[{n}] {_place(c)}" for n, c in own if n in used)
        related = "　".join(f"[{n}] {_place(c)}" for n, c in own if n not in used)
        lines.append(policy_line(own[0][1], gazetteer))
        lines += [f"  {paths}"] if paths else []
        lines += [f"  相关：{related}"] if related else []
    return lines


def _place(citation: Citation) -> str:
    """The clause, and the page where the file has pages: 「第四条（第3页）」."""
    return citation.clause.path + (f"（第{citation.page}页）" if citation.page else "")
