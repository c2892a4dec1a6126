from __future__ import annotations

import signal

import pytest


@pytest.fixture(scope="session", autouse=True)
def terminated_is_interrupted():
    """A run that is told to end still stops the nodes it started."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    yield
    signal.signal(signal.SIGTERM, before)
