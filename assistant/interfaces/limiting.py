"""How many requests a client may make: a bucket of tokens each, refilled steadily, for the clients seen last."""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

REMEMBERED = 10_000
"""Clients whose buckets are kept; a forgotten one starts with a full bucket, so memory stays bounded."""


class Buckets:
    """One kind of request: so many a minute for each client, all of them at once if none were made before."""

    def __init__(
        self, per_minute: int, remembered: int = REMEMBERED, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._size = float(per_minute)
        self._rate = per_minute / 60
        self._remembered = remembered
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str) -> float:
        """Take a token: 0.0 when there was one, else the seconds until there is."""
        if not self._rate:
            return 0.0
        now = self._clock()
        left, at = self._buckets.pop(client, (self._size, now))
        left = min(self._size, left + (now - at) * self._rate)
        wait = 0.0 if left >= 1 else (1 - left) / self._rate
        self._buckets[client] = (left if wait else left - 1, now)
        if len(self._buckets) > self._remembered:
            self._buckets.popitem(last=False)
        return wait


_TABS = ("/entitlements", "/obligations", "/compare", "/calendar", "/policies", "/about", "/feedback")
"""The tabs beside the chat: a form filled in is an event of the page, a page opened a read."""


@dataclass(frozen=True, slots=True)
class Limiter:
    """Which bucket a request draws from."""

    questions: Buckets
    page_events: Buckets
    reads: Buckets

    @classmethod
    def allowing(cls, questions_per_minute: int, reads_per_minute: int) -> Limiter:
        """Limits by two numbers; a question on the page is one event, opening or clearing it another."""
        return cls(Buckets(questions_per_minute), Buckets(2 * questions_per_minute), Buckets(reads_per_minute))

    def wait(self, method: str, path: str, client: str) -> float:
        """Seconds the client must wait before this request is admitted; 0.0 admits it."""
        if path.startswith("/api/") and method == "POST":
            return self.questions.take(client)
        if path.startswith(("/api/", "/mcp")):  # an agent's session is many small messages
            return self.reads.take(client)
        tab = path.startswith(_TABS)
        if path.endswith("/queue/join") or (tab and method == "POST"):
            return self.page_events.take(client)
        return self.reads.take(client) if tab else 0.0


def client_key(host: str) -> str:
    """Whom an address stands for: itself, or of IPv6 the network that one subscriber is given."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(getattr(address, "ipv4_mapped", None) or address)
