"""Speed and quality beside a plain peer, in one run: BM25 over 500-character chunks (rank-bm25, jieba tokens).

    make bench                      our own test questions
    python eval/bench/latency.py QUESTIONS.jsonl ...

Prints medians and ratios; absolute times depend on the machine. The peer only ranks chunks; ours also reads the
question, filters by place, drafts and words the answer.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

from rank_bm25 import BM25Okapi

from assistant import Settings, open_answerer
from assistant.interfaces.contract import read_item

ROOT = Path(__file__).resolve().parents[2]
CHUNK = 500


def squeeze(text: str) -> str:
    return "".join(text.split())


def quantile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def main(paths: list[Path]) -> None:
    rows = [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if row["gold"] and not row["history"]]
    answerer = open_answerer(Settings())
    tokens = answerer.holdings.library.tokenizer.tokens
    chunks = []
    for document in answerer.documents:
        text = document.policy.text
        chunks += [(document.policy.policy_id, text[at : at + CHUNK]) for at in range(0, len(text), CHUNK)]
    started = time.perf_counter()
    peer = BM25Okapi([tokens(chunk) for _, chunk in chunks])
    peer_build = time.perf_counter() - started

    def holds(policy_id: str, chunk: str, row: dict) -> bool:
        return any(gold["doc"] == policy_id and squeeze(gold["quote"]) in squeeze(chunk) for gold in row["gold"])

    ours_ms, peer_ms, peer_first, peer_three, ours_first, ours_three = [], [], 0, 0, 0, 0
    for row in rows:
        started = time.perf_counter()
        scores = peer.get_scores(tokens(row["question"]))
        best = sorted(range(len(chunks)), key=lambda i: -scores[i])[:3]
        peer_ms.append((time.perf_counter() - started) * 1000)
        found = [holds(*chunks[i], row) for i in best]
        peer_first += found[0]
        peer_three += any(found)
        item = read_item(row, answerer.holdings.gazetteer, "")
        started = time.perf_counter()
        reply = answerer.answer(item.question, date.today())
        ours_ms.append((time.perf_counter() - started) * 1000)
        citations = [] if not hasattr(reply, "draft") else reply.draft.citations[:3]
        hits = [holds(c.policy.policy_id, c.quote, row) for c in citations]
        ours_first += bool(hits and hits[0])
        ours_three += any(hits)
    n = len(rows)
    print(f"{n} questions with a gold sentence and no history; whole gold inside the chunk or quote")
    print(f"{'':34}{'peer BM25-500':>16}{'assistant':>12}")
    print(f"{'gold in first':34}{peer_first / n:>16.3f}{ours_first / n:>12.3f}")
    print(f"{'gold in first three':34}{peer_three / n:>16.3f}{ours_three / n:>12.3f}")
    print(f"{'characters shown for three (mean)':34}{3 * CHUNK:>16}{'sentences':>12}")
    for name, share in (("p50", 0.5), ("p95", 0.95)):
        a, b = quantile(peer_ms, share), quantile(ours_ms, share)
        print(f"{'ms per question ' + name:34}{a:>16.2f}{b:>12.2f}   ratio {b / a:.2f}")
    print(f"peer index build {peer_build * 1000:.0f} ms")
    cold = []
    for _ in range(5):
        started = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "assistant", "ask", "广州首席技师有什么待遇"],
            cwd=ROOT,
            check=True,
            capture_output=True,
        )
        cold.append(time.perf_counter() - started)
    bare = []
    for _ in range(5):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", "import numpy"], check=True)
        bare.append(time.perf_counter() - started)
    a, b = statistics.median(cold), statistics.median(bare)
    print(f"cold `ask`, whole process: median {a:.2f} s; `import numpy` alone {b:.2f} s; ratio {a / b:.1f}")


if __name__ == "__main__":
    main([Path(p) for p in sys.argv[1:]] or [ROOT / "eval" / "questions" / "test.jsonl"])
