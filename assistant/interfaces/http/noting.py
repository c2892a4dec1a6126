"""One log line and one set of figures for every request: which route, what status, how long; nothing it held."""

from __future__ import annotations

import secrets
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.interfaces.guarding import API_PATH, PAGE_PATH
from assistant.interfaces.http.measuring import Meters
from assistant.interfaces.recording import REQUESTS

KNOWN_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
_QUIET = {"/healthz", "/readyz", "/metrics", f"{PAGE_PATH}/*", "/static/*"}
"""Routes that are asked too often to be worth a line each; failures of theirs are still written."""


class Noting:
    """ASGI middleware, to be the outermost. Gives each reply an `x-request-id` that the log line repeats."""

    def __init__(self, app: ASGIApp, meters: Meters) -> None:
        self.app = app
        self.meters = meters

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and note what came of it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id, started, status = secrets.token_hex(8), time.perf_counter(), 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", request_id.encode())]
            await send(message)

        try:
            await self.app(scope, receive, noted)
        finally:
            seconds = time.perf_counter() - started
            method = scope["method"] if scope["method"] in KNOWN_METHODS else "other"
            route = _route_of(scope)
            self.meters.requested(method, route, status, seconds)
            if status >= 500 or route not in _QUIET:
                fields = {
                    "method": method,
                    "route": route,
                    "status": status,
                    "ms": round(seconds * 1000, 1),
                    "request": request_id,
                }
                REQUESTS.info("已应答", extra=fields)


def _route_of(scope: Scope) -> str:
    """The route's template: addresses may hold what a person typed, templates are ours."""
    path = scope["path"]
    for prefix in (PAGE_PATH, "/static"):
        if path.startswith(f"{prefix}/"):
            return f"{prefix}/*"
    template = getattr(scope.get("route"), "path", None)
    if not isinstance(template, str) or not template:
        return "unknown"
    inside = path.startswith(f"{API_PATH}/") and not template.startswith(API_PATH)
    return f"{API_PATH}{template}" if inside else template
