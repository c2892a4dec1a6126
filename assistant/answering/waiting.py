"""Waiting for work that may never end: a deadline that holds whatever the work does."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

AT_ONCE = 4
"""Pieces of work that may run, or hang, at a time; beyond that nothing is begun."""


class OverdueError(Exception):
    """The work did not end in time."""


class NoRoomError(Exception):
    """Too many pieces of work are still running."""


@dataclass(frozen=True, slots=True)
class Waiter:
    """Runs work in threads that are left behind when they are late; they keep their place until they end."""

    seconds: float
    room: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(AT_ONCE), repr=False)

    def result_of(self, work: Callable[[], str]) -> str:
        """What the work returns; what it raises is raised.

        Raises:
            OverdueError: It took longer than `seconds`; its thread is a daemon and holds up nothing.
            NoRoomError: Too much is still under way.
        """
        if not self.room.acquire(blocking=False):
            raise NoRoomError
        results: list[str] = []
        failures: list[BaseException] = []

        def run() -> None:
            try:
                results.append(work())
            except BaseException as failure:
                failures.append(failure)
            finally:
                self.room.release()

        thread = threading.Thread(target=run, name="waited-for", daemon=True)
        thread.start()
        thread.join(self.seconds)
        if failures:
            raise failures[0]
        if not results:
            raise OverdueError
        return results[0]
