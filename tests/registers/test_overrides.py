"""Reviewed corrections over what the rules read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.errors import RegisterOverrideError
from assistant.model import Force
from assistant.registers.overrides import Override, corrected, read_overrides
from assistant.registers.records import Register
from assistant.registers.register import build_register

GOOD = {
    "policy_id": "guangzhou-2025-skilled-talent",
    "quote": "推动企业实行“新八级工”",
    "field": "force",
    "value": "may",
    "reason": "试验：人工核过",
}


def written(tmp_path: Path, *rows: object) -> Path:
    path = tmp_path / "register_overrides.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def test_no_file_and_an_empty_one_correct_nothing(tmp_path: Path, corpus_dir: Path) -> None:
    assert read_overrides(tmp_path / "none.jsonl") == ()
    assert isinstance(read_overrides(corpus_dir / "register_overrides.jsonl"), tuple)


def test_a_correction_is_laid_over_with_its_reason(tmp_path: Path, register: Register) -> None:
    overrides = read_overrides(written(tmp_path, GOOD, {**GOOD, "field": "topics", "value": "落户、住房"}))
    changed = build_register(register.documents, register.rules, register.gazetteer, overrides)
    (found,) = [r for r in changed.records if r.corrections]
    assert (found.force, found.topics) == (Force.MAY, ("落户", "住房"))
    assert found.corrections == ("试验：人工核过", "试验：人工核过")
    assert found.text.startswith("推动企业实行")


@pytest.mark.parametrize(
    ("field", "value", "check"),
    [
        ("levels", "4-8", lambda r: r.beneficiary.levels.label == "高级工以上"),
        ("levels", "", lambda r: r.beneficiary.levels is None),
        ("bearer", "龙头企业", lambda r: r.bearer == "龙头企业"),
        ("bearer_kind", "school", lambda r: r.bearer_kind.value == "school"),
        ("benefits", "", lambda r: r.benefits == ()),
    ],
)
def test_each_field(register: Register, field: str, value: str, check: object) -> None:
    override = Override(GOOD["policy_id"], GOOD["quote"], field, value, "核过", 1)
    found = next(r for r in corrected(register.records, [override]) if r.corrections)
    assert callable(check)
    assert check(found)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("{", "第 1 行"),
        ({**GOOD, "field": "colour"}, "colour"),
        ({**GOOD, "reason": " "}, "为什么改"),
        ({key: value for key, value in GOOD.items() if key != "value"}, "五个文字值"),
    ],
)
def test_a_broken_line_is_refused(tmp_path: Path, row: object, told: str) -> None:
    path = tmp_path / "register_overrides.jsonl"
    path.write_text(row if isinstance(row, str) else json.dumps(row, ensure_ascii=False), encoding="utf-8")
    with pytest.raises(RegisterOverrideError, match=told):
        read_overrides(path)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"quote": "没有这句话"}, "找不到"),
        ({"quote": "鼓励企业"}, "句"),
        ({"value": "perhaps"}, "不合写法"),
        ({"field": "levels", "value": "9-1"}, "不合写法"),
    ],
)
def test_a_correction_that_fits_nothing_is_refused(register: Register, changes: dict[str, str], told: str) -> None:
    row = GOOD | changes
    override = Override(row["policy_id"], row["quote"], row["field"], row["value"], row["reason"], 3)
    with pytest.raises(RegisterOverrideError, match=told):
        corrected(register.records, [override])
