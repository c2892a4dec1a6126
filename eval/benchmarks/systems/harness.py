"""One system, one corpus, one job: build, ask or cold. Started by `bench.py` in the system's own environment.

    python eval/benchmarks/systems/NAME.py JOB.json

The job is {"action", "documents", "queries", "folder", "out", "split", "depth", "clients", "seconds", "crowd_s"}; what
was measured is written to `out`. Only the standard library is imported here, so that every environment can.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

STARTED = time.perf_counter()
WARM_UP = 5


@dataclass(frozen=True)
class Document:
    """A text to be found: a whole policy, which a system cuts as it likes, or a passage that stays whole."""

    doc: str
    text: str


@dataclass(frozen=True)
class Found:
    """A stretch of a document."""

    doc: str
    start: int
    end: int


class System(Protocol):
    """What a recipe offers. `build` leaves everything a later process needs in the folder."""

    versions: dict[str, str]

    def build(self, documents: list[Document], folder: Path, split: bool) -> int: ...  # the number of units indexed
    def open(self, folder: Path) -> None: ...
    def search(self, query: dict, k: int) -> list[Found]: ...


def read_documents(path: Path) -> list[Document]:
    with path.open(encoding="utf-8") as file:
        return [Document(row["id"], row["text"]) for row in map(json.loads, file)]


def resident_mb() -> float:
    fields = Path("/proc/self/status").read_text().split("VmRSS:")[1].split()
    return int(fields[0]) / 1024


def peak_mb() -> float:
    """Of this process alone; `getrusage` would count what the parent held before it started us."""
    fields = Path("/proc/self/status").read_text().split("VmHWM:")[1].split()
    return int(fields[0]) / 1024


def processor_s() -> float:
    """Processor time so far, of this process with its threads and of child processes that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def folder_mb(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def main(make: Callable[[], System]) -> None:
    job = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    folder, out = Path(job["folder"]), Path(job["out"])
    folder.mkdir(parents=True, exist_ok=True)
    system = make()
    told: dict[str, object] = {"import_s": time.perf_counter() - STARTED, "versions": system.versions}
    if job["action"] == "build":
        documents = read_documents(Path(job["documents"]))
        before = resident_mb()
        begun, used = time.perf_counter(), processor_s()
        units = system.build(documents, folder, job["split"])
        told |= {
            "build_s": time.perf_counter() - begun,
            "build_cpu_s": processor_s() - used,
            "units": units,
            "peak_mb": peak_mb(),
            "input_mb": before,
            "disk_mb": folder_mb(folder),
        }
    else:
        begun = time.perf_counter()
        system.open(folder)
        told["open_s"] = time.perf_counter() - begun
        queries = [json.loads(line) for line in Path(job["queries"]).read_text(encoding="utf-8").splitlines()]
        if job["action"] == "cold":
            system.search(queries[0], 3)
        else:
            told |= _ask(system, queries, job)
    out.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    sys.stdout.flush()
    os._exit(0)  # some libraries leave threads behind


def _ask(system: System, queries: list[dict], job: dict) -> dict[str, object]:
    depth = job["depth"]
    for query in queries[:WARM_UP]:
        system.search(query, depth)
    milliseconds, processor, hits = [], [], {}
    deadline = time.perf_counter() + job["seconds"]
    for query in queries:
        begun, used = time.perf_counter(), time.process_time()
        found = system.search(query, depth)
        milliseconds.append((time.perf_counter() - begun) * 1000)
        processor.append((time.process_time() - used) * 1000)
        hits[query["id"]] = [(f.doc, f.start, f.end) for f in found]
        if time.perf_counter() > deadline:
            break
    told: dict[str, object] = {"ms": milliseconds, "cpu_ms": processor, "hits": hits, "asked": len(hits)}
    told["resident_mb"] = resident_mb()
    told["clients"] = {str(n): _crowd(system, queries, depth, n, job["crowd_s"]) for n in job["clients"]}
    return told


def _crowd(system: System, queries: list[dict], depth: int, clients: int, seconds: float) -> dict[str, float]:
    """So many threads asking one after another for some seconds: questions a second, p50 and p95 in ms."""
    deadline = time.perf_counter() + seconds
    taken: list[float] = []

    def ask(first: int) -> None:
        at = first
        while time.perf_counter() < deadline:
            begun = time.perf_counter()
            system.search(queries[at % len(queries)], depth)
            taken.append((time.perf_counter() - begun) * 1000)
            at += clients
        return

    begun = time.perf_counter()
    threads = [threading.Thread(target=ask, args=(i,)) for i in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wall = time.perf_counter() - begun
    ordered = sorted(taken)
    return {
        "per_s": len(ordered) / wall,
        "p50": ordered[len(ordered) // 2],
        "p95": ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))],
    }
