"""An ingest into a shared store until its input is closed: store_writer.py ADDRESS. Prints the clauses written."""

from __future__ import annotations

import itertools
import sys
import threading

from many_clauses import policies

from assistant.answering.answerer import open_answerer
from assistant.indexing.build import encoder_record, entries_of
from assistant.indexing.postgres.shelf import PostgresStore
from assistant.settings import Settings


def main(address: str) -> None:
    holdings = open_answerer(Settings()).holdings
    library = holdings.library
    store = PostgresStore(address, encoder=encoder_record(library.embedder), connections=2)
    sentences = [chunk.text for chunk in holdings.chunks.values() if chunk.kind == "text"]
    questions = [question for chunk in holdings.chunks.values() for question in chunk.questions]
    stopped, written = threading.Event(), 0
    threading.Thread(target=lambda: (sys.stdin.read(), stopped.set()), daemon=True).start()
    for seed in itertools.count(1000):
        # the same documents again and again with other texts: rows are replaced as well as added
        for document, chunks in policies(1000, sentences, questions, seed):
            if stopped.is_set():
                store.close()
                sys.stdout.write(str(written))
                return
            store.upsert([document], entries_of(chunks, library.tokenizer, library.embedder))
            written += len(chunks)


if __name__ == "__main__":
    main(sys.argv[1])
