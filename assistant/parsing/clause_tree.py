"""Lines → clause tree. Never refuses text: a line that opens no clause joins the open one.

The tree tiles the text: children lie in order inside their parent, and what they leave uncovered is the parent's own.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from assistant.model import Clause, LedgerEntry, Level, Span
from assistant.parsing.cleaning import Line
from assistant.parsing.clause_ids import id_part
from assistant.parsing.headings import RANK, Heading, heading_of
from assistant.parsing.numerals import chinese
from assistant.parsing.responsibility import find_responsibility

MAX_HEADING = 45
"""Characters up to the first full stop that still read as a heading."""


@dataclass(slots=True)
class _Node:
    """A clause under construction; becomes a frozen `Clause` once its end is known."""

    level: Level
    start: int
    number: int = 0
    insertion: int = 0
    label: str = ""
    path_label: str = ""
    heading: str = ""
    end: int = 0
    children: list[_Node] = field(default_factory=list)

    @property
    def rank(self) -> int:
        return RANK.get(self.level, 0)


@dataclass(frozen=True, slots=True)
class Zone:
    """A stretch of text outside the numbered clauses: header, notice, preamble, closing, furniture."""

    level: Level
    path: str
    span: Span
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Tree:
    """The root clause and what was odd about the labels."""

    root: Clause
    ledger: tuple[LedgerEntry, ...]


def build_tree(policy_id: str, text: str, zones: tuple[Zone, ...], body: tuple[Line, ...]) -> Tree:
    """Build the tree of a text.

    Args:
        policy_id: goes in front of every clause id.
        text: the whole policy text.
        zones: the parts that hold no numbered clauses, in order, not overlapping.
        body: the lines of the numbered clauses, in order, outside all zones.
    """
    document = _Node(Level.DOCUMENT, 0, end=len(text))
    ledger: list[LedgerEntry] = []
    _open_clauses(document, body, ledger)
    for zone in zones:
        document.children.append(
            _Node(zone.level, zone.span.start, path_label=zone.path, heading=zone.heading, end=zone.span.end)
        )
    document.children.sort(key=lambda node: node.start)
    _close(document, text)
    return Tree(_freeze(document, policy_id, "document", "", text), tuple(ledger))


def _open_clauses(document: _Node, body: tuple[Line, ...], ledger: list[LedgerEntry]) -> None:
    stack = [document]
    for line in body:
        heading = heading_of(line.text)
        if heading is None or line.continues or not _credible(heading, stack):
            _join(stack, line)
            continue
        if heading.level is Level.ATTACHMENT:
            del stack[1:]
            stack.append(
                _append(document, _Node(Level.ATTACHMENT, line.span.start, heading.number, label=heading.label))
            )
            stack[-1].path_label = heading.path_label
            continue
        level = _level_in_context(heading, stack)
        base = 2 if stack[1:] and stack[1].level is Level.ATTACHMENT else 1
        while len(stack) > base and stack[-1].rank >= RANK[level]:
            stack.pop()
        parent = stack[-1]
        if parent.level is Level.ARTICLE and RANK[level] > RANK[Level.PARAGRAPH] and not parent.children:
            # 第X条 whose first words are a list: the list belongs to the first 款
            parent = _append(parent, _Node(Level.PARAGRAPH, line.span.start, 1))
            stack.append(parent)
        number = heading.number or 1 + sum(child.level is level for child in parent.children)
        _note_sequence(document, parent, heading, level, line, ledger)
        node = _Node(
            level, line.span.start, number, heading.insertion, heading.label, _path_label(heading, level, number)
        )
        node.heading = _heading_words(line.text[heading.length :], level)
        stack.append(_append(parent, node))
        if level is Level.ARTICLE and line.text[heading.length :].strip():
            stack.append(_append(node, _Node(Level.PARAGRAPH, line.span.start + heading.length, 1)))


def _append(parent: _Node, node: _Node) -> _Node:
    parent.children.append(node)
    return node


def _credible(heading: Heading, stack: list[_Node]) -> bool:
    """「第三条规定的…」 without a blank is a label only where article three is due."""
    if heading.certain or heading.level is not Level.ARTICLE:
        return True
    last = max((n.number for n in _all(stack[0]) if n.level is Level.ARTICLE), default=0)
    return heading.number == last + 1


def _all(node: _Node) -> list[_Node]:
    return [node, *(below for child in node.children for below in _all(child))]


def _level_in_context(heading: Heading, stack: list[_Node]) -> Level:
    """Inside an article, 「一、」 opens an item (older statutes), not a chapter."""
    if heading.level is Level.CHAPTER and heading.label[0] != "第" and any(n.level is Level.ARTICLE for n in stack):
        return Level.ITEM
    return heading.level


def _join(stack: list[_Node], line: Line) -> None:
    """A line without a label: a new 款 inside an article, otherwise more words of the open clause."""
    article = next((node for node in stack if node.level is Level.ARTICLE), None)
    if article is None or line.continues:
        return
    while stack[-1] is not article:
        stack.pop()
    number = 1 + sum(child.level is Level.PARAGRAPH for child in article.children)
    stack.append(_append(article, _Node(Level.PARAGRAPH, line.span.start, number)))


def _path_label(heading: Heading, level: Level, number: int) -> str:
    if level is Level.BULLET:
        return f"——{number}"
    if level is Level.ITEM and heading.level is Level.CHAPTER:
        return f"（{chinese(number)}）"
    return heading.path_label


def _heading_words(rest: str, level: Level) -> str:
    """The words up to the first full stop, when short enough to be a heading and followed by text or nothing."""
    if level in (Level.ARTICLE, Level.BULLET):
        found = rest.strip()
        return found[1 : found.index("】")] if found.startswith("【") and "】" in found else ""
    head, stop, tail = (part.strip() for part in rest.partition("。"))
    if len(head) > MAX_HEADING or re.search(r"[；;：]|应当|不得|必须", head) or (stop and not tail):
        return ""
    if len(re.findall(r"[，,]", head)) > (2 if level is Level.CHAPTER else 1):
        return ""
    return head


def _note_sequence(
    document: _Node, parent: _Node, heading: Heading, level: Level, line: Line, ledger: list[LedgerEntry]
) -> None:
    """Record labels that do not follow on: what is missing is part of the answer to "is this text complete".

    Items may start anew under each chapter (广东) or run on through the text (广州), so both are in order.
    """
    if level in (Level.BULLET, Level.ARTICLE) or heading.insertion:
        return
    siblings = [child.number for child in parent.children if child.level is level]
    running = [node.number for node in _all(document) if node.level is level]
    expected = {(siblings or [0])[-1] + 1, (running or [0])[-1] + 1}
    if heading.number in expected:
        return
    label = Span(line.span.start, line.span.start + heading.length)
    if heading.number > max(expected):
        lacking = max(expected) if not siblings else siblings[-1] + 1
        note = f"「{line.text[:12]}」之前缺少第 {lacking} 个同级条目，来源文本可能不完整。"
        ledger.append(LedgerEntry("missing", label, note))
    else:
        note = f"「{line.text[:12]}」的序号与上一条不连续，按原文保留。"
        ledger.append(LedgerEntry("out_of_sequence", label, note))


def _close(node: _Node, text: str) -> None:
    """Give every node its end: the start of the next sibling, the last one its parent's end without blanks."""
    limits = [*(child.start for child in node.children[1:]), node.end]
    for child, limit in zip(node.children, limits, strict=False):
        if child.end == 0:
            child.end = child.start + len(text[child.start : limit].rstrip())
        _close(child, text)


