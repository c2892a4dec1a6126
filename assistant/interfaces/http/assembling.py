"""The whole site: API, health, figures and page in one application, each with its switch."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI
from starlette.responses import HTMLResponse, Response

from assistant.answering.answerer import Answerer
from assistant.indexing.manifest import program_version
from assistant.interfaces.guarding import API_PATH, PAGE_PATH
from assistant.interfaces.http import asking, browsing, looking_up, receiving, reporting, searching
from assistant.interfaces.http.describing import describe
from assistant.interfaces.http.framing import bare_app
from assistant.interfaces.http.refusing import ProblemError
from assistant.interfaces.http.service import Clock, Service
from assistant.interfaces.limiting import Limiter
from assistant.interfaces.problems import Problem
from assistant.interfaces.web.loading_gradio import load_quickly
from assistant.settings import ServingSettings

ENDPOINTS = (asking, searching, browsing, looking_up, receiving)
"""The API's modules, each with `routes(service) -> APIRouter`. A new endpoint is a new module and its name here."""

_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
_PAGE_OFF = (
    '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>网页暂时关闭</title>'
    "<p>网页暂时关闭，现在不能在这里提问。请稍后再来，或联系维护人员。</p></html>"
)


def build_site(answerer: Answerer, clock: Clock, settings: ServingSettings) -> FastAPI:
    """The application to serve; nothing in it reads the clock except through `clock`."""
    service = Service.over(answerer, clock, settings)
    limiter = Limiter.allowing(settings.questions_per_minute, settings.reads_per_minute)
    app = bare_app(limiter, service.meters, on_start=service.warm_up, on_stop=service.stop)
    app.include_router(reporting.routes(service))
    if settings.api:
        for endpoints in ENDPOINTS:
            app.include_router(endpoints.routes(service), prefix=API_PATH)
        describe(app, program_version())
    else:
        app.include_router(_api_off())
    if settings.page:
        # Gradio takes seconds to import and a hundred megabytes to hold; a server of the API alone does without.
        load_quickly()
        from assistant.interfaces.web.mounting import add_page

        add_page(app, answerer, clock, service)
    else:
        app.include_router(_page_off())
    return app


def _api_off() -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.api_route("/api/{rest:path}", methods=_METHODS)
    def closed(rest: str) -> Response:
        raise ProblemError(Problem(503, "接口暂时关闭，没有处理。请稍后再试，或联系维护人员。"))

    return router


def _page_off() -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.api_route("/", methods=["GET", "HEAD"])
    @router.api_route(PAGE_PATH, methods=["GET", "HEAD"])
    @router.api_route(f"{PAGE_PATH}/", methods=["GET", "HEAD"])
    def closed() -> Response:
        return HTMLResponse(_PAGE_OFF, status_code=503)

    return router
