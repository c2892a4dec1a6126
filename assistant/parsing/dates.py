"""Dates as Chinese documents print them, and the ends of the periods they name."""

from __future__ import annotations

import calendar
import re
from datetime import date

from assistant.parsing.numerals import NUMERAL, ordinal

FULL_DATE = re.compile(
    rf"({NUMERAL}{{4}})\s*年\s*({NUMERAL}{{1,3}})\s*月\s*({NUMERAL}{{1,3}})\s*日|((?:19|20)\d\d)([-./])(\d{{1,2}})\5(\d{{1,2}})(?!\d|-\d)"
)
"""2025年4月10日, 二〇二五年四月十日, 2025-04-21, 2025/4/21."""

_PLAN_ENDS = {"十二五": 2015, "十三五": 2020, "十四五": 2025, "十五五": 2030, "十六五": 2035}
TARGET = re.compile(
    r"(?<!有效期)(?<!期限)(?<!截)(?:到|至|力争到?|确保到?)\s*((?:19|20)\d\d)\s*年(?:\s*(\d{1,2})\s*月(?!\s*\d{1,2}\s*日))?(?!\s*\d)(底|末|前)?(?![初起以])"
    r"|((?:19|20)\d\d)\s*年(?=完成|实现|达到|建成|底前|新增)"
    r"|[“\"]?(十[二三四五六]五)[”\"]?(期末|末|期间|时期)"
)
"""Words that set the end of a target period."""


def full_date(match: re.Match[str]) -> date | None:
    """The date of a `FULL_DATE` match; None for an impossible one such as 2月30日 or the year 5355.

    Example:
        >>> full_date(FULL_DATE.search("二〇二五年四月十日"))
        datetime.date(2025, 4, 10)
    """
    year, month, day, iso_year, _, iso_month, iso_day = match.groups()
    try:
        if iso_year:
            return date(int(iso_year), int(iso_month), int(iso_day))
        on = date(ordinal(year), ordinal(month), ordinal(day))
    except ValueError:
        return None
    return on if 1900 <= on.year <= 2100 else None


def target_end(match: re.Match[str]) -> date:
    """The last day of the period a `TARGET` match names; 「前」 ends the day before.

    Example:
        >>> target_end(TARGET.search("到2021年底")), target_end(TARGET.search("“十四五”期末"))
        (datetime.date(2021, 12, 31), datetime.date(2025, 12, 31))
    """
    year, month, edge, bare_year, plan, _ = match.groups()
    if plan:
        return date(_PLAN_ENDS[plan], 12, 31)
    if bare_year:
        return date(int(bare_year), 12, 31)
    if month and 1 <= int(month) <= 12:
        return date(int(year), int(month), calendar.monthrange(int(year), int(month))[1])
    return date(int(year) - 1, 12, 31) if edge == "前" else date(int(year), 12, 31)
