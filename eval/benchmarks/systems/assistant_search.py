"""This project's retrieval alone, over the passages the peers are given: the same units, the same work."""

from __future__ import annotations

import hashlib
import json
import sys
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

from harness import Document, Found, main  # noqa: E402

from assistant.indexing.build import build_generation, encoder_record  # noqa: E402
from assistant.indexing.embedded import EmbeddedStore  # noqa: E402
from assistant.indexing.static_encoder import load_static_encoder  # noqa: E402
from assistant.indexing.store import open_generation  # noqa: E402
from assistant.model import Chunk, Clause, Level, Policy, PolicyDocument, Scope, Span  # noqa: E402
from assistant.retrieval.hybrid import HybridRetriever  # noqa: E402
from assistant.retrieval.lay_wording import policy_words, read_hand_wording, read_wording  # noqa: E402
from assistant.retrieval.retrievers import Query  # noqa: E402
from assistant.retrieval.stopwords import read_stopwords  # noqa: E402
from assistant.settings import BUNDLED_ENCODER, Settings  # noqa: E402
from assistant.tokenization import load_tokenizer  # noqa: E402

_NATION = "100000"
_SCOPE = Scope((frozenset({_NATION}),))
_TOGETHER = 200
"""Passages kept in one text."""


class Search:
    """A passage's first line is its heading."""

    def __init__(self) -> None:
        self.versions = {name: version(name) for name in ("tantivy", "faiss-cpu", "rjieba", "numpy")}
        self._lexicon = Settings().lexicon_dir
        self._tokenizer = load_tokenizer(self._lexicon / "user_dictionary.txt")
        self._encoder = load_static_encoder(BUNDLED_ENCODER)

    def build(self, documents: list[Document], folder: Path, split: bool) -> int:
        if split:
            raise ValueError("Passages only; assistant_answers.py reads whole policies.")
        policies, chunks, names = [], [], {}
        for at in range(0, len(documents), _TOGETHER):
            policy, own = _policy(f"text-{at // _TOGETHER:05}", documents[at : at + _TOGETHER])
            policies.append(policy)
            chunks += own
        names = {chunk.chunk_id: document.doc for chunk, document in zip(chunks, documents, strict=True)}
        build_generation(policies, chunks, {}, self._tokenizer, self._encoder, folder / "index", ())
        (folder / "names.json").write_text(json.dumps(names), encoding="utf-8")
        return len(chunks)

    def open(self, folder: Path) -> None:
        self._names = json.loads((folder / "names.json").read_text(encoding="utf-8"))
        generation = open_generation(folder / "index", encoder=encoder_record(self._encoder))
        self._retriever = HybridRetriever(EmbeddedStore(generation), self._encoder)
        self._stopwords = read_stopwords(self._lexicon / "stopwords.txt")
        hand = read_hand_wording(self._lexicon / "wording.tsv", self._tokenizer)
        self._wording = {**read_wording(BUNDLED_ENCODER / "translations.json"), **hand}

    def search(self, query: dict, k: int) -> list[Found]:
        text = query["text"]
        tokens = tuple(token for token in self._tokenizer.tokens(text) if token not in self._stopwords)
        asked = Query(text, tokens, (), policy_words(self._wording, tokens))
        return [Found(self._names[hit.chunk_id], 0, 0) for hit in self._retriever.retrieve(asked, _SCOPE, k)]


def _policy(policy_id: str, documents: list[Document]) -> tuple[PolicyDocument, list[Chunk]]:
    text, chunks = "", []
    for document in documents:
        title, _, body = document.text.partition("\n")
        span = Span(len(text), len(text) + len(body))
        chunk_id = f"{policy_id}@{span.start}-{span.end}"
        chunks.append(Chunk(chunk_id, policy_id, f"{policy_id}#document", _NATION, span, "text", body, title))
        text += body + "\n"
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    policy = Policy(policy_id, policy_id, text, f"{policy_id}.txt", sha256, _NATION)
    root = Clause(f"{policy_id}#document", Level.DOCUMENT, "", "", "", Span(0, len(text)))
    return PolicyDocument(policy, root, ()), chunks


if __name__ == "__main__":
    main(Search)
