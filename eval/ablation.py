"""The product's search with each of its parts off: how often a wanted sentence stands first, or in the first three.

    python eval/ablation.py [QUESTIONS.jsonl ...]

Search alone, in the place that the product understood; nothing is refused, cut or reordered by what a question asks, so
the figures lie below those of whole answers. Only totals are printed.
"""

from __future__ import annotations

import sys
from dataclasses import fields, replace
from pathlib import Path

from assistant.answering.answerer import SEARCHED_KINDS, Answerer, open_answerer
from assistant.evaluation.matching import Extent, MatchRule, first_match, gold_extents
from assistant.evaluation.measures import hit_at
from assistant.evaluation.sources import SourceText, read_sources
from assistant.evaluation.topics import Topic, read_topics
from assistant.indexing.lexical import DEFAULT_WEIGHTS, FieldWeights
from assistant.model import Question
from assistant.retrieval.hybrid import HybridRetriever
from assistant.retrieval.retrievers import LexicalRetriever
from assistant.retrieval.scope import resolve_scope
from assistant.retrieval.search import Searcher
from assistant.retrieval.understanding import understand
from assistant.retrieval.weights import DEFAULT, HybridWeights
from assistant.settings import ROOT, Settings

SETS = ("dev", "test", "unseen", "unseen-3")
DEPTH = 12


def searchers(answerer: Answerer) -> dict[str, Searcher]:
    """By the name of what is off."""
    library, floors = answerer.holdings.library, answerer.holdings.searcher.floors
    if library.embedder is None:
        raise SystemExit("本项要用向量模型，请去掉 POLICY_ENCODER=none 再运行。")

    def hybrid(weights: HybridWeights) -> Searcher:
        return Searcher(HybridRetriever(library.store, library.embedder, weights=weights, kinds=SEARCHED_KINDS), floors)

    def words(weights: FieldWeights) -> Searcher:
        return Searcher(LexicalRetriever(library.store, weights=weights, kinds=SEARCHED_KINDS), floors)

    off = {f"{one.name} off": hybrid(replace(DEFAULT, **{one.name: 0.0})) for one in fields(HybridWeights)}
    asked = replace(DEFAULT, questions=0.0, dense_questions=0.0, late_questions=0.0)
    vectors = replace(DEFAULT, dense=0.0, dense_questions=0.0)
    late = replace(DEFAULT, late=0.0, late_questions=0.0)
    return {
        "all": hybrid(DEFAULT),
        **off,
        "all lay questions off": hybrid(asked),
        "all vectors off": hybrid(vectors),
        "all late interaction off": hybrid(late),
        "BM25 of three fields alone": words(DEFAULT_WEIGHTS),
        "BM25 of the sentences alone": words(FieldWeights(text=1.0, context=0.0, questions=0.0)),
    }


def ranks(
    answerer: Answerer, searcher: Searcher, topic: Topic, sources: dict[str, SourceText]
) -> tuple[int | None, ...]:
    """Where each sentence wanted by a topic stands among those found, from 1."""
    holdings = answerer.holdings
    code = holdings.gazetteer.resolve(topic.region).code if topic.region else None
    question = Question(topic.question, code, topic.role, topic.history)
    asked = understand(question, holdings.documents, holdings.gazetteer)
    scope = resolve_scope(asked, question, [d.policy for d in holdings.documents], holdings.gazetteer)
    chunks = [holdings.chunks[hit.chunk_id] for hit in searcher.search(holdings.query(asked), scope, DEPTH).kept]
    found = [
        Extent(
            c.policy_id, sources[c.policy_id].dense_offset(c.span.start), sources[c.policy_id].dense_offset(c.span.end)
        )
        for c in chunks
    ]
    golds = (gold_extents(topic, gold, sources) for gold in topic.golds)
    return tuple(first_match(places, found, MatchRule.COVERAGE) for places in golds)


def main() -> None:
    """Print a table in Markdown."""
    paths = [Path(name) for name in sys.argv[1:]] or [ROOT / "eval" / "questions" / f"{name}.jsonl" for name in SETS]
    answerer, sources = open_answerer(Settings()), read_sources(Settings().corpus_dir)
    sets = {path.stem: [topic for topic in read_topics(path) if topic.golds] for path in paths}
    print("| | " + " | ".join(f"{name} {len(topics)}" for name, topics in sets.items()) + " |")
    print("|" + " --- |" * (len(sets) + 1))
    for name, searcher in searchers(answerer).items():
        cells = []
        for topics in sets.values():
            found = [ranks(answerer, searcher, topic, sources) for topic in topics]
            shares = [sum(hit_at(each, k) for each in found) / max(1, len(found)) for k in (1, 3)]
            cells.append(f"{100 * shares[0]:.1f} / {100 * shares[1]:.1f}")
        print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
