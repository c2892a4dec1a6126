"""A real server on a loopback socket: streaming, slow and large requests, overload, limits, switches, stopping."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from urllib.parse import urlsplit

import pytest
from sites import AS_OF, OPEN, Wrapped, burn, running, settings

from assistant.interfaces.guarding import LARGEST_BODY, Guard
from assistant.interfaces.http.assembling import build_site

QUESTION = "广州首席技师有什么待遇"
JSON = {"content-type": "application/json"}


def call(url, method, path, body=None, headers=None, timeout=30):
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=timeout)
    sent = json.dumps(body) if isinstance(body, dict) else body
    connection.request(method, path, sent, {**JSON, **(headers or {})})
    reply = connection.getresponse()
    data = reply.read()
    connection.close()
    return reply.status, dict(reply.getheaders()), data.decode()


def ask(url, question=QUESTION, client=None):
    return call(url, "POST", "/api/v1/ask", {"question": question}, {"x-forwarded-for": client} if client else None)


@pytest.fixture
def site(real_answerer, tmp_path):
    """Start a site with some settings; gives its address."""
    stack = []

    def starting(answerer=real_answerer, **given):
        manager = running(build_site(answerer, lambda: AS_OF, settings(tmp_path, **given)))
        stack.append(manager)
        return manager.__enter__()

    yield starting
    for manager in stack:
        manager.__exit__(None, None, None)


def test_an_answer_and_its_stream_over_a_socket(site):
    url = site()
    status, headers, text = ask(url)
    assert (status, json.loads(text)["status"]) == (200, "answered")
    assert "server" not in {name.lower() for name in headers}
    with closing(http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)) as connection:
        connection.request("POST", "/api/v1/ask/stream", json.dumps({"question": QUESTION}), JSON)
        reply = connection.getresponse()
        assert reply.getheader("content-type").startswith("text/event-stream")
        assert reply.readline() == b"event: evidence\n"
        assert b"event: done" in reply.read()


def test_a_large_body_is_refused_declared_or_in_chunks(site):
    url = site()
    assert call(url, "POST", "/api/v1/ask", "x" * (LARGEST_BODY + 1))[0] == 413
    with closing(http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)) as connection:
        connection.request("POST", "/api/v1/ask", iter([b"x" * 100_000] * 3), JSON, encode_chunked=True)
        reply = connection.getresponse()
        assert (reply.status, reply.read()[:1]) == (413, b"{")


def test_a_request_that_trickles_in_is_given_up(real_answerer, tmp_path):
    app = Guard(build_site(real_answerer, lambda: AS_OF, settings(tmp_path)), body_seconds=0.3)
    with running(app) as url, socket.create_connection(urlsplit(url).netloc.split(":"), timeout=10) as line:
        line.sendall(b"POST /api/v1/ask HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{")
        started = time.monotonic()
        assert b" 408 " in line.recv(1_000)
        assert time.monotonic() - started < 3


def test_twenty_questions_at_once_from_one_client(site):
    """L7: fifteen answered, five told to wait; another client is not affected."""
    url = site(questions_per_minute=15)
    replies = [ask(url, client="192.0.2.1") for _ in range(20)]
    assert [status for status, _, _ in replies] == [200] * 15 + [429] * 5
    for _, headers, text in replies[15:]:
        assert 1 <= int(headers["retry-after"]) <= 4
        assert "请过" in json.loads(text)["detail"]
    assert ask(url, client="192.0.2.2")[0] == 200
    assert call(url, "GET", "/healthz", headers={"x-forwarded-for": "192.0.2.1"})[0] == 200


def test_overload_is_said_in_chinese_at_once_and_passes(site, real_answerer):
    url = site(Wrapped(real_answerer, burn(0.1)), threads=1, waiting=4)

    def one(_):
        started = time.monotonic()
        status, headers, text = ask(url)
        return status, headers, text, time.monotonic() - started

    with ThreadPoolExecutor(30) as pool:
        replies = list(pool.map(one, range(30)))
    refused = [(headers, text, took) for status, headers, text, took in replies if status == 503]
    assert {status for status, *_ in replies} == {200, 503}
    for headers, text, _ in refused:
        assert headers["retry-after"] == "5"
        assert "没有排上" in json.loads(text)["detail"]
    assert min(took for *_, took in refused) < 0.5
    assert ask(url)[0] == 200


def test_a_question_that_takes_too_long_is_given_up(site, real_answerer):
    url = site(Wrapped(real_answerer, lambda q: time.sleep(1 if "慢" in q.text else 0)), patience=0.2)
    status, _, text = ask(url, "慢")
    assert status == 503
    assert "没有答出来" in json.loads(text)["detail"]
    assert ask(url)[0] == 200


def test_an_unforeseen_failure_shows_an_id_and_nothing_else(site, real_answerer, caplog):
    def fail(question):
        raise RuntimeError(f"秘密：{question.text}")

    url = site(Wrapped(real_answerer, fail))
    status, headers, text = ask(url, "出错13800138000")
    assert (status, headers["content-type"]) == (500, "application/problem+json")
    assert "错误编号" in text
    assert "13800138000" not in text + caplog.text
    assert "RuntimeError，test_http_serving.py" in caplog.text


def test_the_api_can_be_closed_while_the_server_stays_healthy(site):
    url = site(api=False)
    for method, path in (("POST", "/api/v1/ask"), ("GET", "/api/v1/policies"), ("GET", "/api/v1/docs")):
        status, _, text = call(url, method, path, {"question": "问"} if method == "POST" else None)
        assert status == 503
        assert "接口暂时关闭" in json.loads(text)["detail"]
    assert call(url, "GET", "/readyz")[0] == 200


def test_the_page_can_be_closed_while_the_api_answers(site):
    url = site(page=False)
    for path in ("/", "/ui", "/ui/"):
        status, headers, text = call(url, "GET", path)
        assert (status, headers["content-type"]) == (503, "text/html; charset=utf-8")
        assert "网页暂时关闭" in text
    assert ask(url)[0] == 200


def test_a_feedback_folder_that_fails_does_not_stop_answers(site, tmp_path):
    blocked = tmp_path / "blocked"
    blocked.write_text("")
    url = site(state_dir=blocked)
    status, _, text = call(url, "POST", "/api/v1/feedback", {"useful": True})
    assert status == 503
    assert "没有保存成" in json.loads(text)["detail"]
    assert ask(url)[0] == 200


@pytest.fixture
def process(real_settings, real_answerer, root, tmp_path):
    """`python -m assistant serve` as a process of its own, on a free port; gives it, its address and its log."""
    started = []

    def starting(*argv, **environment):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        log = (tmp_path / f"log-{len(started)}").open("w+", encoding="utf-8")
        paths = {"POLICY_INDEX": str(real_settings.index_dir), "PYTHONPATH": str(root), "POLICY_STATE": str(tmp_path)}
        command = [sys.executable, "-m", "assistant", "serve", "--port", str(port), *argv]
        server = subprocess.Popen(command, stderr=log, stdout=log, env={**os.environ, **paths, **environment})
        started.append((server, log))
        url = f"http://127.0.0.1:{port}"
        until = time.monotonic() + 60
        while True:
            assert server.poll() is None, log.read()
            assert time.monotonic() < until
            try:
                if call(url, "GET", "/readyz")[0] == 200:
                    return server, url, log
            except OSError:
                time.sleep(0.05)

    yield starting
    for server, log in started:
        server.kill()
        server.wait()
        log.close()


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_the_server_stops_within_seconds_and_finishes_what_it_began(process, sent):
    server, url, log = process("--no-page")
    with ThreadPoolExecutor(8) as pool:
        asking = [pool.submit(ask, url) for _ in range(8)]
        time.sleep(0.05)
        server.send_signal(sent)
        started = time.monotonic()
        assert server.wait(timeout=10) == 0
        assert time.monotonic() - started < 5
        finished = [future.result()[0] for future in asking if future.exception() is None]
    assert set(finished) <= {200, 503}
    assert finished
    log.seek(0)
    assert "Traceback" not in log.read()


def test_the_log_is_json_about_requests_and_holds_no_question(process):
    _, url, log = process("--no-page")
    assert ask(url, "我的电话13800138000，技师有补贴吗")[0] == 200
    call(url, "GET", "/api/v1/policies/13800138000")
    call(url, "GET", "/13800138000?q=13800138000")
    time.sleep(0.2)
    log.seek(0)
    first, *lines = log.read().splitlines()
    assert "已就绪" in first
    records = [json.loads(line) for line in lines]
    assert [(r["method"], r["route"], r["status"]) for r in records] == [
        ("POST", "/api/v1/ask", 200),
        ("GET", "/api/v1/policies/{policy_id}", 404),
        ("GET", "unknown", 404),
    ]
    assert "13800138000" not in json.dumps(records)
    assert all(
        set(r) == {"time", "level", "logger", "message", "method", "route", "status", "ms", "request"} for r in records
    )


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("POLICY_PAGE", "maybe", "on 或 off"),
        ("POLICY_THREADS", "0", "1 到 64"),
        ("POLICY_QUESTIONS_PER_MINUTE", "-1", "0 到"),
        ("POLICY_WAITING", "١٢", "0 到"),
    ],
)
def test_settings_that_make_no_sense_are_one_sentence(monkeypatch, real_settings, capsys, variable, value, said):
    from assistant.interfaces.cli import main

    monkeypatch.setenv("POLICY_INDEX", str(real_settings.index_dir))
    monkeypatch.setenv(variable, value)
    assert main(["serve", "--no-page"]) == 1
    error = capsys.readouterr().err
    assert variable in error
    assert said in error
    assert error.count("\n") == 1


def test_limits_are_off_in_tests_only():
    from assistant.settings import ServingSettings

    assert OPEN.keys() <= set(ServingSettings.__dataclass_fields__)
    assert (ServingSettings().questions_per_minute, ServingSettings().reads_per_minute) == (15, 180)
