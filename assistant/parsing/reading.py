"""File → PolicyDocument: the offline path's first half, start to end.

load_text → lines → furniture aside → zones (header, notice, preamble | clauses | closing) → tree → sentences
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from assistant.errors import CorpusError, MetadataError
from assistant.jurisdictions import Gazetteer
from assistant.model import Deadline, Evidence, Policy, PolicyDocument, Span
from assistant.parsing.blocks import LineKind, kind_of
from assistant.parsing.clause_tree import build_tree
from assistant.parsing.cleaning import join_wrapped, read_lines
from assistant.parsing.furniture import set_aside_furniture
from assistant.parsing.header import read_header
from assistant.parsing.header_record import Header
from assistant.parsing.layout import mark_layout
from assistant.parsing.loading import LoadedText, load_text
from assistant.parsing.metadata import MetadataValue, read_metadata, with_metadata
from assistant.parsing.origins import Origin, check_origin, read_origin
from assistant.parsing.parts import annexed_titles, split_parts, zones_of
from assistant.parsing.references import find_references, fold_title, resolved
from assistant.parsing.sentences import sentences_of
from assistant.parsing.status import find_deadlines, find_effective_from, find_validity_years
from assistant.parsing.supersession import link_versions

_NATIONAL = re.compile(
    r"^(?:中共中央|国务院|全国人民代表大会|全国人大|最高人民|中华人民共和国|国家[\u4e00-\u9fff]{2,16}(?:局|委员会|委|办公室|署|中心)"
    r"|(?:教育|科学技术|科技|工业和信息化|公安|民政|司法|财政|人力资源社会保障|人力资源和社会保障|自然资源|生态环境|住房城乡建设"
    r"|住房和城乡建设|交通运输|水利|农业农村|商务|文化和旅游|退役军人事务|应急管理|外交|国防|中央宣传|中央组织)部)"
)
_NATION = "100000"


def read_corpus(folder: Path, gazetteer: Gazetteer) -> tuple[PolicyDocument, ...]:
    """Read every text under `folder` (corpus/<place>/*.txt), sorted by id, with mentions of each other resolved.

    Raises:
        CorpusError: The folder holds no text, two texts share a name, or one cannot be read.
    """
    paths, values = corpus_files(folder)
    documents = [read_policy(path, folder.parent, gazetteer, values) for path in paths]
    titles = {fold_title(d.policy.title): d.policy.policy_id for d in documents}
    return link_versions([replace(d, references=resolved(d.references, titles)) for d in documents])


def corpus_files(folder: Path) -> tuple[list[Path], tuple[MetadataValue, ...]]:
    """The texts under a corpus folder in the order of the documents, and what `metadata.jsonl` says of them.

    Raises:
        CorpusError: As `read_corpus`.
    """
    paths = sorted(path for path in folder.glob("*/*.txt") if path.parent.name not in ("lexicon", "questions"))
    if not paths:
        raise CorpusError(
            f"语料目录 {folder.name}/ 里没有政策文本，无从回答。请把 .txt 文件放进 {folder.name}/<地区>/ 再试。"
        )
    names = [path.stem for path in paths]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise CorpusError(f"有两份文件同名：{twice[0]}.txt。文件名用作编号，请改名后再试。")
    values = read_metadata(folder / "metadata.jsonl")
    if strangers := sorted({value.policy_id for value in values} - set(names)):
        raise MetadataError(f"metadata.jsonl 提到的「{strangers[0]}」在语料里没有对应文件，请核对 policy_id。")
    return paths, tuple(values)


def read_policy(path: Path, root: Path, gazetteer: Gazetteer, values: Iterable[MetadataValue] = ()) -> PolicyDocument:
    """Read one file; `root` is the folder that `Policy.source` is relative to.

    Raises:
        CorpusError: The file cannot be read, or a metadata value does not fit it.
    """
    loaded = load_text(path)
    source = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
    own = [value for value in values if value.policy_id == path.stem]
    origin = read_origin(path)
    if origin is not None:
        check_origin(origin, path, loaded.sha256)
    return read_filed(path.stem, loaded, source, gazetteer, own, origin)


def read_filed(
    policy_id: str,
    loaded: LoadedText,
    source: str,
    gazetteer: Gazetteer,
    values: Iterable[MetadataValue],
    origin: Origin | None,
) -> PolicyDocument:
    """Read a loaded text of the corpus with its own metadata and its record of origin; see `read_policy`."""
    if origin is None:
        return read_text(policy_id, loaded, source, gazetteer, values)
    document = read_text(policy_id, loaded, source, gazetteer, [*origin.metadata(policy_id), *values])
    ledger = sorted((*document.ledger, *origin.ledger(len(loaded.text))), key=lambda entry: entry.span)
    return replace(document, policy=replace(document.policy, pages=origin.pages), ledger=tuple(ledger))


def read_text(
    policy_id: str,
    loaded: LoadedText,
    source: str,
    gazetteer: Gazetteer,
    values: Iterable[MetadataValue] = (),
) -> PolicyDocument:
    """Read a text that is already loaded; see `read_policy`."""
    text = loaded.text
    kept, aside = set_aside_furniture(read_lines(text))
    parts = split_parts(mark_layout(kept))
    front, front_breaks = join_wrapped(parts.front, lambda line: kind_of(line) is LineKind.BODY)
    # what is annexed goes on from nothing before it
    lines = tuple(replace(line, after_aside=True) if line.span.start in parts.annexes else line for line in parts.body)
    body, body_breaks = join_wrapped(lines)
    fields = body[:60] if any(line.section for line in body) else ()
    header = read_header(front, parts.tail, annexed_titles(parts), fields)
    tree = build_tree(policy_id, text, zones_of(header, parts, aside), body, parts.annexes)
    sentences = sentences_of(text, tree.root, body, (*header.front, *header.tail))
    ledger = (*aside, *front_breaks, *body_breaks, *header.ledger, *tree.ledger)
    policy = _policy(policy_id, loaded, source, header, gazetteer)
    own = (header.title, header.notice_title or "")
    effective = find_effective_from(text, sentences, policy.issued_on, own)
    deadlines = find_deadlines(text, sentences, policy.issued_on)
    if effective:
        policy = replace(
            policy, effective_from=effective[0], evidence=(*policy.evidence, Evidence("effective_from", effective[1]))
        )
    if years := find_validity_years(text, sentences, policy.effective_from or policy.issued_on, own):
        deadlines = (*deadlines, years)
    if header.repealed_span is not None:
        on = header.repealed_on or policy.published_on or policy.issued_on or date.min
        deadlines = (*deadlines, Deadline("repealed", on, header.repealed_span))
    policy = with_metadata(replace(policy, deadlines=deadlines), values, gazetteer)
    ordered = tuple(sorted(ledger, key=lambda entry: entry.span))
    return PolicyDocument(policy, tree.root, sentences, ordered, find_references(text))


def _policy(policy_id: str, loaded: LoadedText, source: str, header: Header, gazetteer: Gazetteer) -> Policy:
    jurisdiction, evidence = _jurisdiction(header, gazetteer)
    return Policy(
        policy_id=policy_id,
        title=header.title or policy_id,
        text=loaded.text,
        source=source,
        sha256=loaded.sha256,
        jurisdiction=jurisdiction,
        issuers=header.issuers,
        document_number=header.document_number,
        notice_title=header.notice_title,
        signed_on=header.signed_on,
        printed_on=header.printed_on,
        published_on=header.published_on,
        effective_from=header.effective_from,
        draft_mark=header.draft_mark,
        disclosure=header.disclosure,
        copied_to=header.copied_to,
        contact=header.contact,
        evidence=(*header.evidence, *evidence),
    )


def _jurisdiction(header: Header, gazetteer: Gazetteer) -> tuple[str | None, tuple[Evidence, ...]]:
    """The place of the first issuer; without issuers, the one place the title names."""
    where: Mapping[str, Span | None] = {entry.field: entry.span for entry in header.evidence}
    for name, words in (("issuers", header.issuers[0] if header.issuers else ""), ("title", header.title)):
        if _NATIONAL.match(words):
            return _NATION, (Evidence("jurisdiction", where.get(name), "全国"),)
        mentions = gazetteer.find(words)
        if mentions:
            return mentions[-1].place.code, (Evidence("jurisdiction", where.get(name), mentions[-1].place.name),)
    return None, ()
