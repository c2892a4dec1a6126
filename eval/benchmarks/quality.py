"""What the rankings are worth: gold in first and in three on our sets, nDCG@10 and R@100 on STARD."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

from assistant.evaluation.matching import MATCH_FLOOR, Extent, MatchRule, gold_extents, overlap
from assistant.evaluation.sources import SourceText, read_sources
from assistant.evaluation.topics import Topic

Hits = Mapping[str, Sequence[tuple[str, int, int]]]


def gold_shares(topics: Sequence[Topic], hits: Hits, corpus: Path) -> dict[str, float]:
    """Shares of topics whose first, and first three, stretches cover 60 % of a gold; characters shown in the three."""
    sources = read_sources(corpus)
    first = three = shown = 0
    for number, topic in enumerate(topics):
        found = [_extent(hit, sources) for hit in hits.get(str(number), [])[:3]]
        golds = [place for gold in topic.golds for place in gold_extents(topic, gold, sources)]
        right = [any(overlap(gold, extent, MatchRule.COVERAGE) >= MATCH_FLOOR for gold in golds) for extent in found]
        first += bool(right and right[0])
        three += any(right)
        shown += sum(len(extent) for extent in found)
    n = len(topics)
    return {"first": first / n, "three": three / n, "shown": shown / n, "topics": n}


def _extent(hit: tuple[str, int, int], sources: Mapping[str, SourceText]) -> Extent:
    policy_id = hit[0].split("/")[-1]
    source = sources[policy_id]
    return Extent(policy_id, source.dense_offset(hit[1]), source.dense_offset(hit[2]))


def read_qrels(path: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        qid, doc, grade = line.split("\t")
        if int(grade) > 0:
            found.setdefault(qid, set()).add(doc)
    return found


def statute_scores(qrels: Mapping[str, set[str]], hits: Hits) -> dict[str, float]:
    """nDCG@10 (binary gains, log2 discount) and R@100, over the questions that were asked."""
    gains, recalls = [], []
    for qid, relevant in qrels.items():
        if qid not in hits:
            continue
        ranked = list(dict.fromkeys(doc for doc, _, _ in hits[qid]))
        gain = sum(1 / math.log2(rank + 2) for rank, doc in enumerate(ranked[:10]) if doc in relevant)
        best = sum(1 / math.log2(rank + 2) for rank in range(min(10, len(relevant))))
        gains.append(gain / best)
        recalls.append(len(relevant & set(ranked[:100])) / len(relevant))
    n = max(1, len(gains))
    return {"ndcg_10": sum(gains) / n, "recall_100": sum(recalls) / n, "topics": len(gains)}
