"""The commands entitlements, obligations, compare and calendar, run whole over the real corpus."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.interfaces.cli import main
from assistant.settings import Settings


@pytest.fixture(autouse=True)
def _real_index(monkeypatch: pytest.MonkeyPatch, real_settings: Settings) -> None:
    monkeypatch.setenv("POLICY_INDEX", str(real_settings.index_dir))


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main([*words, "--as-of", "2026-11-20"] if words[-1] != "--help" else list(words))
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_entitlements_as_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "entitlements", "广州", "--level", "高级技师", "--situation", "有子女")
    assert code == 0
    assert "〔直接适用〕「高技能人才的配偶、子女按照规定享受" in out
    assert "〔需补充条件〕「符合条件的高技能人才可纳入" in out
    assert "同等待遇。」" in out
    assert "聘任为特级技师" not in out  # not for a 高级技师
    _, everything, _ = run(capsys, "entitlements", "广州", "--level", "高级技师", "--situation", "有子女", "--all")
    assert "只对特级技师以上，您是高级技师。" in everything


def test_entitlements_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "entitlements", "湛江", "--level", "技师", "--json")
    rows = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert rows[0]["applies"] == "not_in_force"
    assert {"quote", "start", "end", "sha256", "clause", "levels", "reason"} <= rows[0].keys()


def test_obligations(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "obligations", "国有企业", "广州")
    assert code == 0
    assert out.index("■ 必须做") < out.index("■ 与评优") < out.index("■ 鼓励做")
    _, lines, _ = run(capsys, "obligations", "国有企业", "广州", "--json")
    assert json.loads(lines.splitlines()[0])["duty"] == "must"


def test_compare(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "compare", "职工教育经费", "孩子上学有没有照顾", "--regions", "广州", "浙江")
    assert code == 0
    assert "〔必须（要）·企业·60%以上·挂钩〕" in out
    assert "没有对企业提要求" in out
    assert "配偶、子女按照规定享受" in out  # found by search
    _, lines, _ = run(capsys, "compare", "疗养休假", "--regions", "广州", "浙江", "--json")
    (row,) = [json.loads(line) for line in lines.splitlines()]
    assert row["cells"][1]["note"] == "未提及"


def test_calendar(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "calendar", "--regions", "海珠")
    assert code == 0
    assert "2021-12-31" in out
    assert "2021 海珠 ■■■■■■■ 7" in out
    _, lines, _ = run(capsys, "calendar", "--json")
    assert json.loads(lines.splitlines()[0])["passed"] == "over"


@pytest.mark.parametrize("ending", ["xlsx", "csv", "md", "html"])
def test_export(capsys: pytest.CaptureFixture[str], tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"清单.{ending}"
    code, out, _ = run(capsys, "obligations", "企业", "海珠", "--export", str(path))
    assert code == 0
    assert path.stat().st_size > 1000
    assert "已写出" in out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("entitlements", "火星"), "没有“火星”"),
        (("entitlements", "广州", "--level", "经理"), "不认识“经理”"),
        (("obligations", "火车站", "广州"), "不认识“火车站”"),
        (("calendar", "--export", "x.doc"), "后缀不认识"),
    ],
)
def test_what_cannot_be_done_is_said(capsys: pytest.CaptureFixture[str], words: tuple[str, ...], told: str) -> None:
    code, out, err = run(capsys, *words)
    assert (code, out) == (1, "")
    assert told in err


def test_a_missing_place_is_bad_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["entitlements"]) == 2
    assert "缺少参数" in capsys.readouterr().err
