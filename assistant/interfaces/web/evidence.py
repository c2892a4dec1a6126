"""The evidence column: one card per citation, with the whole clause and the quoted words marked."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.interfaces.web.asking import Answerer, Trouble, Turn, Turns, place_of
from assistant.interfaces.web.escaping import escape
from assistant.interfaces.web.reading import card_id, citations_of, direct_numbers
from assistant.interfaces.web.referencing import in_a_list, in_a_sentence
from assistant.interfaces.web.showing_sentences import text_address
from assistant.model import (
    FORCE_LABELS,
    STATUS_LABELS,
    Answer,
    Citation,
    Clarification,
    Clause,
    Force,
    Policy,
    Refusal,
    Sentence,
    Span,
)

_LINE_BREAK = re.compile(r"[ \t\u3000]*(?:\r\n|\r|\n|\f)[\s\u3000]*")  # as `reading_text` reads it

NOTHING_YET = '<h2 id="evidence-title">依据</h2><p class="hint">回答引用的条款会列在这里：一条一张卡片，原文照录。</p>'


def evidence_html(answerer: Answerer, turns: Turns) -> str:
    """All cards of the conversation: the newest question's first, older ones folded below.

    The markup holds no line end, so that the page's Markdown reads it as one block of HTML.
    """
    if not turns:
        return NOTHING_YET
    newest, earlier = turns[-1], [turn for turn in reversed(turns[:-1]) if citations_of(turn)]
    folded = "".join(
        f'<details class="earlier"><summary>前面的问题：{escape(turn.question)}（{len(citations_of(turn))} 条）'
        f"</summary>{_cards(answerer, turn)}</details>"
        for turn in earlier
    )
    return f'<h2 id="evidence-title">{_title(newest)}</h2><div class="newest">{_cards(answerer, newest)}</div>{folded}'


def clause_html(policy: Policy, clause: Clause, quoted: Span | None, sentences: Sequence[Sentence] = ()) -> str:
    """A clause's whole text, escaped, with the quoted words, if any, in `<mark>`.

    A line or page break inside a sentence is read over, as in `reading_text`; any other break is kept as `<br>`.
    Nothing else is changed.
    """
    text = policy.text
    start, end = _trimmed(text, clause.span)
    mark_start, mark_end = _trimmed(text, quoted) if quoted else (-1, -1)
    inside = [sentence.span for sentence in sentences if sentence.span.overlaps(clause.span)]
    parts: list[str] = []
    at = start
    for line_break in [*_LINE_BREAK.finditer(text, start, end), None]:
        stop = line_break.start() if line_break else end
        parts += [
            escape(text[at : _within(mark_start, at, stop)]),
            "<mark>" if at <= mark_start < stop else "",
            escape(text[_within(mark_start, at, stop) : _within(mark_end, at, stop)]),
            "</mark>" if at < mark_end <= stop else "",
            escape(text[_within(mark_end, at, stop) : stop]),
        ]
        if line_break:
            at = line_break.end()
            joined = any(span.start < line_break.start() and at < span.end for span in inside)
            parts.append("" if joined else "<br>")
    return "".join(parts)


def _trimmed(text: str, span: Span) -> tuple[int, int]:
    raw = span.of(text)
    return span.start + len(raw) - len(raw.lstrip()), span.end - len(raw) + len(raw.rstrip())


def _within(offset: int, low: int, high: int) -> int:
    return min(max(offset, low), high)


def _title(turn: Turn) -> str:
    count = len(direct_numbers(turn))
    if isinstance(turn.reply, Answer) and count:
        return f"依据（{count} 条）"
    if isinstance(turn.reply, Refusal) and count:
        return f"相关条款（{count} 条，没有直接回答）"
    return "依据"


def _cards(answerer: Answerer, turn: Turn) -> str:
    cited = citations_of(turn)
    if not cited:
        waiting = isinstance(turn.reply, Clarification | Trouble)
        return f'<p class="hint">{"这一问还没有回答，没有依据可列。" if waiting else "这一问没有引用条款。"}</p>'
    direct = direct_numbers(turn)
    related = [number for number in range(1, len(cited) + 1) if number not in direct]
    cards = {n: _card(answerer, turn, n, citation) for n, citation in enumerate(cited, start=1)}
    shown = "".join(cards[number] for number in direct)
    folded = "".join(cards[number] for number in related)
    more = f'<details class="related"><summary>相关条款（{len(related)} 条，回答没有用到）</summary>{folded}</details>'
    return shown + (more if related else "")


def _card(answerer: Answerer, turn: Turn, number: int, citation: Citation) -> str:
    policy, clause, status = citation.policy, citation.clause, citation.status
    sentences = next((d.sentences for d in answerer.documents if d.policy.policy_id == policy.policy_id), ())
    facts = {
        "条款": f"{clause.path} {clause.heading}".strip() or "全文",
        **({"页": f"第 {citation.page} 页"} if citation.page else {}),
        "状态": "：".join(filter(None, [STATUS_LABELS[status.status], status.explanation])),
        "要求": f"{FORCE_LABELS[citation.force]}{f'（对象：{citation.duty_bearer}）' if citation.duty_bearer else ''}",
    }
    origin = origin_of(answerer, policy)
    forms = {"sentence": in_a_sentence(citation, origin), "list": in_a_list(citation)}
    written = "".join(f'<span class="as-{form}">{escape(words)}</span>' for form, words in forms.items())
    rows = "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in facts.items())
    return (
        f'<article class="card" id="{card_id(turn, number)}" tabindex="0"><details><summary>'
        f'<h3><span class="number">[{number}]</span> 《<span class="title">{escape(policy.title)}</span>》'
        f'<span class="where">{escape(clause.path)}</span></h3>'
        f'<span class="badge status-{status.status.value}">{STATUS_LABELS[status.status]}</span> '
        f"{_force_badge(citation)}"
        f'</summary><p class="origin">{escape(origin)}</p>'
        f'<p class="clause">{clause_html(policy, clause, citation.span, sentences)}</p><dl>{rows}</dl>'
        f'<p class="written">{written}</p>'
        f'<p class="tools"><button type="button" class="copy as-sentence">复制引文</button>'
        f'<button type="button" class="copy as-list">复制参考文献</button>'
        f'<a class="to-text" href="../{text_address(policy, clause, citation.span)}">看全文</a>'
        f'<a href="#question">返回提问</a></p>'
        f"</details></article>"
    )


def _force_badge(citation: Citation) -> str:
    bearer = f"·{escape(citation.duty_bearer)}" if citation.duty_bearer and citation.force is Force.MUST else ""
    return f'<span class="badge force-{citation.force.value}">{FORCE_LABELS[citation.force]}{bearer}</span>'


def origin_of(answerer: Answerer, policy: Policy) -> str:
    """Number, issuers, dates and place in one line; what the text does not give is named as missing."""
    known = [
        policy.document_number or "发文字号未标明",
        "、".join(policy.issuers) or "发文机关未标明",
        dates_of(policy),
        place_of(answerer, policy),
    ]
    return " · ".join(known)


def dates_of(policy: Policy) -> str:
    """Every date the text gives, with its kind: "2025-04-10 成文、2025-04-14 印发"."""
    named = [
        (policy.signed_on, "成文"),
        (policy.printed_on, "印发"),
        (policy.published_on, "发布"),
        (policy.effective_from, "施行"),
    ]
    return "、".join(f"{on.isoformat()} {kind}" for on, kind in named if on) or "日期未标明"
