"""Draft → the text a person reads: notices, conclusion, points, what is open, whom to ask, sources."""

from __future__ import annotations

from assistant.answering.describing import source_line
from assistant.jurisdictions import Gazetteer
from assistant.model import Citation, Draft

SOURCES = "来源："


def as_text(draft: Draft, gazetteer: Gazetteer, next_step: str = "") -> str:
    """The whole text, conclusion first (a draft's warning before it)."""
    lines = [*draft.notices, draft.conclusion]
    for statement in draft.statements:
        marks = "".join(f"[{number}]" for number in statement.citations)
        lines.append(f"- {statement.text}{marks}")
    if draft.gaps:
        lines.append("文件未写明：" + "；".join(draft.gaps) + "。")
    if draft.contacts:
        lines.append("可以问：" + "；".join(draft.contacts) + "。")
    if next_step:
        lines.append(next_step)
    if draft.citations:
        used = {number for statement in draft.statements for number in statement.citations}
        lines.append(SOURCES)
        lines += [_source(n, c, gazetteer, related=n not in used) for n, c in enumerate(draft.citations, 1)]
    return "\n".join(line for line in lines if line)


def _source(number: int, citation: Citation, gazetteer: Gazetteer, *, related: bool) -> str:
    line = source_line(number, citation, gazetteer)
    return f"{line}（相关条款：「{_short(citation.quote)}」）" if related else line


def _short(quote: str) -> str:
    return quote if len(quote) <= 40 else quote[:38] + "……"
