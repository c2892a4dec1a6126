"""POST /search: sentences, without an answer. A body and not a query string, so that words stay out of addresses."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from assistant.answering.searching import FoundSentence, find_sentences
from assistant.interfaces.contract import Json, check_question
from assistant.interfaces.http.asking import json_response
from assistant.interfaces.http.schemas import Findings, Search
from assistant.interfaces.http.service import Service
from assistant.model import Question


def routes(service: Service) -> APIRouter:
    """The endpoint."""
    router = APIRouter(tags=["提问"])

    @router.post(
        "/search",
        response_model=Findings,
        summary="只检索，不作答",
        description="按与提问相同的范围和次序列出原句，最相近的在前。",
    )
    async def search(wanted: Search) -> Response:
        """Find sentences."""
        return json_response(await findings(service, wanted))

    return router


async def findings(service: Service, wanted: Search) -> Json:
    """What a search found, as JSON.

    Raises:
        QuestionError, JurisdictionError: The words or the place cannot be used.
        BusyError: No worker was free, or it took too long.
    """
    check_question(wanted.query)
    question = Question(wanted.query, service.place(wanted.region))
    found = await service.searchers.run(lambda: find_sentences(service.answerer, question, wanted.limit))
    return {"results": [_row(sentence) for sentence in found]}


def _row(found: FoundSentence) -> Json:
    return {
        "score": round(found.score, 4),
        "policy_id": found.policy.policy_id,
        "title": found.policy.title,
        "clause_id": found.clause.clause_id,
        "clause": found.clause.path,
        "heading": found.clause.heading,
        "text": found.chunk.text,
        "start": found.chunk.span.start,
        "end": found.chunk.span.end,
    }
