"""This project, whole: texts to clauses to an index, questions to worded answers with citations."""

from __future__ import annotations

import shutil
import sys
from datetime import date
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

from harness import Document, Found, main  # noqa: E402

from assistant import Question, Settings, build_index, open_answerer  # noqa: E402

_AS_OF = date(2026, 11, 20)


class Answers:
    """A document's id is "place/policy id"; the place's folder is made anew under the index folder.

    The five policies come with their lay questions, as the project ships them.
    """

    def __init__(self) -> None:
        self.versions = {name: version(name) for name in ("tantivy", "faiss-cpu", "rjieba", "numpy")}

    def _settings(self, folder: Path) -> Settings:
        return Settings(
            corpus_dir=folder / "corpus", questions_dir=ROOT / "corpus" / "questions", index_dir=folder / "index"
        )

    def build(self, documents: list[Document], folder: Path, split: bool) -> int:
        settings = self._settings(folder)
        shutil.copytree(ROOT / "corpus", settings.corpus_dir, ignore=shutil.ignore_patterns("*.txt", "questions"))
        metadata = settings.corpus_dir / "metadata.jsonl"
        held = {document.doc.split("/")[1] for document in documents}
        if metadata.exists() and not held & {path.stem for path in (ROOT / "corpus").glob("*/*.txt")}:
            metadata.unlink()
        for document in documents:
            path = settings.corpus_dir / f"{document.doc}.txt"
            path.parent.mkdir(exist_ok=True)
            path.write_text(document.text, encoding="utf-8", newline="")
        build_index(settings)
        self._answerer = open_answerer(settings)
        return self._answerer.holdings.library.store.counts.chunks

    def open(self, folder: Path) -> None:
        self._answerer = open_answerer(self._settings(folder))
        self._folders = {d.policy.policy_id: d.policy.source.split("/")[1] for d in self._answerer.documents}

    def search(self, query: dict, k: int) -> list[Found]:
        question = Question(query["question"], query["region"], query["role"])
        reply = self._answerer.answer(question, _AS_OF)
        draft = getattr(reply, "draft", None)
        citations = () if draft is None else draft.citations[:k]
        return [
            Found(f"{self._folders[c.policy.policy_id]}/{c.policy.policy_id}", c.span.start, c.span.end)
            for c in citations
        ]


if __name__ == "__main__":
    main(Answers)
