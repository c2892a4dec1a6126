"""A few seconds of load in every run: no errors, a bound on the slowest, memory that stays."""

from __future__ import annotations

import itertools

from load.conftest import crowd, p95


def test_a_small_crowd(server):
    loaded = server()
    connection = loaded.connect()
    for number in range(20):
        loaded.ask(connection, number)
    before = loaded.rss()

    def client(number):
        own = loaded.connect()
        return [loaded.ask(own, number + n) for n in range(10)]

    replies = list(itertools.chain.from_iterable(crowd(6, client)))
    assert {reply[0] for reply in replies} == {200}
    assert p95(reply[3] for reply in replies) <= 1.0
    assert loaded.rss() - before <= 30
    assert "Traceback" not in loaded.log.read_text()
