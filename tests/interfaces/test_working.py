"""The bounded pool: how many at once, how many waiting, what is given up, and stopping."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from assistant.interfaces.working import BusyError, Workers


def test_work_is_done_in_a_thread():
    workers = Workers()
    assert asyncio.run(workers.run(threading.get_ident)) != threading.get_ident()
    workers.stop()


def test_an_error_of_the_work_is_the_callers():
    def fail():
        raise ValueError("x")

    with pytest.raises(ValueError, match="x"):
        asyncio.run(Workers().run(fail))


def test_what_finds_no_place_is_told_at_once():
    workers, gate = Workers(threads=1, waiting=2), threading.Event()

    async def crowd():
        waiting = [asyncio.create_task(workers.run(gate.wait)) for _ in range(3)]
        await asyncio.sleep(0.05)
        assert workers.taken == 3
        started = time.monotonic()
        with pytest.raises(BusyError, match="没有排上"):
            await workers.run(gate.wait)
        assert time.monotonic() - started < 0.05
        gate.set()
        assert await asyncio.gather(*waiting) == [True] * 3
        assert await workers.run(lambda: 1) == 1

    asyncio.run(crowd())
    assert workers.taken == 0


def test_slow_work_is_given_up_but_keeps_its_place():
    workers, gate = Workers(threads=1, waiting=0, patience=0.05), threading.Event()

    async def impatient():
        with pytest.raises(BusyError, match="没有答出来"):
            await workers.run(gate.wait)
        with pytest.raises(BusyError, match="没有排上"):
            await workers.run(lambda: 1)
        gate.set()
        await asyncio.sleep(0.05)
        assert await workers.run(lambda: 1) == 1

    asyncio.run(impatient())


def test_stopping_takes_on_nothing_more():
    workers = Workers()
    workers.stop()
    assert workers.stopped
    with pytest.raises(BusyError, match="正在停止"):
        asyncio.run(workers.run(lambda: 1))
