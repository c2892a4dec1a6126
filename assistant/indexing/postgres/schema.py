"""The tables, and what a database says of itself.

    state            one row: generation, counts, mean lengths, and with what the store was built
    document         a policy's facts as JSON, the number of its clause tree, the generation that last changed either or
                     a chunk of it, and whether any chunk has a lay question
    tree             clause trees as JSON; never changed, kept for a while after the document was replaced
    word             term → number and in how many chunks each field has it; a word's dimension is number * 3 + field
    place            a number for each place, and how many chunks it has, by which a search is planned
    chunk            the records. A row is never changed: a new text is a new row, so what was read once stays true
    chunk_words      BM25 weights of a chunk as a sparse vector; for the inverted index its dimensions, each with the
                     number of the place (`key_of`), so that a search reads the lists of the places in scope only
    chunk_vector     its vector
    question_vector  those of its lay questions

The three tables that are searched repeat what is filtered on, so that a filter is part of the search.
"""

from __future__ import annotations

from dataclasses import dataclass

from psycopg import Connection
from psycopg.rows import TupleRow, class_row

from assistant.errors import EncoderError, IndexMissingError, IndexStaleError
from assistant.indexing.manifest import EncoderRecord
from assistant.indexing.weighting import FIELDS, MeanLengths

SCHEMA = "policy_store"
FORMAT = 2
"""Raised when the tables change."""

DIMENSIONS = 1_000_000_000
"""Of a sparse vector: what pgvector allows."""

_FILTERED = "jurisdiction text, policy_id text, kind text, level text, draft boolean, issued_on date"

_TABLES = f"""
CREATE EXTENSION IF NOT EXISTS vector;
CREATE SCHEMA IF NOT EXISTS {SCHEMA};
SET LOCAL search_path TO {SCHEMA}, public;
CREATE TABLE state (
  single boolean PRIMARY KEY DEFAULT true CHECK (single), format integer NOT NULL, generation bigint NOT NULL,
  documents bigint NOT NULL, chunks bigint NOT NULL, questions bigint NOT NULL, removals bigint NOT NULL,
  tokenizer text NOT NULL, encoder_name text, encoder_fingerprint text, dimension integer,
  mean_text float8 NOT NULL, mean_context float8 NOT NULL, mean_questions float8 NOT NULL);
CREATE TABLE document (
  policy_id text PRIMARY KEY, facts text NOT NULL, tree bigint NOT NULL, digest text NOT NULL, asked boolean NOT NULL,
  generation bigint NOT NULL);
CREATE INDEX ON document (generation);
CREATE TABLE tree (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, content text NOT NULL, retired timestamptz);
CREATE INDEX ON tree (retired) WHERE retired IS NOT NULL;
CREATE TABLE word (
  term text PRIMARY KEY, number integer GENERATED ALWAYS AS IDENTITY UNIQUE, in_text bigint NOT NULL DEFAULT 0,
  in_context bigint NOT NULL DEFAULT 0, in_questions bigint NOT NULL DEFAULT 0) WITH (fillfactor = 70);
CREATE TABLE place (
  jurisdiction text PRIMARY KEY, number integer GENERATED ALWAYS AS IDENTITY UNIQUE, chunks bigint NOT NULL DEFAULT 0);
CREATE SEQUENCE chunk_row;
CREATE TABLE chunk (
  row bigint PRIMARY KEY, chunk_id text NOT NULL UNIQUE, policy_id text NOT NULL REFERENCES document,
  clause_id text NOT NULL, jurisdiction text NOT NULL, span_start integer NOT NULL, span_end integer NOT NULL,
  kind text NOT NULL, text text NOT NULL, context text NOT NULL, questions text[] NOT NULL, digest text NOT NULL);
CREATE INDEX ON chunk (policy_id, span_start);
CREATE TABLE chunk_words (
  row bigint PRIMARY KEY REFERENCES chunk ON DELETE CASCADE, {_FILTERED},
  keys bigint[] NOT NULL, words sparsevec({DIMENSIONS}) NOT NULL);
CREATE INDEX chunk_words_keys ON chunk_words USING gin (keys) WITH (fastupdate = off);
CREATE INDEX ON chunk_words (jurisdiction);
CREATE INDEX ON chunk_words (policy_id);
"""
# Waiting entries of a GIN index are read through by every search: with an ingest running, searches would slow down.

_VECTORS = f"""
CREATE TABLE chunk_vector (
  row bigint PRIMARY KEY REFERENCES chunk ON DELETE CASCADE, {_FILTERED}, vector vector(%d) NOT NULL);
CREATE INDEX ON chunk_vector (jurisdiction);
CREATE INDEX ON chunk_vector (policy_id);
CREATE TABLE question_vector (
  row bigint REFERENCES chunk ON DELETE CASCADE, position integer, {_FILTERED}, vector vector(%d) NOT NULL,
  PRIMARY KEY (row, position));
CREATE INDEX ON question_vector (jurisdiction);
CREATE INDEX ON question_vector (policy_id);
"""

VECTOR_TABLES = ("chunk_vector", "question_vector")


def key_of(place: int, dimension: int) -> int:
    """What the inverted index holds for a dimension of a chunk of a place."""
    return place << 32 | dimension


