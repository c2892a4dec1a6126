"""How long a visitor waits for the page and for an answer on it, in a real Chromium; `make load` writes the figures."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest
from load.conftest import QUESTIONS, Loaded, free_port

pytestmark = [pytest.mark.load, pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")]
BOX, TIMES = "#question textarea", 7
READY = "() => document.querySelector('#chat .example') && document.querySelector('#question textarea:enabled')"


def opened(page, url: str) -> float:
    """Seconds until the question can be typed and the examples stand there."""
    began = time.perf_counter()
    page.goto(url)
    page.wait_for_function(READY)
    return time.perf_counter() - began


def test_the_page_opens_and_answers_soon(server, table):
    sync_api = pytest.importorskip("playwright.sync_api")
    from browser.conftest import CHROMIUM, FLAGS

    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    loaded = server("--page")
    url = f"http://127.0.0.1:{loaded.port}/"
    cold, warm, shown = [], [], []
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for _ in range(TIMES):
            context = browser.new_context(locale="zh-CN")  # nothing of an earlier visit is kept
            page = context.new_page()
            cold.append(opened(page, url))
            warm.append(opened(page, url))
            context.close()
        page = browser.new_context(locale="zh-CN").new_page()
        opened(page, url)
        for number in range(TIMES):
            page.fill(BOX, QUESTIONS[number % len(QUESTIONS)])
            before = page.locator("#chat .bot-row").count()
            began = time.perf_counter()
            page.press(BOX, "Enter")
            page.wait_for_function(
                "n => document.querySelectorAll('#chat .bot-row').length > n && document.querySelector('.card')"
                " && !document.querySelector('#chat .pending')",
                arg=before,
            )
            shown.append(time.perf_counter() - began)
        browser.close()
    figures = [statistics.median(seconds) for seconds in (cold, warm, shown)]
    for name, bar, seen in zip(("冷打开可用", "再打开可用", "回车到依据"), (2.5, 1.0, 0.3), figures, strict=True):
        table.add(f"网页{name}（{TIMES} 次的中位数）", f"≤ {bar} 秒", f"{seen:.2f} 秒")
    assert figures[0] <= 2.5
    assert figures[1] <= 1.0
    assert figures[2] <= 0.3


def test_a_server_is_ready_soon_and_small(root, real_settings, real_answerer, table, tmp_path):
    """Start to ready, and what it holds when nobody asks."""
    waits, held = [], []
    for number in range(3):
        port, log = free_port(), tmp_path / f"log-{number}"
        began = time.perf_counter()
        command = [sys.executable, "-m", "assistant", "serve", "--host", "127.0.0.1", "--port", str(port)]
        with log.open("w") as errors:
            process = subprocess.Popen(
                command, cwd=root, stderr=errors, stdout=errors, env=environment(real_settings.index_dir, tmp_path)
            )
        loaded = Loaded(process, port, log)
        loaded.wait_until_ready()
        waits.append(time.perf_counter() - began)
        time.sleep(4)
        held.append(loaded.rss())
        for connection in loaded.connections:
            connection.close()
        process.terminate()
        process.wait(timeout=20)
    table.add("启动到能接问题（3 次的中位数）", "≤ 4 秒", f"{statistics.median(waits):.1f} 秒")
    table.add("空载内存", "≤ 400 MB", f"{max(held):.0f} MB")
    assert statistics.median(waits) <= 4
    assert max(held) <= 400


def environment(index: Path, state: Path) -> dict[str, str]:
    return {**os.environ, "POLICY_INDEX": str(index), "POLICY_STATE": str(state)}
