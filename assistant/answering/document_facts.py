"""Answers about a document itself: number, issuers, dates, status, contact. From its header, not from search."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from assistant.answering.citations import cite_span
from assistant.answering.describing import chinese_date
from assistant.answering.drafting import notices_for
from assistant.answering.holdings import Holdings
from assistant.model import (
    Chunk,
    Citation,
    Draft,
    Evidence,
    Force,
    PolicyDocument,
    Retrieval,
    Scope,
    Statement,
    Status,
)
from assistant.parsing.status import status_on
from assistant.retrieval.cues import QuestionKind
from assistant.retrieval.understanding import Understanding

FACT_KINDS = (
    QuestionKind.TITLE,
    QuestionKind.DOCUMENT_NUMBER,
    QuestionKind.ISSUER,
    QuestionKind.ISSUED_ON,
    QuestionKind.STATUS,
    QuestionKind.CONTACT,
)

# asking for these is not answered by a telephone number
_ONLINE = re.compile(r"网址|网站|邮箱|链接|公众号|小程序|二维码|注册|电邮|地址|[哪边]条路")
_ONLINE_ADDRESS = re.compile(r"@|http|www|路\d")
_DOCUMENT_WORD = re.compile(r"文件|意见|方案|计划|稿|政策|规定|号|这份|那份|份|草案|正式|通知|条例|办法|兑现")


@dataclass(frozen=True, slots=True)
class Fact:
    """A sentence of ours about the document and the words it rests on; `known` is False where the text is silent."""

    sentence: str
    citations: tuple[Citation, ...]
    known: bool


@dataclass(frozen=True, slots=True)
class FactDraft:
    """An answer about a document, and whether the text told what was asked."""

    draft: Draft
    known: bool


def draft_facts(
    asked: Understanding, scope: Scope, retrieval: Retrieval, holdings: Holdings, as_of: date
) -> FactDraft | None:
    """An answer from the header of the one document the question is about; None when it asks about something else.

    A question such as 「现在还能评海珠首席技师吗」 has the cue of a status but is about a matter: when search finds a
    sentence squarely on it and the header knows nothing better, the sentence answers.
    """
    kinds = [kind for kind in asked.kinds if kind in FACT_KINDS]
    if QuestionKind.STATUS in kinds and not _DOCUMENT_WORD.search(asked.text):
        kinds.remove(QuestionKind.STATUS)  # 「首席技师还能申请吗」 is about a matter
    best = holdings.chunks[retrieval.kept[0].chunk_id] if retrieval.kept else None
    documents = holdings.in_scope(scope, own_only=True)
    if best is not None and len(documents) > 1:
        documents = tuple(d for d in documents if d.policy.policy_id == best.policy_id)
    if not kinds or len(documents) != 1:
        return None
    document = documents[0]
    on_matter = (
        best is not None and best.kind == "text" and retrieval.kept[0].score >= holdings.searcher.floors.on_matter
    )
    if on_matter and kinds == [QuestionKind.STATUS] and not asked.asks(QuestionKind.YES_NO):
        return None
    facts = facts_of(document, kinds, holdings.chunks_of(document), as_of)
    if _ONLINE.search(asked.text) and not _ONLINE_ADDRESS.search(document.policy.contact or ""):
        facts = tuple(
            replace(f, known=False) if k is QuestionKind.CONTACT else f for f, k in zip(facts, kinds, strict=True)
        )
    if on_matter and not any(fact.known for fact in facts):
        return None
    citations = tuple(dict.fromkeys(c for fact in facts for c in fact.citations))
    related = holdings.cite_hits(asked, [hit.chunk_id for hit in retrieval.kept[:4]], as_of)
    own = [c for c in related if c.policy is document.policy and c.span not in {c.span for c in citations}]
    points = tuple(Statement(f"原文：「{c.quote}」", Force.NONE, (n,)) for n, c in enumerate(citations, 1))
    draft = Draft(
        conclusion="".join(fact.sentence for fact in facts),
        statements=points,
        citations=(*citations, *own),
        notices=notices_for(citations, holdings.gazetteer),
    )
    told = [fact for fact, kind in zip(facts, kinds, strict=True) if kind is not QuestionKind.STATUS] or facts
    return FactDraft(draft, any(fact.known for fact in told))


def facts_of(
    document: PolicyDocument, kinds: Iterable[QuestionKind], chunks: Iterable[Chunk], as_of: date
) -> tuple[Fact, ...]:
    """One fact for each kind asked about."""
    chunks = tuple(chunk for chunk in chunks if chunk.policy_id == document.policy.policy_id)
    makers = {
        QuestionKind.TITLE: _title,
        QuestionKind.DOCUMENT_NUMBER: _number,
        QuestionKind.ISSUER: _issuer,
        QuestionKind.ISSUED_ON: _dates,
        QuestionKind.STATUS: _status,
        QuestionKind.CONTACT: _contact,
    }
    return tuple(makers[kind](document, chunks, as_of) for kind in kinds if kind in makers)


def _title(document: PolicyDocument, chunks: tuple[Chunk, ...], as_of: date) -> Fact:
    return Fact(
        f"题名：《{document.policy.title}》。", _evidence(document, chunks, as_of, "title", "notice_title"), True
    )


def _number(document: PolicyDocument, chunks: tuple[Chunk, ...], as_of: date) -> Fact:
    policy = document.policy
    if policy.document_number is None:
        return Fact(f"《{policy.title}》没有标明发文字号。", _evidence(document, chunks, as_of, "title"), False)
    return Fact(f"发文字号：{policy.document_number}。", _evidence(document, chunks, as_of, "document_number"), True)


def _issuer(document: PolicyDocument, chunks: tuple[Chunk, ...], as_of: date) -> Fact:
    policy = document.policy
    if not policy.issuers:
        return Fact(f"《{policy.title}》没有标明发文机关。", _evidence(document, chunks, as_of, "title"), False)
    names = "、".join(policy.issuers)
    return Fact(f"发文机关：{names}。", _evidence(document, chunks, as_of, "notice_title", "issuers"), True)


def _dates(document: PolicyDocument, chunks: tuple[Chunk, ...], as_of: date) -> Fact:
    policy = document.policy
    named = (
        ("signed_on", "成文", policy.signed_on),
        ("printed_on", "印发", policy.printed_on),
        ("published_on", "发布", policy.published_on),
    )
    held = [(field, label, on) for field, label, on in named if on]
    if not held:
        return Fact(
            f"《{policy.title}》没有标明成文、印发或发布日期。", _evidence(document, chunks, as_of, "title"), False
        )
    sentence = "，".join(f"{label}日期 {chinese_date(on)}" for _, label, on in held) + "。"
    return Fact(sentence, _evidence(document, chunks, as_of, *(field for field, _, _ in held)), True)


def _status(document: PolicyDocument, chunks: tuple[Chunk, ...], as_of: date) -> Fact:
    policy = document.policy
    reading = status_on(policy, as_of)
    if reading.basis is not None:
        return Fact(reading.explanation, _at(document, chunks, as_of, [reading.basis.start]), True)
    dates = _evidence(document, chunks, as_of, "signed_on", "title")
    return Fact(reading.explanation, dates, reading.status is not Status.UNKNOWN)


def _contact(document: PolicyDocument, chunks: tuple[Chunk, ...], as_of: date) -> Fact:
    policy = document.policy
    if policy.contact is None:
        return Fact(f"《{policy.title}》没有留联系方式。", _evidence(document, chunks, as_of, "title"), False)
    return Fact(f"文件留的联系方式：{policy.contact}。", _evidence(document, chunks, as_of, "contact"), True)


def _evidence(document: PolicyDocument, chunks: tuple[Chunk, ...], as_of: date, *fields: str) -> tuple[Citation, ...]:
    """Citations of the lines the header fields were read from, each line once."""
    entries: list[Evidence] = [e for name in fields for e in document.policy.evidence if e.field == name and e.span]
    return _at(document, chunks, as_of, [entry.span.start for entry in entries if entry.span])


def _at(
    document: PolicyDocument, chunks: tuple[Chunk, ...], as_of: date, positions: Iterable[int]
) -> tuple[Citation, ...]:
    spans = dict.fromkeys(c.span for at in positions for c in chunks if c.span.start <= at < c.span.end)
    return tuple(cite_span(document, span, as_of, binding=False) for span in spans)
