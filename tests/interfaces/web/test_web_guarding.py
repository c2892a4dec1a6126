"""Addresses, limits and headers, with exact codes; and two sessions that do not mix."""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket

import pytest
from fastapi.testclient import TestClient
from interfaces.web.scripted import AS_OF, ScriptedAnswerer

from assistant.answering.waiting import AT_ONCE
from assistant.interfaces.guarding import HEADERS, LARGEST_BODY, Guard
from assistant.interfaces.web.mounting import build_app
from assistant.interfaces.web.page import build_page

# Gradio's own queue statistics use options that pandas 3 has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")
JOIN = "/ui/gradio_api/queue/join"


@pytest.fixture(scope="module")
def answerer():
    return ScriptedAnswerer()


@pytest.fixture(scope="module")
def client(answerer):
    with TestClient(build_app(answerer, lambda: AS_OF), follow_redirects=False) as client:
        yield client


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "/", 307),
        ("GET", "/ui/", 200),
        ("HEAD", "/ui/", 200),
        ("GET", "/ui/config", 200),
        ("GET", "/ui/theme.css", 200),
        ("GET", "/healthz", 200),
        ("GET", "/favicon.ico", 200),
        ("GET", "/manifest.json", 200),
        ("GET", "/static/page.css", 200),
        ("GET", "/static/evidence.js", 200),
        ("GET", "/static/../mounting.py", 404),
        ("GET", "/docs", 404),
        ("GET", "/redoc", 404),
        ("GET", "/openapi.json", 404),
        ("GET", "/ui/docs", 404),
        ("GET", "/ui/openapi.json", 404),
        ("POST", "/ui/upload", 404),
        ("POST", "/ui/gradio_api/upload", 404),
        ("GET", "/ui/gradio_api/upload_progress", 404),
        ("GET", "/ui/gradio_api/proxy=http://127.0.0.1/", 404),
        ("HEAD", "/ui/gradio_api/proxy=http://127.0.0.1/", 404),
        ("POST", "/ui/gradio_api/run/ask", 404),
        ("POST", "/ui/gradio_api/api/ask", 404),
        ("POST", "/ui/gradio_api/call/ask", 404),
        ("POST", "/ui/gradio_api/call/v2/ask", 404),
        ("GET", "/ui/gradio_api/openapi.json", 404),
        ("GET", "/ui/gradio_api/info", 404),
        ("GET", "/ui/gradio_api/runs", 404),
        ("GET", "/ui/gradio_api/deep_link", 404),
        ("GET", "/ui/gradio_api/file=/etc/passwd", 404),
        ("GET", "/ui/gradio_api/file/etc/passwd", 404),
        ("GET", "/ui/file=/etc/passwd", 404),
        ("GET", "/ui/monitoring", 404),
        ("GET", "/ui/static/%2e%2e/routes.py", 404),
        ("GET", "/ui//gradio_api/info", 404),
        ("POST", "/ui/gradio_api/vibe-edit", 404),
        ("POST", "/ui/login", 404),
        ("PUT", JOIN, 405),
        ("DELETE", "/healthz", 405),
        ("GET", "/nothing", 404),
    ],
)
def test_routes(client, method, path, code):
    reply = client.request(method, path)
    assert reply.status_code == code
    for name, value in HEADERS.items():
        assert reply.headers[name] == value


def test_front_page_redirects_relatively(client):
    assert client.get("/").headers["location"] == "ui/"


def test_page_is_not_stored(client):
    assert client.get("/ui/").headers["cache-control"] == "no-store"
    assert "no-store" not in client.get("/static/page.css").headers.get("cache-control", "")


def test_page_names_no_outside_script_or_font(client):
    page = client.get("/ui/").text
    assert not re.findall(r'<(?:script|link|img|iframe)[^>]*(?:src|href)="?(?:https?:)?//', page)
    assert '"analytics_enabled":false' in page.replace(" ", "")


def test_no_function_is_offered_as_an_api(client):
    dependencies = client.get("/ui/config").json()["dependencies"]
    assert dependencies
    assert {d["api_visibility"] for d in dependencies} == {"private"}
    # what skips the queue runs in the browser alone: stopping an answer that is being written
    unqueued = [d for d in dependencies if not d["queue"]]
    assert [(d["backend_fn"], bool(d["cancels"])) for d in unqueued] == [(False, True)]


def test_the_public_configuration_tells_nothing_of_this_machine(client, root):
    told = client.get("/ui/config").text
    assert not {word for word in (str(root), socket.gethostname(), os.environ.get("HOME") or "~") if word in told}
    assert not re.search(r'"(?:password|secret_key|token)"\s*:\s*"[^"]', told)
    assert '"analytics_enabled":false' in told.replace(" ", "")


