"""POST /feedback: whether an answer helped, without the question unless the person allows it."""

from __future__ import annotations

import unicodedata

from fastapi import APIRouter
from starlette.responses import Response

from assistant.interfaces.contract import Json
from assistant.interfaces.http.asking import json_response
from assistant.interfaces.http.schemas import Feedback, Received
from assistant.interfaces.http.service import Service
from assistant.retrieval.privacy import mask_personal_data


def routes(service: Service) -> APIRouter:
    """The endpoint."""
    router = APIRouter(tags=["反馈"])

    @router.post(
        "/feedback",
        response_model=Received,
        status_code=201,
        summary="说说这个回答有没有用",
        description="不同意保存时，问题只留下一个散列值；同意时，先遮住身份证号、手机号、邮箱、银行卡号。",
    )
    def feedback(given: Feedback) -> Response:
        """Store whether an answer helped."""
        response = json_response(receive(service, given))
        response.status_code = 201
        return response

    return router


def receive(service: Service, given: Feedback) -> Json:
    """Store it, and say whether the question was kept.

    Raises:
        FeedbackStoreError: It could not be stored.
    """
    row = _row(service, given)
    service.feedback.keep(row, service.clock())
    return {"stored": True, "question_kept": "question" in row}


def _row(service: Service, given: Feedback) -> Json:
    row: Json = {
        "useful": given.useful,
        "reason": given.reason,
        "status": given.status,
        "citations": [cited.model_dump() for cited in given.citations if cited.policy_id in _held(service)],
    }
    if given.question:
        masked, _ = mask_personal_data(unicodedata.normalize("NFKC", given.question))
        row |= {"question_hash": service.feedback.hash_of(given.question)}
        row |= {"question": masked} if given.keep_question else {}
    return row


def _held(service: Service) -> set[str]:
    """Ids of ours; any other string in their place could be the question in disguise."""
    return {document.policy.policy_id for document in service.answerer.documents}
