"""`metadata.jsonl`: what a document's own header cannot tell, each value with its evidence.

One JSON object a line: {"policy_id", "field", "value", "evidence": {"quote": "…"} | {"note": "file name"}}.
A quote must stand in the text. Fields: see `FIELDS`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from assistant.errors import JurisdictionError, MetadataError
from assistant.jurisdictions import Gazetteer
from assistant.model import Deadline, Evidence, Policy, Span

FIELDS = (
    "title",
    "document_number",
    "issuers",
    "jurisdiction",
    "signed_on",
    "published_on",
    "effective_from",
    "valid_until",
    "repealed_on",
)


@dataclass(frozen=True, slots=True)
class MetadataValue:
    """One value set by a person. `value` holds several issuers separated by 「、」, dates as 2025-04-10."""

    policy_id: str
    field: str
    value: str
    quote: str | None
    note: str


def read_metadata(path: Path) -> tuple[MetadataValue, ...]:
    """Read the file; a missing file is an empty one.

    Raises:
        MetadataError: A line is not valid; the message names the line.
    """
    if not path.exists():
        return ()
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise MetadataError(
            "metadata.jsonl 不是可读的 UTF-8 文本，未读取任何元数据。请另存为 UTF-8 后再试。"
        ) from error
    values = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            values.append(_value(line, number))
    return tuple(values)


def _value(line: str, number: int) -> MetadataValue:
    where = f"metadata.jsonl 第 {number} 行"
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise MetadataError(
            f"{where}不是有效的 JSON（第 {error.colno} 个字符处），未读取任何元数据。请改正这一行。"
        ) from error
    evidence = row.get("evidence") if isinstance(row, dict) else None
    if not isinstance(evidence, dict) or not all(isinstance(row.get(k), str) for k in ("policy_id", "field", "value")):
        raise MetadataError(f"{where}缺少 policy_id、field、value 或 evidence，无法知道这个值从哪里来。请补全这一行。")
    if row["field"] not in FIELDS:
        raise MetadataError(f"{where}的 field「{row['field'][:30]}」不认识，可用的有：{'、'.join(FIELDS)}。")
    quote, note = evidence.get("quote"), evidence.get("note", "")
    if not (isinstance(quote, str) or note):
        raise MetadataError(f"{where}的 evidence 要写 quote（原文）或 note（例如「文件名」）。")
    return MetadataValue(row["policy_id"], row["field"], row["value"], quote, str(note))


def with_metadata(policy: Policy, values: Iterable[MetadataValue], gazetteer: Gazetteer) -> Policy:
    """Values set by a person go over those read from the text.

    Raises:
        MetadataError: A quote is not in the text, a date or a division code is not one.
    """
    for value in values:
        span = None
        if value.quote is not None:
            at = policy.text.find(value.quote)
            if at < 0:
                raise MetadataError(
                    f"metadata.jsonl 为「{policy.policy_id}」的 {value.field} 引用的原文「{value.quote[:20]}」"
                    "在文件里找不到，这个值没有依据。请核对引文。"
                )
            span = Span(at, at + len(value.quote))
        kept = tuple(entry for entry in policy.evidence if entry.field != value.field)
        policy = replace(policy, evidence=(*kept, Evidence(value.field, span, value.note or "metadata.jsonl")))
        policy = _set(policy, value, span, gazetteer)
    return policy


def _set(policy: Policy, value: MetadataValue, span: Span | None, gazetteer: Gazetteer) -> Policy:
    match value.field:
        case "title":
            return replace(policy, title=value.value)
        case "document_number":
            return replace(policy, document_number=value.value)
        case "issuers":
            return replace(policy, issuers=tuple(value.value.split("、")))
        case "jurisdiction":
            return replace(policy, jurisdiction=_division(value.value, gazetteer))
    try:
        on = date.fromisoformat(value.value)
    except ValueError as error:
        raise MetadataError(
            f"metadata.jsonl 里 {value.field} 的日期「{value.value}」不是 2025-04-10 这样的写法，请改正。"
        ) from error
    match value.field:
        case "signed_on":
            return replace(policy, signed_on=on)
        case "published_on":
            return replace(policy, published_on=on)
        case "effective_from":
            return replace(policy, effective_from=on)
    kind = "repealed" if value.field == "repealed_on" else "valid_until"
    return replace(policy, deadlines=(*policy.deadlines, Deadline(kind, on, span or Span(0, 0))))


def _division(code: str, gazetteer: Gazetteer) -> str:
    try:
        return gazetteer.place(code).code
    except (KeyError, JurisdictionError) as error:
        raise MetadataError(
            f"metadata.jsonl 里 jurisdiction「{code[:30]}」不是全国行政区划代码（例如 440100），"
            "请查 lexicon/divisions.tsv。"
        ) from error