@pytest.mark.parametrize(("model", "at_once"), [("", 4), ("模型甲", 4 + AT_ONCE)])
def test_so_many_at_once_and_so_many_waiting(model, at_once):
    async def built():  # inside a loop, for Gradio else opens some and closes none
        return build_page(ScriptedAnswerer(model_name=model), lambda: AS_OF)

    page = asyncio.run(built())
    assert page._queue.max_size == 64
    assert page._queue.default_concurrency_limit == at_once


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://testserver"])
def test_no_origin_is_reflected(client, origin):
    for path in ("/healthz", "/ui/", "/ui/config"):
        reply = client.get(path, headers={"origin": origin})
        assert "access-control-allow-origin" not in reply.headers
        assert "access-control-allow-credentials" not in reply.headers


def test_preflight_is_refused(client):
    headers = {"origin": "https://evil.example", "access-control-request-method": "POST"}
    assert client.options(JOIN, headers=headers).status_code in (400, 404)


def test_cross_site_post_is_refused(client):
    reply = client.post(JOIN, json={}, headers={"sec-fetch-site": "cross-site"})
    assert reply.status_code == 403


def test_large_body_is_refused_declared_or_streamed(client):
    body = b"x" * (LARGEST_BODY + 1)
    declared = client.post(JOIN, content=body)
    streamed = client.post(JOIN, content=iter([body[: LARGEST_BODY // 2]] * 3))
    assert (declared.status_code, streamed.status_code) == (413, 413)
    assert "最多 256 KB" in declared.json()["detail"]


def test_malformed_request_is_not_echoed(client):
    reply = client.post(JOIN, json={"data": "13800138000", "fn_index": "秘密"})
    assert reply.status_code == 422
    assert "13800138000" not in reply.text
    assert "秘密" not in reply.text
    assert reply.json()["title"] == "请求的格式不对"


def test_unknown_function_is_refused_without_traceback(client, caplog):
    reply = client.post(JOIN, json={"data": [], "fn_index": 999, "session_hash": "x"})
    assert reply.status_code == 500
    assert "错误编号" in reply.json()["detail"]
    assert "KeyError" in caplog.text
    assert "Traceback" not in caplog.text


def test_guard_leaves_other_addresses_to_the_parent():
    guard = Guard(app=None, page_path="/ui")
    assert guard.admits("POST", "/api/v1/ask")
    assert not guard.admits("GET", "/ui/gradio_api/queue/data/../../upload")
    assert guard.admits("GET", "/ui")
    assert guard.admits("GET", "/uix")


def ask(client, session, text, place="", role="other"):
    """Put a question the way the page does, and return the last state of its five outputs."""
    dependencies = client.get("/ui/config").json()["dependencies"]
    (fn,) = [d["id"] for d in dependencies if len(d["inputs"]) == 4]
    body = {"data": [text, place, role, None], "fn_index": fn, "session_hash": session}
    assert client.post(JOIN, json=body).status_code == 200
    stream = client.get("/ui/gradio_api/queue/data", params={"session_hash": session}).text
    events = [json.loads(line[5:]) for line in stream.splitlines() if line.startswith("data:")]
    (done,) = [event for event in events if event["msg"] == "process_completed"]
    return done


def test_sessions_do_not_mix(client, answerer):
    answerer.asked.clear()
    ask(client, "one", "甲的第一问")
    ask(client, "two", "乙的第一问")
    done = ask(client, "one", "甲的第二问", place="440100", role="worker")
    assert done["success"]
    assert [asked.history for asked in answerer.asked] == [(), (), ("甲的第一问",)]
    assert (answerer.asked[2].jurisdiction, answerer.asked[2].role) == ("440100", "worker")
    said = json.dumps(done["output"], ensure_ascii=False)
    assert "甲的第二问" in said
    assert "乙的第一问" not in said


def test_too_long_a_question_is_answered_with_the_limit(client, answerer):
    answerer.asked.clear()
    done = ask(client, "long", "字" * 5000)
    assert "最多 300 个字" in json.dumps(done["output"], ensure_ascii=False)
    assert answerer.asked == []


def test_failure_shows_an_id_and_prints_no_question(client, capfd, caplog):
    done = ask(client, "broken", "出错13800138000")
    out, err = capfd.readouterr()
    assert done["success"]
    assert "错误编号" in json.dumps(done["output"], ensure_ascii=False)
    assert "13800138000" not in out + err + caplog.text
    assert "Traceback" not in out + err + caplog.text
