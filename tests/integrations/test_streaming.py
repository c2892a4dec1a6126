"""Evidence first over real HTTP: our server in front, a scripted model server behind, both on loopback sockets."""

from __future__ import annotations

import http.client
import json
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from sites import AS_OF, running, settings

from assistant.answering.generating import Phrasing
from assistant.answering.waiting import AT_ONCE, Waiter
from assistant.integrations.langchain import open_phraser
from assistant.interfaces.contract import to_json
from assistant.interfaces.http.assembling import build_site
from assistant.model import Question

from .scripted_server import obeying

JSON = {"content-type": "application/json"}
QUESTION = "广州职工教育经费至少多少要用在一线"
BEFORE = ["evidence", "text", "phrasing"]


@pytest.fixture
def site(real_answerer, server, tmp_path):
    """The API with a model that is given so many seconds; gives its address."""
    stack = []

    def starting(seconds=20.0, **given):
        phrasing = Phrasing(open_phraser(server.model, seconds, {}), Waiter(seconds))
        answerer = replace(real_answerer, phrasing=phrasing)
        app = build_site(answerer, lambda: AS_OF, settings(tmp_path, patience=seconds + 3, **given))
        stack.append(running(app))
        return stack[-1].__enter__()

    yield starting
    server.released.set()
    for manager in stack:
        manager.__exit__(None, None, None)


@pytest.fixture
def events():
    """The events of a stream as they arrive: (name, data, seconds since the question)."""
    connections = []

    def asking(url, question=QUESTION):
        connections.append(http.client.HTTPConnection(urlsplit(url).netloc, timeout=40))
        started = time.perf_counter()
        connections[-1].request("POST", "/api/v1/ask/stream", json.dumps({"question": question, "id": "s"}), JSON)
        reply = connections[-1].getresponse()
        assert reply.status == 200
        while name := reply.readline():
            data = json.loads(reply.readline().removeprefix(b"data: "))
            assert reply.readline() == b"\n"
            yield name.decode().removeprefix("event: ").strip(), data, time.perf_counter() - started

    yield asking
    for connection in connections:
        connection.close()


def ask(url, question=QUESTION):
    with closing(http.client.HTTPConnection(urlsplit(url).netloc, timeout=40)) as connection:
        connection.request("POST", "/api/v1/ask", json.dumps({"question": question, "id": "s"}), JSON)
        return json.loads(connection.getresponse().read())


def until(stream, name):
    """The events up to and with the first of a name."""
    seen = []
    for event in stream:
        seen.append(event)
        if event[0] == name:
            return seen
    raise AssertionError([event[0] for event in seen])


def test_evidence_and_the_documents_words_do_not_wait_for_the_model(site, server, events, real_answerer):
    server.manner = "held"
    url = site()
    stream = events(url)
    first = until(stream, "phrasing")
    assert not server.released.is_set()  # the model has not said a word
    assert list(dict.fromkeys(name for name, *_ in first)) == BEFORE
    plain = ask_plain(real_answerer)
    assert first[0][1]["citations"] == plain["citations"]
    assert "".join(data["text"] for name, data, _ in first if name == "text") == plain["answer"]
    assert first[-1][1] == {"model": server.model}
    server.released.set()
    phrased, done = list(stream)
    assert (phrased[0], done[0]) == ("phrased", "done")
    assert "摘写" in phrased[1]["answer"]
    whole = ask(url)
    joined = {**first[0][1], **done[1], "answer": phrased[1]["answer"]}
    assert {**joined, "timing_ms": 0} == {**whole, "timing_ms": 0}


def ask_plain(answerer):
    return json.loads(json.dumps(to_json(answerer.answer(Question(QUESTION), AS_OF), "s", answerer.holdings.gazetteer)))


def test_evidence_arrives_while_a_slow_model_thinks(site, server, events):
    server.manner = "slow"  # 0.4 seconds
    url = site()
    ask(url)
    seen = list(events(url))
    evidence, done = seen[0], seen[-1]
    assert (evidence[0], done[0]) == ("evidence", "done")
    assert done[2] - evidence[2] >= 0.3


@pytest.mark.parametrize("manner", ["hanging", "dripping", "failing", "missing", "busy", "truncated", "nonsense"])
def test_whatever_the_model_does_the_stream_ends_with_the_documents_words(site, server, events, manner):
    """F6 over the stream: within the model's time and a second."""
    server.manner = manner
    seen = list(events(site(seconds=1.0)))
    assert seen[-1][2] < 2.0
    names = [name for name, *_ in seen]
    assert list(dict.fromkeys(names)) == [*BEFORE, "phrased", "done"]
    text = "".join(data["text"] for name, data, _ in seen if name == "text")
    answer = next(data["answer"] for name, data, _ in seen if name == "phrased")
    assert "以上都是文件原句" in answer
    assert [line for line in text.splitlines() if "「" in line] == [x for x in answer.splitlines() if "「" in x]
    assert "以上都是文件原句" in seen[-1][1]["notices"][-1]


def test_what_an_obedient_model_says_is_not_streamed(site, server, events):
    server.says = obeying
    seen = list(events(site()))
    assert "example.com" not in json.dumps(seen, ensure_ascii=False)
    assert "没有一句通过核对" in next(data["answer"] for name, data, _ in seen if name == "phrased")


def test_a_refusal_is_streamed_without_the_model(site, server, events):
    names = [name for name, *_ in events(site(), "广州技能津贴一个月多少钱")]
    assert list(dict.fromkeys(names)) == ["evidence", "text", "done"]
    assert server.asked == []


def test_hanging_models_hold_up_no_answer(site, server, events):
    """With every place at the model taken, others get their evidence at once and are told that it is busy."""
    server.manner = "held"
    url = site(threads=2, waiting=24)
    streams = [events(url) for _ in range(AT_ONCE)]
    for stream in streams:
        until(stream, "phrasing")
    started = time.perf_counter()
    seen = list(events(url))
    assert time.perf_counter() - started < 5.0  # of the twenty that a place at the model may last
    assert "正忙" in next(data["answer"] for name, data, _ in seen if name == "phrased")
    server.released.set()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        ends = list(pool.map(lambda stream: list(stream)[-1][0], streams))
    assert ends == ["done"] * AT_ONCE
