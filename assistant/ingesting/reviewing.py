"""What a person should check about a text: facts not found, labels that do not count on, things left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.model import Level, PolicyDocument
from assistant.parsing.origins import Origin
from assistant.parsing.references import fold_title

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
    missing = [entry for entry in document.ledger if entry.kind == "missing"]
    if missing:
        found.append(f"有 {len(missing)} 处序号缺失，原文可能不完整：{missing[0].note}")
    odd = sum(entry.kind == "out_of_sequence" for entry in document.ledger)
    if odd:
        found.append(f"有 {odd} 处序号不连续，按原文保留。")
    return (*found, *(origin.doubts if origin else ()))


def likenesses(document: PolicyDocument, others: Iterable[PolicyDocument]) -> tuple[str, ...]:
    """Texts held already that have the same number or the same title, as sentences."""
    policy = document.policy
    found = []
    for other in others:
        if other.policy.policy_id == policy.policy_id:
            continue
        number = policy.document_number and other.policy.document_number == policy.document_number
        title = (
            fold_title(other.policy.title) == fold_title(policy.title)
            and other.policy.jurisdiction == policy.jurisdiction
        )
        if number or title:
            same = "文号" if number else "题名"
            found.append(
                f"库里已有同一{same}的 {other.policy.policy_id}；"
                "如果是同一份文件的另一版，请核对后用 remove 移除旧的一份。"
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
