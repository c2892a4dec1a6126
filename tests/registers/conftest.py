"""The register of the real corpus, and a way to make one of sentences of one's own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from assistant.jurisdictions import Gazetteer, load_gazetteer
from assistant.parsing.reading import read_corpus
from assistant.registers.records import Record, Register
from assistant.registers.register import build_register
from assistant.registers.rules import Rules, read_rules

TODAY = date(2026, 11, 20)
Made = Callable[..., Register]


@pytest.fixture(scope="session")
def gazetteer(corpus_dir: Path) -> Gazetteer:
    return load_gazetteer(corpus_dir / "lexicon" / "divisions.tsv")


@pytest.fixture(scope="session")
def rules(corpus_dir: Path) -> Rules:
    return read_rules(corpus_dir / "lexicon")


@pytest.fixture(scope="session")
def register(corpus_dir: Path, gazetteer: Gazetteer, rules: Rules) -> Register:
    return build_register(read_corpus(corpus_dir, gazetteer), rules, gazetteer)


@pytest.fixture
def made(tmp_path: Path, gazetteer: Gazetteer, rules: Rules) -> Made:
    """A register of one made-up regulation, its articles given as text."""

    def make(*articles: str, title: str = "某某市技能人才条例", place: str = "440300") -> Register:
        folder = tmp_path / "corpus" / "somewhere"
        folder.mkdir(parents=True, exist_ok=True)
        numbers = "一二三四五六七八九十"
        body = "\n".join(f"第{numbers[n]}条 {article}" for n, article in enumerate(articles))
        (folder / "made.txt").write_text(f"{title}\n\n{body}\n", encoding="utf-8")
        value = (
            f'{{"policy_id": "made", "field": "jurisdiction", "value": "{place}", "evidence": {{"note": "test"}}}}\n'
        )
        (tmp_path / "corpus" / "metadata.jsonl").write_text(value, encoding="utf-8")
        return build_register(read_corpus(tmp_path / "corpus", gazetteer), rules, gazetteer)

    return make


def record(register: Register, begins: str) -> Record:
    """The one record whose sentence begins so, the article's label left out."""
    found = [r for r in register.records if r.text.split(" ", 1)[-1].startswith(begins) or r.text.startswith(begins)]
    assert len(found) == 1, [r.text for r in found]
    return found[0]
