"""Hand-made policies: a district, its city, another province; short sentences that speak of the same things."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from fakes import FakeEmbedder

from assistant.indexing.build import build_generation
from assistant.indexing.manifest import SourceFile
from assistant.model import (
    Chunk,
    Clause,
    Deadline,
    Evidence,
    LedgerEntry,
    Level,
    Policy,
    PolicyDocument,
    Reference,
    Sentence,
    Span,
)
from assistant.tokenization import Tokenizer

HAIZHU, GUANGZHOU, ZHEJIANG = "440105", "440100", "330000"

TEXTS = {
    ("haizhu", HAIZHU): ("企业按规定提取职工教育经费。", "首席技师可申领群贤卡。", "本计划由区人社局负责解释。"),
    ("guangzhou", GUANGZHOU): ("高技能人才可纳入人才绿卡申领范围。", "鼓励企业设立技能津贴。", "补贴每人 3.5 万元。"),
    ("zhejiang", ZHEJIANG): ("鼓励上市企业给予高技能人才股权激励。", "每年开展技能培训50万人次。"),
}

SOURCES = (SourceFile("haizhu/haizhu.txt", "0" * 64),)


def document(policy_id: str, jurisdiction: str, sentences: Iterable[str]) -> PolicyDocument:
    """A policy of one chapter whose items are the sentences, one a line."""
    text, items, spans = "一、总则\n", [], []
    for number, sentence in enumerate(sentences, start=1):
        span = Span(len(text), len(text) + len(sentence))
        clause_id = f"{policy_id}#chp_1__item_{number}"
        items.append(Clause(clause_id, Level.ITEM, f"（{number}）", f"一、（{number}）", "", span))
        spans.append(Sentence(clause_id, span))
        text += sentence + "\n"
    whole = Span(0, len(text))
    chapter = Clause(f"{policy_id}#chp_1", Level.CHAPTER, "一、", "一、", "总则", whole, tuple(items), ("区人社局",))
    root = Clause(f"{policy_id}#", Level.DOCUMENT, "", "", "", whole, (chapter,))
    policy = Policy(
        policy_id=policy_id,
        title=f"{policy_id}的意见",
        text=text,
        source=f"corpus/{policy_id}/{policy_id}.txt",
        sha256="0" * 64,
        jurisdiction=jurisdiction,
        issuers=("区人民政府", "区人社局"),
        signed_on=date(2025, 4, 10),
        draft_mark=Span(0, 2),
        deadlines=(Deadline("target", date(2027, 12, 31), Span(0, 4)),),
        evidence=(Evidence("title", None, "file name"),),
    )
    ledger = (LedgerEntry("missing", Span(0, 0), "没有文号。"),)
    references = (Reference("关于…的意见", "穗府办〔2025〕7号", Span(0, 3)),)
    return PolicyDocument(policy, root, tuple(spans), ledger, references)


def documents() -> list[PolicyDocument]:
    """The three policies."""
    return [document(policy_id, place, sentences) for (policy_id, place), sentences in TEXTS.items()]


def chunks(of: Iterable[PolicyDocument]) -> list[Chunk]:
    """A chunk for every sentence, with no context; the last of each policy is of kind "duty"."""
    made = []
    for item in of:
        for sentence in item.sentences:
            span, text = sentence.span, sentence.span.of(item.policy.text)
            kind = "duty" if sentence is item.sentences[-1] else "text"
            chunk_id = f"{item.policy.policy_id}@{span.start}-{span.end}"
            place = item.policy.jurisdiction or ""
            made.append(Chunk(chunk_id, item.policy.policy_id, sentence.clause_id, place, span, kind, text, ""))
    return made


def build(index_dir: Path, tokenizer: Tokenizer, embedder: FakeEmbedder | None = None) -> str:
    """An index of the three policies."""
    made = documents()
    return build_generation(made, chunks(made), {}, tokenizer, embedder, index_dir, SOURCES)
