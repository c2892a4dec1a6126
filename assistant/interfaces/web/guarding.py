"""The guard in front of the page: which addresses exist, how large a request may be, which headers every reply has.

Gradio answers uploads, proxying and direct function calls even where no component needs them; here only the addresses
that the page itself uses are let through. Pure ASGI, because a stream of events must not be buffered on its way out.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
from collections.abc import MutableMapping
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.interfaces.web.asking import where_it_broke

_log = logging.getLogger(__name__)

LARGEST_BODY = 256 * 1024
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
_READ = re.compile(
    r"/?|/config|/theme\.css|/robots\.txt|/(?:assets|static|svelte)/.+"
    r"|/gradio_api/(?:queue/data|app_id|startup-events|heartbeat/\w+)"
)
_WRITE = re.compile(r"/gradio_api/(?:queue/join|cancel|reset)")
_UNSAFE = re.compile(r"\.\.|//|\\|%|[\x00-\x1f]")


class Guard:
    """ASGI middleware, to be the outermost."""

    def __init__(self, app: ASGIApp, page_path: str, largest_body: int = LARGEST_BODY) -> None:
        self.app = app
        self.page_path = page_path
        self.largest_body = largest_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse early, or pass the request on and add the headers to its reply."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return

        reply = _GuardedReply(send, scope["path"])
        trouble = "no error given"
        try:
            await self._pass_or_refuse(scope, receive, reply.send)
        except Exception as error:
            reply.failed = True
            trouble = where_it_broke(error)
        if reply.failed:
            error_id = secrets.token_hex(4)
            _log.error("错误 %s：%s，%s %s", error_id, trouble, scope["method"], scope["path"])
            if not reply.started:
                await reply.replace(f"程序出错，错误编号 {error_id}。")

    async def _pass_or_refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self.admits(scope["method"], scope["path"]):
            await _refuse(send, 404, "没有这个地址。")
        elif scope["method"] in {"GET", "HEAD", "OPTIONS"}:
            await self.app(scope, receive, send)
        elif Headers(scope=scope).get("sec-fetch-site") == "cross-site":
            await _refuse(send, 403, "不接受别的网站发来的请求。")
        else:
            body = await self._whole_body(Headers(scope=scope), receive)
            if body is None:
                await _refuse(send, 413, f"请求过大，最多 {self.largest_body // 1024} KB。")
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

    async def _whole_body(self, headers: Headers, receive: Receive) -> bytes | None:
        """The request's body, or None as soon as it is known to be too large."""
        declared = headers.get("content-length", "")
        if declared.isdecimal() and int(declared) > self.largest_body:
            return None
        body = bytearray()
        while True:
            message = await receive()
            body += message.get("body", b"")
            if len(body) > self.largest_body:
                return None
            if message["type"] == "http.disconnect" or not message.get("more_body"):
                return bytes(body)


class _GuardedReply:
    """Sends a reply with the headers added. A reply of code 500 is held back, to be replaced by one in Chinese."""

    def __init__(self, send: Send, path: str) -> None:
        self._send = send
        self._path = path
        self.started = False
        self.failed = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and not self.failed:
            self.failed = message["status"] == 500
            self.started = not self.failed
            _add_headers(message, self._path)
        if not self.failed:
            await self._send(message)

    async def replace(self, reason: str) -> None:
        """Send what stands in for the reply that was held back."""

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add_headers(message, self._path)
            await self._send(message)

        await _refuse(send, 500, reason)


def _replaying(body: bytes, receive: Receive) -> Receive:
    sent = False

    async def replay() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def _add_headers(message: MutableMapping[str, Any], path: str) -> None:
    headers = MutableHeaders(scope=message)
    for name, value in HEADERS.items():
        headers[name] = value
    if "/assets/" not in path and "/static/" not in path:
        headers["cache-control"] = "no-store"


async def _refuse(send: Send, code: int, reason: str) -> None:
    body = json.dumps({"error": reason}, ensure_ascii=False).encode()
    headers = [(b"content-type", b"application/json; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": code, "headers": headers})
    await send({"type": "http.response.body", "body": body})
