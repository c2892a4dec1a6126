"""LangChain's chat models as ours: what phrases the points of an answer (`assistant/answering/generating.py`)."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from langchain.chat_models import init_chat_model
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import HumanMessage, SystemMessage
from langsmith import tracing_context

from assistant.errors import PhraserError

_ENDPOINT = re.compile(r"^(?:(?P<model>[^@\s]+)@)?(?P<url>https?://\S+)$")
_USERINFO = re.compile(r"//[^/@]*@")
NO_KEY = "none"
"""Local servers want a key and look at none."""


@dataclass(frozen=True, slots=True)
class ChatPhraser:
    """A chat model with the name people are told."""

    name: str
    model: BaseChatModel

    def phrase(self, instructions: str, data: str) -> str:
        """The model's reply. Nothing is traced: a question goes to the model named and nowhere else."""
        with tracing_context(enabled=False):
            reply = self.model.invoke([SystemMessage(instructions), HumanMessage(data)], config={"callbacks": []})
        return str(reply.text)


def open_phraser(named: str, timeout: float, environment: Mapping[str, str] = os.environ) -> ChatPhraser:
    """The chat model a setting names; nothing is sent yet.

    Args:
        named: what `init_chat_model` takes ("ollama:qwen3"), or "MODEL@URL" or a URL of an OpenAI-compatible server.
        timeout: seconds for one request. It is sent once.
        environment: POLICY_LLM_KEY is the key of such a server; the keys of named providers are LangChain's matter.

    Raises:
        PhraserError: The provider is unknown or its package is missing.
    """
    options: dict[str, Any] = {"temperature": 0}
    endpoint = _ENDPOINT.match(named)
    try:
        if endpoint:
            url = endpoint["url"]
            model = init_chat_model(
                endpoint["model"] or "default",
                model_provider="openai",
                base_url=url,
                api_key=environment.get("POLICY_LLM_KEY") or NO_KEY,
                use_responses_api=False,
                timeout=timeout,
                max_retries=0,
                **options,
            )
            return ChatPhraser(_USERINFO.sub("//", named), model)
        if named.startswith("openai:"):
            options |= {"timeout": timeout, "max_retries": 0}
        model = init_chat_model(named, **options)
        if not isinstance(model, BaseChatModel):  # without a provider it makes a model still to be configured
            raise ValueError(named)
        return ChatPhraser(named, model)
    except Exception as error:  # each provider's package raises its own for a missing key, name or package
        raise PhraserError(
            f"语言模型“{_USERINFO.sub('//', named)[:60]}”用不了（{type(error).__name__}），没有启动。"
            "请检查写法（如 ollama:qwen3 或 模型名@http://127.0.0.1:8080/v1）和所需的包、密钥，"
            "或不写 --llm、只用原文作答。"
        ) from error
