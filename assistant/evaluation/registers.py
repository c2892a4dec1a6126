"""The register's part of `eval`: figures on eval/registers/, with their limits in eval/conditions.toml.

Sets: `sentences.jsonl` (the corpus; the rules were fitted on it), `heldout.jsonl` where there is one (other texts,
read sentence by sentence), `profiles.jsonl`, `employers.jsonl`.
"""

from __future__ import annotations

import json
import time
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path

from assistant.errors import SettingsError
from assistant.evaluation.measures import Mean
from assistant.evaluation.register_gold import (
    Expected,
    read_employer_golds,
    read_profile_golds,
    read_sentence_golds,
)
from assistant.evaluation.register_scoring import (
    RowFigures,
    SentenceFigures,
    SentenceReading,
    score_rows,
    score_sentences,
)
from assistant.provisions.bearers import bearer_kind
from assistant.provisions.benefits import benefits_of
from assistant.provisions.deadlines import due_times
from assistant.provisions.force import main_force
from assistant.provisions.levels import LevelRange, level_range
from assistant.provisions.parties import duty_bearer
from assistant.provisions.quantities import quantities
from assistant.provisions.topics import topics_of
from assistant.registers.entitlements import entitlements
from assistant.registers.lookups import look_up_obligations
from assistant.registers.profile import NO_LEVEL, read_profile
from assistant.registers.records import Record, Register
from assistant.registers.register import build_register
from assistant.registers.rules import Rules

Section = SentenceFigures | RowFigures
_ROUNDING = 0.00005


@dataclass(frozen=True, slots=True)
class RegisterReport:
    """All figures, by section name, with the times in milliseconds."""

    sections: tuple[tuple[str, Section], ...]
    build_ms: float
    profile_ms: float

    def value(self, section: str, figure: str) -> float | None:
        """One figure; None where there is none."""
        found = getattr(dict(self.sections).get(section), figure, None)
        return found.value if isinstance(found, Mean) else None


def evaluate_registers(register: Register, gold_dir: Path, as_of: date) -> RegisterReport:
    """Compute all figures that the folder has labels for.

    Raises:
        BatchError: A line of the labels cannot be read.
    """
    sections: list[tuple[str, Section]] = []
    started = time.perf_counter()
    build_register(register.documents, register.rules, register.gazetteer)
    build_ms = (time.perf_counter() - started) * 1000
    read = {record.record_id: _of_record(record) for record in register.records}
    if (path := gold_dir / "sentences.jsonl").exists():
        sections.append(("sentences", score_sentences(read_sentence_golds(path), read)))
    if (path := gold_dir / "heldout.jsonl").exists():
        golds = read_sentence_golds(path)
        alone = {gold.sentence_id: read_alone(gold.text, register.rules) for gold in golds}
        sections.append(("heldout", score_sentences(golds, alone)))
    slowest = 0.0
    if (path := gold_dir / "profiles.jsonl").exists():
        cases = []
        for gold in read_profile_golds(path):
            profile = read_profile(
                register.gazetteer,
                gold.place,
                gold.level or NO_LEVEL[0],
                gold.honours,
                gold.employer,
                gold.situation,
            )
            started = time.perf_counter()
            found = entitlements(register, profile, as_of)
            slowest = max(slowest, (time.perf_counter() - started) * 1000)
            cases.append((gold.expected, [Expected(r.record.record_id, r.applies.value) for r in found.rows]))
        sections.append(("profiles", score_rows(cases)))
    if (path := gold_dir / "employers.jsonl").exists():
        golds_ = read_employer_golds(path)
        held = [(gold, look_up_obligations(register, gold.employer, gold.place, as_of)) for gold in golds_]
        pairs = [(g.expected, [Expected(r.record.record_id, r.duty.value) for r in f.rows]) for g, f in held]
        sections.append(("employers", score_rows(pairs)))
    return RegisterReport(tuple(sections), build_ms, slowest)


def read_alone(text: str, rules: Rules) -> SentenceReading:
    """A sentence read without its neighbours and headings."""
    force = main_force(text)
    return SentenceReading(
        force,
        bearer_kind(duty_bearer(text, force)),
        _rungs(level_range(text)),
        tuple(topic.name for topic in topics_of(text, rules.topics)),
        tuple(quantity.text for quantity in quantities(text)),
        tuple(due.text for due in due_times(text)),
        bool(benefits_of(text, rules.benefits)),
    )


