"""The bundled encoder as LangChain embeddings: no torch, no network."""

from __future__ import annotations

from pathlib import Path

from langchain_core.embeddings import Embeddings

from assistant.indexing.embedding import Embedder
from assistant.indexing.static_encoder import load_static_encoder
from assistant.settings import BUNDLED_ENCODER


class StaticEmbeddings(Embeddings):
    """Vectors of length 1 from a table of word pieces.

    A text without a known piece has a vector of zeros, which is near to nothing.

    Args:
        folder: the encoder's files; the bundled ones unless told otherwise.

    Raises:
        EncoderError: A file is missing or not the one its manifest names.
    """

    def __init__(self, folder: Path = BUNDLED_ENCODER) -> None:
        self._embedder: Embedder = load_static_encoder(folder)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Vectors of texts to be found."""
        return [[float(value) for value in row] for row in self._embedder.embed_passages(texts)]

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question."""
        return [float(value) for value in self._embedder.embed_queries([text])[0]]
