"""The race: this project beside LangChain, Haystack, LlamaIndex and txtai, each in its own process and environment.

    make bench                                   everything; an hour or two
    make bench BENCH=quick                       under a quarter of an hour
    make bench STARD=FOLDER OUTSIDE=FOLDER       with STARD's files, and with further question files

Writes out/bench/results/*.json and the report, out/bench/RESULTS.md. Nothing is asserted here. A peer that cannot be
installed (no network), takes longer than its time or more than its memory is reported as such.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT), str(HERE)]

import corpora  # noqa: E402
import keeping  # noqa: E402
from floor import bandwidth  # noqa: E402
from quality import gold_shares, read_qrels, statute_scores  # noqa: E402
from report import write_report  # noqa: E402

from assistant.indexing.pipeline import open_gazetteer  # noqa: E402
from assistant.settings import Settings  # noqa: E402

OUT = ROOT / "out" / "bench"
PEERS = {
    "langchain": "langchain_recipe.py",
    "haystack": "haystack_recipe.py",
    "llamaindex": "llamaindex_recipe.py",
    "txtai": "txtai_recipe.py",
}
OURS = {"answers": "assistant_answers.py", "search": "assistant_search.py"}
MEMORY_GB = 8
COLD_STARTS = 3
EVERY_QUESTION_S = 400
"""Over the five policies every question is asked, as the quality is of all of them."""


@dataclass(frozen=True)
class Plan:
    """What one run does.

    Attributes:
        sizes: passages for the curves, ours; `peer_sizes`: the peers'.
        law_turns: how often the national laws are repeated for whole answers at scale.
        limit_s: seconds a peer may take to build; ours has no limit.
        ask_s: seconds of questions one after another; `crowd_s`: of each number of clients.
        clients: numbers of clients.
        kept: articles in the folders that are indexed, and then changed in one file.
    """

    sizes: tuple[int, ...]
    peer_sizes: tuple[int, ...]
    law_turns: tuple[int, ...]
    limit_s: float
    ask_s: float
    crowd_s: float
    clients: tuple[int, ...]
    kept: tuple[int, ...]


PLANS = {
    "quick": Plan((10_000, 100_000), (10_000,), (1,), 120, 12, 2, (1, 4, 16), (20_000,)),
    "full": Plan(
        (1_000, 10_000, 100_000, 1_000_000),
        (1_000, 10_000, 100_000, 1_000_000),
        (1, 6),
        600,
        60,
        5,
        (1, 2, 4, 8, 16),
        (20_000, 58_491, 100_000, 300_000),
    ),
}


def make_environment(peer: str) -> str:
    """The peer's interpreter; "" with a printed reason where it cannot be installed."""
    folder = OUT / f"venv-{peer}"
    python = folder / "bin" / "python"
    stamp = folder / "installed"
    wanted = (HERE / "peers" / f"{peer}.txt").read_text() + (HERE / "peers" / "common.txt").read_text()
    if stamp.exists() and stamp.read_text() == wanted:
        return str(python)
    print(f"environment of {peer} …", flush=True)
    try:
        if not python.exists():
            subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, capture_output=True, timeout=120)
        files = [str(HERE / "peers" / f"{name}.txt") for name in ("common", peer)]
        command = [
            str(python),
            "-m",
            "pip",
            "install",
            "-q",
            "--disable-pip-version-check",
            "-r",
            files[0],
            "-r",
            files[1],
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=900)
    except (subprocess.SubprocessError, OSError) as error:
        print(f"{peer} cannot be installed here: {type(error).__name__}", flush=True)
        return ""
    stamp.write_text(wanted)
    return str(python)


