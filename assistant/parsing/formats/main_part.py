"""Which lines of a page are the text: the part trafilatura takes for the main one, its title, the table of facts."""

from __future__ import annotations

import re

import trafilatura
from lxml import etree

from assistant.parsing.blocks import LineKind, is_complete_title, kind_of
from assistant.parsing.facts import facts_in, only_label
from assistant.parsing.formats.elements import BLOCKS
from assistant.parsing.headings import heading_of

Lines = list[tuple[str, etree._Element]]
"""The lines of a page, each with the element it stands in."""

_ASIDE = re.compile(
    r"nav|menu|foot|share|bread|crumb|path|copyright|top|side|related|recommend|banner|login|logo|search"
    r"|(?:^|[\s_-])(?:hd|ft|tools?|xg\w{2})(?:$|[\s_-])",
    re.IGNORECASE,
)
_TITLE = re.compile(r"title|tit\b|(?:^|[\s_-])(?:bt|biaoti)(?:$|[\s_-])|-t\b", re.IGNORECASE)
"""Names that sites give to the element of the title."""
_TITLE_ABOVE = 10
_ASIDE_TAGS = frozenset(["nav", "header", "footer", "aside"])
_HEADS = frozenset((LineKind.NUMBER, LineKind.ORGANS, LineKind.ENACTMENT, LineKind.DATE, LineKind.DRAFT_MARK))
_CLOSES = frozenset((LineKind.ORGANS, LineKind.DATE, LineKind.LABELLED))


def main_lines(source: str, root: etree._Element, lines: Lines, title: str) -> list[bool]:
    """Whether each line belongs to the text."""
    main = _main_element(source, root)
    if main is None or main.tag in ("html", "body", "form"):
        inside = [not _is_around(line, element) for line, element in lines]
    else:
        inside = [element is main or main in element.iterancestors() for _, element in lines]
    inside = inside if any(inside) else [True] * len(lines)
    return _with_facts(lines, _with_heads(lines, _with_title(lines, inside, title)))


def _is_around(line: str, element: etree._Element) -> bool:
    """A line of links, or in an element that says it is navigation."""
    linked = sum(len(bare("".join(link.itertext()))) for link in element.iter("a"))
    if 2 * linked >= len(bare("".join(element.itertext()))) > 0 and not re.search("[。；]", line):
        return heading_of(line) is None  # a table of contents links to the chapters
    for around in (element, *element.iterancestors()):
        if around.tag in ("body", "html"):
            return False
        if around.tag in _ASIDE_TAGS and next(around.iter("h1"), None) is None:
            return True
        names = f"{around.get('class', '')} {around.get('id', '')}"
        if _ASIDE.search(names) and not re.search("[。；]", line) and next(around.iter("h1"), None) is None:
            return True
    return False


def _with_heads(lines: Lines, kept: list[bool]) -> list[bool]:
    """Also keep number, issuers and dates between the title and the main part, and the signature right below it."""
    whole = list(kept)
    held = [at for at, keep in enumerate(kept) if keep]
    if not held:
        return whole
    for at in range(held[0] + 1, held[-1]):
        whole[at] = whole[at] or kind_of(lines[at][0]) in _HEADS
    for at in range(held[-1] + 1, min(held[-1] + 5, len(lines))):
        if kind_of(lines[at][0]) not in _CLOSES:
            break
        whole[at] = True
    return whole


def _main_element(source: str, root: etree._Element) -> etree._Element | None:
    """The smallest element that holds what trafilatura takes for the main text; None for the whole page."""
    main = trafilatura.extract(
        source, include_comments=False, include_tables=True, favor_recall=True, deduplicate=False, output_format="txt"
    )
    if not main:
        return None
    wanted = {folded for line in main.splitlines() if len(folded := bare(line)) >= 6}
    body = root.find(".//body")
    element = root if body is None else body
    if not wanted:
        return None
    while True:
        inner = None
        for child in element:
            if isinstance(child.tag, str) and child.tag not in ("script", "style"):
                held = bare("".join(child.itertext()))
                if sum(len(line) for line in wanted if line in held) >= 0.97 * sum(map(len, wanted)):
                    inner = child
                    break
        if inner is None or inner.tag in ("p", "tr", "tbody", "table", "td"):
            return next((e for e in (element, *element.iterancestors()) if e.tag in BLOCKS), None)
        element = inner


def _with_title(lines: Lines, inside: list[bool], title: str) -> list[bool]:
    """Also keep the heading printed above the main part."""
    kept = list(inside)
    first = next((at for at, main in enumerate(inside) if main), 0)
    already = any(element.tag in ("h1", "h2") for (_, element), main in zip(lines, inside, strict=True) if main)
    if already:
        return kept
    for at in range(first - 1, max(-1, first - 40), -1):
        line, element = lines[at]
        heading = element.tag in ("h1", "h2") or any(e.tag in ("h1", "h2") for e in element.iterancestors())
        if heading or (title and len(bare(line)) >= 6 and bare(line) == bare(title)):
            kept[at] = True
            return kept
    for at in range(first - 1, max(-1, first - _TITLE_ABOVE), -1):
        printed = [near for near in range(max(0, at - 3), at + 1) if lines[near][1] is lines[at][1]]
        words = "".join(lines[near][0] for near in printed)
        named = _TITLE.search(f"{lines[at][1].get('class', '')} {lines[at][1].get('id', '')}")
        if named and is_complete_title(words) and not _is_around(words, lines[at][1]):
            for near in printed:
                kept[near] = True
            break
    return kept


def _with_facts(lines: Lines, kept: list[bool]) -> list[bool]:
    """Also keep the site's own table of facts (发文字号：…, 有效性：…), of which the header is read."""
    last = max((at for at, keep in enumerate(kept) if keep), default=0)
    facts = [not keep and at < last and bool(facts_in(lines[at][0])) for at, keep in enumerate(kept)]
    with_facts = list(kept)
    for at, found in enumerate(facts):
        if found:
            with_facts[at] = True
            if only_label(lines[at][0]) and at + 1 < len(kept) and not facts[at + 1] and len(lines[at + 1][0]) <= 60:
                with_facts[at + 1] = True
    return with_facts


def bare(words: str) -> str:
    """Without blanks and cell marks."""
    return re.sub(r"[\s|\xa0\u3000]", "", words)
