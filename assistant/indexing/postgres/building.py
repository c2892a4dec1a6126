"""A database brought to exactly what the corpus says; what did not change is left alone, so a second run is cheap."""

from __future__ import annotations

from collections.abc import Sequence

from psycopg import Connection
from psycopg.rows import TupleRow

from assistant.errors import IndexMissingError, IndexStaleError, IndexStoreError
from assistant.indexing.manifest import EncoderRecord
from assistant.indexing.postgres import writing
from assistant.indexing.postgres.connecting import open_pool, translated
from assistant.indexing.postgres.schema import create, index_vectors, read_state
from assistant.indexing.postgres.taking import received
from assistant.indexing.protocol import Entry
from assistant.indexing.weighting import FIELDS, MeanLengths
from assistant.model import PolicyDocument

DRIFT = 0.05
"""How far a field's mean length may move before every weight is reckoned anew."""


def build_store(
    url: str,
    documents: Sequence[PolicyDocument],
    entries: Sequence[Entry],
    *,
    tokenizer: str,
    encoder: EncoderRecord | None,
) -> None:
    """Put these documents and entries in, and take everything else out.

    Readers keep seeing what was there before, and then all of the new. Where the tables must be made anew (another
    tokenizer, model or format, or mean lengths that moved by more than `DRIFT`) they wait until it is done.

    Args:
        url: postgresql://…
        documents: all policies.
        entries: all chunks.
        tokenizer: fingerprint of the one the entries were cut with.
        encoder: the model their vectors are of; None for keywords alone.

    Raises:
        ValueError: as `Store.upsert`.
        IndexStoreError: the database cannot be used, or holds documents that stand in no corpus folder; what was there
            stays.
    """
    pool = open_pool(url, 1)
    try:
        with translated(url), pool.connection() as connection, connection.transaction():
            if others := received(connection):
                raise IndexStoreError(
                    f"数据库里有 {others} 份文件是用 ingest --workers 直接收进来的，语料目录里没有；"
                    "整体重建会把它们移除，所以没有开始。请改用 build --workers 1，它只更新语料目录里的文件。"
                )
            means = MeanLengths.of(entry.words for entry in entries)
            if not _fits(connection, tokenizer, encoder, means):
                create(connection, tokenizer, encoder, means)
            writing.upsert(connection, documents, entries, others_of=True)
            if encoder is not None:
                connection.execute("SET LOCAL maintenance_work_mem = '512MB'")
                index_vectors(connection)
        with translated(url), pool.connection() as connection:
            connection.execute("ANALYZE")
    finally:
        pool.close()


def _fits(connection: Connection[TupleRow], tokenizer: str, encoder: EncoderRecord | None, means: MeanLengths) -> bool:
    try:
        state = read_state(connection)
    except (IndexMissingError, IndexStaleError):
        return False
    return (state.tokenizer, state.encoder) == (tokenizer, encoder) and not _moved(state.means, means)


def _moved(before: MeanLengths, now: MeanLengths) -> bool:
    pairs = [(getattr(before, field), getattr(now, field)) for field in FIELDS]
    return any(abs(old - new) > DRIFT * old for old, new in pairs)
