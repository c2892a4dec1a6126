"""Chinese and Arabic ordinals, as clause labels print them."""

from __future__ import annotations

import unicodedata

_DIGITS = {
    "〇": 0,
    "零": 0,
    "○": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_CHINESE = "〇一二三四五六七八九"

NUMERAL = "[〇零○一二两三四五六七八九十百千0-9０-９]"
"""A regex class for one character of an ordinal."""


def ordinal(numeral: str) -> int:
    """The number a label's numeral stands for.

    Accepts 二十一, 一百零三, 二〇二五 (digit by digit), 12 and full-width １２.

    Raises:
        ValueError: The text is not a numeral.

    Example:
        >>> ordinal("二十一"), ordinal("一百零三"), ordinal("二〇二五"), ordinal("１２")
        (21, 103, 2025, 12)
    """
    text = unicodedata.normalize("NFKC", numeral)
    if text.isascii() and text.isdigit():
        return int(text)
    if not text or any(char not in _DIGITS and char not in _UNITS for char in text):
        raise ValueError(f"{numeral!r} is not a numeral.")
    if not any(char in _UNITS for char in text):
        return int("".join(str(_DIGITS[char]) for char in text))
    total, digit = 0, 0
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char]
        else:
            total += (digit or 1) * _UNITS[char]
            digit = 0
    return total + digit


def chinese(number: int) -> str:
    """The numeral used in labels, 1 to 999.

    Raises:
        ValueError: Outside 1..999.

    Example:
        >>> chinese(6), chinese(10), chinese(21), chinese(110)
        ('六', '十', '二十一', '一百一十')
    """
    if not 1 <= number <= 999:
        raise ValueError(f"{number} is outside 1..999.")
    hundreds, rest = divmod(number, 100)
    tens, units = divmod(rest, 10)
    text = f"{_CHINESE[hundreds]}百" if hundreds else ""
    if hundreds and rest and not tens:
        text += "零"
    if tens:
        text += ("" if tens == 1 and not hundreds else _CHINESE[tens]) + "十"
    return text + (_CHINESE[units] if units else "")
