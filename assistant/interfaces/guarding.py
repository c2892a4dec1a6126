"""The guard in front of everything served: which addresses exist, how large, slow and frequent requests may be.

Gradio answers uploads, proxying and direct function calls even where no component needs them; here only the addresses
that the page itself uses are let through. Every reply gets the security headers, and one that failed is replaced by a
sentence with an id. Pure ASGI, because a stream of events must not be buffered on its way out.
"""

from __future__ import annotations

import asyncio
import logging
import math
import re
import secrets
from collections.abc import MutableMapping
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.interfaces.limiting import Limiter, client_key
from assistant.interfaces.problems import Problem, problem_of, send_problem
from assistant.interfaces.recording import where_it_broke

_log = logging.getLogger(__name__)

LARGEST_BODY = 256 * 1024
BODY_SECONDS = 10.0
"""How long a client may take to send its request; one that trickles it in holds nothing longer than that."""

PAGE_PATH = "/ui"
API_PATH = "/api/v1"
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
REVALIDATED = "no-cache"
"""Kept where an answer carries it: a policy with an ETag may be stored and asked about again."""

_READ = re.compile(
    r"/?|/config|/theme\.css|/robots\.txt|/(?:assets|static|svelte)/.+"
    r"|/gradio_api/(?:queue/data|app_id|startup-events|heartbeat/\w+)"
)
_WRITE = re.compile(r"/gradio_api/(?:queue/join|cancel|reset)")
_UNSAFE = re.compile(r"\.\.|//|\\|%|[\x00-\x1f]")


class Guard:
    """ASGI middleware, to stand in front of the application."""

    def __init__(
        self,
        app: ASGIApp,
        page_path: str = PAGE_PATH,
        largest_body: int = LARGEST_BODY,
        limiter: Limiter | None = None,
        body_seconds: float = BODY_SECONDS,
    ) -> None:
        self.app = app
        self.page_path = page_path
        self.largest_body = largest_body
        self.limiter = limiter
        self.body_seconds = body_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse early, or pass the request on and add the headers to its reply."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return

        reply = _GuardedReply(send, scope["path"])
        trouble = "应用返回 500"
        try:
            await self._pass_or_refuse(scope, receive, reply.send)
        except Exception as error:
            reply.held = 500
            trouble = where_it_broke(error)
        if reply.held == 500:
            error_id = secrets.token_hex(4)
            _log.error("错误 %s：%s", error_id, trouble)
            detail = f"程序出错，这一次没有办成。请再试一次；仍不行时，把错误编号 {error_id} 告诉维护人员。"
            await reply.replace(Problem(500, detail))
        elif reply.held:
            await reply.replace(
                Problem(503, "现在问的人太多，这一问没有排上。请过几秒再问。", headers={"retry-after": "5"})
            )

    async def _pass_or_refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        method, path = scope["method"], scope["path"]
        if not self.admits(method, path):
            await send_problem(send, problem_of(404))
        elif refusal := self._too_fast(scope):
            await send_problem(send, refusal)
        elif method in {"GET", "HEAD", "OPTIONS"}:
            await self.app(scope, receive, send)
        elif Headers(scope=scope).get("sec-fetch-site") == "cross-site":
            await send_problem(send, Problem(403, "不接受别的网站发来的请求，没有处理。请从本网页提问。"))
        else:
            body = await self._whole_body(Headers(scope=scope), receive)
            if isinstance(body, Problem):
                await send_problem(send, body)
            else:
                await self.app(scope, _replaying(body, receive), send)

    def admits(self, method: str, path: str) -> bool:
        """Whether the address is one the page uses; addresses outside the page are the parent's affair."""
        if _UNSAFE.search(path):
            return False
        if path != self.page_path and not path.startswith(f"{self.page_path}/"):
            return True
        wanted = _READ if method in {"GET", "HEAD"} else _WRITE
        return wanted.fullmatch(path.removeprefix(self.page_path)) is not None

    def _too_fast(self, scope: Scope) -> Problem | None:
        if self.limiter is None:
            return None
        host = scope["client"][0] if scope.get("client") else ""
        seconds = math.ceil(self.limiter.wait(scope["method"], scope["path"], client_key(host)))
        if not seconds:
            return None
        detail = f"同一个地址问得太快，这一次没有处理，以免别人排不上。请过 {seconds} 秒再问。"
        return Problem(429, detail, headers={"retry-after": str(seconds)})

    async def _whole_body(self, headers: Headers, receive: Receive) -> bytes | Problem:
        """The request's body, or why it is not taken, as soon as that is known."""
        too_large = Problem(413, f"请求过大，没有处理。最多 {self.largest_body // 1024} KB，请删减后再发。")
        declared = headers.get("content-length", "")
        if declared.isdecimal() and int(declared) > self.largest_body:
            return too_large
        body = bytearray()
        try:
            async with asyncio.timeout(self.body_seconds):
                while True:
                    message = await receive()
                    body += message.get("body", b"")
                    if len(body) > self.largest_body:
                        return too_large
                    if message["type"] == "http.disconnect" or not message.get("more_body"):
                        return bytes(body)
        except TimeoutError:
            return Problem(408, f"请求在 {self.body_seconds:.0f} 秒内没有发完，没有处理。请检查网络后重发。")


class _GuardedReply:
    """Sends a reply with the headers added; a 500, and the queue's 503 in English, are held back to be replaced."""

    def __init__(self, send: Send, path: str) -> None:
        self._send = send
        self._path = path
        self._of_queue = path.endswith("/queue/join")
        self.started = False
        self.held = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and not self.held:
            status = message["status"]
            self.held = status if status == 500 or (status == 503 and self._of_queue) else 0
            self.started = not self.held
            self._add_headers(message)
        if not self.held:
            await self._send(message)

    async def replace(self, problem: Problem) -> None:
        """Send what stands in for the reply that was held back; too late where that has begun."""
        if self.started:
            return

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add_headers(message)
            await self._send(message)

        await send_problem(send, problem)

    def _add_headers(self, message: MutableMapping[str, Any]) -> None:
        headers = MutableHeaders(scope=message)
        for name, value in HEADERS.items():
            headers[name] = value
        lasting = "/assets/" in self._path or "/static/" in self._path
        if not lasting and headers.get("cache-control") != REVALIDATED:
            headers["cache-control"] = "no-store"


def _replaying(body: bytes, receive: Receive) -> Receive:
    sent = False

    async def replay() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
