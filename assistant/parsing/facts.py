"""The fields that sites print around a text: 发文字号：…, [成文日期] …, several in one line or one to a line.

A line of fields is read field by field; what such a line begins with (a number, a time stamp) counts as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_TITLES = ("标题", "名称", "信息名称", "文件名称", "公文名称", "事项名称", "文件标题")
_NUMBERS = ("发文字号", "发布文号", "发文文号", "文号", "文件编号", "文件号", "公文文号", "发文号")
_ISSUERS = (
    "发文机关",
    "发文机构",
    "制定机关",
    "发布部门",
    "发布机关",
    "生成机关",
    "制发机关",
    "发文单位",
    "实施主体",
    "实施机关",
    "答复单位",
)
_JOINT = ("联合发文单位", "联合发文机关")
_SOURCES = ("来源", "信息来源", "发布机构", "发布单位", "稿源", "文章来源", "公开机构", "责任部门", "公开责任部门")
_SIGNED = ("成文日期", "发文日期", "生成日期", "签发日期", "印发日期", "制定日期")
_PUBLISHED = (
    "发布日期",
    "公开日期",
    "公布日期",
    "发布时间",
    "公开时间",
    "发表时间",
    "发文时间",
    "发稿时间",
    "更新时间",
    "时间",
    "日期",
)
_EFFECTIVE = ("实施日期", "施行日期", "生效日期", "生效时间", "实施时间", "施行时间")
_ENDS = ("失效日期", "废止日期", "废止时间", "失效时间")
_VALIDITY = ("有效性", "效力状态", "时效性", "有效状态", "是否有效", "文件状态", "时效", "效力")
_OTHERS = (
    "索引号",
    "索取号",
    "信息索取号",
    "信息编号",
    "统一编号",
    "规范性文件统一编号",
    "登记号",
    "主题分类",
    "信息分类",
    "所属主题",
    "分类",
    "主题词",
    "关键词",
    "体裁分类",
    "组配分类",
    "公文种类",
    "公开类别",
    "公开形式",
    "法规类别",
    "效力级别",
    "效力等级",
    "唯一标志",
    "法宝引证码",
    "原文链接",
    "事项类型",
    "服务对象",
    "信息类别",
    "载体类型",
    "内容概述",
)
KINDS: dict[str, str] = {
    label: kind
    for kind, labels in (
        ("title", _TITLES),
        ("number", _NUMBERS),
        ("issuer", _ISSUERS),
        ("joint", _JOINT),
        ("source", _SOURCES),
        ("signed_on", _SIGNED),
        ("published_on", _PUBLISHED),
        ("effective_from", _EFFECTIVE),
        ("repealed_on", _ENDS),
        ("validity", _VALIDITY),
        ("other", _OTHERS),
    )
    for label in labels
}
"""What a label is about."""

_SPACED = {label: r"\s*".join(label) for label in sorted(KINDS, key=len, reverse=True)}
_LABEL = "|".join(_SPACED.values())
_LONG = "|".join(spaced for label, spaced in _SPACED.items() if len(label) >= 4)
_PAIR = re.compile(
    rf"[【\[［]\s*({_LABEL})\s*[】\]］]\s*[：:|]?\s*|({_LONG}|(?<![\u4e00-\u9fff])(?:{_LABEL}))\s*[：:]\s*\|?\s*"
    rf"|^((?:{_LONG}|索\s+引\s+号))[\s\u3000]+(?=\S)"
)
_BRACKETED = re.compile(rf"[【\[［]\s*((?:{_LABEL})\s*[：:][^】\]］【\[［]*)[】\]］]")
FACT = re.compile(rf"^(?:[【\[［]\s*(?:{_LABEL})\s*[】\]］]|(?:{_LABEL})\s*[：:])")
"""A line that begins with a field."""
_OTHER_LABEL = re.compile(
    r"(?:浏览|访问|点击|阅读|作者|编辑)[\u4e00-\u9fff]{0,3}\s*[：:].*$|(?:^|[\s\u3000|｜；;])\s*【?[\u4e00-\u9fff]{2,5}】?[：:].*$|[【\[（(]?\s*字[体号]\s*[：:].*$"
    r"|[【\[［](?:打印|关闭|收藏)[\u4e00-\u9fff]{0,4}[】\]］].*$"
)
_EDGES = " \t\u3000\xa0|｜；;,，"
_LEAD = re.compile(
    r"[（(]?(?:19|20)\d\d[-./年]\d{1,2}[-./月]\d{1,2}日?(?:\s+\d{1,2}:\d\d(?::\d\d)?)?[)）]?|[\u4e00-\u9fff]{2,12}\s*[〔\[【（(]\s*(?:19|20)\d{2}\s*[〕\]】）)]\s*(?:第\s*)?\d{1,5}\s*号"
)
_STAMPED = re.compile(r"\s*((?:19|20)\d\d[-./年]\d{1,2}[-./月]\d{1,2}日?)(?:\s+\d{1,2}:\d\d(?::\d\d)?)?\s*$")
_TIMED = re.compile(r"((?:19|20)\d\d(?:-\d{1,2}-\d{1,2}|年\d{1,2}月\d{1,2}日))\s+\d{1,2}:\d\d(?!\d|\s*[-—至])")
_STAMP = re.compile(
    r"[（(]?((?:19|20)\d\d-\d{1,2}-\d{1,2})(?:\s+\d{1,2}:\d\d(?::\d\d)?)?[)）]?\s*[|｜]?\s*([\u4e00-\u9fff]{4,30}(?:厅|局|委员会|委|政府|办公室|办公厅|部|署|院))"
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One field: what it is about (a value of `KINDS`), its label without blanks, its value."""

    kind: str
    label: str
    value: str


