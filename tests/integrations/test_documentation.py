"""Every Python snippet of docs/langchain.md runs, in its order."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

import assistant.settings


def test_the_snippets_run(root, real_settings, monkeypatch, capsys, server):
    monkeypatch.chdir(root)
    # the reader's index lies in the repository; the tests have one of their own
    plain = assistant.settings.Settings
    monkeypatch.setattr(assistant, "Settings", lambda: replace(plain(), index_dir=real_settings.index_dir))
    text = (
        (root / "docs" / "langchain.md")
        .read_text(encoding="utf-8")
        .replace("qwen3@http://127.0.0.1:8080/v1", server.model)
    )
    snippets = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert len(snippets) >= 7
    known: dict[str, object] = {}
    for snippet in snippets:
        exec(compile(snippet, "docs/langchain.md", "exec"), known)
    told = capsys.readouterr().out
    assert "可比照本单位正高级职称人员" in told
    assert "摘写" in told


@pytest.mark.parametrize("page", ["docs/langchain.md", "docs/adr/0009-language-model.md"])
def test_pages_name_no_machine(root, page):
    text = (root / page).read_text(encoding="utf-8")
    assert "/" + "home/" not in text
    assert "/" + "work/" not in text