def resident_gb(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/status").read_text().split("VmRSS:")[1].split()[0]) / 1e6
    except (OSError, IndexError, ValueError):
        return 0.0


def run_job(python: str, script: str, job: dict, seconds: float | None) -> dict:
    """One child process. What stopped it, where something did, is under "stopped"."""
    out = Path(job["out"])
    out.parent.mkdir(parents=True, exist_ok=True)
    out.unlink(missing_ok=True)
    job_file = out.with_suffix(".job")
    job_file.write_text(json.dumps(job), encoding="utf-8")
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "HAYSTACK_TELEMETRY_ENABLED": "False", "OMP_NUM_THREADS": "2"}
    environment["TOKENIZERS_PARALLELISM"] = "true"
    begun = time.perf_counter()
    with out.with_suffix(".log").open("w") as log:
        child = subprocess.Popen(
            [python, str(HERE / "systems" / script), str(job_file)], stdout=log, stderr=log, env=environment, cwd=ROOT
        )
        stopped, peak = "", 0.0
        while child.poll() is None:
            time.sleep(0.05 if time.perf_counter() - begun < 5 else 0.3)
            peak = max(peak, resident_gb(child.pid))
            if seconds is not None and time.perf_counter() - begun > seconds:
                stopped = f"over {seconds:.0f} s"
            elif peak > MEMORY_GB:
                stopped = f"over {MEMORY_GB} GB"
            if stopped:
                child.kill()
                child.wait()
    wall = time.perf_counter() - begun
    if not stopped and (child.returncode or not out.exists()):
        stopped = "failed: " + (out.with_suffix(".log").read_text().strip().splitlines() or ["no message"])[-1][:120]
    told = {"stopped": stopped} if stopped else json.loads(out.read_text(encoding="utf-8"))
    return {**told, "wall_s": wall}


def race(
    name: str, python: str, script: str, corpus: Path, queries: Path, plan: Plan, *, split: bool, peer: bool
) -> dict:
    """Build, ask and cold starts of one system over one corpus."""
    folder = OUT / "work" / f"{name}-{corpus.stem}"
    shutil.rmtree(folder, ignore_errors=True)
    job = {
        "documents": str(corpus),
        "queries": str(queries),
        "folder": str(folder),
        "split": split,
        "depth": 12 if split else 100,
        "seconds": EVERY_QUESTION_S if split and corpus.stem == "five" else plan.ask_s,
        "crowd_s": plan.crowd_s,
        "clients": list(plan.clients),
    }
    limit = plan.limit_s if peer else None
    results = OUT / "results"
    label = f"{name}-{corpus.stem}"
    told: dict = {"system": name, "corpus": corpus.stem}
    print(f"{label}: build …", end="", flush=True)
    told["build"] = run_job(
        python, script, {**job, "action": "build", "out": str(OUT / "work" / f"{label}.build.json")}, limit
    )
    if not told["build"].get("stopped"):
        patience = None if limit is None else limit + plan.ask_s + plan.crowd_s * (2 + len(plan.clients)) + 60
        told["ask"] = run_job(
            python, script, {**job, "action": "ask", "out": str(OUT / "work" / f"{label}.ask.json")}, patience
        )
        walls = []
        for _ in range(COLD_STARTS):
            cold = run_job(
                python, script, {**job, "action": "cold", "out": str(OUT / "work" / f"{label}.cold.json")}, limit
            )
            if not cold.get("stopped"):
                walls.append(cold["wall_s"])
        told["cold_s"] = statistics.median(walls) if walls else None
    ms = told.get("ask", {}).get("ms")
    built = told["build"].get("stopped") or f"{told['build']['build_s']:.2f} s"
    asked = f"{statistics.median(ms):.2f}" if ms else told.get("ask", {}).get("stopped", "–")
    print(f" {built}; p50 {asked} ms; cold {told.get('cold_s')} s", flush=True)
    results.mkdir(parents=True, exist_ok=True)
    (results / f"{label}.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plan", choices=PLANS, default="full")
    parser.add_argument("--stard", type=Path, help="folder with corpus.jsonl.gz, queries_test.jsonl.gz, qrels_test.tsv")
    parser.add_argument("--outside", type=Path, help="folder with further question files")
    parser.add_argument(
        "--only", nargs="*", choices=["five", "stard", "sizes", "laws", "ingest", "floor"], help="parts to run"
    )
    parser.add_argument("--systems", nargs="*", help="of ours and the peers, to run some only")
    parser.add_argument("--kept", nargs="*", type=int, help="sizes of the part ingest, in articles")
    parser.add_argument("--report-only", action="store_true", help="write the report from the results that are there")
    options = parser.parse_args()
    plan = PLANS[options.plan]
    parts = options.only or ["five", "stard", "sizes", "laws", "ingest", "floor"]
    if not options.report_only:
        run(plan, options, parts)
    write_report(OUT, HERE)


