"""What a text's own words say about its validity on a day. Nothing is assumed: no words, no status.

draft               征求意见稿 on its title
repealed            the page or a person says 失效 or 废止
expired             有效期至… passed
target_period_over  all the target years it sets are past (「到2021年底」), and nothing else is said
in_force            自…起施行 with the day reached, and a stated end not passed
unknown             otherwise: a text that sets no validity is not called 现行有效
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from assistant.model import Deadline, Policy, Sentence, Span, Status, StatusReading
from assistant.parsing.dates import FULL_DATE, TARGET, full_date, target_end
from assistant.parsing.numerals import ordinal
from assistant.parsing.references import fold_title

_STARTS = r"起?(?:正式|开始|试)?(?:施行|实施|执行|生效|试行|行){1,2}(?=[，,。；;、（(\s]|$)"
_EFFECTIVE = re.compile(rf"自\s*(?:{FULL_DATE.pattern})\s*{_STARTS}")
_ON_ISSUE = re.compile(rf"自[^，。；自]{{0,6}}(?:印发|发布|公布|下发|颁布)之日{_STARTS}")
_UNTIL = re.compile(
    rf"(?:有效期|施行期限|执行期限|试行期|(?:施行|实施|执行|生效)[，,](?=至))[^。；;]{{0,24}}?(?:至|到|截至|截止|为|止于)\s*(?:{FULL_DATE.pattern})"
)
_YEARS = re.compile(
    r"(?:有效期|试行期|施行期限?|执行期限?)(?:限)?(?:为|暂定(?:为)?)?\s*([一二两三四五六七八九十\d]{1,2})\s*年"
)
# A certificate has a 有效期 too; the text speaks of its own where it names itself or its own start.
_OF_ITSELF = re.compile(
    r"本(?:[暂试]行)?[\u4e00-\u9fff]{0,6}(?:办法|细则|通知|意见|规定|方案|规则|条例|措施|计划|指引|通告|公告|决定|政策|文件|法)"
    r"|重新公布|自[^。；;]{2,24}(?:施行|实施|执行|生效|试行)|^(?:[（(]?[一二三四五六七八九十\d]+[）)、.．]\s*)?有效期"
)


def find_deadlines(text: str, sentences: Iterable[Sentence], issued_on: date | None = None) -> tuple[Deadline, ...]:
    """Target periods and stated ends of validity, in text order.

    A year already over when the text was issued is a look back (「到2019年，我市已有…」), not a target.
    """
    found: list[Deadline] = []
    for sentence in sentences:
        for match in TARGET.finditer(text, sentence.span.start, sentence.span.end):
            end = target_end(match)
            # 「2017年3月至2018年12月，被告人…」 is a stretch of time, not a target
            looks_back = issued_on is None and re.search(r"\d年\d{1,2}月(?:\d{1,2}日)?$", text[: match.start()][-12:])
            if not looks_back and (issued_on is None or end >= issued_on):
                found.append(Deadline("target", end, Span(match.start(), match.end())))
        for match in _UNTIL.finditer(text, sentence.span.start, sentence.span.end):
            dated = [day for part in FULL_DATE.finditer(match.group()) if (day := full_date(part))]
            if dated and _OF_ITSELF.search(sentence.span.of(text)):
                found.append(Deadline("valid_until", dated[-1], Span(match.start(), match.end())))
    return tuple(found)


def find_effective_from(
    text: str, sentences: Iterable[Sentence], issued_on: date | None, titles: Iterable[str] = ()
) -> tuple[date, Span] | None:
    """The day 自…起施行 names; 「自印发之日起」 is the day of issue, where that is known.

    `titles` are the text's own: an explanation of 《甲办法》 that says when that one starts does not start then itself.
    """
    own = [fold_title(title) for title in titles if title]
    for sentence in sentences:
        words = sentence.span.of(text)
        if not _speaks_of_itself(words) or _speaks_of_another(words, own):
            continue
        if match := _EFFECTIVE.search(text, sentence.span.start, sentence.span.end):
            dated = FULL_DATE.search(match.group())
            if dated and (on := full_date(dated)):
                return on, Span(match.start(), match.end())
        if (match := _ON_ISSUE.search(text, sentence.span.start, sentence.span.end)) and issued_on:
            return issued_on, Span(match.start(), match.end())
    return None


def find_validity_years(
    text: str, sentences: Iterable[Sentence], start: date | None, titles: Iterable[str] = ()
) -> Deadline | None:
    """「有效期5年」 counted from `start`; None where the start is not known. `titles` as in `find_effective_from`."""
    own = [fold_title(title) for title in titles if title]
    for sentence in sentences:
        match = _YEARS.search(text, sentence.span.start, sentence.span.end)
        words = sentence.span.of(text)
        if match and start and _OF_ITSELF.search(words) and not _speaks_of_another(words, own):
            years = ordinal(match.group(1))
            day = 28 if (start.month, start.day) == (2, 29) else start.day
            return Deadline("valid_until", date(start.year + years, start.month, day), Span(match.start(), match.end()))
    return None


def _speaks_of_another(sentence: str, own: Iterable[str]) -> bool:
    """Whether the sentence names another text before it says 自…起, and not itself (本办法)."""
    before = sentence[: sentence.find("自", 1)] if "自" in sentence[1:] else sentence
    named = [fold_title(title) for title in re.findall(r"《([^《》]+)》", before)]
    if not named or re.search(r"(?:^|[，。；])本[\u4e00-\u9fff]{1,8}自", sentence):
        return False
    return not any(name == title or title.endswith(name) for name in named for title in own)


def _speaks_of_itself(sentence: str) -> bool:
    """Whether 自 opens its sentence or follows 本办法: 「将自2019年1月1日起施行的规定…」 dates something else."""
    return bool(
        re.search(r"本[\u4e00-\u9fff]{1,12}?自|^(?:第[一二三四五六七八九十百]+条)?\s*自|，自|^[^，。]{0,4}自", sentence)
    )


def status_on(policy: Policy, as_of: date) -> StatusReading:
    """The status of a policy on a day, with the words it rests on."""
    newer = _said(policy, "newer_version")
    if policy.draft_mark is not None:
        note = f"征求意见稿；库里已有正式的{newer}，以正式文件为准。" if newer else _DRAFT_NOTE
        return StatusReading(Status.DRAFT, policy.draft_mark, note)
    reading = _read_status(policy, as_of)
    if newer and reading.status not in (Status.REPEALED, Status.EXPIRED):
        # that the newer one replaces it, no text says
        note = f"库里有题名相同、日期更晚的{newer}，以较新的一份为准；这份是否已被代替，请向发文机关核实。"
        return StatusReading(Status.UNKNOWN, None, note)
    return reading


_DRAFT_NOTE = "征求意见稿，未见正式印发，还不能据此办理。"


def _said(policy: Policy, field: str) -> str:
    return next((entry.note for entry in policy.evidence if entry.field == field), "")


def _read_status(policy: Policy, as_of: date) -> StatusReading:
    repealed = [deadline for deadline in policy.deadlines if deadline.kind == "repealed" and deadline.on <= as_of]
    if repealed:
        by = _said(policy, "repealed_by")
        note = f"{by}，该文件已废止。" if by else "发布页面或元数据标明该文件已失效或废止。"
        return StatusReading(Status.REPEALED, repealed[0].span or None, note)
    until = [deadline for deadline in policy.deadlines if deadline.kind == "valid_until"]
    if until:
        last = max(until, key=lambda deadline: deadline.on)
        if last.on < as_of:
            return StatusReading(Status.EXPIRED, last.span, f"文件写明的有效期到 {_day(last.on)}，已经过了。")
        starts = policy.effective_from or policy.issued_on
        if starts and starts <= as_of:
            by = "" if last.span else _said(policy, "extended_by")
            note = f"{by}，有效期到 {_day(last.on)}。" if by else f"文件写明有效期到 {_day(last.on)}。"
            return StatusReading(Status.IN_FORCE, last.span or None, note)
    targets = [deadline for deadline in policy.deadlines if deadline.kind == "target"]
    if targets:
        last = max(targets, key=lambda deadline: deadline.on)
        if last.on < as_of:
            note = f"文件自己定的目标期到 {_day(last.on)}，已经过了；之后是否继续执行，文件没有写。"
            return StatusReading(Status.TARGET_PERIOD_OVER, last.span, note)
    if policy.effective_from and policy.effective_from <= as_of:
        basis = next((e.span for e in policy.evidence if e.field == "effective_from"), None)
        note = f"文件写明自 {_day(policy.effective_from)} 起施行，没有写有效期。"
        return StatusReading(Status.IN_FORCE, basis, note)
    return StatusReading(Status.UNKNOWN, None, "文件没有写施行日期和有效期，是否仍然有效请以发文机关的最新文件为准。")


def _day(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"
