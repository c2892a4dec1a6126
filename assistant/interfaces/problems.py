"""What a refused request is told: application/problem+json in Chinese, and nothing of what the request held."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from starlette.types import Send

MEDIA_TYPE = "application/problem+json"
TITLES = {
    400: "请求读不懂",
    403: "不接受这个请求",
    404: "没有这个地址",
    405: "这个地址不接受这种请求",
    408: "请求没有发完",
    409: "请求不明确",
    411: "请求没有说明长度",
    413: "请求过大",
    415: "请求的类型不对",
    422: "请求的格式不对",
    429: "问得太快",
    500: "程序出错",
    503: "暂时不能服务",
}
_ADVICE = {
    400: "请求的内容不是有效的 JSON，没有处理。请检查引号、逗号和编码（UTF-8）。",
    404: "没有这个地址，没有处理。请核对地址，接口说明在 /api/v1/docs。",
    405: "这个地址不接受这种请求方法，没有处理。请换成接口说明里写的方法。",
    415: "请求的内容类型不对，没有处理。请用 application/json。",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One refusal.

    Attributes:
        status: the HTTP status.
        detail: what happened, why it matters, what to do.
        fields: which parts of the request are wrong, by name, never what they held.
        headers: sent along, such as Retry-After or Allow.
    """

    status: int
    detail: str
    fields: tuple[str, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def content(self) -> dict[str, Any]:
        """The body as RFC 9457 has it."""
        title = TITLES.get(self.status, "请求没有成功")
        found = {"type": "about:blank", "title": title, "status": self.status, "detail": self.detail}
        return found | ({"fields": list(self.fields)} if self.fields else {})

    @property
    def body(self) -> bytes:
        """The body's bytes."""
        return json.dumps(self.content, ensure_ascii=False).encode()


def problem_of(status: int, headers: dict[str, str] | None = None) -> Problem:
    """The problem for a status that came without words of ours."""
    title = TITLES.get(status, "请求没有成功")
    return Problem(status, _ADVICE.get(status, f"{title}，没有处理。请核对请求再试。"), headers=headers or {})


async def send_problem(send: Send, problem: Problem) -> None:
    """Answer with a problem, from below any framework."""
    headers = {"content-type": MEDIA_TYPE, "content-length": str(len(problem.body)), **problem.headers}
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": problem.status, "headers": raw})
    await send({"type": "http.response.body", "body": problem.body})
