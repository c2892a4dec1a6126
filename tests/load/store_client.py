"""Clients of a shared store, in a process of their own: store_client.py ADDRESS CLIENTS QUESTIONS PAUSE_S SEED.

Each client asks its questions one after the other, `PAUSE_S` apart from start to start (0: at once), and searches a
city and its province as an answer would. Prints {"seconds": […], "processor_s": …, "errors": […]}.
"""

from __future__ import annotations

import json
import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from many_clauses import CITIES, PROVINCE

from assistant.answering.answerer import SEARCHED_KINDS, open_answerer
from assistant.indexing.build import encoder_record
from assistant.indexing.postgres.shelf import PostgresStore
from assistant.model import Question, Scope
from assistant.retrieval.search import Searcher
from assistant.retrieval.understanding import understand
from assistant.settings import ROOT, Settings


def main(address: str, clients: int, asked: int, pause: float, seed: int) -> None:
    holdings = open_answerer(Settings()).holdings
    library = holdings.library
    store = PostgresStore(address, encoder=encoder_record(library.embedder), connections=clients)
    searcher = Searcher.over(store, library.embedder, SEARCHED_KINDS)
    lines = (ROOT / "eval" / "questions" / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["question"] for line in lines]
    queries = [holdings.query(understand(Question(t), holdings.documents, holdings.gazetteer)) for t in texts]
    seconds, errors = [], []

    def client(number: int) -> None:
        chance = random.Random(seed * 1000 + number)
        time.sleep(chance.random() * pause)
        for _ in range(asked):
            city, started = chance.choice(CITIES), time.perf_counter()
            try:
                scope = Scope((frozenset({city}), frozenset({PROVINCE})), city)
                kept = searcher.search(chance.choice(queries), scope, 12).kept
                if any(store.chunks[hit.chunk_id].jurisdiction not in (city, PROVINCE) for hit in kept):
                    errors.append("out of scope")
            except Exception as error:  # counted, whatever it is
                errors.append(repr(error))
            taken = time.perf_counter() - started
            seconds.append(taken)
            time.sleep(max(0.0, pause - taken))

    searcher.search(queries[0], Scope((frozenset({PROVINCE}),)), 12)  # tables are read on first use
    used = time.process_time()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(client, range(clients)))
    told = {"seconds": seconds, "processor_s": time.process_time() - used, "errors": errors}
    store.close()
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5]))
