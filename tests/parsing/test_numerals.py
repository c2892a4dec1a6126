"""Chinese and Arabic ordinals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.parsing.numerals import chinese, ordinal

ORDINALS = [
    ("一", 1),  # one digit
    ("十", 10),  # a bare unit
    ("十一", 11),  # unit, digit
    ("二十", 20),  # digit, unit
    ("二十一", 21),  # 湛江 has 21 items
    ("一百", 100),  # hundreds
    ("一百零三", 103),  # with 零
    ("一百一十", 110),  # with 一十
    ("九百九十九", 999),  # the largest label
    ("一千二百六十", 1260),  # the Civil Code's last article
    ("二〇二五", 2025),  # digit by digit
    ("二○二○", 2020),  # with the circle a typist uses for 〇
    ("12", 12),  # Arabic
    ("１２", 12),  # full width
    ("两", 2),  # as counted
]


@pytest.mark.parametrize(("numeral", "number"), ORDINALS)
def test_ordinal(numeral: str, number: int) -> None:
    assert ordinal(numeral) == number


@pytest.mark.parametrize("numeral", ["", "甲", "一甲", "1.5", "-1"])
def test_not_a_numeral(numeral: str) -> None:
    with pytest.raises(ValueError, match="not a numeral"):
        ordinal(numeral)


@given(st.integers(1, 999))
def test_a_label_and_its_number_agree(number: int) -> None:
    assert ordinal(chinese(number)) == number


@pytest.mark.parametrize("number", [0, -1, 1000])
def test_labels_end_at_999(number: int) -> None:
    with pytest.raises(ValueError, match=r"outside 1\.\.999"):
        chinese(number)