def _unbracketed(match: re.Match[str]) -> str:
    """「【发布时间：2022-12-09】」 without its brackets."""
    return f" {match.group(1)} "


def label_of(words: str) -> str | None:
    """The label a table cell is, without blanks, brackets and colon; None where it is none.

    Example:
        >>> label_of("[ 发文字号 ]"), label_of("标　　题："), label_of("补贴标准")
        ('发文字号', '标题', None)
    """
    plain = re.sub(r"[\s\u3000\[\]【】［］：:]", "", words)
    return plain if plain in KINDS else None


def facts_in(line: str) -> tuple[Fact, ...]:
    """The fields of a line, in order; empty where it is a line of text.

    Example:
        >>> [(fact.kind, fact.value) for fact in facts_in("发布日期：2025-04-15　信息来源：甲市财政局　浏览次数：3")]
        [('published_on', '2025-04-15'), ('source', '甲市财政局')]
    """
    if len(line) > 300 or re.search("[。]", line):
        return ()
    line = _BRACKETED.sub(_unbracketed, line)
    if stamp := _STAMP.fullmatch(line.strip()):
        return Fact("published_on", "", stamp.group(1)), Fact("source", "", stamp.group(2))
    found = list(_PAIR.finditer(line))
    if not found:
        timed = _TIMED.search(line) if len(line) <= 40 else None
        return (Fact("published_on", "", timed.group(1)),) if timed else ()
    lead = line[: found[0].start()].strip(_EDGES)
    facts = []
    if lead:
        if not _LEAD.fullmatch(lead):
            return ()
        facts.append(Fact("lead", "", lead))
    for match, following in zip(found, (*found[1:], None), strict=True):
        label = re.sub(r"\s", "", match.group(1) or match.group(2) or match.group(3))
        value = line[match.end() : following.start() if following else len(line)]
        if following is not None or KINDS[label] not in ("title", "other"):
            value = _OTHER_LABEL.sub("", value)
        value = value.strip(_EDGES)
        if label in ("时间", "日期") and value and not value[:4].isdecimal():
            return ()  # 「时间：到2025年底」 is a line of a plan
        if KINDS[label] == "source" and (stamped := _STAMPED.search(value)):
            # 「来源: 广州市人民政府办公厅 2025-04-21」
            facts.append(Fact("published_on", "", stamped.group(1)))
            value = value[: stamped.start()].strip(_EDGES)
        facts.append(Fact(KINDS[label], label, value))
    return tuple(facts)


def only_label(line: str) -> bool:
    """A field whose value stands on the next line: 「成文日期：」."""
    found = facts_in(line)
    return len(found) == 1 and found[0].kind != "lead" and not found[0].value
