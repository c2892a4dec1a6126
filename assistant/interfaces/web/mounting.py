"""The page under /ui and its own few files, put into an application."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from html import escape
from pathlib import Path

import gradio as gr
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles

from assistant.interfaces.guarding import PAGE_PATH
from assistant.interfaces.http.framing import bare_app
from assistant.interfaces.http.refusing import answer_with_problem
from assistant.interfaces.http.service import Service
from assistant.interfaces.web.asking import Answerer
from assistant.interfaces.web.laying_out import CHAT, HEAD_LINKS, TITLE, header_html
from assistant.interfaces.web.packing import conversation_pack
from assistant.interfaces.web.page import Clock, Packer, build_page, theme
from assistant.interfaces.web.tabs import tab_routes

KEPT_SESSIONS = 800
"""Conversations kept in memory; the least recent give way, and then begin anew. Gradio keeps a copy of every component
with its text for each, some 100 KB here, and would keep 10,000 of them."""

_STATIC = Path(__file__).parent / "static"
# Addresses are relative to the page, so that it also works behind a proxy that adds a prefix.
_HEAD = (
    '<meta name="description" content="按原文回答政策问题">'
    + HEAD_LINKS.format(root="../")
    # Gradio puts these into the head one by one and empties what is not an attribute, so the row of tabs is one.
    + f'<meta name="site-header" content="{escape(header_html(CHAT, "../"))}">'
    + '<script src="../static/evidence.js" defer></script>'
)
_MANIFEST = {
    "name": TITLE,
    "short_name": TITLE,
    "lang": "zh-CN",
    "start_url": "ui/",
    "display": "browser",
    "icons": [{"src": "favicon.ico", "sizes": "48x48", "type": "image/x-icon"}],
}


def build_app(answerer: Answerer, clock: Clock) -> FastAPI:
    """The page alone, behind the guard; nothing in it reads the clock except through `clock`."""
    app = bare_app()
    add_page(app, answerer, clock)
    return app


def add_page(app: FastAPI, answerer: Answerer, clock: Clock, service: Service | None = None) -> None:
    """Put the page into an application; the other tabs and the feedback need the `service`.

    Gradio opens an event loop for each part that it builds outside one, and never closes it, so it is given one here;
    in a thread of its own, because the caller may be inside another.
    """
    _serve_own_files(app)
    if service is not None:
        app.include_router(tab_routes(service))
    with ThreadPoolExecutor(max_workers=1) as pool:
        build = partial(build_page, answerer, clock, _packer(service))
        pool.submit(lambda: asyncio.run(_mount(app, build))).result()


async def _mount(app: FastAPI, build: Callable[[], gr.Blocks]) -> None:
    page = build()
    page.state_session_capacity = KEPT_SESSIONS
    gr.mount_gradio_app(
        app,
        page,
        path=PAGE_PATH,
        theme=theme(),
        head=_HEAD,
        app_kwargs={
            "docs_url": None,
            "redoc_url": None,
            "openapi_url": None,
            "exception_handlers": {RequestValidationError: answer_with_problem},
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


def _packer(service: Service | None) -> Packer | None:
    if service is None:
        return None
    held, gazetteer = service.answerer.documents, service.answerer.holdings.gazetteer
    return lambda turns: conversation_pack(turns, [one.policy for one in held], gazetteer, service.clock())


def _serve_own_files(app: FastAPI) -> None:
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")

    @app.api_route("/", methods=["GET", "HEAD"], include_in_schema=False)
    def front() -> Response:
        return RedirectResponse(f"{PAGE_PATH[1:]}/")

    @app.api_route("/favicon.ico", methods=["GET", "HEAD"], include_in_schema=False)
    def icon() -> Response:
        return FileResponse(_STATIC / "favicon.ico", media_type="image/x-icon")

    @app.api_route("/manifest.json", methods=["GET", "HEAD"], include_in_schema=False)
    def manifest() -> Response:
        return JSONResponse(_MANIFEST, media_type="application/manifest+json")
