"""Run in a network namespace of its own, with nothing but loopback: every part of the program, then every tab.

Prints one JSON object. Look-ups are counted by being the name server: `resolv.conf` is replaced for these processes,
so that whatever they would ask, in Python, in C or in the browser, arrives here. Packets to addresses are counted by
the kernel, which has no route for them.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from assistant.interfaces.web.laying_out import TABS

QUESTION = "广州首席技师有什么待遇"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
POLICY = "guangzhou-2025-skilled-talent"


def without_route() -> int:
    """Packets of this namespace that the kernel had no route for."""
    names, values = [line.split() for line in Path("/proc/net/snmp").read_text().splitlines() if line.startswith("Ip:")]
    return int(dict(zip(names, values, strict=True))["OutNoRoutes"])


class NameServer:
    """Counts the look-ups of every process in the namespace, and answers none."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._line.bind(("127.0.0.1", 53))
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            packet = self._line.recv(4096)
            self.asked.append(name_in(packet))


def name_in(packet: bytes) -> str:
    """The name a query asks for."""
    at, labels = 12, []
    while size := packet[at]:
        labels.append(packet[at + 1 : at + 1 + size].decode("latin-1"))
        at += 1 + size
    return ".".join(labels)


def isolate() -> NameServer:
    """Loopback up, and this process the name server of all."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    names = Path(tempfile.mkdtemp()) / "resolv.conf"
    names.write_text("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
    subprocess.run(["mount", "--bind", str(names), "/etc/resolv.conf"], check=True)
    return NameServer()


@contextlib.contextmanager
def serving() -> Iterator[str]:
    """The program as it is started by people; gives its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", "assistant", "serve", "--port", str(port)])
    url, until = f"http://127.0.0.1:{port}", time.monotonic() + 120
    while True:
        assert process.poll() is None
        assert time.monotonic() < until
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{url}/readyz", timeout=5).close()
            break
        time.sleep(0.1)
    yield url
    process.terminate()
    process.wait(timeout=20)


def fetched(url: str, path: str, body: object = None) -> str:
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(f"{url}/{path}", data, {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as reply:
        return reply.read().decode()


def use_without_a_browser(url: str) -> None:
    """Command line, API and plain pages."""
    asked = subprocess.run([sys.executable, "-m", "assistant", "ask", QUESTION], capture_output=True, check=True)
    assert "可比照本单位正高级职称人员" in asked.stdout.decode()
    assert json.loads(fetched(url, "api/v1/ask", {"question": QUESTION}))["status"] == "answered"
    assert "event: done" in fetched(url, "api/v1/ask/stream", {"question": QUESTION})
    for path in ("api/v1/policies", "api/v1/docs", "api/v1/openapi.json", "metrics", *(tab.path for tab in TABS)):
        assert fetched(url, path)


def use_the_chat(page: Page) -> None:
    """Ask, follow a mark, copy, rate, export."""
    page.fill("#question textarea", QUESTION)
    page.press("#question textarea", "Enter")
    page.wait_for_selector("#chat .answer")
    page.wait_for_selector(".card mark")
    page.click("#chat a.cite >> nth=0")
    page.click("#ev-1-1 .copy.as-list")
    page.click("#chat .rate >> text=有用")
    page.wait_for_selector("#chat .rate [role=status]")
    with page.expect_download():
        page.click("#exports button:has-text('Excel')")


def use_a_tab(page: Page, path: str) -> None:
    """Fill in and send the form of a tab, and search where it can be searched."""
    if page.locator("main.tab .asked-for button.primary").count():
        if page.locator("main.tab input[name=place][list]").count():
            page.fill("main.tab input[name=place]", "海珠")
        page.click("main.tab .asked-for button.primary")
        page.wait_for_selector("main.tab #result")
        with page.expect_download():
            page.click("main.tab .export button[value='.xlsx']")
    if path == "policies":
        page.fill("main.tab .search input", "津贴")
        page.click("main.tab .search button")
        page.wait_for_selector("main.tab .found li")


def walk(browser: Browser, url: str) -> dict[str, object]:
    """Every tab from the chat page and as a page of its own; what was asked for elsewhere, and what failed."""
    foreign: list[str] = []
    failed: list[str] = []
    seen: list[str] = []

    def opened(path: str = "") -> Page:
        page = browser.new_page()
        page.on(
            "request", lambda request: request.url.startswith((url, "blob:", "data:")) or foreign.append(request.url)
        )
        # what is under way when a page is left is broken off
        page.on("requestfailed", lambda it: it.failure == "net::ERR_ABORTED" or failed.append(f"{it.url} {it.failure}"))
        page.on("response", lambda reply: reply.status < 400 or failed.append(f"{reply.status} {reply.url}"))
        page.on("console", lambda said: said.type != "error" or failed.append(said.text))
        page.goto(f"{url}/{path}")
        return page

    page = opened()
    page.wait_for_selector(".skip", state="attached")
    use_the_chat(page)
    seen.append("chat")
    for tab in TABS[1:]:
        page.click(f"header.site nav >> text={tab.name}")
        page.wait_for_function("name => document.querySelector('#panel h1')?.textContent.includes(name)", arg=tab.name)
        use_a_tab(page, tab.path)
        seen.append(f"panel {tab.path}")
    for path in (*(tab.path for tab in TABS[1:]), f"policies/{POLICY}", "api/v1/docs"):
        page = opened(path)
        page.wait_for_load_state("networkidle")
        use_a_tab(page, path)
        seen.append(path)
        page.close()
    return {"foreign": foreign, "failed": failed, "seen": seen}


def control(names: NameServer) -> dict[str, object]:
    """That both counters count: a look-up and a packet of our own."""
    with contextlib.suppress(OSError):
        socket.getaddrinfo("looked-up.example", 80)
    with contextlib.suppress(OSError):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    return {"control_lookups": len(names.asked), "control_packets": without_route()}


def main() -> None:
    """Everything in turn; the assertions are the test's."""
    found: dict[str, object] = {}
    names = isolate()
    with serving() as url:
        use_without_a_browser(url)
        found |= {"lookups_served": list(names.asked), "packets_served": without_route()}
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=os.environ["BROWSER_PATH"], args=FLAGS)
            found |= walk(browser, url)
            browser.close()
        found |= {"lookups": list(names.asked)}
    print(json.dumps(found | control(names)))  # noqa: T201


if __name__ == "__main__":
    main()
