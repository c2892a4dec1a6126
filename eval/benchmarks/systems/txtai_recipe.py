"""txtai: a hybrid index (FAISS and its own BM25 with normalised scores), half and half.

txtai has no splitter of its own for this; texts are cut at line ends into pieces of up to 500 characters. For Chinese:
jieba search tokens parted by blanks and split on them; the embedding takes the blanks out again.
"""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path

from chinese import CHUNK, StaticVectors, Words
from harness import Document, Found, main
from txtai.embeddings import Embeddings

_STATIC = StaticVectors()


def embed(texts):  # a function, as txtai wants it
    return _STATIC.embed(["".join(text.split()) for text in texts])


class Txtai:
    def __init__(self) -> None:
        self.versions = {name: version(name) for name in ("txtai", "torch", "faiss-cpu")}
        self._words = Words()

    def build(self, documents: list[Document], folder: Path, split: bool) -> int:
        pieces = [piece for d in documents for piece in (_pieces(d) if split else [Found(d.doc, 0, len(d.text))])]
        texts = {d.doc: d.text for d in documents}
        self._index = Embeddings(
            {
                "method": "external",
                "transform": embed,
                "backend": "faiss",
                "scoring": {"method": "bm25", "terms": True, "normalize": True, "tokenizer": {"whitespace": True}},
                "content": False,
            }
        )
        self._index.index((i, " ".join(self._words(texts[p.doc][p.start : p.end])), None) for i, p in enumerate(pieces))
        self._index.save(str(folder / "index"))
        (folder / "pieces.json").write_text(json.dumps([[p.doc, p.start, p.end] for p in pieces]), encoding="utf-8")
        return len(pieces)

    def open(self, folder: Path) -> None:
        self._pieces = [Found(*row) for row in json.loads((folder / "pieces.json").read_text(encoding="utf-8"))]
        self._index = Embeddings()
        self._index.load(str(folder / "index"), config={"transform": embed})

    def search(self, query: dict, k: int) -> list[Found]:
        return [self._pieces[int(i)] for i, _ in self._index.search(" ".join(self._words(query["text"])), k)]


def _pieces(document: Document) -> list[Found]:
    found, start, at = [], 0, 0
    for line in document.text.splitlines(keepends=True):
        if at + len(line) - start > CHUNK and at > start:
            found.append(Found(document.doc, start, at))
            start = at
        at += len(line)
        while at - start > CHUNK:
            found.append(Found(document.doc, start, start + CHUNK))
            start += CHUNK
    if at > start:
        found.append(Found(document.doc, start, at))
    return found


if __name__ == "__main__":
    main(Txtai)
