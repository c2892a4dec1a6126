"""The real page in a real Chromium, over a scripted answerer. Every page opened is watched for calls and errors."""

from __future__ import annotations

import contextlib
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import uvicorn
from interfaces.web.scripted import AS_OF, ScriptedAnswerer
from playwright.sync_api import Browser, Page, sync_playwright
from starlette.types import ASGIApp

from assistant.interfaces.http.assembling import build_site
from assistant.interfaces.web.asking import Answerer
from assistant.interfaces.web.mounting import build_app
from assistant.interfaces.web.serving import listening_socket
from assistant.settings import ServingSettings

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
DESKTOP = {"width": 1366, "height": 860}
PHONE = {"width": 390, "height": 844}


@dataclass
class Site:
    url: str
    answerer: ScriptedAnswerer


@dataclass
class Watch:
    """What a page did that it should not have."""

    foreign: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)


def served(answerer: Answerer) -> AbstractContextManager[str]:
    """The page alone over an answerer; gives its address."""
    return _serving(lambda: build_app(answerer, lambda: AS_OF))


def served_site(answerer: Answerer, serving: ServingSettings) -> AbstractContextManager[str]:
    """The whole site over the real answerer; gives its address."""
    return _serving(lambda: build_site(answerer, lambda: AS_OF, serving))


@contextlib.contextmanager
def _serving(build: Callable[[], ASGIApp]) -> Iterator[str]:
    """An application from a thread on a free port."""
    listener = listening_socket("127.0.0.1", 0)
    servers: list[uvicorn.Server] = []

    def run() -> None:
        config = uvicorn.Config(build(), log_level="error", access_log=False, timeout_graceful_shutdown=1)
        servers.append(uvicorn.Server(config))
        servers[0].run(sockets=[listener])

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    until = time.monotonic() + 60
    while not (servers and servers[0].started):
        assert thread.is_alive()
        assert time.monotonic() < until
        time.sleep(0.05)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    servers[0].should_exit = True
    thread.join(timeout=20)
    listener.close()


@pytest.fixture(scope="session")
def site():
    """The page over the scripted answerer."""
    answerer = ScriptedAnswerer()
    with served(answerer) as url:
        yield Site(url, answerer)


@pytest.fixture(scope="session")
def browser():
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(site: Site, browser: Browser):
    """Open the page in a fresh profile; at the end nothing foreign was asked for and nothing failed."""
    contexts, watches = [], []

    def open_one(viewport=DESKTOP, locale="zh-CN", scheme="light", url=site.url, path="") -> Page:
        context = browser.new_context(viewport=viewport, locale=locale, color_scheme=scheme)
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=url)
        page, watch = context.new_page(), Watch()
        page.on("request", lambda request: request.url.startswith(url) or watch.foreign.append(request.url))
        page.on("response", lambda reply: reply.status < 400 or watch.failed.append(f"{reply.status} {reply.url}"))
        page.on("console", lambda said: said.type not in ("error", "warning") or watch.console.append(said.text))
        page.on("pageerror", lambda error: watch.console.append(str(error)))
        contexts.append(context)
        watches.append(watch)
        page.goto(f"{url}/{path}")
        page.wait_for_selector("main.tab" if path else "#question textarea")
        page.wait_for_selector(".skip", state="attached")
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert watches == [Watch()] * len(watches)


@pytest.fixture(scope="session")
def shots(tmp_path_factory) -> Path:
    """Where screenshots go: the folder named by PAGE_SHOTS, or a temporary one."""
    folder = Path(os.environ.get("PAGE_SHOTS") or tmp_path_factory.mktemp("shots"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder
