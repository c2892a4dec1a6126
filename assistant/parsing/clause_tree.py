"""Lines → clause tree. Never refuses text: a line that opens no clause joins the open one.

The tree tiles the text: children lie in order inside their parent, and what they leave uncovered is the parent's own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.model import Clause, LedgerEntry, Level, Span
from assistant.parsing.blocks import LineKind, is_complete_title, kind_of
from assistant.parsing.clause_nodes import Node, close, freeze
from assistant.parsing.cleaning import Line
from assistant.parsing.headings import RANK, Heading, heading_of, is_question
from assistant.parsing.numerals import chinese

MAX_HEADING = 45
"""Characters up to the first full stop that still read as a heading."""

_NOTE = re.compile(r"[备附]?注\s*[：:]\s*[1１一（(]")


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


def build_tree(
    policy_id: str, text: str, zones: tuple[Zone, ...], body: tuple[Line, ...], annexes: tuple[int, ...] = ()
) -> Tree:
    """Build the tree of a text.

    Args:
        policy_id: goes in front of every clause id.
        text: the whole policy text.
        zones: the parts that hold no numbered clauses, in order, not overlapping.
        body: the lines of the numbered clauses, in order, outside all zones.
        annexes: where in the text something annexed starts, whether 附件 is printed there or not.
    """
    document = Node(Level.DOCUMENT, 0, end=len(text))
    ledger: list[LedgerEntry] = []
    _open_clauses(document, body, annexes, ledger)
    for zone in zones:
        document.children.append(
            Node(zone.level, zone.span.start, path_label=zone.path, heading=zone.heading, end=zone.span.end)
        )
    document.children.sort(key=lambda node: node.start)
    close(document, text)
    return Tree(freeze(document, policy_id, "document", "", text), tuple(ledger))


def _open_clauses(document: Node, body: tuple[Line, ...], annexes: tuple[int, ...], ledger: list[LedgerEntry]) -> None:
    stack = [document]
    headings = [_heading(line) for line in body]
    for at, (line, heading) in enumerate(zip(body, headings, strict=True)):
        if line.row:
            _open_row(stack, line)
            continue
        if stack[-1].level is Level.ROW:
            stack.pop()
        if line.span.start in annexes and (heading is None or heading.level is not Level.ATTACHMENT):
            _open_attachment(stack, line, None)
        listed = (
            heading is not None
            and heading.level is Level.ATTACHMENT
            and _only_lists(heading, headings[at + 1 : at + 9])
        )
        if heading is None or line.continues or listed or not _credible(heading, line, stack, annexes):
            if not _title_attachment(stack, line):
                _join(stack, line, headings[at + 1 :])
            continue
        if heading.level is Level.ATTACHMENT:
            _open_attachment(stack, line, heading)
            continue
        under_a_note = at > 0 and _NOTE.match(body[at - 1].text)  # 「注：1.…」 holds the first of its entries
        _open_clause(stack, line, heading, [] if under_a_note else ledger)


def _heading(line: Line) -> Heading | None:
    """The label a line begins with; the whole line where it is a named heading, none in a table."""
    if line.section and not line.row:
        return Heading(Level.CHAPTER, 0, 0, line.text, len(line.text))
    return None if line.row else heading_of(line.text)


def _open_row(stack: list[Node], line: Line) -> None:
    """A row of a table, under whatever is open; rows are counted through under one clause."""
    if stack[-1].level is Level.ROW:
        stack.pop()
    stack[-1].heading = stack[-1].heading or stack[-1].opening
    number = 1 + sum(child.level is Level.ROW and child.number > 0 for child in stack[-1].children) if line.head else 0
    path = f"表第{number}行" if number else "表头"
    node = Node(Level.ROW, line.span.start, number, path_label=path, heading=line.head, end=line.span.end)
    stack.append(_append(stack[-1], node))


def _open_clause(stack: list[Node], line: Line, heading: Heading, ledger: list[LedgerEntry]) -> None:
    level, rank = (Level.CHAPTER, 1.5) if line.section else _place_in_context(heading, line, stack)
    base = 2 if stack[1:] and stack[1].level is Level.ATTACHMENT else 1
    while len(stack) > base and stack[-1].rank >= rank:
        stack.pop()
    parent = stack[-1]
    if parent.level is Level.ARTICLE and rank > RANK[Level.PARAGRAPH] and not parent.children:
        # 第X条 whose first words are a list: the list belongs to the first 款
        parent = _append(parent, Node(Level.PARAGRAPH, line.span.start, 1))
        stack.append(parent)
    number = heading.number or 1 + sum(child.level is level for child in parent.children)
    _note_sequence(stack[base - 1], parent, heading, level, line, ledger)
    path = _section_words(line.text) if line.section else _path_label(heading, level, number)
    node = Node(level, line.span.start, number, heading.insertion, heading.label, path, rank=rank)
    node.heading = _section_words(line.text) if line.section else _heading_words(line.text[heading.length :], level)
    node.opening = _lone_words(line.text[heading.length :])
    parent.heading = parent.heading or parent.opening
    stack.append(_append(parent, node))
    if level is Level.ARTICLE and line.text[heading.length :].strip():
        stack.append(_append(node, Node(Level.PARAGRAPH, line.span.start + heading.length, 1)))


def _append(parent: Node, node: Node) -> Node:
    parent.children.append(node)
    return node


def _open_attachment(stack: list[Node], line: Line, heading: Heading | None) -> None:
    """An annex: 「附件1」, or a plan set behind the signature of its notice without the word."""
    del stack[1:]
    number = heading.number if heading else 0
    node = Node(Level.ATTACHMENT, line.span.start, number, label=heading.label if heading else "")
    node.path_label = heading.path_label if heading else "附件"
    if heading:
        node.heading = line.text[heading.length :].strip()
    stack.append(_append(stack[0], node))


def _title_attachment(stack: list[Node], line: Line) -> bool:
    """Whether the line is (part of) the title that stands at the head of an open attachment."""
    node = stack[-1]
    kinds = (LineKind.TITLE, LineKind.DRAFT_MARK)
    if node.level is not Level.ATTACHMENT or kind_of(line.text) not in kinds or len(node.heading) > 60:
        return False
    if is_complete_title(node.heading):
        return bool(re.fullmatch(r"[（(].{1,20}[）)]", line.text))
    if node.heading and not is_complete_title(node.heading + line.text):
        return False
    node.heading += line.text
    return True


def _only_lists(heading: Heading, following: list[Heading | None]) -> bool:
    """「附件：」 with another 附件 close behind names what comes, and is not it."""
    return heading.label.endswith(("：", ":")) and any(
        later is not None and later.level is Level.ATTACHMENT for later in following
    )


def _credible(heading: Heading, line: Line, stack: list[Node], annexes: tuple[int, ...]) -> bool:
    """Whether an uncertain label is one here.

    「第三条规定的…」 without a blank is a label only where article three is due, 「第一章总则」 only on a short line,
    and 「附件1：申报表」 only behind a signature.
    """
    if heading.certain:
        return True
    rest = line.text[heading.length :]
    if heading.level is Level.ATTACHMENT:
        behind = line.span.start in annexes or (len(stack) > 1 and stack[1].level is Level.ATTACHMENT)
        return behind and len(rest) <= 60 and not re.search(r"[。；]|^[的中所规]", rest)
    if heading.level is not Level.ARTICLE:
        return len(rest) <= 30 and not re.search(r"[，,。；;：:]|^[的中所规第]", rest)
    return heading.number == _last_number(_region(stack), Level.ARTICLE) + 1 and not re.match(
        r"[的中规所和、及第]|款|项", rest
    )


def _region(stack: list[Node]) -> Node:
    """The attachment we are in, else the document: labels count from one in each."""
    return stack[1] if len(stack) > 1 and stack[1].level is Level.ATTACHMENT else stack[0]


def _last_number(node: Node, level: Level) -> int:
    """The number of the last node of a level from here down, in document order; 0 where there is none."""
    for child in reversed(node.children):
        if (number := _last_number(child, level)) or child.level is level:
            return number or child.number
    return 0


def _place_in_context(heading: Heading, line: Line, stack: list[Node]) -> tuple[Level, float]:
    """The level and depth of a label here, where they depend on what is open.

    「一、」 is an item inside an article (older statutes) and a section inside 第X章; a line such as
    「——做强消费主引擎」 is a heading over the 1. 2. 3. that follow.
    """
    printed = heading.label[0] != "第"
    if heading.level is Level.CHAPTER and printed:
        if any(node.level is Level.ARTICLE for node in stack):
            return Level.ITEM, RANK[Level.ITEM]
        above = [node for node in stack if node.label.startswith("第") and node.level in (Level.CHAPTER, Level.SECTION)]
        if above:
            return Level.SECTION, RANK[Level.SECTION] + 0.5
    if heading.level is Level.BULLET and len(line.text) <= 32 and not re.search(r"[。；;，,：:]", line.text):
        return Level.BULLET, RANK[Level.ITEM] + 0.5
    return heading.level, heading.rank


def _join(stack: list[Node], line: Line, following: list[Heading | None]) -> None:
    """A line without a label: a new 款 inside an article, otherwise more words of the open clause.

    Between two items that count on (（三）… ⏎ words ⏎ （四）…) it is more words of the first.
    """
    article = next((node for node in stack if node.level is Level.ARTICLE), None)
    if article is None and not line.continues:
        stack[-1].heading = stack[-1].heading or stack[-1].opening
    if article is None or line.continues or not any(char.isalnum() for char in line.text):
        return
    coming = next((heading for heading in following if heading is not None), None)
    if coming is not None and coming.number > 1:
        counted = [
            node for node in stack if node.level is coming.level and RANK.get(node.level, 0) > RANK[Level.PARAGRAPH]
        ]
        if counted and coming.number == counted[-1].number + 1:
            while stack[-1] is not counted[-1]:
                stack.pop()
            return
    while stack[-1] is not article:
        stack.pop()
    number = 1 + sum(child.level is Level.PARAGRAPH for child in article.children)
    stack.append(_append(article, Node(Level.PARAGRAPH, line.span.start, number)))


def _section_words(line: str) -> str:
    return re.sub(r"^[【◆■●▲★\s]+|[】：:\s]+$", "", line)


def _path_label(heading: Heading, level: Level, number: int) -> str:
    if level is Level.BULLET:
        return f"——{number}"
    if level is Level.ITEM and heading.level is Level.CHAPTER:
        return f"（{chinese(number)}）"
    if level is Level.ITEM and is_question(heading.label):
        return f"问{number}"
    return heading.path_label


def _heading_words(rest: str, level: Level) -> str:
    """The words up to the first full stop, when short enough to be a heading and followed by text or nothing."""
    if level in (Level.ARTICLE, Level.BULLET):
        found = rest.strip()
        return found[1 : found.index("】")] if found.startswith("【") and "】" in found else ""
    head, stop, tail = (part.strip() for part in rest.partition("。"))
    if len(head) > MAX_HEADING or re.search(r"[；;：]|应当|不得|必须|所称|是指|^[本请]", head) or (stop and not tail):
        return ""
    if len(re.findall(r"[，,]", head)) > (2 if level is Level.CHAPTER else 1):
        return ""
    return head


def _lone_words(rest: str) -> str:
    """「（二）基本原则。」 alone on its line: a heading as soon as text or clauses follow, else a short clause."""
    words = rest.strip()
    return words[:-1] if re.fullmatch(r"[^，,。；;：:]{2,24}。", words) else ""


def _note_sequence(
    document: Node, parent: Node, heading: Heading, level: Level, line: Line, ledger: list[LedgerEntry]
) -> None:
    """Record labels that do not follow on: what is missing is part of the answer to "is this text complete".

    Items may start anew under each chapter (广东) or run on through the text (广州), so both are in order. `document`
    is the attachment that the label stands in, else the whole text.
    """
    if level in (Level.BULLET, Level.ARTICLE) or heading.insertion or not heading.number:
        return
    siblings = [child.number for child in parent.children if child.level is level]
    expected = {(siblings or [0])[-1] + 1, _last_number(document, level) + 1}
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
