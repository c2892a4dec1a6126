"""Token buckets with a clock of our own: bursts, refill, bounded memory, and whom an address stands for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.interfaces.limiting import Buckets, Limiter, client_key


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def test_a_burst_then_one_every_four_seconds():
    clock = Clock()
    buckets = Buckets(15, clock=clock)
    waits = [buckets.take("a") for _ in range(20)]
    assert waits[:15] == [0.0] * 15
    assert waits[15:] == [pytest.approx(4.0)] * 5  # a refused request costs nothing
    assert buckets.take("b") == 0.0
    clock.now = 4.0
    assert [buckets.take("a"), buckets.take("a") > 0] == [0.0, True]


@given(steps=st.lists(st.floats(0, 30), max_size=80))
def test_never_more_than_the_burst_and_the_refill(steps):
    clock = Clock()
    buckets = Buckets(6, clock=clock)
    taken = 0
    for step in steps:
        clock.now += step
        taken += buckets.take("a") == 0.0
        assert taken <= 6 + clock.now / 10 + 1e-6


def test_memory_is_bounded_and_the_least_recent_is_forgotten():
    buckets = Buckets(1, remembered=100, clock=Clock())
    for number in range(1_000):
        buckets.take(str(number))
    assert len(buckets._buckets) == 100
    assert buckets.take("999") > 0
    assert buckets.take("0") == 0.0


def test_zero_is_no_limit():
    buckets = Buckets(0)
    assert {buckets.take("a") for _ in range(1_000)} == {0.0}


def test_each_kind_of_request_has_its_own_bucket():
    limiter = Limiter.allowing(2, 3)

    def admitted(method, path):
        return sum(limiter.wait(method, path, "a") == 0.0 for _ in range(10))

    assert admitted("POST", "/api/v1/ask") == 2
    assert admitted("POST", "/api/v1/search") == 0  # the same bucket
    assert admitted("GET", "/api/v1/policies") == 3
    assert admitted("POST", "/ui/gradio_api/queue/join") == 4
    for free in ("/healthz", "/metrics", "/ui/", "/ui/assets/a.js"):
        assert admitted("GET", free) == 10


@pytest.mark.parametrize(
    ("host", "key"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_whom_an_address_stands_for(host, key):
    assert client_key(host) == key
