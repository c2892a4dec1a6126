"""Haystack in memory: recursive splitter, BM25 and embedding retrievers, joined by reciprocal rank.

For Chinese: separators of Chinese text, and jieba search tokens in place of the store's regular expression.
"""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from chinese import CHUNK, OVERLAP, SEPARATORS, StaticVectors, Words
from harness import Document, Found, main
from haystack import Document as Passage
from haystack.components.joiners import DocumentJoiner
from haystack.components.preprocessors import RecursiveDocumentSplitter
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore

_BATCH = 1024


class Haystack:
    def __init__(self) -> None:
        self.versions = {"haystack-ai": version("haystack-ai")}
        self._words, self._vectors = Words(), StaticVectors()

    def build(self, documents: list[Document], folder: Path, split: bool) -> int:
        passages = [
            Passage(id=f"{i}", content=d.text, meta={"doc": d.doc, "split_idx_start": 0})
            for i, d in enumerate(documents)
        ]
        if split:
            splitter = RecursiveDocumentSplitter(
                split_length=CHUNK, split_overlap=OVERLAP, split_unit="char", separators=SEPARATORS[:-1]
            )
            splitter.warm_up()
            passages = splitter.run(passages)["documents"]
        for start in range(0, len(passages), _BATCH):
            batch = passages[start : start + _BATCH]
            for passage, vector in zip(batch, self._vectors.embed([p.content for p in batch]), strict=True):
                passage.embedding = vector.tolist()
        self._store = self._empty()
        self._store.write_documents(passages)
        self._store.save_to_disk(str(folder / "store.json"))
        self._connect()
        return len(passages)

    def _empty(self) -> InMemoryDocumentStore:
        store = InMemoryDocumentStore(embedding_similarity_function="dot_product")
        store.tokenizer = self._words
        return store

    def open(self, folder: Path) -> None:
        # as load_from_disk does, but with the tokens in place before the words are counted
        import json

        with (folder / "store.json").open() as file:
            rows = json.load(file)["documents"]
        self._store = self._empty()
        self._store.write_documents([Passage.from_dict(row) for row in rows])
        self._connect()

    def _connect(self) -> None:
        self._bm25 = InMemoryBM25Retriever(self._store)
        self._dense = InMemoryEmbeddingRetriever(self._store)
        self._join = DocumentJoiner(join_mode="reciprocal_rank_fusion")

    def search(self, query: dict, k: int) -> list[Found]:
        vector = self._vectors.embed([query["text"]])[0].tolist()
        rankings = [
            self._bm25.run(query=query["text"], top_k=k)["documents"],
            self._dense.run(query_embedding=vector, top_k=k)["documents"],
        ]
        joined = self._join.run(documents=rankings, top_k=k)["documents"]
        return [
            Found(p.meta["doc"], p.meta["split_idx_start"], p.meta["split_idx_start"] + len(p.content)) for p in joined
        ]


if __name__ == "__main__":
    main(Haystack)
