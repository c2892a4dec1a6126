"""L1 to L6 of the load plan, on loopback, every loop bounded. `make load` runs them and writes out/load.md."""

from __future__ import annotations

import itertools
import json
import socket
import threading
import time

import pytest
from load.conftest import crowd, p95
from load.page_client import asking_function, completed, put

pytestmark = pytest.mark.load


@pytest.mark.parametrize(
    ("name", "options", "bar"),
    [("只答一句现成的话（2 毫秒）", ("--canned", "--burn", "0.002"), 0.4), ("真的检索作答", (), 1.0)],
    ids=["stub", "real"],
)
def test_l1_twenty_clients_of_the_api(server, table, name, options, bar):
    """The bar of 0.4 s is for the server itself; real answers cost some 20 ms of one processor each."""
    loaded = server(*options)
    warm = loaded.connect()
    for number in range(50):
        loaded.ask(warm, number)
    before, started = loaded.rss(), time.monotonic()

    def client(number):
        connection = loaded.connect()
        return [loaded.ask(connection, number + n) for n in range(100)]

    replies = list(itertools.chain.from_iterable(crowd(20, client)))
    took, grown = time.monotonic() - started, loaded.rss() - before
    slow = p95(reply[3] for reply in replies)
    table.add(
        f"L1 接口 20 个客户端 × 100 问，{name}",
        f"0 错，p95 ≤ {bar} 秒，内存增 ≤ 20 MB",
        f"{len(replies) / took:.0f} 问/秒，p95 {slow:.2f} 秒，+{grown:.0f} MB",
    )
    assert {reply[0] for reply in replies} == {200}
    assert slow <= bar
    assert grown <= 20


def test_l2_thirty_users_of_the_page(server, table):
    loaded = server("--page")
    function = asking_function(loaded)

    def user(number):
        connection = loaded.connect()
        return [put(loaded, connection, function, f"u{number}", f"首席技师 暗号{number}之{n}") for n in range(5)]

    for warm in range(4):
        put(loaded, loaded.connect(), function, f"w{warm}", "首席技师")
    found = crowd(30, user)
    for number, replies in enumerate(found):
        for n, (status, stream, _) in enumerate(replies):
            assert status == 200
            done = completed(stream)
            assert done["success"]
            said = json.dumps(done["output"], ensure_ascii=False)
            assert f"暗号{number}之{n}" in said
            assert not any(f"暗号{other}之" in said for other in range(30) if other != number)
    slow = p95(reply[2] for replies in found for reply in replies)
    table.add("L2 网页 30 人 × 5 问", "150/150，p95 ≤ 1.5 秒，各得各的", f"150/150，p95 {slow:.2f} 秒，没有串")
    assert slow <= 1.5


def test_l3_a_hundred_at_once(server, table):
    loaded = server()
    stop, health = threading.Event(), []

    def watch():
        connection = loaded.connect()
        while not stop.is_set():
            health.append(loaded.call(connection, "GET", "/healthz")[3])
            time.sleep(0.05)

    watcher = threading.Thread(target=watch)
    watcher.start()

    def client(number):
        connection = loaded.connect()
        return [loaded.ask(connection, number + n) for n in range(3)]

    replies = list(itertools.chain.from_iterable(crowd(100, client)))
    stop.set()
    watcher.join()
    answered = [reply for reply in replies if reply[0] == 200]
    refused = [reply for reply in replies if reply[0] == 503]
    time.sleep(5)
    after = p95(loaded.ask(loaded.connect(), n)[3] for n in range(10))
    slow, told, healthy = p95(r[3] for r in answered), p95(r[3] for r in refused), p95(health)
    table.add(
        "L3 100 人同时 × 3 问",
        "答或 503 ≤ 1 秒，/healthz p95 ≤ 1 秒，5 秒后如常",
        f"{len(answered)} 答（p95 {slow:.2f} 秒）、{len(refused)} 次 503（p95 {told:.2f} 秒），"
        f"健康检查 p95 {healthy:.2f} 秒，之后一问 {after * 1000:.0f} 毫秒",
    )
    assert len(answered) + len(refused) == 300
    assert all("没有排上" in json.loads(reply[2])["detail"] and reply[1]["retry-after"] for reply in refused)
    assert max(slow, told) <= 1.0
    assert healthy <= 1.0
    assert after <= 0.2


