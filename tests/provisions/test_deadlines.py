"""Times that sentences set."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.provisions.deadlines import due_times

SENTENCES = [
    ("到2021年底，评定10名", [("到2021年底", date(2021, 12, 31))]),
    ("力争到2035年,规模持续壮大", [("到2035年", date(2035, 12, 31))]),
    ("到“十四五”期末，基本形成", [("到“十四五”期末", date(2025, 12, 31))]),
    ("“十四五”期间，每年开展", [("“十四五”期间", date(2025, 12, 31))]),
    ("2024年完成补贴性培训13000人次", [("2024年", date(2024, 12, 31))]),
    ("2026年6月30日前报送", [("2026年6月30日前", date(2026, 6, 30))]),
    ("2025年底前全部建成", [("2025年底前", date(2025, 12, 31))]),
    ("每年7月份前完成推荐申报", [("每年7月份前", None)]),
    ("自收到申请之日起十五个工作日内作出决定", [("自收到申请之日起十五个工作日内", None)]),
    ("力争未来5年实现总量翻番", [("未来5年", None)]),
    ("自2025年1月1日起施行", []),  # a beginning
    ("《2025年行动计划》", []),  # a name
    ("每年遴选10家", []),
]


@pytest.mark.parametrize(("sentence", "expected"), SENTENCES, ids=[row[0] for row in SENTENCES])
def test_due_times(sentence: str, expected: list[tuple[str, date | None]]) -> None:
    assert [(due.text, due.on) for due in due_times(sentence)] == expected


def test_counted_from_the_issue() -> None:
    (due,) = due_times("力争未来5年实现总量翻番", date(2023, 5, 12))
    assert due.on == date(2028, 12, 31)


def test_what_lies_before_the_issue_is_a_look_back() -> None:
    assert due_times("到2019年，我市已有10万人", date(2020, 12, 7)) == ()


def test_over_on_a_day() -> None:
    (due,) = due_times("到2021年底，评定10名")
    assert due.is_over(date(2026, 11, 20))
    assert not due.is_over(date(2021, 12, 31))
    (yearly,) = due_times("每年7月份前完成推荐申报")
    assert not yearly.is_over(date(2026, 11, 20))
