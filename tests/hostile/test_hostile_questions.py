"""B1: bad questions and bad bodies, put to the API, the page and the command line."""

from __future__ import annotations

import io
import json
import time
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from hostile.hostile_words import BAD_BODIES, BAD_QUESTIONS
from sites import AS_OF, settings

from assistant.interfaces.batch import answer_batch
from assistant.interfaces.http.assembling import build_site

pytestmark = pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")
JOIN = "/ui/gradio_api/queue/join"
ECHO = 50
SECONDS = 1.0


@pytest.fixture(scope="module")
def client(real_answerer, tmp_path_factory):
    app = build_site(real_answerer, lambda: AS_OF, settings(tmp_path_factory.mktemp("state"), page=True))
    with TestClient(app) as client:
        yield client


def echoed(sent: str, reply: str) -> bool:
    """Whether more than `ECHO` characters in a row of what was sent came back."""
    return any(sent[at : at + ECHO + 1] in reply for at in range(len(sent) - ECHO))


def as_bytes(value) -> bytes:
    return json.dumps(value).encode()


def test_there_are_enough():
    assert len(set(BAD_QUESTIONS)) >= 80
    assert len(set(BAD_BODIES)) >= 30


@pytest.mark.parametrize("path", ["/api/v1/ask", "/api/v1/ask/stream", "/api/v1/search"])
def test_bad_questions_to_the_api(client, path):
    key = "query" if path.endswith("search") else "question"
    for question in BAD_QUESTIONS:
        started = time.monotonic()
        reply = client.post(path, content=as_bytes({key: question}), headers={"content-type": "application/json"})
        took = time.monotonic() - started
        assert reply.status_code in (200, 422), (question, reply.text)
        assert took <= SECONDS, (question, took)
        assert "Traceback" not in reply.text
        assert not echoed(question, reply.text), question


@pytest.mark.parametrize("field", ["region", "id", "role", "history"])
def test_bad_words_in_other_fields(client, field):
    for words in BAD_QUESTIONS:
        body = as_bytes({"question": "技师有补贴吗", field: [words] if field == "history" else words})
        reply = client.post("/api/v1/ask", content=body, headers={"content-type": "application/json"})
        assert reply.status_code in (200, 422), (words, reply.text)
        if field != "id":  # which is carried back as it came, up to its limit
            assert not echoed(words, reply.text), words


ADDRESSES = ("/api/v1/policies/{}", "/api/v1/policies/guangzhou-2025-skilled-talent/clauses/{}", "/{}", "/ui/{}")


@pytest.mark.parametrize("form", ADDRESSES)
def test_bad_words_in_addresses(client, form):
    for words in BAD_QUESTIONS:
        address = form.format(quote(words, safe="", errors="surrogatepass")[:50_000])
        reply = client.get(address, follow_redirects=False)
        assert reply.status_code < 500, (words, reply.text)
        assert not echoed(words, reply.text), words


@pytest.mark.parametrize("path", ["/api/v1/ask", "/api/v1/search", "/api/v1/feedback"])
def test_bad_bodies_to_the_api(client, path):
    for body in BAD_BODIES:
        for kind in ("application/json", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
            reply = client.post(path, content=body, headers={"content-type": kind})
            assert reply.status_code in (200, 400, 415, 422), (body[:60], kind, reply.text)
            assert "Traceback" not in reply.text
            assert not echoed(body.decode("utf-8", "replace"), reply.text), body[:60]


def test_bad_questions_to_the_page(client):
    """The page shows a person their own question, as text; nothing else comes of it, least of all a traceback."""
    (fn,) = [d["id"] for d in client.get("/ui/config").json()["dependencies"] if len(d["inputs"]) == 4]
    for number, question in enumerate(BAD_QUESTIONS):
        body = {"data": [question, "", "other", None], "fn_index": fn, "session_hash": f"s{number}"}
        started = time.monotonic()
        sent = client.post(JOIN, content=as_bytes(body), headers={"content-type": "application/json"})
        assert sent.status_code == 200, (question, sent.text)
        stream = client.get("/ui/gradio_api/queue/data", params={"session_hash": f"s{number}"}).text
        assert time.monotonic() - started <= 2 * SECONDS, question
        events = [json.loads(line[5:]) for line in stream.splitlines() if line.startswith("data:")]
        done = [event for event in events if event["msg"] == "process_completed"]
        assert [event["success"] for event in done] == [True], (question, stream[-500:])
        assert "Traceback" not in stream
        assert "<script" not in json.dumps(done[0]["output"])
        assert "onerror=window" not in json.dumps(done[0]["output"])  # its = sign would be a character reference


def test_bad_questions_to_the_command_line(real_answerer):
    lines = [json.dumps({"id": str(number), "question": words}) + "\n" for number, words in enumerate(BAD_QUESTIONS)]
    lines += [body.decode("utf-8", "surrogateescape") + "\n" for body in BAD_BODIES if body]
    out = io.StringIO()
    faults = answer_batch(lines, out, real_answerer, AS_OF, lambda done: None)
    replies = [json.loads(line) for line in out.getvalue().splitlines()]
    assert len(replies) + len(faults) == len(lines)
    assert [reply["id"] for reply in replies[: len(BAD_QUESTIONS)]] == [str(n) for n in range(len(BAD_QUESTIONS))]
    assert {reply["status"] for reply in replies} <= {"answered", "refused", "clarify"}
    assert max(reply["timing_ms"]["total"] for reply in replies) <= SECONDS * 1000
