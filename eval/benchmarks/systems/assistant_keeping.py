"""This project, from a folder of texts to its index, as `python -m assistant build` does it."""

from __future__ import annotations

import sys
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

from keeping import main  # noqa: E402

from assistant import Settings, build_index  # noqa: E402
from assistant.indexing.store import open_generation  # noqa: E402


class Assistant:
    def __init__(self) -> None:
        self.versions = {name: version(name) for name in ("tantivy", "faiss-cpu", "rjieba", "numpy")}

    def build(self, corpus: Path, folder: Path) -> int:
        index = folder / "index"
        build_index(Settings(corpus_dir=corpus, questions_dir=corpus / "questions", index_dir=index))
        return open_generation(index).columns.count

    def change(self, corpus: Path, changed: Path, folder: Path) -> int:
        return self.build(corpus, folder)


if __name__ == "__main__":
    main(Assistant)
