"""Rows of the tables under corpus/lexicon that hold reading rules: tab separated, a header line, patterns checked."""

from __future__ import annotations

import re
from pathlib import Path

from assistant.errors import SettingsError


def read_rows(path: Path, columns: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """The rows of a table below its header line; empty lines are left out.

    Raises:
        SettingsError: The file cannot be read, its header is another one, or a row has too many or too few cells.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"词表 {path.name} 读不出来（{error}），无法判断一句话说的是什么。请恢复该文件。"
        ) from error
    if not lines or tuple(lines[0].split("\t")) != columns:
        raise SettingsError(f"词表 {path.name} 的表头应为 {'、'.join(columns)}（制表符分隔），请改正第 1 行。")
    rows = []
    for number, line in enumerate(lines[1:], 2):
        cells = tuple(line.split("\t"))
        if not line.strip():
            continue
        if len(cells) != len(columns):
            raise SettingsError(f"词表 {path.name} 第 {number} 行有 {len(cells)} 格，应为 {len(columns)} 格，请改正。")
        rows.append(cells)
    return tuple(rows)


def pattern(words: str, path: Path) -> re.Pattern[str]:
    """A cell's regular expression.

    Raises:
        SettingsError: It is none.
    """
    try:
        return re.compile(words)
    except re.error as error:
        raise SettingsError(
            f"词表 {path.name} 里「{words[:30]}」不是有效的正则表达式（{error}），请改正那一行。"
        ) from error
