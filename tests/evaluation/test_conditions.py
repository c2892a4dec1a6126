from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.errors import SettingsError
from assistant.evaluation.conditions import Conditions, Drop, Limit, check, read_conditions
from assistant.evaluation.scoring import summarise


def written(tmp_path: Path, content: str) -> Path:
    path = tmp_path / "conditions.toml"
    path.write_text(content, encoding="utf-8")
    return path


def test_a_sets_own_limit_replaces_the_general_one(tmp_path: Path) -> None:
    file = read_conditions(
        written(
            tmp_path,
            "[every.at_least]\nverbatim_quotes = 1.0\nright = 0.5\n"
            "[sets.sample]\nquestions = 4\n[sets.sample.at_least]\nright = 0.8\n[sets.sample.at_most]\nright = 0.9\n",
        )
    )
    assert file.of("other") == Conditions((Limit("verbatim_quotes", 1.0, True), Limit("right", 0.5, True)))
    assert file.of("sample") == Conditions(
        (Limit("verbatim_quotes", 1.0, True), Limit("right", 0.8, True), Limit("right", 0.9, False)), 4
    )


@pytest.mark.parametrize(
    ("limit", "found", "met"),
    [
        (Limit("latency_ms_p50", 10, True), 10.0, True),
        (Limit("latency_ms_p50", 10, True), 9.99996, True),  # the file keeps four places
        (Limit("latency_ms_p50", 10, True), 9.9999, False),
        (Limit("latency_ms_p50", 10, False), 10.0, True),
        (Limit("latency_ms_p50", 10, False), 10.0001, False),
        (Limit("latency_ms_p50", 0, True), None, False),  # no case to compute from
        (Limit("latency_ms_p50", 9, False), None, False),
    ],
)
def test_check(limit: Limit, found: float | None, met: bool) -> None:
    drops = check(replace(summarise([]), latency_ms_p50=found), Conditions((limit,)))
    assert (not drops) is met


def test_the_number_of_questions_is_a_condition_too() -> None:
    (drop,) = check(summarise([]), Conditions(questions=69))
    assert drop == Drop("questions", 0.0, "= 69")
    assert str(drop) == "questions：要求 = 69，实得 0"
    assert str(Drop("right", None, "≥ 1")) == "right：要求 ≥ 1，实得 无可计算的题"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[every.at_least]\nrihgt = 1", "不认识的“rihgt”"),
        ("[every.at_least]\nquestions = 1", "不认识的“questions”"),
        ("[every]\nright = 1", "不认识的“right”"),
        ("[set.sample]", "不认识的“set”"),
        ("[every.at_least]\nright = true", "应为数字"),
        ("[sets.sample]\nquestions = 1.5", "应为整数"),
        ("every = 1", "应为一张表"),
        ("right =", "不是合法的 TOML"),
    ],
)
def test_conditions_that_make_no_sense(tmp_path: Path, content: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        read_conditions(written(tmp_path, content))


def test_conditions_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="无法读取"):
        read_conditions(tmp_path / "none.toml")


def test_the_projects_own_conditions_can_be_read(root: Path) -> None:
    assert Limit("verbatim_quotes", 1.0, True) in read_conditions(root / "eval" / "conditions.toml").of("any").limits
