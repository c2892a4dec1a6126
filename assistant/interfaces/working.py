"""Answering in a bounded pool: so many at once, so many waiting, and the rest is told so at once."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from assistant.errors import AssistantError

Found = TypeVar("Found")


class BusyError(AssistantError):
    """The work was not taken on, or not finished in time; asking again later may help."""


class Workers:
    """Threads for work that keeps a processor busy, so that the event loop stays free to say how things are.

    Work that is given up on goes on in its thread, and keeps its place until it ends: a slow question cannot make room
    for more of its kind.
    """

    def __init__(self, threads: int = 2, waiting: int = 24, patience: float = 10.0) -> None:
        self._pool = ThreadPoolExecutor(threads, "answering")
        self._room = threads + waiting
        self._patience = patience
        self._taken = 0
        self._lock = threading.Lock()
        self._stopped = False

    @property
    def taken(self) -> int:
        """Pieces of work begun or waiting."""
        return self._taken

    @property
    def stopped(self) -> bool:
        """Whether no more work is taken on."""
        return self._stopped

    async def run(self, work: Callable[[], Found]) -> Found:
        """Do the work in a thread.

        Raises:
            BusyError: All places are taken, the server is stopping, or it took too long.
        """
        future = self.begin(work)
        try:
            async with asyncio.timeout(self._patience):
                return await asyncio.wrap_future(future)
        except TimeoutError as error:
            future.cancel()
            raise BusyError(
                f"这一问在 {self._patience:.0f} 秒内没有答出来，已经放弃，以免别人排不上。"
                "请把问题写短些，或过一会儿再问。"
            ) from error

    def begin(self, work: Callable[[], Found]) -> Future[Found]:
        """Begin the work, or put it in the queue, without waiting for it.

        Raises:
            BusyError: All places are taken, or the server is stopping.
        """
        with self._lock:
            if self._stopped:
                raise BusyError("服务正在停止，这一问没有处理。请过几秒再问。")
            if self._taken >= self._room:
                raise BusyError("现在问的人太多，这一问没有排上。请过几秒再问。")
            self._taken += 1
            future = self._pool.submit(work)
        future.add_done_callback(self._leave)
        return future

    def _leave(self, _done: Future[Found]) -> None:
        with self._lock:
            self._taken -= 1

    def stop(self) -> None:
        """Take on no more work; what waits is dropped, what runs may end."""
        with self._lock:
            self._stopped = True
        self._pool.shutdown(wait=False, cancel_futures=True)
