"""How far a long piece of work is: done, rate, time left; on the terminal in one line, else a line now and then."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

Write = Callable[[str], object]
_EVERY_S = 1.0
_QUIET_EVERY_S = 10.0


@dataclass(slots=True)
class Progress:
    """Counts files and clauses and tells them through `tell`.

    Attributes:
        total: files expected; a ZIP counts as one until it is opened.
        tell: takes text for the person waiting.
    """

    total: int
    tell: Write
    done: int = 0
    clauses: int = 0
    begun: float = field(default_factory=time.monotonic)
    told: float = 0.0
    here: bool = field(default_factory=lambda: sys.stderr.isatty())

    def step(self, clauses: int = 0) -> None:
        """One more file, with what it held."""
        self.done += 1
        self.clauses += clauses
        self.total = max(self.total, self.done)
        now = time.monotonic()
        if now - self.told >= (_EVERY_S if self.here else _QUIET_EVERY_S):
            self.told = now
            self._show("\r" if self.here else "", "" if self.here else "\n")

    def end(self) -> None:
        """The last word."""
        if self.done:
            self._show("\r" if self.here else "", "\n")

    def _show(self, before: str, after: str) -> None:
        spent = max(time.monotonic() - self.begun, 1e-6)
        rate = self.done / spent
        left = (self.total - self.done) / rate
        bar = "█" * (20 * self.done // max(1, self.total)) if self.here else ""
        wait = f"，约剩 {left:.0f} 秒" if self.done < self.total else f"，用时 {spent:.1f} 秒"
        self.tell(
            f"{before}{bar:<20.20} " * bool(bar)
            + f"已读 {self.done}/{self.total} 个文件，{self.clauses} 条，每秒 {rate:.1f} 个{wait}{after}"
        )
