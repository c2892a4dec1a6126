"""The collections, and rows from and to them.

    policy_chunks      one row a chunk: what is filtered on, its record, its vector, its BM25 weights as a sparse vector
    policy_questions   one row a lay question, filtered on the same
    policy_documents   records of policies in parts, as a field holds 65,535 bytes; the part "#state" is the state
    policy_words       in how many chunks each dimension is

A row's number is a hash of the chunk's id, so that writing twice is writing once; a word's dimension is a hash of field
and word, so that writers need not agree on numbers. The place is the partition key.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from pymilvus import DataType, MilvusClient, MilvusException

from assistant.errors import IndexStoreError
from assistant.indexing.protocol import Filter, level_of
from assistant.indexing.records import decode, encode
from assistant.model import Chunk, Policy

CHUNKS, QUESTIONS, DOCUMENTS, WORDS = "policy_chunks", "policy_questions", "policy_documents", "policy_words"
STATE = "#state"
AT_ONCE = 500
"""Rows of a request, some 5 KB each; a request may have 64 MB."""
NO_WORD = 0
"""A dimension of no word: a sparse vector may not be empty."""
_LONGEST = 65_535
_PART = 15_000  # characters: of four bytes at most
_NO_DATE = -1

Row = dict[str, Any]


def make_collections(client: MilvusClient, dimension: int, *, sparse: bool = True) -> None:
    """Make the collections anew.

    Args:
        client: connected.
        dimension: numbers per vector.
        sparse: with BM25 weights; servers before 2.4 cannot.
    """
    for name in (CHUNKS, QUESTIONS, DOCUMENTS, WORDS):
        if client.has_collection(name):
            client.drop_collection(name)
    _make(client, CHUNKS, dimension, {"record": _LONGEST, "digest": 64}, sparse=sparse)
    _make(client, QUESTIONS, dimension, {}, owner=True)
    documents = client.create_schema(auto_id=False)
    documents.add_field("part", DataType.VARCHAR, max_length=512, is_primary=True)
    documents.add_field("policy_id", DataType.VARCHAR, max_length=512)
    documents.add_field("record", DataType.VARCHAR, max_length=_LONGEST)
    _create(client, DOCUMENTS, documents)
    words = client.create_schema(auto_id=False)
    words.add_field("dimension", DataType.INT64, is_primary=True)
    words.add_field("found", DataType.INT64)
    _create(client, WORDS, words)


def _make(
    client: MilvusClient,
    name: str,
    dimension: int,
    texts: Mapping[str, int],
    *,
    sparse: bool = False,
    owner: bool = False,
) -> None:
    schema, index = client.create_schema(auto_id=False), client.prepare_index_params()
    schema.add_field("row", DataType.INT64, is_primary=True)
    schema.add_field("jurisdiction", DataType.VARCHAR, max_length=16, is_partition_key=True)
    for field, longest in {"policy_id": 512, "kind": 16, "level": 16, **texts}.items():
        schema.add_field(field, DataType.VARCHAR, max_length=longest)
    schema.add_field("draft", DataType.BOOL)
    schema.add_field("issued_on", DataType.INT64)
    if owner:
        schema.add_field("owner", DataType.INT64)
        schema.add_field("position", DataType.INT64)
    schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dimension)
    index.add_index("vector", index_type="HNSW", metric_type="IP", params={"M": 16, "efConstruction": 200})
    if sparse:
        schema.add_field("words", DataType.SPARSE_FLOAT_VECTOR)
        index.add_index("words", index_type="SPARSE_INVERTED_INDEX", metric_type="IP")
    client.create_collection(name, schema=schema, index_params=index, consistency_level="Strong")


def _create(client: MilvusClient, name: str, schema: Any) -> None:  # noqa: ANN401 - pymilvus' own type is not exported
    """A collection that is only looked up in; Milvus wants a vector in each."""
    schema.add_field("none", DataType.FLOAT_VECTOR, dim=2)
    index = client.prepare_index_params()
    index.add_index("none", index_type="FLAT", metric_type="L2")
    client.create_collection(name, schema=schema, index_params=index, consistency_level="Strong")


def row_of(chunk_id: str, position: int | None = None) -> int:
    """The number of a chunk, or of one of its lay questions: 63 bits of a hash."""
    key = chunk_id if position is None else f"{chunk_id}?{position}"
    return int.from_bytes(hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()[:8]) >> 1


def dimension_of(word: str, field: int) -> int:
    """The dimension of a word in a field, never `NO_WORD`; two of half a million words share one in 10,000."""
    return zlib.crc32(f"{field}:{word}".encode("utf-8", "surrogatepass")) or 1


def filtered(chunk: Chunk, policy: Policy) -> Row:
    """What a row is filtered on."""
    return {
        "jurisdiction": chunk.jurisdiction,
        "policy_id": chunk.policy_id,
        "kind": chunk.kind,
        "level": str(level_of(policy.jurisdiction or "") or ""),
        "draft": policy.draft_mark is not None,
        "issued_on": policy.issued_on.toordinal() if policy.issued_on else _NO_DATE,
    }


def expression(where: Filter) -> str:
    """The filter as Milvus writes it; "" for none."""
    sets = {
        "jurisdiction": where.jurisdictions,
        "policy_id": where.policy_ids,
        "kind": where.kinds,
        "level": where.levels,
    }
    parts = [
        f"{field} in {json.dumps(sorted(map(str, values)), ensure_ascii=False)}"
        for field, values in sets.items()
        if values is not None
    ]
    if where.drafts is not None:
        parts.append(f"draft == {str(where.drafts).lower()}")
    if where.issued_from is not None:
        parts.append(f"issued_on >= {where.issued_from.toordinal()}")
    if where.issued_until is not None:
        parts.append(f"issued_on <= {where.issued_until.toordinal()} and issued_on > {_NO_DATE}")
    return " and ".join(parts)


def record_of(chunk: Chunk) -> str:
    """A chunk's record as JSON.

    Raises:
        IndexStoreError: it is longer than a field may be.
    """
    record = json.dumps(encode(chunk), ensure_ascii=False, separators=(",", ":"))
    if len(record.encode()) > _LONGEST:
        raise IndexStoreError(
            f"{chunk.chunk_id} 这一句连同问法超过 Milvus 一个字段的长度（{_LONGEST} 字节），没有写入。"
            "请拆短或减少问法。"
        )
    return record


def chunk_of(record: str) -> Chunk:
    """The chunk of a record."""
    return decode(Chunk, json.loads(record))


def parts_of(policy_id: str, record: str) -> list[Row]:
    """A long record as rows of `policy_documents`."""
    pieces = [record[at : at + _PART] for at in range(0, len(record), _PART)] or [""]
    return [
        {"part": f"{policy_id}#{number:06}", "policy_id": policy_id, "record": piece, "none": [0.0, 0.0]}
        for number, piece in enumerate(pieces)
    ]


@contextmanager
def translated(address: str) -> Iterator[None]:
    """Errors of Milvus as ours.

    Raises:
        IndexStoreError: whatever went wrong there.
    """
    try:
        yield
    except MilvusException as error:
        place = urlsplit(address).hostname or "本机文件"
        raise IndexStoreError(
            f"Milvus（{place}）没有完成这次操作（{str(error.message)[:120]}）。"
            "请检查地址、版本（需要 2.5 以上）和服务是否在运行。"
        ) from error
