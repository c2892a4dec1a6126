"""The figures as a text table: all measures over the whole set, and the main ones per kind of question."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.evaluation.conditions import Drop
from assistant.evaluation.confusion import REPLY_LABELS, confusion
from assistant.evaluation.measures import Mean
from assistant.evaluation.outcomes import Outcome
from assistant.evaluation.scoring import Figures, KindFigures

KIND_LABELS = {
    "entitlement": "待遇",
    "obligation": "义务",
    "number": "数字",
    "authority": "机关文号",
    "definition": "定义",
    "condition": "条件",
    "procedure": "程序",
    "status": "时效",
    "comparison": "比较",
    "followup": "追问",
    "eligibility": "资格",
    "unanswerable": "无答案",
    "ambiguous": "歧义",
    "adversarial": "陷阱",
    "locate": "定位",
}


AVERAGED = "平均"
"""The unit of a mean of shares, which has no cases to count."""


@dataclass(frozen=True, slots=True)
class Report:
    """One evaluated question set, ready to be shown."""

    set_name: str
    figures: Figures
    kinds: tuple[KindFigures, ...]
    outcomes: tuple[Outcome, ...]
    drops: tuple[Drop, ...] = ()


@dataclass(frozen=True, slots=True)
class Measure:
    """A row of the table: what it is called and how it is read off the figures."""

    label: str
    read: Callable[[Figures], Mean | float | None]
    unit: str = ""


MEASURES = (
    Measure("答对", lambda figures: figures.right),
    Measure("答对（严格匹配）", lambda figures: figures.strict_right),
    Measure("可答题答对", lambda figures: figures.answer_right),
    Measure("可答题答对（严格匹配）", lambda figures: figures.strict_answer_right),
    Measure("不可答题答对", lambda figures: figures.unanswerable_right),
    Measure("首条命中", lambda figures: figures.hit_1),
    Measure("前三命中", lambda figures: figures.hit_3),
    Measure("前五命中", lambda figures: figures.hit_5),
    Measure("首条命中（严格匹配）", lambda figures: figures.strict_hit_1),
    Measure("前三命中（严格匹配）", lambda figures: figures.strict_hit_3),
    Measure("前五命中（严格匹配）", lambda figures: figures.strict_hit_5),
    Measure("依据齐全", lambda figures: figures.completeness),
    Measure("依据齐全（严格匹配）", lambda figures: figures.strict_completeness),
    Measure("要点召回", lambda figures: figures.fact_recall),
    Measure("拒答准确率", lambda figures: figures.refusal_precision),
    Measure("拒答召回率", lambda figures: figures.refusal_recall),
    Measure("误拒率（低为好）", lambda figures: figures.false_refusal_rate),
    Measure("力度一致", lambda figures: figures.force_accuracy),
    Measure("草案声明", lambda figures: figures.draft_notice_rate),
    Measure("错地率（低为好）", lambda figures: figures.wrong_place_rate),
    Measure("引文逐字", lambda figures: figures.verbatim_quotes),
    Measure("字符准确率（前三）", lambda figures: figures.span_precision_3, AVERAGED),
    Measure("字符召回率（前三）", lambda figures: figures.span_recall_3, AVERAGED),
    Measure("字符准确率（前十二）", lambda figures: figures.span_precision_12, AVERAGED),
    Measure("字符召回率（前十二）", lambda figures: figures.span_recall_12, AVERAGED),
    Measure("答案长度 中位", lambda figures: figures.answer_length_p50, "字"),
    Measure("答案长度 95%", lambda figures: figures.answer_length_p95, "字"),
    Measure("用时 中位", lambda figures: figures.latency_ms_p50, "毫秒"),
    Measure("用时 95%", lambda figures: figures.latency_ms_p95, "毫秒"),
)
KIND_MEASURES = (
    Measure("答对", lambda figures: figures.right),
    Measure("严格", lambda figures: figures.strict_right),
    Measure("前三", lambda figures: figures.hit_3),
    Measure("齐全", lambda figures: figures.completeness),
    Measure("要点", lambda figures: figures.fact_recall),
    Measure("误拒", lambda figures: figures.false_refusal_rate),
    Measure("力度", lambda figures: figures.force_accuracy),
    Measure("错地", lambda figures: figures.wrong_place_rate),
)


def shown(figure: Mean | float | None, unit: str = "") -> str:
    """A figure for a person: a share with its cases, a number with its unit, "—" without value.

    Example:
        >>> shown(Mean(2.0, 3)), shown(12.0, "字"), shown(Mean(0.0, 0))
        ('66.7 %（2/3）', '12.0 字', '—')
    """
    if isinstance(figure, Mean):
        if figure.value is None:
            return "—"
        cases = f"{figure.count} 题平均" if unit == AVERAGED else f"{figure.total:.0f}/{figure.count}"
        return f"{figure.value * 100:.1f} %（{cases}）"
    return "—" if figure is None else f"{figure:.1f} {unit}".rstrip()


def short(figure: Mean | float | None) -> str:
    """A figure for a narrow cell: percent without cases."""
    value = figure.value if isinstance(figure, Mean) else figure
    return "—" if value is None else f"{value * 100:.1f}"


def kind_label(kind: str) -> str:
    """A kind's Chinese name beside its key, or the key alone."""
    return f"{KIND_LABELS[kind]} {kind}" if kind in KIND_LABELS else kind


def text_table(report: Report) -> str:
    """The report's figures as plain text; columns line up in a fixed-width face with double-width Chinese."""
    whole = _aligned([(measure.label, shown(measure.read(report.figures), measure.unit)) for measure in MEASURES])
    header = ("题型", "题数", *(measure.label for measure in KIND_MEASURES))
    rows = [
        (name, str(figures.questions), *(short(measure.read(figures)) for measure in KIND_MEASURES))
        for name, figures in (
            *((kind_label(kind.kind), kind.figures) for kind in report.kinds),
            ("全部", report.figures),
        )
    ]
    parts = [f"题集 {report.set_name}：{report.figures.questions} 题", whole, "按题型（%）", _aligned([header, *rows])]
    parts += ["题型与答复（题数）", _aligned([confusion_header(), *confusion_rows(report)])]
    if report.drops:
        parts += ["未达到的条件", "\n".join(f"  {drop}" for drop in report.drops)]
    return "\n\n".join(parts) + "\n"


def confusion_header() -> tuple[str, ...]:
    """The column names of question kind × kind of reply."""
    return ("题型", *REPLY_LABELS.values())


def confusion_rows(report: Report) -> list[tuple[str, ...]]:
    """Question kind × kind of reply, "·" where none."""
    return [
        (kind_label(kind), *(str(count) if count else "·" for count in counts))
        for kind, counts in confusion(report.outcomes)
    ]


def _aligned(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(_width(cell) for cell in column) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)) for row in rows
    )
    return "\n".join(f"  {line}".rstrip() for line in lines)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
