"""Markdown → text: marks out, words kept."""

from __future__ import annotations

import re

from assistant.parsing.formats.extraction import Extraction, SetAside, aside

_FRONT = re.compile(r"\A---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*\n", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_IMAGE = re.compile(r"!\[([^\[\]\n]*)\]\([^()\n]*\)")
_LINK = re.compile(r"\[([^\[\]\n]+)\]\([^()\n]*\)")
_STRONG = re.compile(r"(\*\*|__)(?=\S)([^*_\n]+?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![*\w])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![*\w])")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~])")
_RULE = re.compile(r"[ \t]*(?:[-*_][ \t]*){3,}")
_TABLE_RULE = re.compile(r"\s*\|?(?:\s*:?-{2,}:?\s*\|)+\s*(?::?-{2,}:?)?\s*")
_HEADING = re.compile(r"[ \t]{0,3}#{1,6}[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*")
_TAG = re.compile(r"</?(?:br|p|div|span|font|center|b|i|u|strong|em|sup|sub|hr|a)\b[^<>\n]*>", re.IGNORECASE)


def read_markdown(source: str) -> Extraction:
    """The words of a Markdown text; front matter and comments go into the report."""
    left_out: list[SetAside] = []
    title = ""
    if front := _FRONT.match(source):
        found = re.search(r"^title\s*:\s*[\"']?(.+?)[\"']?\s*$", front.group(1), re.MULTILINE)
        title = found.group(1) if found else ""
        left_out.append(aside("markup", 0, front.group(1)))
        source = source[front.end() :]
    for comment in _COMMENT.finditer(source):
        left_out.append(aside("markup", 0, comment.group()))
    source = _COMMENT.sub("", source)
    text = ""
    for raw in source.split("\n"):
        if _RULE.fullmatch(raw) or ("|" in raw and _TABLE_RULE.fullmatch(raw)):
            continue
        line = raw
        if heading := _HEADING.fullmatch(line):
            line = heading.group(1)
        for picture in _IMAGE.finditer(line):
            left_out.append(aside("image", len(text), picture.group(1) or "图片"))
        line = _LINK.sub(r"\1", _IMAGE.sub("", line))
        line = _EMPHASIS.sub(r"\1", _STRONG.sub(r"\2", line))
        line = _ESCAPE.sub(r"\1", _TAG.sub("", line))
        line = re.sub(r"^\s{0,3}>\s?", "", line)
        if line.strip().startswith("|") and line.strip().endswith("|"):
            line = " | ".join(cell.strip() for cell in line.strip().strip("|").split("|"))
        text += line.rstrip() + "\n"
    return Extraction(text, "markdown", (), tuple(left_out), (), title)
