"""Opening the assistant as the settings ask for it, with a language model where one is named."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from assistant.answering.answerer import Answerer, open_answerer
from assistant.answering.generating import Checker, Phraser, Phrasing
from assistant.answering.rewriting import Rewriting
from assistant.answering.waiting import Waiter
from assistant.errors import IndexStoreError, PhraserError
from assistant.indexing.manifest import check_fit, read_manifest
from assistant.indexing.pipeline import source_files
from assistant.interfaces.renewing import EVERY_S, LiveAnswerer, Renewer
from assistant.model import Question
from assistant.retrieval.understanding import Understanding, understand
from assistant.settings import ServingSettings, Settings

MARGIN = 3.0
"""Seconds a server waits beyond the model's time, so that the answer without it still arrives."""


def open_with_model(settings: Settings) -> Answerer:
    """The opened assistant; LangChain is imported only where a model is named.

    Raises:
        PhraserError: The model cannot be used, or LangChain is not installed.
        AssistantError: As `open_answerer`.
    """
    opened = open_answerer(settings)
    if not settings.llm:
        return opened
    phraser = open_model(settings)
    return with_model(opened, phraser, settings.llm_timeout, _checker(settings.llm_checker))


def open_model(settings: Settings) -> Phraser:
    """The language model the settings name.

    Raises:
        PhraserError: It cannot be used, or LangChain is not installed.
    """
    try:
        from assistant.integrations.langchain.phrasing import open_phraser
    except ImportError as error:
        raise PhraserError(
            "没有安装 LangChain，语言模型用不了。"
            "请运行 pip install 'policy-assistant[langchain]'，或不写 --llm、只用原文作答。"
        ) from error
    return open_phraser(settings.llm, settings.llm_timeout)


def with_model(opened: Answerer, phraser: Phraser, timeout: float, checker: Checker | None = None) -> Answerer:
    """The assistant with a language model that phrases points and writes out follow-ups, in `timeout` seconds each."""
    holdings = opened.holdings

    def read(question: Question) -> Understanding:
        return understand(question, holdings.documents, holdings.gazetteer)

    waiter = Waiter(timeout)
    rewriting = Rewriting(phraser, waiter, read, holdings.tokens)
    return replace(opened, phrasing=Phrasing(phraser, waiter, checker), rewriting=rewriting)


def _checker(path: str) -> Checker | None:
    if not path:
        return None
    from assistant.integrations.cross_encoder import open_checker  # torch takes seconds to import

    return open_checker(Path(path))


def open_live(settings: Settings, every_s: float = EVERY_S) -> LiveAnswerer:
    """As `open_with_model`, for a server: a new generation of the index is taken up while it runs.

    Raises:
        AssistantError: As `open_with_model`.
    """
    live = LiveAnswerer(open_with_model(settings))
    Renewer(live, settings.index_dir, lambda: _reopened(settings), every_s).start()
    return live


def is_up_to_date(settings: Settings) -> bool:
    """Whether there is an index and it is made from the texts as they are now."""
    try:
        named = (settings.index_dir / "CURRENT").read_text(encoding="ascii").split()
        check_fit(read_manifest(settings.index_dir / named[0], named[1]), None, None, source_files(settings))
    except (OSError, ValueError, IndexError, IndexStoreError):
        return False
    return True


def _reopened(settings: Settings) -> Answerer | None:
    """The index as it is now; None while its texts are being changed, for a server builds nothing.

    Raises:
        AssistantError: It cannot be opened.
    """
    return open_with_model(settings) if is_up_to_date(settings) else None


def patient(serving: ServingSettings, settings: Settings) -> ServingSettings:
    """How to serve; a question that waits for a language model is not given up before the model is."""
    if not settings.llm:
        return serving
    return replace(serving, patience=max(serving.patience, settings.llm_timeout + MARGIN))
