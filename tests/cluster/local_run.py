"""Run by test_this_machine.py in a process of its own: a corpus into a folder by two local workers, one file a poison.

python local_run.py CORPUS HELD

Prints a JSON object: what was listened on and by whom, the counts, the refusals.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from dataclasses import asdict
from functools import partial
from pathlib import Path

from ingesting.fake_target import FileTarget

from assistant.indexing.protocol import Entry
from assistant.indexing.weighting import MeanLengths
from assistant.ingesting.spreading import put_corpus
from assistant.ingesting.working import DocumentWorker
from assistant.integrations.ray_data import ray_crew
from assistant.model import PolicyDocument
from assistant.settings import Settings
from cluster.nodes import listening

POISON = "made-0003"


class PoisonedTarget(FileTarget):
    """The process that puts a certain policy in does not outlive it."""

    def replace(self, document: PolicyDocument, entries: list[Entry], digest: str, gone) -> bool:
        if document.policy.policy_id == POISON:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().replace(document, entries, digest, gone)


def main(corpus: Path, held: Path) -> None:
    settings = Settings(corpus_dir=corpus, questions_dir=corpus / "questions", encoder="none")
    opening = partial(PoisonedTarget, held)
    mine = DocumentWorker(settings, opening)
    target = opening("", None)
    target.create(MeanLengths(10, 10, 1))
    with ray_crew("2", settings, opening, mine.recipe) as crew:
        addresses = sorted(listening())
        summary = put_corpus(crew, target, mine.recipe, settings, sys.stderr.write)
    refused = [asdict(report) for report in summary.refused]
    sys.stdout.write(json.dumps({"listening": addresses, "counts": summary.counts, "refused": refused}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
