"""Taking a reply apart: the lines to show, its citations, and which of them the lines rest on."""

from __future__ import annotations

import re

from assistant.interfaces.web.asking import Turn
from assistant.model import Answer, Citation, Refusal

_SOURCES_BEGIN = re.compile(r"\s*(?:来源：\s*$|\[\d+\])")
_MARK = re.compile(r"\[(\d+)\]")


def body_lines(text: str) -> list[str]:
    """The lines of a reply up to its source list, blank ones left out."""
    lines: list[str] = []
    for line in text.splitlines():
        if _SOURCES_BEGIN.match(line):
            break
        if line.strip():
            lines.append(line.strip())
    return lines


def citations_of(turn: Turn) -> tuple[Citation, ...]:
    """The citations of a turn, numbered from 1 in this order."""
    return turn.reply.draft.citations if isinstance(turn.reply, Answer | Refusal) else ()


def direct_numbers(turn: Turn) -> list[int]:
    """The numbers of the citations that the shown lines rest on; all of them where no line names one."""
    numbers = list(range(1, len(citations_of(turn)) + 1))
    lines = body_lines(turn.reply.text) if isinstance(turn.reply, Answer | Refusal) else []
    said = {int(number) for line in lines for number in _MARK.findall(line)}
    return [number for number in numbers if number in said] or numbers


def card_id(turn: Turn, number: int) -> str:
    """The address of a card on the page; marks in the chat link to it."""
    return f"ev-{turn.number}-{number}"