def run(plan: Plan, options: argparse.Namespace, parts: list[str]) -> None:
    gazetteer = open_gazetteer(Settings())
    stard = options.stard if options.stard and (options.stard / "corpus.jsonl.gz").exists() else None
    chosen = options.systems
    peers = {p: make_environment(p) for p in PEERS if not chosen or p in chosen}
    (OUT / "results").mkdir(parents=True, exist_ok=True)
    (OUT / "results" / "peers.txt").write_text("\n".join(p for p, python in peers.items() if python))
    here = {n: s for n, s in OURS.items() if not chosen or n in chosen}
    made = OUT / "corpora"

    def all_peers(corpus: Path, queries: Path, *, split: bool) -> list[dict]:
        return [
            race(peer, python, PEERS[peer], corpus, queries, plan, split=split, peer=True)
            for peer, python in peers.items()
            if python
        ]

    def ours(name: str, corpus: Path, queries: Path, *, split: bool) -> list[dict]:
        if name not in here:
            return []
        return [race(name, sys.executable, here[name], corpus, queries, plan, split=split, peer=False)]

    if "floor" in parts:
        (OUT / "results" / "floor.json").write_text(json.dumps({"bytes_per_s": bandwidth()}))
    if "five" in parts:
        corpora.write_five(made / "five.jsonl")
        files = [ROOT / "eval" / "questions" / f"{name}.jsonl" for name in ("dev", "test")]
        files += sorted(options.outside.glob("*.jsonl")) if options.outside else []
        topics = {path.stem: corpora.topics_of([path]) for path in files}
        everything = [topic for some in topics.values() for topic in some]
        corpora.write_topic_queries(everything, gazetteer, made / "five-queries.jsonl")
        told = ours("answers", made / "five.jsonl", made / "five-queries.jsonl", split=True)
        told += all_peers(made / "five.jsonl", made / "five-queries.jsonl", split=True)
        for row in told:
            hits, first, scores = row.get("ask", {}).get("hits"), 0, {}
            for name, some in topics.items():
                if hits:
                    own = {str(i): hits.get(str(first + i), []) for i in range(len(some))}
                    scores[name] = gold_shares(some, own, ROOT / "corpus")
                first += len(some)
            _note(row, {"gold": scores})
    if "stard" in parts and stard:
        articles = corpora.read_articles(stard)
        corpora.write_articles(articles, made / "stard.jsonl")
        corpora.write_stard_queries(stard, made / "stard-queries.jsonl")
        qrels = read_qrels(stard / "qrels_test.tsv")
        told = ours("search", made / "stard.jsonl", made / "stard-queries.jsonl", split=False)
        told += all_peers(made / "stard.jsonl", made / "stard-queries.jsonl", split=False)
        for row in told:
            _note(row, {"statutes": statute_scores(qrels, row.get("ask", {}).get("hits") or {})})
    if "sizes" in parts and stard:
        articles = corpora.read_articles(stard)
        corpora.write_stard_queries(stard, made / "stard-queries.jsonl")
        for size in sorted({*plan.sizes, *plan.peer_sizes}):
            corpus = made / f"passages-{size}.jsonl"
            corpora.write_passages(articles, size, corpus)
            if size in plan.sizes:
                ours("search", corpus, made / "stard-queries.jsonl", split=False)
            if size in plan.peer_sizes:
                all_peers(corpus, made / "stard-queries.jsonl", split=False)
            corpus.unlink()
    if "laws" in parts and stard and "answers" in here:
        articles = corpora.read_articles(stard)
        corpora.write_stard_queries(stard, made / "stard-queries.jsonl")
        for turns in plan.law_turns:
            corpus = made / f"laws-{turns}.jsonl"
            corpora.write_laws(articles, turns, corpus)
            ours("answers", corpus, made / "stard-queries.jsonl", split=True)
            corpus.unlink()
    if "ingest" in parts and stard:
        pythons = {**({"answers": sys.executable} if "answers" in here else {}), **peers}
        keeping.run(stard, OUT, options.kept or plan.kept, pythons, plan.limit_s, run_job)


def _note(told: dict, scores: dict) -> None:
    path = OUT / "results" / f"{told['system']}-{told['corpus']}.json"
    path.write_text(json.dumps({**told, **scores}, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
