"""A whole answer as a LangChain Runnable: evidence first, then the text line by line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from langchain_core.runnables import Runnable, RunnableConfig
from langchain_core.runnables.utils import AddableDict

from assistant.answering.answerer import Answerer
from assistant.integrations.langchain.documents import citation_document
from assistant.model import Answer, Clarification, Question, Refusal, Reply

Asked = str | Mapping[str, Any]
Clock = Callable[[], date]


class PolicyAnswers(Runnable[Asked, dict[str, Any]]):
    """Question → {"status", "reason", "documents", "answer", "notices"}.

    The question is a text, or a mapping with "question" and, where known, "region" (a place's name), "role"
    ("worker", "hr", "other") and "history" (earlier questions). `stream` gives the documents first, then the lines of
    the answer, then status and notices; the pieces add up to what `invoke` returns.
    """

    def __init__(self, answerer: Answerer, clock: Clock) -> None:
        self._answerer = answerer
        self._clock = clock

    def invoke(self, input: Asked, config: RunnableConfig | None = None, **kwargs: object) -> dict[str, Any]:
        """The whole answer."""
        return self._call_with_config(self._whole, input, config)

    def stream(
        self,
        input: Asked,
        config: RunnableConfig | None = None,
        **kwargs: object,
    ) -> Iterator[dict[str, Any]]:
        """The answer in pieces."""
        yield from self.transform(iter([input]), config)

    def transform(
        self,
        input: Iterator[Asked],
        config: RunnableConfig | None = None,
        **kwargs: object,
    ) -> Iterator[dict[str, Any]]:
        """The same within a chain that streams."""
        yield from self._transform_stream_with_config(input, self._answered, config)

    def _whole(self, asked: Asked) -> dict[str, Any]:
        whole = AddableDict()
        for piece in self._pieces(asked):
            whole = whole + piece
        return dict(whole)

    def _answered(self, questions: Iterator[Asked]) -> Iterator[dict[str, Any]]:
        for asked in questions:
            yield from self._pieces(asked)

    def _pieces(self, asked: Asked) -> Iterator[AddableDict]:
        replies = self._answerer.stages(self._question(asked), self._clock())
        reply = next(replies)
        if isinstance(reply, Answer):
            yield AddableDict(documents=self._documents(reply))
            reply = next(replies, reply)  # the same citations, phrased
        else:
            reply = next(replies, reply)  # a follow-up written out may be answered after all
            yield AddableDict(documents=self._documents(reply))
        for line in reply.text.splitlines(keepends=True):
            yield AddableDict(answer=line)
        yield AddableDict(**_outcome(reply))

    def _documents(self, reply: Reply) -> list[Any]:
        if isinstance(reply, Clarification):
            return []
        gazetteer = self._answerer.holdings.gazetteer
        return [citation_document(c, gazetteer, number=n) for n, c in enumerate(reply.draft.citations, 1)]

    def _question(self, asked: Asked) -> Question:
        given = {"question": asked} if isinstance(asked, str) else asked
        region = given.get("region")
        code = self._answerer.holdings.gazetteer.resolve(region).code if region else None
        return Question(given["question"], code, given.get("role") or "other", tuple(given.get("history") or ()))


def _outcome(reply: Reply) -> dict[str, Any]:
    match reply:
        case Answer():
            return {"status": "answered", "reason": None, "notices": [*reply.draft.notices, *reply.draft.remarks]}
        case Refusal():
            notices = [*reply.draft.notices, *reply.draft.remarks]
            return {"status": "refused", "reason": reply.reason.value, "notices": notices}
        case _:
            return {"status": "clarify", "reason": None, "notices": []}


def policy_qa(answerer: Answerer, clock: Clock) -> PolicyAnswers:
    """The assistant as a Runnable; `clock` gives the day statuses are read for."""
    return PolicyAnswers(answerer, clock)
