"""How the server is: /healthz (it runs), /readyz (send it questions), /metrics (figures, for this machine only)."""

from __future__ import annotations

import ipaddress

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from assistant.interfaces.http.measuring import CONTENT_TYPE
from assistant.interfaces.http.refusing import RETRY, ProblemError
from assistant.interfaces.http.schemas import Health
from assistant.interfaces.http.service import Service
from assistant.interfaces.problems import Problem


def health_routes() -> APIRouter:
    """The one that needs nothing: while it answers, the process need not be restarted."""
    router = APIRouter(tags=["运行"])

    @router.get("/healthz", response_model=Health, summary="进程是否活着")
    @router.head("/healthz", include_in_schema=False)
    async def healthz() -> Response:
        return JSONResponse({"status": "ok"})

    return router


def routes(service: Service) -> APIRouter:
    """The others."""
    router = APIRouter(tags=["运行"])

    @router.get(
        "/readyz", response_model=Health, summary="能否接受提问", description="索引已经打开就是 ready；正在停止时 503。"
    )
    async def readyz() -> Response:
        """Say whether questions are taken."""
        if service.workers.stopped:
            raise ProblemError(Problem(503, "服务正在停止，不再接受提问。请把请求发到别的进程。", headers=RETRY))
        return JSONResponse({"status": "ready"})

    @router.get("/metrics", include_in_schema=False)
    async def metrics(request: Request) -> Response:
        """Usage is the operator's business, so only this machine is told; a proxy passes the real address on."""
        if not _is_local(request.client.host if request.client else ""):
            raise ProblemError(Problem(403, "运行数字只对本机开放。请在服务器上访问 /metrics。"))
        return Response(service.meters.text(), headers={"content-type": CONTENT_TYPE})

    return router


def _is_local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
