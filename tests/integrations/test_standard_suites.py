"""LangChain's own suites, as they are."""

from __future__ import annotations

import pytest

pytest.importorskip("langchain_tests")

from fakes import FakeEmbedder
from langchain_tests.integration_tests import (
    EmbeddingsIntegrationTests,
    RetrieversIntegrationTests,
    VectorStoreIntegrationTests,
)
from langchain_tests.unit_tests import EmbeddingsUnitTests
from servers import postgres

from assistant.indexing.build import build_generation, encoder_record
from assistant.indexing.embedded import EmbeddedStore
from assistant.indexing.store import open_generation
from assistant.integrations.langchain import PolicyRetriever, PolicyVectorStore, StaticEmbeddings
from assistant.tokenization import load_tokenizer
from tests.conftest import TODAY

SIX = FakeEmbedder(6)  # as many numbers as the suite's own embeddings have


class TestPolicyRetriever(RetrieversIntegrationTests):
    @pytest.fixture(autouse=True)
    def _opened(self, real_answerer):
        self.answerer = real_answerer

    @property
    def retriever_constructor(self):
        return PolicyRetriever

    @property
    def retriever_constructor_params(self):
        return {"answerer": self.answerer, "clock": lambda: TODAY, "k": 2}

    @property
    def retriever_query_example(self):
        return "广州首席技师有什么待遇"


class TestStaticEmbeddings(EmbeddingsIntegrationTests):
    @property
    def embeddings_class(self):
        return StaticEmbeddings


class TestStaticEmbeddingsUnit(EmbeddingsUnitTests):
    @property
    def embeddings_class(self):
        return StaticEmbeddings


class TestPolicyVectorStoreEmbedded(VectorStoreIntegrationTests):
    @pytest.fixture
    def vectorstore(self, tmp_path):
        tokenizer = load_tokenizer()
        build_generation([], [], {}, tokenizer, SIX, tmp_path, ())
        store = EmbeddedStore(open_generation(tmp_path, encoder=encoder_record(SIX)), tmp_path, tokenizer)
        return PolicyVectorStore(store, self.get_embeddings(), tokenizer)


@pytest.fixture(scope="module")
def url():
    with postgres() as database:
        yield database()


class TestPolicyVectorStoreInPostgres(VectorStoreIntegrationTests):
    @pytest.fixture
    def vectorstore(self, url):
        from assistant.indexing.postgres.building import build_store
        from assistant.indexing.postgres.shelf import PostgresStore

        tokenizer, encoder = load_tokenizer(), encoder_record(SIX)
        build_store(url, [], [], tokenizer=tokenizer.fingerprint, encoder=encoder)
        store = PostgresStore(url, encoder=encoder)
        yield PolicyVectorStore(store, self.get_embeddings(), tokenizer)
        store.close()
