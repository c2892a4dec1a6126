"""The web application: the page under /ui, its own few files, and the guard around all of it."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import gradio as gr
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import FileResponse, JSONResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from assistant.interfaces.web.asking import Answerer
from assistant.interfaces.web.guarding import Guard
from assistant.interfaces.web.introducing import TITLE
from assistant.interfaces.web.page import Clock, build_page, theme

PAGE_PATH = "/ui"
_STATIC = Path(__file__).parent / "static"
# Addresses are relative to the page, so that it also works behind a proxy that adds a prefix.
_HEAD = (
    '<meta name="description" content="按原文回答政策问题">'
    '<link rel="stylesheet" href="../static/page.css"><script src="../static/evidence.js" defer></script>'
)
_MANIFEST = {
    "name": TITLE,
    "short_name": TITLE,
    "lang": "zh-CN",
    "start_url": "ui/",
    "display": "browser",
    "icons": [{"src": "favicon.ico", "sizes": "48x48", "type": "image/x-icon"}],
}
_MESSAGES = {404: "没有这个地址。", 405: "这个地址不接受这种请求。"}


def build_app(answerer: Answerer, clock: Clock) -> FastAPI:
    """The whole application; nothing in it reads the clock except through `clock`.

    Gradio opens an event loop for each part that it builds outside one, and never closes it, so it is given one here;
    in a thread of its own, because the caller may be inside another.
    """
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(lambda: asyncio.run(_build(answerer, clock))).result()


async def _build(answerer: Answerer, clock: Clock) -> FastAPI:
    app = FastAPI(title=TITLE, docs_url=None, redoc_url=None, openapi_url=None)
    _serve_own_files(app)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_middleware(CORSMiddleware, allow_origins=[])
    app.add_middleware(Guard, page_path=PAGE_PATH)
    gr.mount_gradio_app(
        app,
        build_page(answerer, clock),
        path=PAGE_PATH,
        theme=theme(),
        head=_HEAD,
        app_kwargs={
            "docs_url": None,
            "redoc_url": None,
            "openapi_url": None,
            "exception_handlers": {RequestValidationError: _malformed},
        },
        show_error=False,
        footer_links=[],
        run_history=False,
        max_file_size="1kb",
        ssr_mode=False,
        enable_monitoring=False,
        mcp_server=False,
        pwa=False,
        allowed_paths=[],
    )
    return app


def _serve_own_files(app: FastAPI) -> None:
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")

    @app.api_route("/", methods=["GET", "HEAD"])
    def front() -> Response:
        return RedirectResponse(f"{PAGE_PATH[1:]}/")

    @app.api_route("/healthz", methods=["GET", "HEAD"])
    def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.api_route("/favicon.ico", methods=["GET", "HEAD"])
    def icon() -> Response:
        return FileResponse(_STATIC / "favicon.ico", media_type="image/x-icon")

    @app.api_route("/manifest.json", methods=["GET", "HEAD"])
    def manifest() -> Response:
        return JSONResponse(_MANIFEST, media_type="application/manifest+json")


def _refused(_request: Request, error: Exception) -> Response:
    code = error.status_code if isinstance(error, HTTPException) else 500
    return JSONResponse({"error": _MESSAGES.get(code, "请求没有成功。")}, status_code=code)


def _malformed(_request: Request, error: Exception) -> Response:
    """Which fields are wrong, never what they held."""
    problems = error.errors() if isinstance(error, RequestValidationError) else ()
    fields = sorted({".".join(str(step) for step in problem["loc"]) for problem in problems})
    return JSONResponse({"error": "请求的格式不对。", "fields": fields}, status_code=422)
