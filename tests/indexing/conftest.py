from __future__ import annotations

import pytest
from fakes import FakeEmbedder

from assistant.tokenization import Tokenizer, load_tokenizer


@pytest.fixture(scope="session")
def tokenizer() -> Tokenizer:
    return load_tokenizer()


@pytest.fixture
def embedder() -> FakeEmbedder:
    return FakeEmbedder()
