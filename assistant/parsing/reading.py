"""File → PolicyDocument: the offline path's first half, start to end.

load_text → lines → furniture aside → zones (header, notice, preamble | clauses | closing) → tree → sentences
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from assistant.errors import CorpusError, MetadataError
from assistant.jurisdictions import Gazetteer
from assistant.model import Deadline, Evidence, LedgerEntry, Level, Policy, PolicyDocument, Span
from assistant.parsing.cleaning import Line, join_wrapped, read_lines, set_aside_furniture
from assistant.parsing.clause_tree import Zone, build_tree
from assistant.parsing.header import Header, LineKind, kind_of, read_header
from assistant.parsing.headings import heading_of
from assistant.parsing.loading import LoadedText, load_text
from assistant.parsing.metadata import MetadataValue, read_metadata
from assistant.parsing.references import find_references, fold_title
from assistant.parsing.sentences import sentences_of
from assistant.parsing.status import find_deadlines, find_effective_from, find_validity_years

_OPENS_BODY = (Level.PART, Level.CHAPTER, Level.SECTION, Level.ARTICLE, Level.ITEM, Level.SUBITEM)
_TAIL_KINDS = (LineKind.DATE, LineKind.PRINTED, LineKind.LABELLED, LineKind.ORGANS)


@dataclass(frozen=True, slots=True)
class Parts:
    """The lines of a text by place: before the clauses, the clauses, after them."""

    front: tuple[Line, ...]
    body: tuple[Line, ...]
    tail: tuple[Line, ...]


def read_corpus(folder: Path, gazetteer: Gazetteer) -> tuple[PolicyDocument, ...]:
    """Read every text under `folder` (corpus/<place>/*.txt), sorted by id, with mentions of each other resolved.

    Raises:
        CorpusError: The folder holds no text, two texts share a name, or one cannot be read.
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
    documents = [read_policy(path, folder.parent, gazetteer, values) for path in paths]
    titles = {fold_title(d.policy.title): d.policy.policy_id for d in documents}
    return tuple(replace(d, references=find_references(d.policy.text, titles)) for d in documents)


def read_policy(path: Path, root: Path, gazetteer: Gazetteer, values: Iterable[MetadataValue] = ()) -> PolicyDocument:
    """Read one file; `root` is the folder that `Policy.source` is relative to.

    Raises:
        CorpusError: The file cannot be read, or a metadata value does not fit it.
    """
    loaded = load_text(path)
    source = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
    own = [value for value in values if value.policy_id == path.stem]
    return read_text(path.stem, loaded, source, gazetteer, own)


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
    parts = split_parts(kept)
    front, front_breaks = join_wrapped(parts.front, lambda line: kind_of(line) is LineKind.BODY)
    body, body_breaks = join_wrapped(parts.body)
    header = read_header(front, parts.tail)
    zones = _zones(header, parts, aside)
    tree = build_tree(policy_id, text, zones, body)
    sentences = sentences_of(text, tree.root, body, (*header.front, *header.tail))
    ledger = (*aside, *front_breaks, *body_breaks, *header.ledger, *tree.ledger)
    policy = _policy(policy_id, loaded, source, header, gazetteer)
    effective = find_effective_from(text, sentences, policy.issued_on)
    deadlines = find_deadlines(text, sentences)
    if effective:
        policy = replace(
            policy, effective_from=effective[0], evidence=(*policy.evidence, Evidence("effective_from", effective[1]))
        )
    if years := find_validity_years(text, sentences, policy.effective_from or policy.issued_on):
        deadlines = (*deadlines, years)
    policy = _with_metadata(replace(policy, deadlines=deadlines), values)
    ordered = tuple(sorted(ledger, key=lambda entry: entry.span))
    return PolicyDocument(policy, tree.root, sentences, ordered, find_references(text))


def split_parts(lines: tuple[Line, ...]) -> Parts:
    """Where the clauses begin and where the closing does.

    The closing is the run of signature, date, 公开方式, 抄送 and 附件 lines at the end; the front ends at the first
    labelled clause. A text without labels is all front.
    """
    first = next((i for i, line in enumerate(lines) if _opens_body(line)), len(lines))
    last = len(lines)
    while last > first and (kind_of(lines[last - 1].text) in _TAIL_KINDS or _lists_attachments(lines[last - 1])):
        last -= 1
    if not any(kind_of(line.text) in (*_TAIL_KINDS[:3],) or _lists_attachments(line) for line in lines[last:]):
        last = len(lines)
    return Parts(lines[:first], lines[first:last], lines[last:])


def _opens_body(line: Line) -> bool:
    heading = heading_of(line.text)
    return heading is not None and heading.level in _OPENS_BODY and heading.certain


def _lists_attachments(line: Line) -> bool:
    return line.text.startswith(("附件：", "附件:"))


def _zones(header: Header, parts: Parts, aside: tuple[LedgerEntry, ...]) -> tuple[Zone, ...]:
    """Header, covering notice, plan title, preamble, closing and page furniture, where the text has them."""
    zones: list[Zone] = []
    body_start = parts.body[0].span.start if parts.body else parts.tail[0].span.start if parts.tail else None
    front = header.front
    if front:
        preamble = _preamble_start(header)
        notice = header.notice_span
        head_end = notice.start if notice else preamble if preamble is not None else front[-1].span.end
        before = [block for block in front if block.span.end <= head_end]
        if before:
            zones.append(Zone(Level.HEADER, "首部", Span(before[0].span.start, before[-1].span.end)))
        if notice and header.title_span:
            inside = [block for block in front if notice.start <= block.span.start < notice.end]
            zones.append(Zone(Level.NOTICE, "通知", Span(notice.start, inside[-1].span.end)))
            after = [b for b in front if b.span.start >= notice.end and (preamble is None or b.span.start < preamble)]
            zones.append(Zone(Level.HEADER, "标题", Span(after[0].span.start, after[-1].span.end), header.title))
        if preamble is not None and (body_start is None or preamble < body_start):
            zones.append(Zone(Level.PREAMBLE, "引言", Span(preamble, front[-1].span.end)))
    if parts.tail:
        zones.append(Zone(Level.CLOSING, "尾部", Span(parts.tail[0].span.start, parts.tail[-1].span.end)))
    return (*zones, *_furniture_zones(zones, parts, aside))


def _preamble_start(header: Header) -> int | None:
    """Where running text begins after the title (and after the covering notice)."""
    after = header.title_span.end if header.title_span else 0
    return next((b.span.start for b in header.front if b.kind is LineKind.BODY and b.span.start >= after), None)


def _furniture_zones(zones: list[Zone], parts: Parts, aside: tuple[LedgerEntry, ...]) -> list[Zone]:
    """Furniture outside the clauses, neighbouring lines together; what stands inside a clause stays there."""
    lines = parts.body
    inside = [zone.span for zone in zones]
    if lines:
        inside.append(Span(lines[0].span.start, lines[-1].span.end))
    found: list[Zone] = []
    for entry in aside:
        if any(span.overlaps(entry.span) for span in inside):
            continue
        between = [s for s in inside if found and found[-1].span.end <= s.start < entry.span.start]
        if found and not between:
            found[-1] = Zone(Level.FURNITURE, "附随", Span(found[-1].span.start, entry.span.end))
        else:
            found.append(Zone(Level.FURNITURE, "附随", entry.span))
    return found


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
        mentions = gazetteer.find(words)
        if mentions:
            return mentions[-1].place.code, (Evidence("jurisdiction", where.get(name), mentions[-1].place.name),)
    return None, ()


def _with_metadata(policy: Policy, values: Iterable[MetadataValue]) -> Policy:
    """Values set by a person go over those read; a quote that is not in the text refuses the whole file."""
    for value in values:
        span = None
        if value.quote is not None:
            at = policy.text.find(value.quote)
            if at < 0:
                raise MetadataError(
                    f"metadata.jsonl 为「{policy.policy_id}」的 {value.field} 引用的原文「{value.quote[:20]}」在文件里找不到，"
                    "这个值没有依据。请核对引文。"
                )
            span = Span(at, at + len(value.quote))
        policy = replace(
            policy, evidence=(*policy.evidence, Evidence(value.field, span, value.note or "metadata.jsonl"))
        )
        policy = _set(policy, value)
    return policy


def _set(policy: Policy, value: MetadataValue) -> Policy:
    match value.field:
        case "title":
            return replace(policy, title=value.value)
        case "document_number":
            return replace(policy, document_number=value.value)
        case "jurisdiction":
            return replace(policy, jurisdiction=value.value)
        case "issuers":
            return replace(policy, issuers=tuple(value.value.split("、")))
    try:
        on = date.fromisoformat(value.value)
    except ValueError as error:
        raise MetadataError(
            f"metadata.jsonl 里 {value.field} 的日期「{value.value}」不是 2025-04-10 这样的写法。"
        ) from error
    match value.field:
        case "signed_on":
            return replace(policy, signed_on=on)
        case "published_on":
            return replace(policy, published_on=on)
        case "effective_from":
            return replace(policy, effective_from=on)
    return replace(policy, deadlines=(*policy.deadlines, Deadline("valid_until", on, Span(0, 0))))
