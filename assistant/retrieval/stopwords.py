"""Words a question is asked with, not about."""

from __future__ import annotations

from pathlib import Path

from assistant.errors import SettingsError


def read_stopwords(path: Path) -> frozenset[str]:
    """Read the list, one word a line, `#` for comments.

    Raises:
        SettingsError: The file cannot be read.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"词表 {path.name} 读不出来（{error}），检索会被疑问词干扰。请恢复该文件。") from error
    return frozenset(word for line in lines if (word := line.strip()) and not word.startswith("#"))
