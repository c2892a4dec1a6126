"""LangChain's own suites, as they are."""

from __future__ import annotations

import pytest

pytest.importorskip("langchain_tests")

from langchain_tests.integration_tests import EmbeddingsIntegrationTests, RetrieversIntegrationTests
from langchain_tests.unit_tests import EmbeddingsUnitTests

from assistant.integrations.langchain import PolicyRetriever, StaticEmbeddings
from tests.conftest import TODAY


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
