"""One system, one folder of texts, one job: index them all, or take in the one that changed. Started by `bench.py`.

    python eval/benchmarks/systems/NAME.py JOB.json

The job is {"action": "build" or "change", "corpus", "changed", "folder", "out"}; `changed` is the path of the text that
is another since `build`. Time and processor time are those of the whole process with its children, start included.
Only the standard library is imported here, so that every environment can.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

STARTED = time.perf_counter()


class Keeper(Protocol):
    """What a recipe offers; both give the number of units indexed."""

    versions: dict[str, str]

    def build(self, corpus: Path, folder: Path) -> int: ...
    def change(self, corpus: Path, changed: Path, folder: Path) -> int: ...


def main(make: Callable[[], Keeper]) -> None:
    job = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    corpus, folder = Path(job["corpus"]), Path(job["folder"])
    folder.mkdir(parents=True, exist_ok=True)
    keeper = make()
    build = job["action"] == "build"
    units = keeper.build(corpus, folder) if build else keeper.change(corpus, Path(job["changed"]), folder)
    told = {"versions": keeper.versions, "units": units, "s": time.perf_counter() - STARTED, **_spent()}
    Path(job["out"]).write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    sys.stdout.flush()
    os._exit(0)  # some libraries leave threads behind


def _spent() -> dict[str, float]:
    """Processor seconds, and the most memory: this process's and its largest child's together."""
    own, below = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    held = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])
    cpu = sum(part for used in (own, below) for part in (used.ru_utime, used.ru_stime))
    return {"cpu_s": cpu, "peak_mb": (held + below.ru_maxrss) / 1024}
