"""What makes a document be read anew: every file that decides how it is read is in the digest."""

from __future__ import annotations

from assistant.ingesting import digests


def test_every_rule_names_files_that_are_there(root):
    package = root / "assistant"
    assert [rule for rule in digests._RULES if not list(package.glob(rule))] == []
