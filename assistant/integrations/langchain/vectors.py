"""A store of ours as a LangChain vector store: the index of the policies, or one filled with documents of one's own."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.vectorstores import VectorStore

from assistant.indexing.build import words_of
from assistant.indexing.dense import Vectors
from assistant.indexing.protocol import EVERYWHERE, Entry, Filter, Store
from assistant.model import Chunk, Clause, Level, Policy, PolicyDocument, Span
from assistant.tokenization import Tokenizer, load_tokenizer

_FOREIGN = "documents"
"""The policy of documents that name none."""


class PolicyVectorStore(VectorStore):
    """Cosine search in any store; `where` narrows it, inside the search.

    Documents keep their metadata; one that names a "policy_id" can be found by `Filter.policy_ids`.

    Args:
        store: opened with vectors, of the dimension of the embedding.
        embedding: what the store's vectors were made with.
        tokenizer: cuts the documents put in, so that they can be found by words too; ours unless told otherwise.
    """

    def __init__(self, store: Store, embedding: Embeddings, tokenizer: Tokenizer | None = None) -> None:
        self._store = store
        self._embedding = embedding
        self._tokenizer = tokenizer or load_tokenizer()

    @property
    def embeddings(self) -> Embeddings:
        """What the vectors are made with."""
        return self._embedding

    @property
    def store(self) -> Store:
        """The store as it is after all that was added and deleted here."""
        return self._store

    def add_texts(
        self,
        texts: Iterable[str],
        metadatas: list[dict[str, Any]] | None = None,
        *,
        ids: Sequence[str | None] | None = None,
        **kwargs: Any,  # noqa: ANN401 - LangChain's signature
    ) -> list[str]:
        """Put texts in, over those of the same id; returns their ids, made where none is given."""
        contents = list(texts)
        named = [given or str(uuid.uuid4()) for given in (ids or [None] * len(contents))]
        facts = metadatas or [{} for _ in contents]
        chunks = [_chunk(*one) for one in zip(named, contents, facts, strict=True)]
        vectors = _unit(self._embedding.embed_documents(contents)) if contents else np.zeros((0, 0), np.float32)
        none = np.zeros((0, vectors.shape[1]), np.float32)
        entries = {
            chunk.chunk_id: Entry(chunk, words_of(chunk, self._tokenizer), vector, none)
            for chunk, vector in zip(chunks, vectors, strict=True)
        }
        new = {chunk.policy_id for chunk in chunks} - self._store.documents.keys()
        self._store = self._store.upsert([_policy(policy_id) for policy_id in sorted(new)], list(entries.values()))
        return named

    def delete(self, ids: list[str] | None = None, **kwargs: Any) -> bool | None:  # noqa: ANN401
        """Take documents out; ids that are not there are passed over, and None takes out nothing."""
        if ids:
            self._store = self._store.delete(ids)
        return True

    def get_by_ids(self, ids: Sequence[str], /) -> list[Document]:
        """The documents of these ids that are there."""
        held = self._store.chunks
        return [_document(held[one]) for one in ids if one in held]

    def similarity_search(
        self,
        query: str,
        k: int = 4,
        where: Filter = EVERYWHERE,
        **kwargs: Any,  # noqa: ANN401
    ) -> list[Document]:
        """The `k` nearest documents that `where` lets through."""
        return [document for document, _ in self.similarity_search_with_score(query, k, where)]

    def similarity_search_with_score(
        self,
        query: str,
        k: int = 4,
        where: Filter = EVERYWHERE,
        **kwargs: Any,  # noqa: ANN401
    ) -> list[tuple[Document, float]]:
        """The same with their cosines."""
        return self._near(self._embedding.embed_query(query), k, where)

    def similarity_search_by_vector(
        self,
        embedding: list[float],
        k: int = 4,
        where: Filter = EVERYWHERE,
        **kwargs: Any,  # noqa: ANN401
    ) -> list[Document]:
        """The `k` documents nearest to a vector."""
        return [document for document, _ in self._near(embedding, k, where)]

    @classmethod
    def from_texts(
        cls,
        texts: list[str],
        embedding: Embeddings,
        metadatas: list[dict[str, Any]] | None = None,
        *,
        ids: list[str] | None = None,
        store: Store | None = None,
        **kwargs: Any,  # noqa: ANN401
    ) -> PolicyVectorStore:
        """Put texts into a store that is given.

        Raises:
            ValueError: no store is given.
        """
        if store is None:
            raise ValueError("PolicyVectorStore.from_texts needs store=…, an opened store of ours.")
        made = cls(store, embedding)
        made.add_texts(texts, metadatas, ids=ids)
        return made

    def _near(self, embedding: list[float], k: int, where: Filter) -> list[tuple[Document, float]]:
        found = self._store.search_vectors(_unit([embedding])[0], k, where)
        chunks = self._store.records([row for row, _ in found])
        return [(_document(chunks[row]), score) for row, score in found if row in chunks]

    def _select_relevance_score_fn(self) -> Any:  # noqa: ANN401
        return lambda cosine: (1 + cosine) / 2


def _unit(rows: Sequence[Sequence[float]]) -> Vectors:
    vectors = np.asarray(rows, dtype=np.float32)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Vectors = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return unit


def _chunk(chunk_id: str, text: str, metadata: dict[str, Any]) -> Chunk:
    """A document as a chunk; what would be the clause's id holds its metadata, as it has no clause."""
    policy_id = str(metadata.get("policy_id") or _FOREIGN)
    return Chunk(
        chunk_id, policy_id, json.dumps(metadata, ensure_ascii=False), "", Span(0, len(text)), "text", text, ""
    )


def _document(chunk: Chunk) -> Document:
    if chunk.clause_id.startswith("{"):
        return Document(id=chunk.chunk_id, page_content=chunk.text, metadata=json.loads(chunk.clause_id))
    facts = {
        "policy_id": chunk.policy_id,
        "clause_id": chunk.clause_id,
        "jurisdiction": chunk.jurisdiction,
        "kind": chunk.kind,
        "start": chunk.span.start,
        "end": chunk.span.end,
    }
    return Document(id=chunk.chunk_id, page_content=chunk.text, metadata=facts)


def _policy(policy_id: str) -> PolicyDocument:
    """What a store needs to know of documents that are no policy."""
    policy = Policy(policy_id, policy_id, "", "", "", None)
    return PolicyDocument(policy, Clause(f"{policy_id}#", Level.DOCUMENT, "", "", "", Span(0, 0)), ())
