"""The bundled encoder's vectors as LangChain's embeddings."""

from __future__ import annotations

from chinese import StaticVectors
from langchain_core.embeddings import Embeddings


class Vectors(Embeddings):
    def __init__(self) -> None:
        self._static = StaticVectors()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self._static.embed(texts)  # FAISS takes the array as it is; a list of lists would only be slower

    def embed_query(self, text: str) -> list[float]:
        return self._static.embed([text])[0].tolist()
