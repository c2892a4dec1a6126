"""Connections to the database, and its errors in words for the person at the screen."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeAlias
from urllib.parse import urlsplit

import psycopg
from pgvector.psycopg import register_vector
from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg_pool import ConnectionPool, PoolTimeout

from assistant.errors import IndexStoreError
from assistant.indexing.postgres.schema import SCHEMA

CONNECTIONS = 10
"""At most open at once in one process; further searches wait."""
PATIENCE = 10.0
"""Seconds a search waits for a connection."""
_SETTINGS = {
    "search_path": f"{SCHEMA},public",
    "jit": "off",  # compiling takes longer than any of our statements
    "max_parallel_workers_per_gather": "0",  # many small searches at once: a process each is enough
    "hnsw.ef_search": "400",  # more than a search asks for: with 100 two of 120 questions were answered otherwise
    "hnsw.iterative_scan": "relaxed_order",  # goes on where the filter left too few
    "hnsw.max_scan_tuples": "40000",
}

Pool: TypeAlias = "ConnectionPool[Connection[TupleRow]]"


def open_pool(url: str, connections: int = CONNECTIONS) -> Pool:
    """Connections that are opened when needed; the caller closes the pool.

    Raises:
        IndexStoreError: the database cannot be reached, or has no pgvector.
    """
    with translated(url):
        with psycopg.connect(url, autocommit=True) as first:
            first.execute("CREATE EXTENSION IF NOT EXISTS vector")
        pool: Pool = ConnectionPool(
            url,
            min_size=1,
            max_size=connections,
            timeout=PATIENCE,
            configure=_configure,
            kwargs={"autocommit": True},
            open=False,
        )
        pool.open()
    return pool


class Lending:
    """Lends connections of a pool, which is closed when nobody holds this any more, or by `close`.

    Args:
        url: named in errors, without user and password.
        connections: at most open at once.

    Raises:
        IndexStoreError: as `open_pool`; on a call, whatever goes wrong while a connection is lent.
    """

    def __init__(self, url: str, connections: int = CONNECTIONS) -> None:
        self._url, self._pool = url, open_pool(url, connections)
        self.close = weakref.finalize(self, self._pool.close)

    @contextmanager
    def __call__(self) -> Iterator[Connection[TupleRow]]:
        """One connection, waited for up to `PATIENCE` seconds."""
        with translated(self._url), self._pool.connection() as connection:
            yield connection


def _configure(connection: Connection[TupleRow]) -> None:
    register_vector(connection)
    connection.execute(
        "SELECT set_config(name, value, false) FROM unnest(%s::text[], %s::text[]) AS s(name, value)",
        (list(_SETTINGS), list(_SETTINGS.values())),
    )


@contextmanager
def translated(url: str) -> Iterator[None]:
    """Errors of the database as ours; the address is named without user and password.

    Raises:
        IndexStoreError: whatever went wrong in the database.
    """
    try:
        yield
    except PoolTimeout as error:
        raise IndexStoreError(
            f"数据库 {_place(url)} 在 {PATIENCE:.0f} 秒内没有空闲连接，这次没有检索。请稍后再试，或检查数据库是否可用。"
        ) from error
    except psycopg.OperationalError as error:
        raise IndexStoreError(
            f"连不上数据库 {_place(url)}，或连接中断，无法检索。请检查地址、账号和数据库是否在运行。"
        ) from error
    except psycopg.Error as error:
        raise IndexStoreError(
            f"数据库 {_place(url)} 没有完成这次操作（{error.diag.message_primary or type(error).__name__}），"
            "已有的内容不受影响。请检查数据库版本（需要 pgvector 0.8 以上）、权限和磁盘空间。"
        ) from error


def _place(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname or '本机'}{parts.path}"
