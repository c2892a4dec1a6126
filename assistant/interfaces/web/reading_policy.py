"""One policy to read: its facts, its clause tree, its whole text with an anchor a clause, search inside."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html import escape
from urllib.parse import quote

from assistant.answering.answerer import Answerer
from assistant.interfaces.web.evidence import clause_html, origin_of
from assistant.interfaces.web.showing_sentences import anchor, status_badge
from assistant.model import Clause, Level, Policy, PolicyDocument, Sentence, Span, reading_text

MOST_FOUND = 50
_SPAN = re.compile(r"(\d{1,8})-(\d{1,8})")
_NOWHERE = Span(0, 0)


def policy_html(opened: Answerer, document: PolicyDocument, today: date, *, mark: str = "", words: str = "") -> str:
    """The page of a policy.

    Args:
        opened: the assistant.
        document: the policy.
        today: the day of its status.
        mark: "start-end" of words to mark.
        words: what is searched for inside, "" for nothing.
    """
    policy = document.policy
    status = opened.status_of(policy.policy_id, today)
    own = quote(policy.policy_id)
    facts = {
        "状态": f"{status_badge(status)} {escape(status.explanation)}",
        "出处": escape(origin_of(opened, policy)),
        "文件": f'{escape(policy.source)}　<a href="{own}/original">看收到的原文</a>',
        "sha256": f"<code>{policy.sha256}</code>",
    }
    rows = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in facts.items())
    tree = "".join(_branch(child) for child in document.root.children)
    text = _section(policy, document.root, document.sentences, _marked(policy, mark))
    return (
        f'<h1>《{escape(policy.title)}》</h1><p><a href="../policies">回到清单</a></p><dl class="facts">{rows}</dl>'
        f"{_ledger(document)}{search_form(own, words, '在这份文件里查找')}{_inside(document, words)}"
        f'<details class="folded tree"><summary>条款目录</summary><ul>{tree}</ul></details>'
        f'<section class="whole"><h2>全文</h2>{text}</section>'
    )


def search_form(action: str, words: str, label: str) -> str:
    """A search box; what is typed is posted and never part of an address."""
    return (
        f'<form class="search" method="post" action="{action}#result" role="search"><label class="field">'
        f'<span>{label}</span><input name="words" value="{escape(words)}" maxlength="300" required autocomplete="off">'
        f'</label><button class="primary">查找</button></form>'
    )


def _ledger(document: PolicyDocument) -> str:
    if not document.ledger:
        return '<p class="hint">来源质量：整理时没有发现缺损。</p>'
    notes = "".join(
        f"<li>第 {entry.span.start}–{entry.span.end} 字：{escape(entry.note)}</li>" for entry in document.ledger
    )
    return (
        f'<details class="folded"><summary>来源质量：整理时记下 {len(document.ledger)} 处</summary>'
        f"<ul>{notes}</ul></details>"
    )


def _marked(policy: Policy, mark: str) -> Span:
    found = _SPAN.fullmatch(mark)
    if not found:
        return _NOWHERE
    start, end = int(found[1]), int(found[2])
    return Span(start, end) if start <= end <= len(policy.text) else _NOWHERE


def _branch(clause: Clause) -> str:
    below = "".join(_branch(child) for child in clause.children)
    units = f"（牵头：{escape('、'.join(clause.lead_units))}）" if clause.lead_units else ""
    name = escape(f"{clause.label or clause.path} {clause.heading}".strip())
    return f'<li><a href="#{quote(anchor(clause))}">{name}</a>{units}{f"<ul>{below}</ul>" if below else ""}</li>'


def _section(policy: Policy, clause: Clause, sentences: tuple[Sentence, ...], mark: Span) -> str:
    """A clause with what it holds, in the order of the text, so that nothing is left out."""
    pieces = [(span.start, _own(policy, clause, span, sentences, mark)) for span in clause.own_spans()]
    pieces += [(child.span.start, _section(policy, child, sentences, mark)) for child in clause.children]
    inside = "".join(markup for _, markup in sorted(pieces, key=lambda piece: piece[0]))
    if clause.level is Level.DOCUMENT:
        return inside
    return f'<div class="clause-text" id="{escape(anchor(clause))}" tabindex="-1">{inside}</div>'


def _own(policy: Policy, clause: Clause, span: Span, sentences: tuple[Sentence, ...], mark: Span) -> str:
    if not span.of(policy.text).strip():
        return ""
    here = Span(max(span.start, mark.start), min(span.end, mark.end)) if span.overlaps(mark) else None
    return f"<p>{clause_html(policy, replace(clause, span=span, children=()), here, sentences)}</p>"


def _inside(document: PolicyDocument, words: str) -> str:
    """The sentences that hold the words exactly."""
    if not words:
        return ""
    policy = document.policy
    found = [one for one in document.sentences if words in reading_text(one.span.of(policy.text))]
    items = "".join(_hit(document, sentence, words) for sentence in found[:MOST_FOUND])
    what = f"有这几个字的 {len(found)} 句" if found else "这份文件里没有这几个字"
    return f'<section id="result" tabindex="-1"><h2>{what}</h2><ul class="found">{items}</ul></section>'


def _hit(document: PolicyDocument, sentence: Sentence, words: str) -> str:
    clause = document.clause(sentence.clause_id)
    text = reading_text(sentence.span.of(document.policy.text))
    shown = escape(text).replace(escape(words), f"<mark>{escape(words)}</mark>")
    address = f"?mark={sentence.span.start}-{sentence.span.end}#{quote(anchor(clause))}"
    return f'<li><blockquote>{shown}</blockquote><p><a href="{address}">{escape(clause.path or "全文")}</a></p></li>'
