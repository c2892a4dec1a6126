"""Parsed documents shared by the parsing tests."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.jurisdictions import Gazetteer, load_gazetteer
from assistant.model import PolicyDocument
from assistant.parsing.loading import LoadedText
from assistant.parsing.reading import read_corpus, read_text

ReadText = Callable[..., PolicyDocument]


@pytest.fixture(scope="session")
def gazetteer(corpus_dir: Path) -> Gazetteer:
    return load_gazetteer(corpus_dir / "lexicon" / "divisions.tsv")


@pytest.fixture(scope="session")
def five(corpus_dir: Path, gazetteer: Gazetteer) -> dict[str, PolicyDocument]:
    """The five real policies by id."""
    return {document.policy.policy_id: document for document in read_corpus(corpus_dir, gazetteer)}


@pytest.fixture(scope="session")
def read(gazetteer: Gazetteer) -> ReadText:
    """Read a text given in the test."""

    def read_given(text: str, policy_id: str = "t") -> PolicyDocument:
        loaded = LoadedText(text, hashlib.sha256(text.encode()).hexdigest(), "utf-8")
        return read_text(policy_id, loaded, f"{policy_id}.txt", gazetteer)

    return read_given
