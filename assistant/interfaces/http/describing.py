"""The API described: the OpenAPI document, and a page made from it here, without scripts or anything from outside."""

from __future__ import annotations

import html
import json
import re
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.responses import HTMLResponse, Response

from assistant.interfaces.guarding import API_PATH
from assistant.interfaces.problems import MEDIA_TYPE

TITLE = "政策问答助手接口"
_ABOUT = "每句话都有原文、条款和出处。出错时回 application/problem+json；不回显请求的内容，不记录问题。"
_EVERYWHERE = {
    "404": "没有这个地址",
    "405": "不接受这种请求方法",
    "429": "问得太快，见 Retry-After",
    "503": "暂时不能服务",
}
_WITH_BODY = {"400": "不是有效的 JSON", "408": "请求没有发完", "413": "请求过大"}
_STYLE = (
    "body{font:17px/1.7 'Noto Sans CJK SC','Microsoft YaHei','PingFang SC',sans-serif;max-width:60rem;margin:2rem auto;"
    "padding:0 1rem;color:#1a1a1a}code,pre{font:15px/1.5 monospace;background:#f3f4f6}pre{padding:.8rem;overflow:auto}"
    "section{border-top:1px solid #c8ccd0;margin-top:1.5rem}table{border-collapse:collapse}"
    "td,th{border:1px solid #c8ccd0;padding:.2rem .6rem;text-align:left;vertical-align:top}"
)


def describe(app: FastAPI, version: str) -> None:
    """Give the application its OpenAPI document and the page that shows it."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _completed(
                get_openapi(title=TITLE, version=version, description=_ABOUT, routes=app.routes)
            )
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]
    router = APIRouter(include_in_schema=False)

    @router.get(f"{API_PATH}/openapi.json")
    def openapi() -> Response:
        return Response(json.dumps(document(), ensure_ascii=False).encode(), media_type="application/json")

    @router.get(f"{API_PATH}/docs")
    def docs() -> Response:
        return HTMLResponse(docs_page(document()))

    app.include_router(router)


def _completed(document: dict[str, Any]) -> dict[str, Any]:
    """Every refusal in the document as what it is: a problem."""
    problem = {"$ref": "#/components/schemas/ProblemBody"}
    schemas = document["components"]["schemas"]
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas["ProblemBody"] = {
        "type": "object",
        "description": "RFC 9457；fields 只说哪里不对，不说里面写了什么",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "fields": {"type": "array", "items": {"type": "string"}},
        },
    }
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            told = dict(_EVERYWHERE) | (_WITH_BODY if method == "post" else {})
            told |= {"422": "请求的格式不对"} if "422" in operation["responses"] else {}
            told |= {"409": "条款路径不明确"} if path.endswith("{clause}") else {}
            for answer in operation["responses"].values():
                answer["description"] = answer["description"].replace("Successful Response", "成功")
            for status, words in told.items():
                operation["responses"][status] = {
                    "description": words,
                    "content": {MEDIA_TYPE: {"schema": problem}},
                }
    return document


def docs_page(document: dict[str, Any]) -> str:
    """The document as a page."""
    sections = [
        _operation(path, method, operation)
        for path, operations in sorted(document["paths"].items(), key=lambda item: not item[0].startswith(API_PATH))
        for method, operation in operations.items()
    ]
    shapes = [_shape(name, schema) for name, schema in document["components"]["schemas"].items()]
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{TITLE}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body><main>'
        f"<h1>{TITLE}</h1><p>{html.escape(_ABOUT)}机器可读的说明：<a href='openapi.json'>openapi.json</a></p>"
        f"{''.join(sections)}<h2>各项内容</h2>{''.join(shapes)}</main></body></html>"
    )


def _operation(path: str, method: str, operation: dict[str, Any]) -> str:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    taken = f"<p>请求正文：{_kind(body)}</p>" if body else ""
    rows = "".join(
        f"<tr><td><code>{html.escape(part['name'])}</code></td><td>{html.escape(part.get('description', ''))}</td></tr>"
        for part in operation.get("parameters", ())
    )
    answers = "".join(
        f"<tr><td>{status}</td><td>{_words(answer['description'])}</td><td>{_answer_kind(answer)}</td></tr>"
        for status, answer in sorted(operation["responses"].items())
        if MEDIA_TYPE not in answer.get("content", {})
    )
    refused = "、".join(status for status in sorted(operation["responses"]) if int(status) >= 400)
    return (
        f"<section><h2>{html.escape(operation['summary'])}</h2>"
        f"<p><code>{method.upper()} {html.escape(path)}</code></p>"
        f"<p>{_words(operation.get('description', ''))}</p>"
        f"{f'<table>{rows}</table>' if rows else ''}{taken}<table>{answers}</table>"
        f'<p>出错：{refused}，都是 <a href="#ProblemBody">ProblemBody</a></p></section>'
    )


def _words(text: str) -> str:
    """Text with what stands in backticks as code."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", html.escape(text))


def _answer_kind(answer: dict[str, Any]) -> str:
    return "".join(_kind(content["schema"]) for content in answer.get("content", {}).values())


def _shape(name: str, schema: dict[str, Any]) -> str:
    rows = "".join(
        f"<tr><td><code>{field}</code></td><td>{_kind(part)}</td>"
        f"<td>{html.escape(part.get('description', ''))}</td></tr>"
        for field, part in schema.get("properties", {}).items()
    )
    return f'<section><h3 id="{name}">{name}</h3><table>{rows}</table></section>'


def _kind(schema: dict[str, Any]) -> str:
    """A type in a few words, linked where it is one of ours."""
    if reference := schema.get("$ref"):
        name = reference.rpartition("/")[2]
        return f'<a href="#{name}">{name}</a>'
    if choices := schema.get("anyOf"):
        return " 或 ".join(dict.fromkeys(_kind(choice) for choice in choices))
    if "enum" in schema or "const" in schema:
        return html.escape("、".join(str(value) for value in schema.get("enum", (schema.get("const"),))))
    if schema.get("type") == "array":
        return f"{_kind(schema['items'])} 的列表"
    names = {"string": "文字", "integer": "整数", "number": "数", "boolean": "真假", "null": "空", "object": "对象"}
    return names.get(str(schema.get("type", "")), "任意")
