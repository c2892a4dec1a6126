"""`corpus/register_overrides.jsonl`: corrections of what the rules read, each reviewed and with its reason.

One JSON object a line: {"policy_id", "quote", "field", "value", "reason"}. `quote` is the beginning of the sentence,
long enough to be the only one; a correction never changes the text, only what was read from it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.errors import RegisterOverrideError
from assistant.model import Force
from assistant.provisions.bearers import BearerKind
from assistant.provisions.levels import LevelRange, SkillLevel
from assistant.registers.records import Record

KEYS = ("policy_id", "quote", "field", "value", "reason")
FIELDS = ("force", "bearer", "bearer_kind", "topics", "levels", "benefits")


@dataclass(frozen=True, slots=True)
class Override:
    """One correction.

    Attributes:
        quote: the first words of the sentence meant.
        field: one of `FIELDS`.
        value: the right value: "must"; "企业"; "enterprise"; "落户、住房"; "4-8" ("" for none); for benefits, those
            that stay.
        reason: why, in Chinese, for the person who reads the register.
        line: where it stands in the file, for messages.
    """

    policy_id: str
    quote: str
    field: str
    value: str
    reason: str
    line: int = 0


def read_overrides(path: Path) -> tuple[Override, ...]:
    """Read the file; a missing file is an empty one.

    Raises:
        RegisterOverrideError: A line is not valid; the message names it.
    """
    if not path.exists():
        return ()
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise RegisterOverrideError(
            f"{path.name} 不是可读的 UTF-8 文本，没有采用任何更正。请另存为 UTF-8 后再试。"
        ) from error
    return tuple(_override(line, number, path.name) for number, line in enumerate(lines, 1) if line.strip())


def _override(line: str, number: int, name: str) -> Override:
    where = f"{name} 第 {number} 行"
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise RegisterOverrideError(f"{where}不是有效的 JSON，没有采用任何更正。请改正这一行。") from error
    if not isinstance(row, dict) or not all(isinstance(row.get(key), str) for key in KEYS):
        raise RegisterOverrideError(f"{where}要有 {'、'.join(KEYS)} 五个文字值，请补全。")
    if row["field"] not in FIELDS:
        raise RegisterOverrideError(f"{where}的 field「{row['field'][:30]}」不认识，可用的有：{'、'.join(FIELDS)}。")
    if not row["quote"].strip() or not row["reason"].strip():
        raise RegisterOverrideError(f"{where}的 quote 和 reason 不能空着：要写明改哪一句、为什么改。")
    return Override(row["policy_id"], row["quote"], row["field"], row["value"], row["reason"], number)


def corrected(records: Sequence[Record], overrides: Iterable[Override]) -> tuple[Record, ...]:
    """The records with the corrections laid over them.

    Raises:
        RegisterOverrideError: A correction fits no sentence, or several, or its value is none of its field.
    """
    found = list(records)
    for override in overrides:
        wanted = "".join(override.quote.split())
        at = [
            index
            for index, record in enumerate(found)
            if record.policy.policy_id == override.policy_id and "".join(record.text.split()).startswith(wanted)
        ]
        if len(at) != 1:
            told = "找不到" if not at else f"有 {len(at)} 句"
            raise RegisterOverrideError(
                f"register_overrides.jsonl 第 {override.line} 行：「{override.policy_id}」里以「{override.quote[:20]}」"
                f"开头的句子{told}，不知道要改哪一句。请照原文抄够长的句首。"
            )
        found[at[0]] = _with(found[at[0]], override)
    return tuple(found)


def _with(record: Record, override: Override) -> Record:
    value = override.value
    try:
        match override.field:
            case "force":
                changed = replace(record, force=Force(value))
            case "bearer":
                changed = replace(record, bearer=value)
            case "bearer_kind":
                changed = replace(record, bearer_kind=BearerKind(value))
            case "topics":
                changed = replace(record, topics=tuple(value.split("、")))
            case "levels":
                changed = replace(record, beneficiary=replace(record.beneficiary, levels=_levels(value)))
            case _:
                kept = tuple(benefit for benefit in record.benefits if benefit.name in value.split("、"))
                changed = replace(record, benefits=kept)
    except ValueError as error:
        raise RegisterOverrideError(
            f"register_overrides.jsonl 第 {override.line} 行：{override.field} 的值「{value[:20]}」不合写法，请改正。"
        ) from error
    return replace(changed, corrections=(*record.corrections, override.reason))


def _levels(value: str) -> LevelRange | None:
    if not value:
        return None
    low, high = value.split("-")
    return LevelRange(SkillLevel(int(low)), SkillLevel(int(high)))
