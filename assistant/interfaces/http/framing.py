"""The bare application that page and API are put into: refusals, closed cross-origin access, the guard, the noting."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from assistant.interfaces.guarding import Guard
from assistant.interfaces.http.measuring import Meters
from assistant.interfaces.http.noting import Noting
from assistant.interfaces.http.refusing import add_refusals
from assistant.interfaces.http.reporting import health_routes
from assistant.interfaces.limiting import Limiter

SETTLING = 1.0
"""Seconds before `on_start`, so that it does not compete with the first request."""


def bare_app(
    limiter: Limiter | None = None,
    meters: Meters | None = None,
    on_start: Callable[[], object] | None = None,
    on_stop: Callable[[], object] | None = None,
) -> FastAPI:
    """An application that answers /healthz and refuses everything else properly.

    Args:
        limiter: how often a client may ask; None for no limit.
        meters: where requests are counted; None counts and logs nothing.
        on_start: called shortly after the server takes requests.
        on_stop: called when it takes no more.
    """

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        if on_start is not None:
            asyncio.get_running_loop().call_later(SETTLING, on_start)
        yield
        if on_stop is not None:
            on_stop()

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    add_refusals(app)
    app.include_router(health_routes())
    # The last one added stands outermost.
    app.add_middleware(CORSMiddleware, allow_origins=[])
    app.add_middleware(Guard, limiter=limiter)
    if meters is not None:
        app.add_middleware(Noting, meters=meters)
    return app
