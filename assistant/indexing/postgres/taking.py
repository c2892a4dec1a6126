"""Documents into the tables whole, one transaction each, from any number of workers at once.

Beside each document its digest is kept: what it was made from. With it stand the generation that last changed the
document and what rows its chunks have: where another writer changed one of these, the digest no longer counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from psycopg import Connection
from psycopg.rows import TupleRow

from assistant.errors import EncoderError
from assistant.indexing.manifest import EncoderRecord
from assistant.indexing.postgres import filing, writing
from assistant.indexing.postgres.connecting import open_pool, translated
from assistant.indexing.postgres.schema import SCHEMA, check_state, create, exists, index_vectors, read_state
from assistant.indexing.protocol import Entry
from assistant.indexing.weighting import MeanLengths
from assistant.model import PolicyDocument

_TABLE = f"""
CREATE TABLE IF NOT EXISTS {SCHEMA}.made_from (
  policy_id text PRIMARY KEY REFERENCES {SCHEMA}.document ON DELETE CASCADE, digest text NOT NULL,
  generation bigint NOT NULL, chunks bigint NOT NULL, last_row bigint NOT NULL)
"""
_NOW = f"""
SELECT d.policy_id, d.generation, count(c.row) AS chunks, coalesce(max(c.row), 0) AS last_row
FROM {SCHEMA}.document d LEFT JOIN {SCHEMA}.chunk c USING (policy_id)
"""
_DIGESTS = f"""
SELECT now.policy_id, coalesce(m.digest, '') FROM ({_NOW} GROUP BY d.policy_id) AS now
LEFT JOIN {SCHEMA}.made_from m USING (policy_id, generation, chunks, last_row)
"""
_DIGEST = f"""
SELECT m.digest FROM ({_NOW} WHERE d.policy_id = %s GROUP BY d.policy_id) AS now
JOIN {SCHEMA}.made_from m USING (policy_id, generation, chunks, last_row)
"""
_REMEMBER = f"""
INSERT INTO {SCHEMA}.made_from SELECT policy_id, %s, generation, chunks, last_row
FROM ({_NOW} WHERE d.policy_id = %s GROUP BY d.policy_id) AS now
ON CONFLICT (policy_id) DO UPDATE SET digest = excluded.digest, generation = excluded.generation,
  chunks = excluded.chunks, last_row = excluded.last_row
"""
_AT_ONCE = 16
"""Documents fetched at once when all are read; one may have some MB."""
_MAKING = 7_130_931
"""The advisory lock under which the tables are made."""


class PostgresTarget:
    """See `assistant.ingesting.target.Target`; holds one connection.

    Args:
        url: postgresql://…
        tokenizer: fingerprint of the one the entries are cut with.
        encoder: the model their vectors are of; None for keywords alone.

    Raises:
        IndexStoreError: the database cannot be reached.
    """

    def __init__(self, url: str, tokenizer: str, encoder: EncoderRecord | None) -> None:
        self._url, self._tokenizer, self._encoder = url, tokenizer, encoder
        self._pool = open_pool(url, 2)  # a second one to write with while all documents are read

    def exists(self) -> bool:
        """See `Target`."""
        with self._connection() as connection:
            if not exists(connection):
                return False
            state = read_state(connection)
            check_state(state, self._tokenizer, self._encoder)
            if self._encoder is None and state.encoder is not None:
                raise EncoderError(
                    f"数据库里的索引带向量（{state.encoder_name}），不用向量模型写进去的句子会没有向量，没有开始。"
                    "请去掉 --encoder none，或换一个空的数据库。"
                )
            connection.execute(_TABLE.encode())
            return True

    def create(self, means: MeanLengths) -> None:
        """See `Target`."""
        with self._connection() as connection, connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (_MAKING,))
            if not exists(connection):
                create(connection, self._tokenizer, self._encoder, means)
            connection.execute(_TABLE.encode())

    def digests(self) -> Mapping[str, str]:
        """See `Target`."""
        with self._connection() as connection:
            return dict(connection.execute(_DIGESTS.encode()).fetchall())

    def digest(self, policy_id: str) -> str:
        """See `Target`."""
        with self._connection() as connection:
            return _digest(connection, policy_id)

    def replace(self, document: PolicyDocument, entries: Sequence[Entry], digest: str, gone: Iterable[str]) -> bool:
        """See `Target`."""
        policy_id, out = document.policy.policy_id, sorted(set(gone) - {document.policy.policy_id})
        with self._connection() as connection:
            writing.number(connection, entries)
            with connection.transaction():
                writing.lock(connection, [policy_id, *out])
                if not out and _digest(connection, policy_id) == digest:
                    return False
                kept = [entry.chunk.chunk_id for entry in entries]
                stale = connection.execute(
                    "SELECT chunk_id FROM chunk WHERE policy_id = %s AND chunk_id <> ALL(%s)", (policy_id, kept)
                ).fetchall()
                writing.delete(connection, [chunk_id for (chunk_id,) in stale], out)
                writing.upsert(connection, [document], entries)
                connection.execute(_REMEMBER.encode(), (digest, policy_id))
                return True

    def remove(self, policy_ids: Iterable[str]) -> None:
        """See `Target`."""
        with self._connection() as connection:
            writing.delete(connection, (), policy_ids)

    def documents(self) -> Iterator[PolicyDocument]:
        """See `Target`. All are as they were when the first was asked for."""
        with self._connection() as connection, connection.transaction():
            yield from filing.every(connection, _AT_ONCE)

    def relabel(self, documents: Sequence[PolicyDocument]) -> None:
        """See `Target`."""
        with self._connection() as connection, connection.transaction():
            writing.lock(connection, [document.policy.policy_id for document in documents])
            valid = {d.policy.policy_id: _digest(connection, d.policy.policy_id) for d in documents}
            writing.upsert(connection, documents, ())
            for policy_id, digest in valid.items():
                if digest:
                    connection.execute(_REMEMBER.encode(), (digest, policy_id))

    def finish(self) -> None:
        """See `Target`: the graph indexes where there are none, and what the planner goes by."""
        with self._connection() as connection:
            if self._encoder is not None:
                with connection.transaction():
                    connection.execute("SET LOCAL maintenance_work_mem = '512MB'")
                    index_vectors(connection)
            connection.execute("ANALYZE")

    def close(self) -> None:
        """See `Target`."""
        self._pool.close()

    @contextmanager
    def _connection(self) -> Iterator[Connection[TupleRow]]:
        with translated(self._url), self._pool.connection() as connection:
            yield connection


def _digest(connection: Connection[TupleRow], policy_id: str) -> str:
    found = connection.execute(_DIGEST.encode(), (policy_id,)).fetchone()
    return str(found[0]) if found else ""


def received(connection: Connection[TupleRow]) -> int:
    """Documents that were put in without standing in the corpus folder."""
    there = connection.execute(f"SELECT to_regclass('{SCHEMA}.made_from') IS NOT NULL".encode()).fetchone()
    if not (there and there[0]):
        return 0
    found = connection.execute(
        f"SELECT count(*) FROM {SCHEMA}.made_from WHERE digest LIKE 'received:%%'".encode(), ()
    ).fetchone()
    return int(found[0]) if found else 0
