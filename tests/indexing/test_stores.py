"""The stores, each by the one contract."""

from __future__ import annotations

import pytest
from servers import postgres

from assistant.indexing.build import build_generation, encoder_record
from assistant.indexing.embedded import EmbeddedStore
from assistant.indexing.store import open_generation
from indexing.samples import SOURCES
from indexing.store_contract import EMBEDDER, TOKENIZER, StoreContract


class TestEmbeddedStore(StoreContract):
    @pytest.fixture
    def make(self, tmp_path):
        def made(documents, entries):
            chunks = [entry.chunk for entry in entries]
            asked = {chunk.chunk_id: chunk.questions for chunk in chunks if chunk.questions}
            build_generation(documents, chunks, asked, TOKENIZER, EMBEDDER, tmp_path, SOURCES)
            return EmbeddedStore(open_generation(tmp_path, encoder=encoder_record(EMBEDDER)), tmp_path, TOKENIZER)

        return made


@pytest.fixture(scope="module")
def url():
    with postgres() as database:
        yield database()


class TestPostgresStore(StoreContract):
    @pytest.fixture
    def make(self, url):
        from assistant.indexing.postgres.building import build_store
        from assistant.indexing.postgres.schema import SCHEMA
        from assistant.indexing.postgres.shelf import PostgresStore

        opened = []

        def made(documents, entries):
            encoder = encoder_record(EMBEDDER)
            psycopg = pytest.importorskip("psycopg")
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
            build_store(url, documents, entries, tokenizer=TOKENIZER.fingerprint, encoder=encoder)
            opened.append(PostgresStore(url, tokenizer=TOKENIZER.fingerprint, encoder=encoder))
            return opened[-1]

        yield made
        for store in opened:
            store.close()


@pytest.mark.slow
class TestMilvusStore(StoreContract):
    """Over Milvus Lite, the library that stands in for a server."""

    @pytest.fixture
    def make(self, tmp_path):
        pytest.importorskip("milvus_lite")
        from assistant.indexing.milvus.building import build_store
        from assistant.indexing.milvus.shelf import MilvusStore

        opened = []

        def made(documents, entries):
            address, encoder = str(tmp_path / "store.db"), encoder_record(EMBEDDER)
            build_store(address, documents, entries, tokenizer=TOKENIZER.fingerprint, encoder=encoder)
            opened.append(MilvusStore(address, tokenizer=TOKENIZER.fingerprint, encoder=encoder))
            return opened[-1]

        yield made
        for store in opened:
            store.close()