def _freeze(node: _Node, policy_id: str, local_id: str, parent_path: str, text: str) -> Clause:
    path = _join_path(parent_path, node)
    children = node.children
    if node.level is Level.ARTICLE and len(children) == 1 and children[0].level is Level.PARAGRAPH:
        children = children[0].children  # a single 款 is not counted: 「第八条第（一）项」
    span = Span(node.start, node.end)
    duty = None
    if node.level in RANK and not children:
        duty = find_responsibility(text, span)
    return Clause(
        f"{policy_id}#{local_id}",
        node.level,
        node.label,
        path,
        node.heading,
        span,
        _freeze_children(children, policy_id, "" if node.level is Level.DOCUMENT else f"{local_id}__", path, text),
        duty.lead if duty else (),
        duty.cooperating if duty else (),
        duty.span if duty else None,
    )


def _freeze_children(children: list[_Node], policy_id: str, prefix: str, path: str, text: str) -> tuple[Clause, ...]:
    """Children with their ids; the same label twice under one parent is …~2."""
    seen: Counter[str] = Counter()
    frozen = []
    for child in children:
        part = id_part(child.level, child.number, child.insertion)
        seen[part] += 1
        local_id = prefix + (part if seen[part] == 1 else f"{part}~{seen[part]}")
        frozen.append(_freeze(child, policy_id, local_id, path, text))
    return tuple(frozen)


def _join_path(parent: str, node: _Node) -> str:
    """「三、（四）」, 「第二章第十条第一款」; a unit without label is named by its kind."""
    match node.level:
        case Level.DOCUMENT:
            return ""
        case Level.PARAGRAPH:
            return f"{parent}第{chinese(node.number)}款"
        case Level.ARTICLE:
            return node.path_label  # articles are numbered through; the chapter adds nothing
        case _:
            joiner = "" if not parent or parent.endswith("）") or parent[-1] in "条款" else "、"
            return f"{parent}{joiner}{node.path_label}"
