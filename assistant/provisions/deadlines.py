"""Times a sentence sets: until when something is to be done or reached, or in which period."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

from assistant.model import Span
from assistant.parsing.dates import FULL_DATE, TARGET, full_date, target_end
from assistant.parsing.numerals import ordinal


@dataclass(frozen=True, slots=True)
class DueTime:
    """A time expression that sets an end.

    Attributes:
        text: as printed (「到2027年」, 「2021年底前」, 「每年7月份前」).
        span: where it stands, code points of the sentence.
        on: the last day; None where it recurs (每年7月前) or counts from a day the text does not give.
    """

    text: str
    span: Span
    on: date | None

    def is_over(self, as_of: date) -> bool:
        """Whether the last day has passed."""
        return self.on is not None and self.on < as_of


# 「自收到申请之日起十五个工作日内」, 「在七日内」, 「中断服务七十二小时前」: from a day the text does not give
_FROM = (
    r"(?:自[^，,；;。自]{2,24}之日起|(?:期满|届满|结束|收到|到期)[^，,；;。]{0,8}?(?=[一二三四五六七八九十百两\d])"
    r"|在|于|提前)?"
)
_LENGTH = (
    r"(?:\d{1,3}|[一二三四五六七八九十百两]{1,4})\s*"
    r"(?:个工作日|工作日|个月|个自然日|周年|日|天|年|小时)"
)
_PATTERN = re.compile(
    # 2021年12月31日前
    rf"(?P<dated>(?:[到至]|截至|截止到?|于)?\s*(?:{FULL_DATE.pattern})"
    r"(?:前|之前|以前|止|为止))"
    # 2021年底前, 2025年6月前
    r"|(?P<before>(?P<by>20\d\d)\s*年(?:(?P<month>\d{1,2})\s*月)?(?:底|末)?(?:前|之前|以前))"
    # 到2027年, 2024年完成, 到“十四五”期末
    rf"|(?P<target>(?:[到至](?=[“\"]?十))?(?:{TARGET.pattern}))"
    # 每年7月份前, 每年年底前
    r"|(?P<yearly>每年(?:\d{1,2}月(?:\d{1,2}日|份|底|末)?|年?底)(?:之?前|以前))"
    # 未来5年
    r"|(?P<coming>(?:未来|今后)(?P<years>\d|[一二两三四五六七八九十])(?:到[一二三四五六七八九十\d])?年)"
    # 七日内
    rf"|(?P<within>{_FROM}{_LENGTH}(?:之内|以内|内|之前|以前|前))"
    # 2021-2023年
    r"|(?P<span>20\d\d\s*[-—~～至到]+\s*(?P<last>20\d\d)\s*年(?!行动|计划|规划)(?:期间)?)"
)


def due_times(sentence: str, issued_on: date | None = None) -> tuple[DueTime, ...]:
    """The time expressions of a sentence that set an end, in order.

    Args:
        sentence: the words.
        issued_on: when the text was issued: what lies before is a look back, and 「未来5年」 counts from it.

    Example:
        >>> [(due.text, due.on) for due in due_times("到2021年底，评定10名“海珠首席技师”")]
        [('到2021年底', datetime.date(2021, 12, 31))]
    """
    names = re.compile(r"《[^》]*》|[（(][^（）()]*[〔（(]\d{4}[〕）)][^（）()]*[）)]")
    words = names.sub(lambda match: "□" * len(match.group()), sentence)
    found = []
    for match in _PATTERN.finditer(words):
        on = _end(match, words, issued_on)
        if on is not None and issued_on is not None and on < issued_on:
            continue
        text = sentence[match.start() : match.end()]
        lead = len(text) - len(text.lstrip("力争确保 "))
        text = text[lead:]
        found.append(DueTime(text.strip(), Span(match.start() + lead, match.end()), on))
    return tuple(found)


def _end(match: re.Match[str], sentence: str, issued_on: date | None) -> date | None:
    words = match.group()
    if match["dated"]:
        dated = FULL_DATE.search(words)
        return full_date(dated) if dated else None
    if match["target"]:
        target = TARGET.search(sentence, match.start(), len(sentence))
        return target_end(target) if target else None
    if match["before"]:
        year, month = int(match["by"]), match["month"]
        if month and 1 <= int(month) <= 12:
            on = date(year, int(month), calendar.monthrange(year, int(month))[1])
            return on if re.search(r"[底末]", words) else date(year, int(month), 1)
        return date(year, 12, 31) if re.search(r"[底末]", words) else date(year - 1, 12, 31)
    if match["coming"]:
        return date(issued_on.year + ordinal(match["years"]), 12, 31) if issued_on else None
    return date(int(match["last"]), 12, 31) if match["span"] else None