def test_l3_the_page_says_so_in_chinese(server):
    loaded = server("--page", "--burn", "0.05")
    function = asking_function(loaded)
    found = crowd(100, lambda number: put(loaded, loaded.connect(), function, f"u{number}", "首席技师"))
    refused = [text for status, text, _ in found if status == 503]
    assert {status for status, *_ in found} <= {200, 503}
    assert all("没有排上" in json.loads(text)["detail"] for text in refused)
    assert all(completed(text)["success"] for status, text, _ in found if status == 200)


def test_l4_answers_that_wait_do_not_hold_up_searches(server, table):
    loaded = server("--sleep", "0.2", "2.0")

    def searches():
        connection = loaded.connect()
        return p95(loaded.ask(connection, n, "/api/v1/search")[3] for n in range(60))

    searches()
    alone = min(searches(), searches())
    stop = threading.Event()

    def asker(number):
        connection = loaded.connect()
        while not stop.is_set():
            loaded.ask(connection, number)

    askers = [threading.Thread(target=asker, args=(n,)) for n in range(8)]
    for thread in askers:
        thread.start()
    time.sleep(1)
    beside = min(searches(), searches())
    stop.set()
    for thread in askers:
        thread.join()
    table.add("L4 慢回答（0.2–2 秒）旁边检索", "检索 p95 变化 ≤ 20 %", f"{alone * 1000:.0f} → {beside * 1000:.0f} 毫秒")
    assert beside <= alone * 1.2 + 0.01  # a scheduler's tick


@pytest.mark.parametrize(
    ("name", "options", "bar"),
    [("现成的话", ("--canned", "--burn", "0.002"), 0.05), ("真的作答", (), 0.15)],
    ids=["stub", "real"],
)
def test_l5_two_hundred_idle_pages(server, table, name, options, bar):
    loaded = server("--page", *options)
    idle = []
    for number in range(200):
        line = socket.create_connection(("127.0.0.1", loaded.port), timeout=10)
        line.sendall(f"GET /ui/gradio_api/heartbeat/idle{number} HTTP/1.1\r\nhost: x\r\n\r\n".encode())
        idle.append(line)
    time.sleep(2)
    connection = loaded.connect()
    loaded.ask(connection, 0)
    slow = p95(loaded.ask(connection, n)[3] for n in range(30))
    for line in idle:
        assert line.recv(100).startswith(b"HTTP/1.1 200")
        line.close()
    table.add(f"L5 200 个闲置网页，再问 30 次，{name}", f"p95 ≤ {bar * 1000:.0f} 毫秒", f"{slow * 1000:.0f} 毫秒")
    assert slow <= bar


def test_l6_twelve_thousand_sessions(server, table):
    loaded = server("--page", "--canned")
    function, start = asking_function(loaded), loaded.rss()
    marks = {}

    def user(number):
        connection = loaded.connect()
        for n in range(1_500):  # eight of them make twelve thousand
            status, stream, _ = put(loaded, connection, function, f"s{number}-{n}", "首席技师")
            assert status == 200
            assert '"success":true' in stream.replace(" ", "")
            if number == 0 and n % 125 == 0:
                marks[n * 8] = loaded.rss()

    crowd(8, user)
    end = loaded.rss()
    flat = end - marks[10_000]
    table.add(
        "L6 连续 12,000 个会话",
        "10,000 之后持平，总增 < 200 MB",
        f"{start:.0f} → {marks[10_000]:.0f} → {end:.0f} MB",
    )
    assert end < start + 200
    assert flat <= 15
