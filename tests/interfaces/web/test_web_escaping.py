"""Policy text is shown character for character."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.interfaces.web.escaping import escape

HARD = [
    "1. 第一项",  # a numbered list would eat the number
    "补贴~5000~元",  # strike-through
    "# 标题",
    "<b>",
    "<广东省技工学校办法>",  # stands in the 湛江 text
    "[x](y)",
    "![图](//evil.example/a.png)",
    "|甲|乙|",
    "`代码` ```块```",
    "**粗** _斜_ __下__",
    "- 项\n* 项\n+ 项",
    "> 引用",
    "$x$ $$y$$ \\(z\\)",
    "&lt; &#60; &amp;",
    "https://evil.example www.evil.example a@b.example",
    "\\* 反斜线",
    "「引号」“引号”'\"",
    "%%%LATEX_BLOCK_0%%%",
    "    四个空格",
    "--- ===",
]


@pytest.mark.parametrize("text", HARD)
def test_escaped_text_reads_back_unchanged(text):
    assert html.unescape(escape(text).replace("<br>", "\n")) == text


@pytest.mark.parametrize("text", HARD)
def test_no_sign_is_left_that_markdown_or_html_could_read(text):
    rest = re.sub(r"&#\d+;|<br>", "", escape(text))
    assert not re.search(r"[!-/:-@\[-`{-~\n\r]", rest)


@given(st.text())
def test_any_text_reads_back(text):
    back = html.unescape(escape(text).replace("<br>", "\n"))
    # `html.unescape` reads numbers the way a browser does; none of ours is in the range it replaces.
    assert back == re.sub(r"\r\n|\r", "\n", text)
