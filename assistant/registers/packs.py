"""The evidence pack: what was asked, the rows with their quotes, and the facts of every document quoted.

One shape for all tables, so that one exporter serves them all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.jurisdictions import Gazetteer
from assistant.model import STATUS_LABELS, Policy, StatusReading

NOTICE = (
    "本表由程序从所列文件的原文读出，引文逐字等于原文；力度、主体、适用与否是按规则判断的，供查找和核对之用，"
    "不是行政机关的答复。办理以发文机关的最新文件和承办单位的解释为准。库里没有的文件不等于没有政策。"
)
SOURCE_COLUMNS = ("文件", "发文字号", "发文机关", "日期", "地区", "状态", "语料文件", "sha256")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its rows have as many cells as there are columns."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"A row of {self.name} has not {len(self.columns)} cells.")


@dataclass(frozen=True, slots=True)
class Pack:
    """All that is exported.

    Attributes:
        title: what it is: 查待遇, 查义务, 比地区, 时间与名额, 回答.
        facts: the question or profile, name and value.
        notices: what to know first.
        sheet: the rows.
        sources: the documents quoted, as `SOURCE_COLUMNS`.
        as_of: the day of the statuses.
        corpus: the fingerprint of the corpus read.
    """

    title: str
    facts: tuple[tuple[str, str], ...]
    notices: tuple[str, ...]
    sheet: Sheet
    sources: Sheet
    as_of: date
    corpus: str

    @property
    def heads(self) -> tuple[tuple[str, str], ...]:
        """The lines above the table."""
        return (*self.facts, ("按哪一天判断时效", self.as_of.isoformat()), ("语料指纹", self.corpus))


def sources_of(readings: Iterable[tuple[Policy, StatusReading]], gazetteer: Gazetteer) -> Sheet:
    """The documents quoted, once each, in the order in which they are first quoted."""
    held = {policy.policy_id: (policy, status) for policy, status in reversed(list(readings))}
    rows = [
        (
            policy.title,
            policy.document_number or "未标明",
            "、".join(policy.issuers) or "未标明",
            policy.issued_on.isoformat() if policy.issued_on else "未标明",
            gazetteer.full_name(policy.jurisdiction) if policy.jurisdiction else "未标明",
            f"{STATUS_LABELS[status.status]}（{status.explanation}）",
            policy.source,
            policy.sha256,
        )
        for policy, status in reversed(list(held.values()))
    ]
    return Sheet("文件", SOURCE_COLUMNS, tuple(rows))


def fingerprint(policies: Sequence[Policy]) -> str:
    """One short mark of the corpus: the sha256 over those of its texts, in order of their ids, first 16 characters."""
    marks = "".join(policy.sha256 for policy in sorted(policies, key=lambda policy: policy.policy_id))
    return hashlib.sha256(marks.encode()).hexdigest()[:16]
