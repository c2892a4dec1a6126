"""Dates as printed, and the ends of the periods a text sets."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.parsing.dates import FULL_DATE, TARGET, full_date, target_end

DATES = [
    ("2025年4月10日", date(2025, 4, 10)),  # as signed
    ("2025 年 4 月 10 日", date(2025, 4, 10)),  # with blanks
    ("二〇二五年四月十日", date(2025, 4, 10)),  # in Chinese numerals
    ("二○二○年十二月二十一日", date(2020, 12, 21)),  # with ○
    ("2025-04-21", date(2025, 4, 21)),  # web page
    ("2025/4/21", date(2025, 4, 21)),  # slashes
    ("2025.4.21", date(2025, 4, 21)),  # stops
    ("2025年2月30日", None),  # no such day
    ("5355年6月6日", None),  # a scrubbed year
]


@pytest.mark.parametrize(("words", "on"), DATES)
def test_full_dates(words: str, on: date | None) -> None:
    found = FULL_DATE.search(words)
    assert found is not None
    assert full_date(found) == on


@pytest.mark.parametrize("words", ["2025-04/21", "2025年4月", "12345-1-1a", "今年4月10日"])
def test_not_a_full_date(words: str) -> None:
    found = FULL_DATE.search(words)
    assert found is None or full_date(found) is None or found.group() not in words[:4]


TARGETS = [
    ("到2027年,全市技能人才", date(2027, 12, 31)),  # 广州
    ("力争到2035年", date(2035, 12, 31)),  # with an adverb
    ("到2021年底", date(2021, 12, 31)),  # 海珠
    ("到2024年6月底", date(2024, 6, 30)),  # a month
    ("到2024年2月末", date(2024, 2, 29)),  # a leap year
    ("到2026年前完成", date(2025, 12, 31)),  # before
    ("2024年完成补贴性", date(2024, 12, 31)),  # 湛江
    ("到“十四五”期末", date(2025, 12, 31)),  # 广东
    ("“十五五”期间", date(2030, 12, 31)),  # a plan's period
]


@pytest.mark.parametrize(("words", "on"), TARGETS)
def test_targets(words: str, on: date) -> None:
    found = TARGET.search(words)
    assert found is not None
    assert target_end(found) == on


@pytest.mark.parametrize(
    "words",
    [
        "有效期至2027年4月21日",  # the text's own validity
        "截至2023年底，全市共有",  # a look back
        "于2021年4月提起诉讼",  # something that happened
        "自2021年1月1日起",  # a start
        "到2019年4月1日",  # a day
        "到2020年以来",  # a stretch that began
    ],
)
def test_not_targets(words: str) -> None:
    assert TARGET.search(words) is None
