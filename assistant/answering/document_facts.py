"""Answers about a document itself: number, issuers, dates, status, contact. From its header, not from search."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from assistant.answering.citations import cite_span
from assistant.answering.describing import chinese_date, dated
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
    QuestionKind.EFFECTIVE,
    QuestionKind.STATUS,
    QuestionKind.CONTACT,
)
MOST_TEXTS = 12
"""Documents of which each one's dates are told where a question names none."""
_BEGINNING = re.compile(
    r"什么时候|啥时候|何时|哪(?:天|年|日|个月)|几[月号时]|幾時|开始|执行|施行|实施|生效|起效|实行|试行|有效期|日期|时间|期限"
    r"|到|从|起|是|的|了|呢|吗|会|才|就|能|多久|几年|多长|请问|想问|你们|那边|这边|现在|到底|具体|正式|[\s,，。？?!！]"
)
"""What a question holds that asks when a text applies and names no matter of its own."""

# asking for these is not answered by a telephone number
_ONLINE = re.compile(r"网址|网站|邮箱|链接|公众号|小程序|二维码|注册|电邮|地址|[哪边]条路")
_ONLINE_ADDRESS = re.compile(r"@|http|www|路\d")
_DOCUMENT_WORD = re.compile(
    r"文件|意见|方案|计划|稿|政策|规定|号|这份|那份|份|草案|正式|通知|条例|办法|兑现|[个份的]文(?![化书凭])"
)


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
    if QuestionKind.EFFECTIVE in kinds and not _of_document(asked):
        kinds.remove(QuestionKind.EFFECTIVE)  # 「学徒制什么时候开始实施」 is about a matter
    best = holdings.chunks[retrieval.kept[0].chunk_id] if retrieval.kept else None
    documents = holdings.in_scope(scope, own_only=True)
    if kinds == [QuestionKind.EFFECTIVE] and 1 < len(documents) <= MOST_TEXTS:
        return _of_each(documents, holdings, as_of)
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
    if on_matter and not any(fact.known for fact in facts) and QuestionKind.EFFECTIVE not in kinds:
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
    if QuestionKind.EFFECTIVE in kinds:
        told = [fact for fact, kind in zip(facts, kinds, strict=True) if kind is QuestionKind.EFFECTIVE]
    return FactDraft(draft, any(fact.known for fact in told))


def _of_each(documents: Iterable[PolicyDocument], holdings: Holdings, as_of: date) -> FactDraft:
    """When each of several documents applies, where none is named."""
    facts = [_effective(document, holdings.chunks_of(document), as_of) for document in documents]
    citations = tuple(dict.fromkeys(c for fact in facts for c in fact.citations))
    points = tuple(Statement(f"原文：「{c.quote}」", Force.NONE, (n,)) for n, c in enumerate(citations, 1))
    told = "没有说是哪一份文件，各份写的是：" + "".join(fact.sentence for fact in facts)
    draft = Draft(told, points, citations, notices_for(citations, holdings.gazetteer))
    return FactDraft(draft, any(fact.known for fact in facts))


def _of_document(asked: Understanding) -> bool:
    """Whether it is asked when a document applies, not since when something it deals with does."""
    return bool(_DOCUMENT_WORD.search(asked.text)) or not _BEGINNING.sub("", asked.search_text)


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
        QuestionKind.EFFECTIVE: _effective,
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


def _effective(document: PolicyDocument, chunks: tuple[Chunk, ...], as_of: date) -> Fact:
    """Since when and until when a text applies, as far as it says so; its date of signing is neither."""
    policy = document.policy
    until = [deadline for deadline in policy.deadlines if deadline.kind == "valid_until"]
    start = f"自{chinese_date(policy.effective_from)}起施行" if policy.effective_from else "没有写从哪天起施行"
    end = f"有效期到{chinese_date(max(d.on for d in until))}" if until else "没有写有效期"
    known = policy.effective_from is not None or bool(until)
    if policy.draft_mark is not None:
        told = f"《{policy.title}》是征求意见稿，还没有施行；{start}，{end}。"
    else:
        issued = f"；{dated(policy)}，成文、印发的日期不等于施行的日期" if not known and policy.issued_on else ""
        told = f"《{policy.title}》{start}，{end}{issued}。"
    marked = [policy.draft_mark] if policy.draft_mark is not None else []
    starts = [span.start for span in (*marked, *(deadline.span for deadline in until))]
    cited = _evidence(document, chunks, as_of, "effective_from") + _at(document, chunks, as_of, starts)
    return Fact(told, tuple(dict.fromkeys(cited)) or _evidence(document, chunks, as_of, "signed_on", "title"), known)


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
