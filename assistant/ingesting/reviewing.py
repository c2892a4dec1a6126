"""What a person should check about a text: facts not found, labels that do not count on, things left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.model import Evidence, Level, Policy, PolicyDocument
from assistant.parsing.facts import KINDS
from assistant.parsing.origins import Origin
from assistant.parsing.references import DOCUMENT_NUMBER, fold_title, normal_number

_CLAUSES = frozenset(
    (Level.PART, Level.CHAPTER, Level.SECTION, Level.ARTICLE, Level.ITEM, Level.SUBITEM, Level.POINT, Level.ATTACHMENT)
)


def clauses_in(document: PolicyDocument) -> int:
    """How many labelled clauses a text has."""
    return sum(node.level in _CLAUSES for node in document.root.walk())


def doubts_of(document: PolicyDocument, origin: Origin | None) -> tuple[str, ...]:
    """Chinese sentences, the gravest first; empty where nothing is doubtful."""
    policy = document.policy
    found: list[str] = []
    if policy.jurisdiction is None:
        found.append("地区定不下来，这份文件不会用来回答任何地区的问题；请用 --place 指定。")
    for value in origin.values if origin else ():
        if value.field == "title":
            found.append(f"正文里没有题名，取自{value.note}：{value.value}。")
        elif value.field == "jurisdiction":
            found.append(f"地区取自{value.note}。")
    if policy.title == policy.policy_id:
        found.append("没有读出题名。")
    lacking = [
        name
        for name, value in (("文号", policy.document_number), ("发文机关", policy.issuers), ("日期", policy.issued_on))
        if not value
    ]
    if lacking:
        found.append(f"没有读出{'、'.join(lacking)}。")
    if not clauses_in(document):
        found.append("没有读出条款序号，全文作一段处理。")
    if len(numbers := _numbers_alone(policy.text)) > 1:
        found.append(
            f"正文里有几个单独成行的文号（{'、'.join(numbers[:3])}）：可能是几份文件合在一起，后面几份会算作附件；"
            "是的话请拆开分别入库。"
        )
    if _is_traditional(policy.text):
        found.append("正文是繁体字，检索和条款识别按简体做，会读不全；请转成简体再入库。")
    missing = [entry for entry in document.ledger if entry.kind == "missing"]
    if missing:
        found.append(f"有 {len(missing)} 处序号缺失，原文可能不完整：{missing[0].note}")
    odd = sum(entry.kind == "out_of_sequence" for entry in document.ledger)
    if odd:
        found.append(f"有 {odd} 处序号不连续，按原文保留。")
    return (*found, *(origin.doubts if origin else ()))


def _numbers_alone(text: str) -> tuple[str, ...]:
    """The document numbers that stand alone on lines, each once; those of forwarded texts are among them."""
    lines = (re.sub(r"\s", "", line).strip("（）()") for line in text.splitlines())
    found = (DOCUMENT_NUMBER.fullmatch(line) for line in lines if len(line) <= 40)
    return tuple(dict.fromkeys(normal_number(*match.groups()) for match in found if match))


def _is_traditional(text: str) -> bool:
    """More Chinese characters that GB2312 has no place for than names and rare words bring."""
    han = re.findall(r"[\u4e00-\u9fff]", text[:20_000])
    return sum(not char.encode("gb2312", "ignore") for char in han) > 0.1 * max(len(han), 20)


@dataclass(frozen=True, slots=True)
class Reading:
    """A fact of a text as it was read.

    Attributes:
        field: as in `metadata.jsonl`.
        value: as it would be written there; "" where nothing was read.
        sure: "sure" (printed in the text), "likely" (the site's own fields, or taken from another fact) or "unsure"
            (the name of the file or site, or nothing at all).
        basis: where it comes from, in Chinese.
    """

    field: str
    value: str
    sure: str
    basis: str


def readings(document: PolicyDocument, origin: Origin | None) -> tuple[Reading, ...]:
    """Every fact a text should have, with how sure its reading is."""
    policy = document.policy
    outside = {value.field: value.note for value in origin.values} if origin else {}
    noted = {entry.field: entry for entry in policy.evidence}
    until = [deadline.on for deadline in policy.deadlines if deadline.kind == "valid_until" and deadline.span]
    values = {
        "title": "" if policy.title == policy.policy_id else policy.title,
        "document_number": policy.document_number or "",
        "issuers": "、".join(policy.issuers),
        "jurisdiction": policy.jurisdiction or "",
        "signed_on": str(policy.signed_on or ""),
        "published_on": str(policy.published_on or ""),
        "effective_from": str(policy.effective_from or ""),
        "valid_until": str(max(until)) if until else "",
    }
    return tuple(_reading(field, value, outside, noted) for field, value in values.items())


def _reading(field: str, value: str, outside: Mapping[str, str], noted: Mapping[str, Evidence]) -> Reading:
    if field in outside:
        return Reading(field, value, "unsure", outside[field])
    if not value:
        return Reading(field, "", "unsure" if field in _NEEDED else "sure", "文中没有")
    entry = noted.get(field)
    if field == "jurisdiction":
        printed = "issuers" in noted and not noted["issuers"].note
        return Reading(field, value, "sure" if printed else "likely", f"由{entry.note or '题名'}读出" if entry else "")
    if entry is not None and entry.note == "metadata.jsonl":
        return Reading(field, value, "sure", "人工填写")
    if entry is not None and entry.note in KINDS:
        return Reading(field, value, "likely", f"网页的“{entry.note}”栏")
    return Reading(field, value, "sure", "正文")


_NEEDED = ("title", "document_number", "issuers", "jurisdiction", "signed_on")


def likenesses(document: PolicyDocument, others: Iterable[Policy]) -> tuple[str, ...]:
    """Of others, those that have the same number or the same title, as sentences."""
    policy = document.policy
    folded = fold_title(policy.title)
    found = []
    for other in others:
        if other.policy_id == policy.policy_id:
            continue
        number = policy.document_number and other.document_number == policy.document_number
        title = other.jurisdiction == policy.jurisdiction and fold_title(other.title) == folded
        if number or title:
            same = "文号" if number else "题名"
            found.append(
                f"库里已有同一{same}的 {other.policy_id}；"
                "如果是同一份文件的另一版，可以用 diff 看改了什么，用 replace 换上新的。"
            )
    return tuple(found)


def cleaned(origin: Origin) -> str:
    """What was left out, counted by kind."""
    names: Sequence[tuple[str, str]] = (
        ("furniture", "页面附带内容"),
        ("watermark", "水印"),
        ("hidden", "看不见的文字"),
        ("character", "看不见的字符"),
        ("markup", "排版标记"),
        ("image", "图片"),
        ("note", "脚注"),
    )
    counts = [(name, sum(entry.kind == kind for entry in origin.set_aside)) for kind, name in names]
    return "、".join(f"{name} {count} 处" for name, count in counts if count) or "无"
