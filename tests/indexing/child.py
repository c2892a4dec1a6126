"""Run by test_store.py in a process of its own, which it may kill: build the sample index once under a difficulty.

The repository and tests/ must be on PYTHONPATH.

python child.py INDEX_DIR kill N       die by SIGKILL at the Nth call that makes a write durable
python child.py INDEX_DIR limit WHAT   allow no file above 64 KB while WHAT (documents, lexical, dense) needs more
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from dataclasses import replace
from pathlib import Path

from fakes import FakeEmbedder

from assistant.errors import IndexStoreError
from assistant.indexing import store
from assistant.indexing.build import build_generation
from assistant.tokenization import load_tokenizer
from indexing.samples import SOURCES, build, chunks, documents

LIMIT_BYTES = 64 * 1024


def die_at(call: int) -> None:
    real, calls = store._sync, [0]

    def sync(path: Path) -> None:
        calls[0] += 1
        if calls[0] == call:
            os.kill(os.getpid(), signal.SIGKILL)
        real(path)

    store._sync = sync


def build_large(index_dir: Path, what: str) -> None:
    made = documents()
    sentences = chunks(made)
    questions, dimension = {}, 8
    if what == "documents":
        made[0] = replace(made[0], policy=replace(made[0].policy, contact="问" * LIMIT_BYTES))
    elif what == "lexical":
        questions = {sentences[0].chunk_id: tuple(f"{number:x}问" for number in range(10**12, 10**12 + 90_000))}
    else:
        dimension = LIMIT_BYTES
    tokenizer = load_tokenizer()
    resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT_BYTES, LIMIT_BYTES))
    build_generation(made, sentences, questions, tokenizer, FakeEmbedder(dimension), index_dir, SOURCES)


if __name__ == "__main__":
    directory, mode, value = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    try:
        if mode == "kill":
            die_at(int(value))
            build(directory, load_tokenizer(), FakeEmbedder())
        else:
            build_large(directory, value)
    except IndexStoreError as error:
        sys.exit(f"{type(error).__name__}: {error}")