def dimension_of(key: int) -> int:
    """The dimension of a key."""
    return key & 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Place:
    """A row of `place`, but its name."""

    number: int
    chunks: int


@dataclass(frozen=True, slots=True)
class State:
    """The row of `state`."""

    format: int
    generation: int
    documents: int
    chunks: int
    questions: int
    removals: int
    tokenizer: str
    encoder_name: str | None
    encoder_fingerprint: str | None
    dimension: int | None
    mean_text: float
    mean_context: float
    mean_questions: float

    @property
    def means(self) -> MeanLengths:
        """The mean lengths that every weight was reckoned with."""
        return MeanLengths(self.mean_text, self.mean_context, self.mean_questions)

    @property
    def encoder(self) -> EncoderRecord | None:
        """The embedding model."""
        if self.encoder_name is None or self.encoder_fingerprint is None or self.dimension is None:
            return None
        return EncoderRecord(self.encoder_name, self.encoder_fingerprint, self.dimension)


_STATE_COLUMNS = (
    "format, generation, documents, chunks, questions, removals, tokenizer, encoder_name, encoder_fingerprint, "
    "dimension, mean_text, mean_context, mean_questions"
)


def exists(connection: Connection[TupleRow]) -> bool:
    """Whether the database holds a store."""
    found = connection.execute(f"SELECT to_regclass('{SCHEMA}.state') IS NOT NULL".encode()).fetchone()
    return bool(found and found[0])


def create(connection: Connection[TupleRow], tokenizer: str, encoder: EncoderRecord | None, means: MeanLengths) -> None:
    """Make the tables, over those that are there; to be called inside a transaction.

    Generations and row numbers go on from where they were: other processes keep rows by number.
    """
    generation, removals, row = _reached(connection)
    connection.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE".encode())
    connection.execute(_TABLES.encode())
    connection.execute("SELECT setval('chunk_row', %s)", (row,))
    if encoder is not None:
        connection.execute((_VECTORS % (encoder.dimension, encoder.dimension)).encode())
    name, fingerprint, dimension = (
        (encoder.name, encoder.fingerprint, encoder.dimension) if encoder else (None, None, None)
    )
    connection.execute(
        f"INSERT INTO state ({_STATE_COLUMNS}) VALUES (%s, %s, 0, 0, 0, %s, %s, %s, %s, %s, %s, %s, %s)".encode(),
        (
            FORMAT,
            generation + 1,
            removals + 1,
            tokenizer,
            name,
            fingerprint,
            dimension,
            *(getattr(means, field) for field in FIELDS),
        ),
    )


def _reached(connection: Connection[TupleRow]) -> tuple[int, int, int]:
    """Generation, removals and row number of the store that is there; where there is none, before the first."""
    if not exists(connection):
        return -1, -1, 1
    found = connection.execute(
        f"SELECT generation, removals, last_value FROM {SCHEMA}.state, {SCHEMA}.chunk_row".encode()
    ).fetchone()
    return (int(found[0]), int(found[1]), int(found[2])) if found else (-1, -1, 1)


def index_vectors(connection: Connection[TupleRow]) -> None:
    """Make the graph indexes where they are missing: after the first filling, which is many times faster so."""
    for table in VECTOR_TABLES:
        connection.execute(
            f"CREATE INDEX IF NOT EXISTS {table}_graph ON {SCHEMA}.{table} USING hnsw (vector vector_ip_ops)".encode()
        )


def read_state(connection: Connection[TupleRow]) -> State:
    """The state as it is now.

    Raises:
        IndexMissingError: the database holds no store.
        IndexStaleError: it is of another format.
    """
    if not exists(connection):
        raise IndexMissingError(
            "数据库里还没有建立索引，无法检索和作答。请先运行 python -m assistant build --store 数据库地址。"
        )
    found = connection.execute(f"SELECT format FROM {SCHEMA}.state".encode()).fetchone()
    if found is None or found[0] != FORMAT:
        raise IndexStaleError(
            "数据库里的索引是另一种格式，本程序读不了。请运行 python -m assistant build --store 数据库地址 重建。"
        )
    with connection.cursor(row_factory=class_row(State)) as cursor:
        state: State | None = cursor.execute(f"SELECT {_STATE_COLUMNS} FROM {SCHEMA}.state".encode()).fetchone()
    if state is None:
        raise IndexMissingError("数据库里的索引刚被清空，无法检索。请稍后再试，或重新建立索引。")
    return state


def check_state(state: State, tokenizer: str | None, encoder: EncoderRecord | None) -> None:
    """Check that a store was built with what is given; None is not compared.

    Raises:
        IndexStaleError: another tokenizer.
        EncoderError: another embedding model, or none.
    """
    if tokenizer is not None and state.tokenizer != tokenizer:
        raise IndexStaleError(
            "数据库里的索引用的是另一种分词器或用户词典，继续检索会漏掉条款。"
            "请运行 python -m assistant build --store 数据库地址 重建。"
        )
    if encoder is not None and state.encoder != encoder:
        name = f"“{state.encoder_name}”" if state.encoder_name else "空"
        raise EncoderError(
            f"数据库里的索引所用的向量模型为{name}，与现在的“{encoder.name}”不是同一个，向量不能相互比较。"
            "请改回原来的模型，或运行 python -m assistant build --store 数据库地址 重建。"
        )