def _of_record(record: Record) -> SentenceReading:
    return SentenceReading(
        record.force,
        record.bearer_kind,
        _rungs(record.beneficiary.levels),
        record.topics,
        tuple(quantity.text for quantity in record.quantities),
        tuple(due.text for due in record.due),
        bool(record.benefits),
    )


def _rungs(found: LevelRange | None) -> tuple[int, ...] | None:
    return (int(found.low), int(found.high)) if found else None


def drops(report: RegisterReport, conditions: Path) -> tuple[str, ...]:
    """The limits of [registers.SECTION.at_least] and [registers.at_most] that are not met, each as a line.

    Raises:
        SettingsError: The table holds what is no number.
    """
    table = tomllib.loads(conditions.read_text(encoding="utf-8")).get("registers", {})
    told = []
    for section, limits in table.items():
        for figure, bound in limits.items():
            if not isinstance(bound, int | float):
                raise SettingsError(f"{conditions.name} 的 [registers.{section}] {figure} 应为数字。请改正。")
            found = _time(report, figure) if section == "at_most" else report.value(section, figure)
            missed = found is None or (
                found > bound if section == "at_most" else found < bound - _ROUNDING  # kept to four places
            )
            if missed:
                said = "没有" if found is None else f"{found:.4g}"
                told.append(
                    f"registers.{section} {figure}：要求 {'≤' if section == 'at_most' else '≥'} {bound:g}，实得 {said}"
                )
    return tuple(told)


def _time(report: RegisterReport, figure: str) -> float | None:
    return {"build_ms": report.build_ms, "profile_ms": report.profile_ms}.get(figure)


LABELS = {
    "sentences": "逐句（语料五份，规则据此调过）",
    "heldout": "逐句（没见过的文件）",
    "profiles": "查待遇",
    "employers": "查义务",
    "force": "力度",
    "bearer_kind": "义务主体的种类",
    "levels": "等级范围",
    "topic": "事项",
    "personal": "是否给个人",
    "quantity_precision": "数量准确率",
    "quantity_recall": "数量召回率",
    "deadline_precision": "时间准确率",
    "deadline_recall": "时间召回率",
    "precision": "行准确率",
    "recall": "行召回率",
    "kind": "分类一致",
}


def text_report(report: RegisterReport) -> str:
    """The figures as a text table."""
    lines = ["清单"]
    for name, section in report.sections:
        lines.append(f"  {LABELS[name]}")
        for label, figure in _means(section):
            value = "—" if figure.value is None else f"{100 * figure.value:5.1f} %"
            lines.append(f"    {label}  {value}（{figure.total:g}/{figure.count}）")
    lines.append(f"  建清单 {report.build_ms:.0f} 毫秒，一份情况最慢 {report.profile_ms:.1f} 毫秒")
    return "\n".join(lines) + "\n"


def _means(section: Section) -> Iterable[tuple[str, Mean]]:
    for field in fields(section):
        value = getattr(section, field.name)
        if isinstance(value, Mean):
            yield LABELS[field.name], value


def run_registers(
    register: Register, gold_dir: Path, conditions: Path, out_dir: Path, as_of: date, write: Callable[[str], None]
) -> int:
    """Compute, write registers.txt and registers.json, check the limits; 1 where one is not met.

    Raises:
        AssistantError: Labels or conditions cannot be read.
    """
    report = evaluate_registers(register, gold_dir, as_of)
    text = text_report(report)
    missed = drops(report, conditions)
    out_dir.mkdir(parents=True, exist_ok=True)
    (out_dir / "registers.txt").write_text(text, encoding="utf-8")
    values = {
        name: {field.name: m.value for field in fields(s) if isinstance(m := getattr(s, field.name), Mean)}
        for name, s in report.sections
    }
    times = {"build_ms": report.build_ms, "profile_ms": report.profile_ms}
    (out_dir / "registers.json").write_text(json.dumps(values | times, ensure_ascii=False, indent=1) + "\n", "utf-8")
    write(text)
    for line in missed:
        write(f"未达到：{line}\n")
    return 1 if missed else 0
