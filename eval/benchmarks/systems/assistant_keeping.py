"""This project, from a folder of texts to its index, as `python -m assistant build` does it."""

from __future__ import annotations

import json
import sys
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

from keeping import main  # noqa: E402

from assistant import Settings, build_index  # noqa: E402


class Assistant:
    def __init__(self) -> None:
        self.versions = {name: version(name) for name in ("tantivy", "faiss-cpu", "rjieba", "numpy")}

    def build(self, corpus: Path, folder: Path) -> int:
        index = folder / "index"
        build_index(Settings(corpus_dir=corpus, questions_dir=corpus / "questions", index_dir=index))
        return self._units(index)

    def _units(self, index: Path) -> int:
        current = (index / "CURRENT").read_text(encoding="ascii").split()[0]
        return json.loads((index / current / "manifest.json").read_text(encoding="utf-8"))["chunks"]

    def change(self, corpus: Path, changed: Path, folder: Path) -> int:
        return self.build(corpus, folder)


if __name__ == "__main__":
    main(Assistant)
