"""All tabs beside the chat, put together; and the page's own way of giving feedback."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from assistant.interfaces.http.asking import json_response
from assistant.interfaces.http.receiving import receive
from assistant.interfaces.http.schemas import Feedback
from assistant.interfaces.http.service import Service
from assistant.interfaces.web import (
    about_tab,
    calendar_tab,
    comparison_tab,
    entitlement_tab,
    library_tab,
    obligation_tab,
)

PAGES = (entitlement_tab, obligation_tab, comparison_tab, calendar_tab, library_tab, about_tab)
"""The tabs' modules, each with `routes(service) -> APIRouter`. A new tab is a new module and its name here."""


def tab_routes(service: Service) -> APIRouter:
    """Everything the page needs beside Gradio."""
    router = APIRouter(include_in_schema=False)
    for page in PAGES:
        router.include_router(page.routes(service))

    @router.post("/feedback")
    def feedback(given: Feedback) -> Response:
        """Store whether an answer helped; the API may be switched off while the page is on."""
        return json_response(receive(service, given))

    return router
