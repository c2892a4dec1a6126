"""Opening the assistant as the settings ask for it, with a language model where one is named."""

from __future__ import annotations

from dataclasses import replace

from assistant.answering.answerer import Answerer, open_answerer
from assistant.answering.generating import Phrasing
from assistant.answering.waiting import Waiter
from assistant.errors import PhraserError
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
    try:
        from assistant.integrations.langchain.phrasing import open_phraser
    except ImportError as error:
        raise PhraserError(
            "没有安装 LangChain，语言模型用不了。"
            "请运行 pip install 'policy-assistant[langchain]'，或不写 --llm、只用原文作答。"
        ) from error
    phraser = open_phraser(settings.llm, settings.llm_timeout)
    return replace(opened, phrasing=Phrasing(phraser, Waiter(settings.llm_timeout)))


def patient(serving: ServingSettings, settings: Settings) -> ServingSettings:
    """How to serve; a question that waits for a language model is not given up before the model is."""
    if not settings.llm:
        return serving
    return replace(serving, patience=max(serving.patience, settings.llm_timeout + MARGIN))
