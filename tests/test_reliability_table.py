"""docs/reliability.md names only tests that are there, and every section has its rows."""

from __future__ import annotations

import ast
import re

import pytest

NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
SECTIONS = {
    "默认设置里的口子，和要的样子": 13,
    "文字到网页": 5,
    "反序列化与缓存": 5,
    "隐私": 6,
    "语言模型出岔子": 10,
}


@pytest.fixture(scope="module")
def table(root):
    return (root / "docs" / "reliability.md").read_text(encoding="utf-8")


def test_every_test_named_is_there(root, table):
    named = NAMED.findall(table)
    assert len(named) > 50
    missing = []
    for path, name in named:
        tree = ast.parse((root / path).read_text(encoding="utf-8")) if (root / path).is_file() else ast.Module([], [])
        if not any(isinstance(node, ast.FunctionDef) and node.name == name for node in ast.walk(tree)):
            missing.append(f"{path}::{name}")
    assert missing == []


def test_every_row_names_a_test(table):
    sections = dict(part.split("\n", 1) for part in table.split("\n## ")[1:])
    for section, least in SECTIONS.items():
        rows = [line for line in sections[section].splitlines() if line.startswith("| ")][2:]
        assert len(rows) >= least, section
        assert [row for row in rows if not NAMED.search(row)] == []
