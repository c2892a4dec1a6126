"""POST /ask and its stream."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response, StreamingResponse

from assistant.interfaces.contract import Json, json_line
from assistant.interfaces.http.schemas import Ask, Reply
from assistant.interfaces.http.service import Service, Stage

_STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "依次为 evidence（引文与范围）、text（原文回答，逐行）、done（其余各项）；"
        "用了语言模型时，done 之前还有 "
        "phrasing（正在摘写的模型）和 phrased（摘写后的整段回答，代替前面的 text）；"
        "追问经模型补全、重新查过的，phrased 之前再送一次 evidence，以后一次为准",
        "content": {
            "text/event-stream": {
                "schema": {
                    "type": "object",
                    "required": ["event", "data"],
                    "properties": {
                        "event": {"enum": ["evidence", "text", "phrasing", "phrased", "done"]},
                        "data": {"type": "string", "contentMediaType": "application/json"},
                    },
                }
            }
        },
    }
}


def routes(service: Service) -> APIRouter:
    """The endpoints."""
    router = APIRouter(tags=["提问"])

    @router.post(
        "/ask",
        response_model=Reply,
        summary="问一个问题",
        description="答案、拒答和反问都是 200；`status` 分清是哪一种。",
    )
    async def ask(asked: Ask) -> Response:
        """Answer a question."""
        return json_response(await service.reply(asked))

    @router.post(
        "/ask/stream",
        response_class=StreamingResponse,
        responses=_STREAM,
        summary="问一个问题，依据先到",
        description="同 /ask，以 SSE 分段送出；几段合起来就是 /ask 的回答。依据和原文不等语言模型。",
    )
    async def stream(asked: Ask) -> Response:
        """Answer a question, evidence first."""
        stages = service.stages(asked)
        first = await anext(stages)  # what cannot be answered is refused with a status of its own
        headers = {"x-accel-buffering": "no"}
        return StreamingResponse(_events(first, stages), media_type="text/event-stream", headers=headers)

    return router


def json_response(content: Json) -> Response:
    """A JSON response with Chinese as it is; half of a surrogate pair stays an escape."""
    return Response(json_line(content).encode(), media_type="application/json")


async def _events(first: Stage, later: AsyncIterator[Stage]) -> AsyncIterator[str]:
    """Evidence first, then the text in the documents' words, then what a language model makes of it, then the rest."""
    found = first.found
    yield _event("evidence", {key: found[key] for key in ("id", "citations", "scope")})
    for line in str(found["answer"]).splitlines(keepends=True):
        yield _event("text", {"text": line})
    if first.phrasing:
        yield _event("phrasing", {"model": first.phrasing})
    async for stage in later:
        if stage.found["citations"] != found["citations"]:  # a follow-up written out was looked up anew
            yield _event("evidence", {key: stage.found[key] for key in ("id", "citations", "scope")})
        found = stage.found
        yield _event("phrased", {"answer": found["answer"]})
    yield _event("done", {key: value for key, value in found.items() if key not in ("citations", "scope", "answer")})


def _event(name: str, data: Json) -> str:
    return f"event: {name}\ndata: {json_line(data)}\n"
