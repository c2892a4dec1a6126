"""Clauses under construction, and how they become frozen ones with ids and paths once every end is known."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from assistant.model import Clause, Level, Span
from assistant.parsing.clause_ids import id_part
from assistant.parsing.headings import RANK
from assistant.parsing.numerals import chinese
from assistant.parsing.responsibility import find_responsibility


@dataclass(slots=True)
class Node:
    """A clause under construction; becomes a frozen `Clause` once its end is known."""

    level: Level
    start: int
    number: int = 0
    insertion: int = 0
    label: str = ""
    path_label: str = ""
    heading: str = ""
    opening: str = ""  # first words, a heading once something stands under them
    end: int = 0
    children: list[Node] = field(default_factory=list)
    rank: float = 0  # depth; 0 reads it from the level

    def __post_init__(self) -> None:
        self.rank = self.rank or RANK.get(self.level, 0)


def close(node: Node, text: str) -> None:
    """Give every node its end: the start of the next sibling, the last one its parent's end without blanks."""
    limits = [*(child.start for child in node.children[1:]), node.end]
    for child, limit in zip(node.children, limits, strict=False):
        if child.end == 0:
            # a Markdown mark before the next heading belongs to neither
            child.end = child.start + len(re.sub(r"(?:\s|(?<=\n)#{1,6})+$", "", text[child.start : limit]))
        close(child, text)


def freeze(node: Node, policy_id: str, local_id: str, parent_path: str, text: str) -> Clause:
    """The finished clause with all below it, its id, its path and its responsible units."""
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


def _freeze_children(children: list[Node], policy_id: str, prefix: str, path: str, text: str) -> tuple[Clause, ...]:
    """Children with their ids; the same label twice under one parent is …~2."""
    seen: Counter[str] = Counter()
    frozen = []
    for child in children:
        part = id_part(child.level, child.number, child.insertion)
        seen[part] += 1
        local_id = prefix + (part if seen[part] == 1 else f"{part}~{seen[part]}")
        frozen.append(freeze(child, policy_id, local_id, path, text))
    return tuple(frozen)


def _join_path(parent: str, node: Node) -> str:
    """「三、（四）」, 「第二章第十条第一款」; a unit without label is named by its kind."""
    match node.level:
        case Level.DOCUMENT:
            return ""
        case Level.PARAGRAPH:
            return f"{parent}第{chinese(node.number)}款"
        case Level.ARTICLE:
            # articles are numbered through, so the chapter adds nothing; in an annex they count from one again
            return (parent[: _annex_length(parent)] + "、" if _annex_length(parent) else "") + node.path_label
        case _:
            statute = node.path_label.startswith("第")  # 第二编第一章第一节
            joiner = "" if not parent or statute or parent.endswith("）") or parent[-1] in "条款" else "、"
            return f"{parent}{joiner}{node.path_label}"


def _annex_length(path: str) -> int:
    """Characters of a leading 「附件1」 in a path."""
    found = re.match(r"附件\d*", path)
    return found.end() if found else 0
