"""Search in scope as a LangChain retriever."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field, GetPydanticSchema
from pydantic_core import core_schema

from assistant.answering.answerer import Answerer
from assistant.answering.citations import cite
from assistant.answering.searching import find_sentences
from assistant.integrations.langchain.documents import citation_document
from assistant.model import Question

Opened = Annotated[Answerer, GetPydanticSchema(lambda _source, _inner: core_schema.is_instance_schema(Answerer))]
"""An opened assistant, taken as it is; pydantic does not look inside."""


class PolicyRetriever(BaseRetriever):
    """The sentences nearest to a question, within the place it is about; each a document that can be cited.

    A place is read from the question as in an answer; `region` stands in where the question names none. A place
    without any text in scope gets nothing, not another place's rule.

    Attributes:
        answerer: the opened assistant.
        clock: the day that statuses (draft, target period over) are read for.
        k: documents at most.
        region: a place's name.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    answerer: Opened = Field(repr=False)
    clock: Callable[[], date] = Field(repr=False)
    k: int = Field(default=8, ge=1)
    region: str | None = None

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, k: int | None = None, **_: object
    ) -> list[Document]:
        holdings = self.answerer.holdings
        place = holdings.gazetteer.resolve(self.region).code if self.region else None
        today = self.clock()
        return [
            citation_document(
                cite(holdings.document(found.chunk.policy_id), found.chunk, today),
                holdings.gazetteer,
                score=found.score,
            )
            for found in find_sentences(self.answerer, Question(query, place), max(1, k or self.k))
        ]
