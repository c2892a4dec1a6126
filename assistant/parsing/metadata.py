"""`metadata.jsonl`: what a document's own header cannot tell, each value with its evidence.

One JSON object a line: {"policy_id", "field", "value", "evidence": {"quote": "…"} | {"note": "file name"}}.
A quote must stand in the text. Fields: see `FIELDS`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import MetadataError

FIELDS = (
    "title",
    "document_number",
    "issuers",
    "jurisdiction",
    "signed_on",
    "published_on",
    "effective_from",
    "valid_until",
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
    values = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
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
