"""Run by test_killed.py: ingest and build in a process that is killed at a random moment, again and again.

    python killed.py FOLDER ROUNDS SEED

After each kill the index must open and every text must read; after all of them a run that is left alone must succeed.
Prints one JSON object: rounds, how many were killed before they ended, how many left something behind, faults.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

from conftest import Place, notice, put
from made_files import make_page

from assistant.errors import AssistantError
from assistant.indexing.pipeline import build_index, open_gazetteer, source_files
from assistant.indexing.store import open_generation
from assistant.ingesting.filing import origins
from assistant.ingesting.ingest import ingest
from assistant.parsing.origins import check_origin
from assistant.parsing.reading import read_corpus
from assistant.settings import Settings


def main() -> None:
    place, rounds, seed = Place(Path(sys.argv[1])), int(sys.argv[2]), int(sys.argv[3])
    settings = Settings(corpus_dir=place.corpus, index_dir=place.index)
    gazetteer = open_gazetteer(settings)
    chance = random.Random(seed)

    def take(number: int) -> None:
        words = notice(number)
        path = put(place, f"{number}.txt", words)
        if number % 3 == 0:
            path = path.with_suffix(".html")
            path.write_bytes(make_page(words))
        list(ingest([path], settings.corpus_dir, gazetteer))
        build_index(settings)

    def alone(work, *arguments) -> int:
        child = os.fork()
        if child == 0:
            os.setpgid(0, 0)
            try:
                work(*arguments)
            except BaseException:
                os._exit(1)
            os._exit(0)
        return child

    def whole() -> None:
        """Raises where anything stored or indexed is not whole."""
        generation = open_generation(settings.index_dir)
        documents = read_corpus(settings.corpus_dir, gazetteer)
        for text, origin in origins(settings.corpus_dir).values():
            if origin is not None:
                check_origin(origin, text, origin.text_sha256, deep=True)
        if not documents or not generation.documents:
            raise AssistantError("nothing there")

    begun = time.monotonic()
    os.waitpid(alone(take, 100_000), 0)
    usual = time.monotonic() - begun
    killed = left = 0
    faults = []
    for number in range(1, rounds + 1):
        child = alone(take, number)
        time.sleep(chance.uniform(0, 1.1 * usual))
        ended, _ = os.waitpid(child, os.WNOHANG)
        if ended == 0:
            os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
            killed += 1
        left += bool(place.leftovers())
        try:
            whole()
        except AssistantError as error:
            faults.append(f"{number}: {error}")
    _, status = os.waitpid(alone(take, 200_000), 0)
    if status != 0 or place.leftovers():
        faults.append(f"the last run: status {status}, left {place.leftovers()}")
    manifest = open_generation(settings.index_dir).manifest
    if set(manifest.provenance.sources) != set(source_files(settings)):
        faults.append("the last index is not of the texts as they are")
    sys.stdout.write(json.dumps({"rounds": rounds, "killed": killed, "left": left, "faults": faults}) + "\n")


if __name__ == "__main__":
    main()
