"""Where things are and which options are on: one frozen value, read once at the edge and passed as plain arguments."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import SettingsError

ROOT = Path(__file__).resolve().parent.parent
BUNDLED = "bundled"
BUNDLED_ENCODER = ROOT / "index" / "encoder"
MAX_QUESTION = 300
"""Characters of a question after NFKC; longer ones are asked to be shortened."""
MAX_LLM_TIMEOUT = 120


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of the program.

    Attributes:
        corpus_dir: policy texts, one folder a place.
        lexicon_dir: division table, user dictionary, word lists.
        questions_dir: reviewed lay questions per sentence; may be missing.
        index_dir: the built index.
        store: address of a shared store (`assistant/indexing/shared.py`) instead of the index folder; "" for none.
        encoder: path or name of a sentence-transformers model; "bundled" for index/encoder, "none" for keywords alone.
        llm: a language model that may phrase points, "" for none: what LangChain's `init_chat_model` takes
            ("ollama:qwen3"), or "MODEL@URL" or a URL of an OpenAI-compatible endpoint.
        llm_timeout: seconds it is given for an answer.
    """

    corpus_dir: Path = ROOT / "corpus"
    lexicon_dir: Path = ROOT / "corpus" / "lexicon"
    questions_dir: Path = ROOT / "corpus" / "questions"
    index_dir: Path = ROOT / "index"
    encoder: str = BUNDLED
    store: str = ""
    llm: str = ""
    llm_timeout: float = 8.0


@dataclass(frozen=True, slots=True)
class ServingSettings:
    """How the page and the API are offered.

    Attributes:
        page, api: the kill switches; what is off answers 503 with a sentence.
        state_dir: what the server writes (feedback); nothing else is stored.
        questions_per_minute: questions a client may ask; the same number is the size of a burst. 0 for no limit.
        reads_per_minute: other requests to the API a client may make. 0 for no limit.
        threads: questions answered at once.
        waiting: questions that may wait beside those; more are turned away at once.
        patience: seconds after which a question is given up.
        trusted_proxies: addresses whose X-Forwarded-For is believed.
    """

    page: bool = True
    api: bool = True
    state_dir: Path = ROOT / "out" / "state"
    questions_per_minute: int = 15
    reads_per_minute: int = 180
    threads: int = 2
    waiting: int = 24
    patience: float = 10.0
    trusted_proxies: str = "127.0.0.1"


_FOLDERS = {
    "POLICY_CORPUS": "corpus_dir",
    "POLICY_LEXICON": "lexicon_dir",
    "POLICY_QUESTIONS": "questions_dir",
    "POLICY_INDEX": "index_dir",
}


def read_settings(
    environment: Mapping[str, str] = os.environ,
    encoder: str | None = None,
    llm: str | None = None,
    store: str | None = None,
) -> Settings:
    """Settings from the environment.

    POLICY_CORPUS, POLICY_LEXICON, POLICY_QUESTIONS, POLICY_INDEX, POLICY_STORE, POLICY_ENCODER, POLICY_LLM,
    POLICY_LLM_TIMEOUT.

    A corpus folder of one's own brings its own questions folder unless one is named; the lexicon stays the bundled one.

    Raises:
        SettingsError: A named input folder does not exist, or the time is no number of seconds.
    """
    chosen = {field: Path(environment[name]).resolve() for name, field in _FOLDERS.items() if environment.get(name)}
    if "corpus_dir" in chosen and "questions_dir" not in chosen:
        chosen["questions_dir"] = chosen["corpus_dir"] / "questions"
    for name, field in _FOLDERS.items():
        if field in ("corpus_dir", "lexicon_dir") and field in chosen and not chosen[field].is_dir():
            raise SettingsError(f"{name} 指的目录「{chosen[field].name}」不存在，没有可读的内容。请改成已有的目录。")
    return Settings(
        **chosen,
        encoder=encoder or environment.get("POLICY_ENCODER") or BUNDLED,
        store=environment.get("POLICY_STORE", "") if store is None else store,
        llm=environment.get("POLICY_LLM", "") if llm is None else llm,
        llm_timeout=_seconds(environment.get("POLICY_LLM_TIMEOUT") or "8"),
    )


def _seconds(value: str) -> float:
    if not (value.isascii() and value.isdecimal() and len(value) < 8 and 1 <= int(value) <= MAX_LLM_TIMEOUT):
        raise SettingsError(
            f"POLICY_LLM_TIMEOUT 应为 1 到 {MAX_LLM_TIMEOUT} 的整数（秒），没有启动。请改成这个范围内的数。"
        )
    return float(value)


_SWITCHES = {"on": True, "off": False}
_NUMBERS = {
    "POLICY_QUESTIONS_PER_MINUTE": ("questions_per_minute", 0, 100_000),
    "POLICY_READS_PER_MINUTE": ("reads_per_minute", 0, 1_000_000),
    "POLICY_THREADS": ("threads", 1, 64),
    "POLICY_WAITING": ("waiting", 0, 10_000),
}


def read_serving_settings(environment: Mapping[str, str] = os.environ) -> ServingSettings:
    """How to serve, from the environment.

    POLICY_PAGE and POLICY_API (on, off), POLICY_STATE, POLICY_TRUSTED_PROXIES, POLICY_QUESTIONS_PER_MINUTE,
    POLICY_READS_PER_MINUTE, POLICY_THREADS, POLICY_WAITING.

    Raises:
        SettingsError: A value makes no sense.
    """
    chosen: dict[str, Any] = {}
    for name, field in (("POLICY_PAGE", "page"), ("POLICY_API", "api")):
        if value := environment.get(name):
            if value.lower() not in _SWITCHES:
                raise SettingsError(f"{name} 写的不是 on 或 off，不知道该开还是该关，没有启动。请改成其中一个。")
            chosen[field] = _SWITCHES[value.lower()]
    for name, (field, least, most) in _NUMBERS.items():
        if value := environment.get(name):
            if not (value.isascii() and value.isdecimal() and len(value) < 8 and least <= int(value) <= most):
                raise SettingsError(f"{name} 应为 {least} 到 {most} 的整数，限额不明就没有启动。请改成这个范围内的数。")
            chosen[field] = int(value)
    if folder := environment.get("POLICY_STATE"):
        chosen["state_dir"] = Path(folder).resolve()
    if proxies := environment.get("POLICY_TRUSTED_PROXIES"):
        chosen["trusted_proxies"] = proxies
    return ServingSettings(**chosen)
