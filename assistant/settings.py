"""Where things are and which options are on: one frozen value, read once at the edge and passed as plain arguments."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import SettingsError

ROOT = Path(__file__).resolve().parent.parent
BUNDLED = "bundled"
BUNDLED_ENCODER = ROOT / "index" / "encoder"
MAX_QUESTION = 300
"""Characters of a question after NFKC; longer ones are asked to be shortened."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of the program.

    Attributes:
        corpus_dir: policy texts, one folder a place.
        lexicon_dir: division table, user dictionary, word lists.
        questions_dir: reviewed lay questions per sentence; may be missing.
        index_dir: the built index.
        encoder: path or name of a sentence-transformers model; "bundled" for index/encoder, "none" for keywords alone.
    """

    corpus_dir: Path = ROOT / "corpus"
    lexicon_dir: Path = ROOT / "corpus" / "lexicon"
    questions_dir: Path = ROOT / "corpus" / "questions"
    index_dir: Path = ROOT / "index"
    encoder: str = BUNDLED


_FOLDERS = {
    "POLICY_CORPUS": "corpus_dir",
    "POLICY_LEXICON": "lexicon_dir",
    "POLICY_QUESTIONS": "questions_dir",
    "POLICY_INDEX": "index_dir",
}


def read_settings(environment: Mapping[str, str] = os.environ, encoder: str | None = None) -> Settings:
    """Settings from the environment (POLICY_CORPUS, POLICY_LEXICON, POLICY_QUESTIONS, POLICY_INDEX, POLICY_ENCODER).

    A corpus folder of one's own brings its own questions folder unless one is named; the lexicon stays the bundled one.

    Raises:
        SettingsError: A named input folder does not exist.
    """
    chosen = {field: Path(environment[name]).resolve() for name, field in _FOLDERS.items() if environment.get(name)}
    if "corpus_dir" in chosen and "questions_dir" not in chosen:
        chosen["questions_dir"] = chosen["corpus_dir"] / "questions"
    for name, field in _FOLDERS.items():
        if field in ("corpus_dir", "lexicon_dir") and field in chosen and not chosen[field].is_dir():
            raise SettingsError(f"{name} 指的目录「{chosen[field].name}」不存在，没有可读的内容。请改成已有的目录。")
    return Settings(**chosen, encoder=encoder or environment.get("POLICY_ENCODER") or BUNDLED)
