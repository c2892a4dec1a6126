"""P1: personal data put in everywhere, then looked for in everything that was written."""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
import time
import unicodedata
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from hostile.hostile_words import CANARIES, canary_questions
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

QUESTIONS = canary_questions(100)
DIGITS = {re.sub(r"[^0-9Xa-z@.]", "", unicodedata.normalize("NFKC", canary)).removeprefix("86") for canary in CANARIES}
JOIN = "/ui/gradio_api/queue/join"


def hits(text: str) -> list[str]:
    """The canaries in a text, however they are spaced or written."""
    folded = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text))
    return [canary for canary in (*DIGITS, "王小明") if canary in folded]


@pytest.fixture
def environment(real_settings, real_answerer, root, tmp_path):
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    return {
        **os.environ,
        "POLICY_INDEX": str(real_settings.index_dir),
        "POLICY_STATE": str(tmp_path / "state"),
        "POLICY_QUESTIONS_PER_MINUTE": "0",
        "PYTHONPATH": str(root),
        "TMPDIR": str(temporary),
        "HOME": str(tmp_path),
    }


@pytest.fixture
def server(environment, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    log = (tmp_path / "server.log").open("w", encoding="utf-8")
    command = [sys.executable, "-m", "assistant", "serve", "--port", str(port)]
    process = subprocess.Popen(command, stdout=log, stderr=log, env=environment, cwd=tmp_path)
    url, until = f"http://127.0.0.1:{port}", time.monotonic() + 60
    while True:
        assert process.poll() is None, (tmp_path / "server.log").read_text()
        assert time.monotonic() < until
        with suppress(httpx.TransportError):
            if httpx.get(f"{url}/readyz").status_code == 200:
                break
        time.sleep(0.1)
    yield url
    process.terminate()
    assert process.wait(timeout=20) == 0
    log.close()


def put_to_the_api(client):
    for number, question in enumerate(QUESTIONS):
        path = ("/api/v1/ask", "/api/v1/ask/stream", "/api/v1/search")[number % 3]
        key = "query" if path.endswith("search") else "question"
        assert client.post(path, json={key: question}).status_code in (200, 422)
    for canary in CANARIES:
        client.post(
            "/api/v1/ask", json={"question": canary * 50, "region": canary, "role": canary, "history": [canary]}
        )
        client.post("/api/v1/ask", content=f'{{"question": "{canary}'.encode())
        client.get(f"/api/v1/policies/{canary}", params={"q": canary}, headers={"user-agent": "x"})
        client.get(f"/{canary}")
        for keep in (True, False):
            given = {"useful": True, "question": f"我的号码是 {canary}", "keep_question": keep}
            given["citations"] = [{"policy_id": canary, "start": 0, "end": 1}]
            assert client.post("/api/v1/feedback", json=given).status_code == 201


def put_to_the_page(client):
    """As the page does, and forged: too few values, a wrong choice, a value of the wrong kind."""
    (fn,) = [d["id"] for d in client.get("/ui/config").json()["dependencies"] if len(d["inputs"]) == 4]
    for number, canary in enumerate(CANARIES):
        for forged, data in enumerate(
            (
                [f"我的电话{canary}", "", "other", None],
                [canary],
                ["问", canary, "other", None],
                [{"x": canary}, "", canary, 5],
            )
        ):
            session = f"s{number}-{forged}"
            client.post(JOIN, json={"data": data, "fn_index": fn, "session_hash": session, "trigger_id": canary})
            with suppress(httpx.RemoteProtocolError):  # a stream for a call that was refused breaks off
                client.get("/ui/gradio_api/queue/data", params={"session_hash": session})
        client.post(JOIN, json={"data": canary, "fn_index": canary, "session_hash": canary})


def put_to_an_agent(environment, log):
    async def ask():
        program = StdioServerParameters(command=sys.executable, args=["-m", "assistant", "mcp"], env=environment)
        async with Client(stdio_client(program, errlog=log)) as agent:
            for canary in CANARIES:
                await agent.call_tool("ask", {"question": f"我的电话{canary}"})
                await agent.call_tool("ask", {"question": 5, "region": canary})
                await agent.call_tool("get_clause", {"policy_id": canary, "clause": canary})

    asyncio.run(ask())


def test_nothing_personal_is_written_anywhere(server, environment, tmp_path, real_settings):
    with httpx.Client(base_url=server, timeout=30) as client:
        put_to_the_api(client)
        put_to_the_page(client)
        figures = client.get("/metrics").text
    with (tmp_path / "agent.log").open("w", encoding="utf-8") as log:
        put_to_an_agent(environment, log)
    batch = "".join(json.dumps({"id": str(n), "question": question}) + "\n" for n, question in enumerate(QUESTIONS))
    told = subprocess.run(
        [sys.executable, "-m", "assistant", "ask", "--batch", "-", "--out", "-"],
        input=batch.encode(),
        capture_output=True,
        env=environment,
        cwd=tmp_path,
        timeout=120,
        check=True,
    )
    assert len(told.stdout.splitlines()) == len(QUESTIONS)

    written = {"figures": figures, "batch": told.stdout.decode(), "batch errors": told.stderr.decode()}
    for folder in (tmp_path, real_settings.index_dir):
        files = [file for file in Path(folder).rglob("*") if file.is_file()]
        written |= {str(file): file.read_bytes().decode("utf-8", "replace") for file in files}
    assert {name: found for name, text in written.items() if (found := hits(text))} == {}
    for name in ("server.log", "agent.log"):
        assert "Traceback" not in (tmp_path / name).read_text("utf-8")
    feedback = [line for text in written.values() for line in text.splitlines() if '"question_hash"' in line]
    assert len(feedback) == 2 * len(CANARIES)
    assert sum('"question":' in line for line in feedback) == len(CANARIES)
