"""The collections made anew from documents and entries."""

from __future__ import annotations

from collections.abc import Sequence

from pymilvus import MilvusClient

from assistant.errors import SettingsError
from assistant.indexing.manifest import EncoderRecord
from assistant.indexing.milvus.collections import CHUNKS, chunk_of, make_collections, translated
from assistant.indexing.milvus.writing import (
    FORMAT,
    State,
    delete,
    every,
    read_documents,
    read_state,
    upsert,
    write_state,
)
from assistant.indexing.protocol import Entry
from assistant.indexing.weighting import FIELDS, MeanLengths
from assistant.model import PolicyDocument

BATCH = 2000


def build_store(
    address: str,
    documents: Sequence[PolicyDocument],
    entries: Sequence[Entry],
    *,
    tokenizer: str,
    encoder: EncoderRecord | None,
) -> None:
    """Put these documents and entries in, and take everything else out; what did not change is left alone.

    The collections are made anew where tokenizer, model or format differ. Readers see the change as it goes on.

    Raises:
        SettingsError: no encoder; Milvus is a store of vectors.
        ValueError: as `Store.upsert`.
        IndexStoreError: Milvus cannot be used.
    """
    if encoder is None:
        raise SettingsError(
            "Milvus 里的索引要有向量，不能只用关键词（encoder 为 none）。请换用 PostgreSQL 或本机索引。"
        )
    with translated(address):
        client = MilvusClient(address)
        try:
            state = read_state(client)
            if state is None or (state.format, state.tokenizer, state.encoder) != (FORMAT, tokenizer, encoder):
                make_collections(client, encoder.dimension)
                means = MeanLengths.of(entry.words for entry in entries)
                lengths = (round(getattr(means, field) * 1000) for field in FIELDS)
                state = State(FORMAT, 0, 0, 0, tokenizer, encoder, *lengths)
                write_state(client, state)
            held = read_documents(client)
            given = {document.policy.policy_id for document in documents}
            kept = {entry.chunk.chunk_id for entry in entries}
            state = delete(client, state, _others(client, kept) if state.chunks else (), held.keys() - given)
            state = upsert(client, state, held, documents, entries[:BATCH])
            held |= {document.policy.policy_id: document for document in documents}
            for at in range(BATCH, len(entries), BATCH):
                state = upsert(client, state, held, (), entries[at : at + BATCH])
        finally:
            client.close()


def _others(client: MilvusClient, kept: set[str]) -> list[str]:
    ids = (chunk_of(row["record"]).chunk_id for row in every(client, CHUNKS, "row >= 0", ["record"]))
    return [chunk_id for chunk_id in ids if chunk_id not in kept]
