"""The chat column: each turn as messages. Answers keep their own lines; their source list is left to the cards."""

from __future__ import annotations

import re
from typing import NotRequired, TypedDict

from assistant.interfaces.web.asking import KEPT_TURNS, Trouble, Turn, Turns
from assistant.interfaces.web.escaping import escape
from assistant.interfaces.web.handing_over import handover_html
from assistant.interfaces.web.reading import body_lines, card_id, citations_of
from assistant.model import Answer, Clarification, Refusal, RefusalReason

DISCLAIMER = "摘自原文，非官方答复，以发文单位最新文件为准"
_EARLIER_GONE = f'<p class="hint">只保留最近 {KEPT_TURNS} 问，更早的已移出本页。</p>'
SEARCHING = "正在查找原文…"
REASON_LABELS = {
    RefusalReason.NOT_IN_CORPUS: "库内没有这项规定",
    RefusalReason.NOT_STATED: "库内有相关文件，但没有写明",
    RefusalReason.OUT_OF_SCOPE: "超出本助手的范围",
    RefusalReason.UNCLEAR: "问题还不清楚",
    RefusalReason.PERSONAL_DATA: "问题里有个人信息",
}

_WARNING = "注意"  # begins what must not be overlooked; other notices say how the question was read
_MARK = re.compile(r"(\[\d+\])")
_BULLET = re.compile(r"\s*[-·•]\s+")


class Option(TypedDict):
    """A button under the newest message."""

    value: str


class Message(TypedDict):
    """A chat message as Gradio takes it."""

    role: str
    content: str
    options: NotRequired[list[Option]]


def messages(turns: Turns, pending: str | None = None) -> list[Message]:
    """The conversation, and a question that is still being looked up."""
    shown: list[Message] = []
    if turns and turns[0].number > 1:
        shown.append({"role": "assistant", "content": _EARLIER_GONE})
    for turn in turns:
        shown += [{"role": "user", "content": _asked(turn.question)}, _replied(turn)]
    if pending is not None:
        waiting = f'<p class="hint pending">{SEARCHING}</p>'
        shown += [{"role": "user", "content": _asked(pending)}, {"role": "assistant", "content": waiting}]
    return shown


def _asked(question: str) -> str:
    return f'<p class="asked">{escape(question)}</p>'


def _replied(turn: Turn) -> Message:
    reply = turn.reply
    if isinstance(reply, Trouble):
        return {"role": "assistant", "content": f'<p class="trouble">{escape(reply.message)}</p>'}
    if isinstance(reply, Clarification):
        lines = "".join(f"<p>{escape(line)}</p>" for line in _clarifying_lines(reply))
        content = lines + _phrasing_html(turn) + handover_html(turn)
        return {"role": "assistant", "content": content, "options": [{"value": choice} for choice in reply.choices]}
    return {"role": "assistant", "content": _answered(turn, reply) + _phrasing_html(turn) + handover_html(turn)}


def _phrasing_html(turn: Turn) -> str:
    """That a language model is at work on an answer that stands already."""
    if not turn.phrasing:
        return ""
    name = escape(turn.phrasing)
    if isinstance(turn.reply, Answer):
        told = f"以上是文件原句。语言模型（{name}）正在摘写要点，写好后代替上面的文字…"
    else:
        told = f"语言模型（{name}）正在把您的追问补全，读得通就再查一次…"
    return f'<p class="phrasing">{told}</p>'


def _clarifying_lines(reply: Clarification) -> list[str]:
    """The question back; choices are shown as buttons, so lines that repeat them are left out."""
    lines = [line for line in body_lines(reply.text) if not any(line.endswith(choice) for choice in reply.choices)]
    return lines or [reply.message]


def _answered(turn: Turn, reply: Answer | Refusal) -> str:
    lines = body_lines(reply.text)
    notices = [notice for notice in reply.draft.notices if notice]
    body = [line for line in lines if line not in notices]
    parts = [
        f'<p class="{"notice" if notice.startswith(_WARNING) else "aside"}">{escape(notice)}</p>' for notice in notices
    ]
    if isinstance(reply, Refusal):
        parts.append(f'<p class="reason">{REASON_LABELS[reply.reason]}</p>')
    parts.append(_paragraphs(turn, body))
    if isinstance(reply, Refusal) and reply.next_step and reply.next_step not in reply.text:
        parts.append(f'<p class="next-step">下一步：{escape(reply.next_step)}</p>')
    parts.append(f'<p class="disclaimer">{DISCLAIMER}</p>')
    return f'<div class="answer">{"".join(parts)}</div>'


def _paragraphs(turn: Turn, lines: list[str]) -> str:
    """Bullets as list items, other lines as paragraphs; the first line that is no warning is the conclusion."""
    parts: list[str] = []
    conclusion = next((line for line in lines if not line.startswith(_WARNING)), None)
    for line in lines:
        bullet = _BULLET.match(line)
        if bullet:
            parts.append(f"<ul><li>{_linked(turn, line[bullet.end() :])}</li></ul>")
        else:
            kind = "notice" if line.startswith(_WARNING) else "conclusion" if line is conclusion else "line"
            parts.append(f'<p class="{kind}">{_linked(turn, line)}</p>')
    return "".join(parts).replace("</ul><ul>", "")


def _linked(turn: Turn, line: str) -> str:
    """The line escaped, its marks [n] linked to their cards."""
    count = len(citations_of(turn))
    parts: list[str] = []
    for piece in _MARK.split(line):
        number = int(piece[1:-1]) if _MARK.fullmatch(piece) else 0
        if 1 <= number <= count:
            parts.append(f'<a class="cite" href="#{card_id(turn, number)}">{escape(piece)}</a>')
        else:
            parts.append(escape(piece))
    return "".join(parts)
