"""The usual LangChain recipe, kept current: FAISS on disk with ids, passages beside it, BM25Retriever made anew.

A changed text: its passages are deleted from FAISS by id and the new ones added; BM25Retriever has no other way than
to be made from all passages again.
"""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path

from chinese import CHUNK, OVERLAP, SEPARATORS, Words
from keeping import main
from langchain_community.retrievers import BM25Retriever
from langchain_community.vectorstores import FAISS
from langchain_core.documents import Document as Passage
from langchain_text_splitters import RecursiveCharacterTextSplitter
from langchain_vectors import Vectors


class LangChain:
    def __init__(self) -> None:
        names = ("langchain-core", "langchain-community", "faiss-cpu", "rank-bm25")
        self.versions = {name: version(name) for name in names}
        self._splitter = RecursiveCharacterTextSplitter(
            chunk_size=CHUNK, chunk_overlap=OVERLAP, separators=SEPARATORS, keep_separator="end", add_start_index=True
        )

    def build(self, corpus: Path, folder: Path) -> int:
        passages = [passage for path in sorted(corpus.glob("*/*.txt")) for passage in self._cut(path)]
        ids = [passage.id for passage in passages]
        store = FAISS.from_documents(passages, Vectors(), ids=ids, distance_strategy="MAX_INNER_PRODUCT")
        return self._keep(store, passages, folder)

    def change(self, corpus: Path, changed: Path, folder: Path) -> int:
        with (folder / "passages.jsonl").open(encoding="utf-8") as file:
            held = [Passage(id=i, page_content=text, metadata=about) for i, text, about in map(json.loads, file)]
        store = FAISS.load_local(
            str(folder), Vectors(), allow_dangerous_deserialization=True, distance_strategy="MAX_INNER_PRODUCT"
        )
        name = changed.stem
        store.delete([passage.id for passage in held if passage.metadata["doc"] == name])
        fresh = self._cut(changed)
        store.add_documents(fresh, ids=[passage.id for passage in fresh])
        return self._keep(store, [p for p in held if p.metadata["doc"] != name] + fresh, folder)

    def _cut(self, path: Path) -> list[Passage]:
        whole = Passage(page_content=path.read_text(encoding="utf-8"), metadata={"doc": path.stem})
        found = self._splitter.split_documents([whole])
        for number, passage in enumerate(found):
            passage.id = f"{path.stem}-{number}"
        return found

    def _keep(self, store: FAISS, passages: list[Passage], folder: Path) -> int:
        store.save_local(str(folder))
        with (folder / "passages.jsonl").open("w", encoding="utf-8") as file:
            for passage in passages:
                file.write(json.dumps([passage.id, passage.page_content, passage.metadata], ensure_ascii=False) + "\n")
        BM25Retriever.from_documents(passages, preprocess_func=Words())
        return len(passages)


if __name__ == "__main__":
    main(LangChain)
