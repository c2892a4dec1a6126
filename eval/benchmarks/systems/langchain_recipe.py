"""The usual LangChain recipe: recursive splitter, FAISS, BM25Retriever, EnsembleRetriever.

For Chinese: separators of Chinese text, jieba search tokens for BM25 (as installed it splits on blanks and matches
nothing). BM25Retriever keeps nothing on disk: opening cuts and counts the texts again, as the recipe does.
"""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path

from chinese import CHUNK, OVERLAP, SEPARATORS, Words
from harness import Document, Found, main
from langchain_classic.retrievers import EnsembleRetriever
from langchain_community.retrievers import BM25Retriever
from langchain_community.vectorstores import FAISS
from langchain_core.documents import Document as Passage
from langchain_text_splitters import RecursiveCharacterTextSplitter
from langchain_vectors import Vectors


class LangChainRecipe:
    def __init__(self) -> None:
        names = ("langchain-core", "langchain-classic", "langchain-community", "faiss-cpu", "rank-bm25")
        self.versions = {name: version(name) for name in names}
        self._words = Words()

    def build(self, documents: list[Document], folder: Path, split: bool) -> int:
        passages = [
            Passage(page_content=d.text, metadata={"doc": d.doc, "start_index": 0, "row": i})
            for i, d in enumerate(documents)
        ]
        if split:
            splitter = RecursiveCharacterTextSplitter(
                chunk_size=CHUNK,
                chunk_overlap=OVERLAP,
                separators=SEPARATORS,
                keep_separator="end",
                add_start_index=True,
            )
            passages = splitter.split_documents(passages)
        store = FAISS.from_documents(passages, Vectors(), distance_strategy="MAX_INNER_PRODUCT")
        store.save_local(str(folder))
        with (folder / "passages.jsonl").open("w", encoding="utf-8") as file:
            for passage in passages:
                file.write(json.dumps([passage.page_content, passage.metadata], ensure_ascii=False) + "\n")
        self._retriever(store, passages)
        return len(passages)

    def open(self, folder: Path) -> None:
        with (folder / "passages.jsonl").open(encoding="utf-8") as file:
            passages = [Passage(page_content=text, metadata=metadata) for text, metadata in map(json.loads, file)]
        store = FAISS.load_local(
            str(folder), Vectors(), allow_dangerous_deserialization=True, distance_strategy="MAX_INNER_PRODUCT"
        )
        self._retriever(store, passages)

    def _retriever(self, store: FAISS, passages: list[Passage]) -> None:
        self._bm25 = BM25Retriever.from_documents(passages, preprocess_func=self._words)
        self._dense = store.as_retriever()
        self._both = EnsembleRetriever(retrievers=[self._bm25, self._dense], weights=[0.5, 0.5])

    def search(self, query: dict, k: int) -> list[Found]:
        self._bm25.k = k
        self._dense.search_kwargs = {"k": k}
        return [
            Found(p.metadata["doc"], p.metadata["start_index"], p.metadata["start_index"] + len(p.page_content))
            for p in self._both.invoke(query["text"])[:k]
        ]


if __name__ == "__main__":
    main(LangChainRecipe)
