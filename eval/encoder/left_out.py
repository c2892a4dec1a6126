"""How well a document is answered from that nobody wrote lay questions for: each document left out in turn.

    python eval/encoder/left_out.py --train TRAIN --bench BENCH --corpus TEXTS --sample SAMPLE.jsonl \\
        --work WORK --models WORK/left-out [QUESTIONS.jsonl ...]

For each of the five documents the encoder and the table of lay words are trained without its lay questions
(`train.py`, skipped where the folder is there), these questions are not indexed, and the product answers the questions
that have a gold in it. With `--one-model` a single encoder that saw no lay question of any of the five is taken for
each of them: stricter, and a fifth of the training.

Only totals are printed. Beside them, same questions and same run: the product as shipped, and plain BM25 over the
product's sentences in the places that the product understood.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
from lexical import BM25, tokens

from assistant.answering.answerer import SEARCHED_KINDS, Answerer, open_answerer
from assistant.evaluation.matching import MatchRule, cited_extent, first_match, gold_extents
from assistant.evaluation.measures import hit_at
from assistant.evaluation.runs import CitationRecord, ReplyRecord, read_run
from assistant.evaluation.sources import SourceText, read_sources
from assistant.evaluation.topics import Topic, read_topics
from assistant.interfaces.batch import answer_batch
from assistant.settings import ROOT, Settings

QUESTIONS = [ROOT / "eval" / "questions" / name for name in ("test.jsonl", "unseen.jsonl")]


@dataclass(frozen=True, slots=True)
class Row:
    """One question with a gold in the document left out.

    Attributes:
        every: the ranks of all its golds among the citations; `own`: of the golds in the document.
        alone: the ranks of the latter among the citations from that document only.
        declined: refused or asked back.
    """

    every: tuple[int | None, ...]
    own: tuple[int | None, ...]
    alone: tuple[int | None, ...]
    declined: bool


class Corpus:
    """Sources to check against, and plain BM25 over the product's sentences."""

    def __init__(self, answerer: Answerer, sources: dict[str, SourceText]) -> None:
        self.sources = sources
        chunks = answerer.holdings.library.store.chunks.values()
        self.chunks = [chunk for chunk in chunks if chunk.kind in SEARCHED_KINDS]
        self.places = np.array([answerer.place_name(chunk.jurisdiction) for chunk in self.chunks])
        self.bm25 = BM25([tokens(chunk.text) for chunk in self.chunks])

    def ranked(self, topic: Topic, reply: ReplyRecord, citation: CitationRecord) -> ReplyRecord:
        """The reply with the first twelve sentences of plain BM25 for citations; `citation` lends the other fields."""
        scores = self.bm25.scores(dict.fromkeys(tokens(" ".join((*topic.history, topic.question))), 1.0))
        if reply.jurisdictions:
            scores[~np.isin(self.places, reply.jurisdictions)] = -1
        best = [self.chunks[i] for i in np.argsort(-scores, kind="stable")[:12] if scores[i] > 0]
        cited = [
            replace(
                citation,
                policy_id=chunk.policy_id,
                start=chunk.span.start,
                end=chunk.span.end,
                quote=self.sources[chunk.policy_id].text[chunk.span.start : chunk.span.end],
            )
            for chunk in best
        ]
        return replace(reply, citations=tuple(cited))


def row(topic: Topic, reply: ReplyRecord, document: str, sources: dict[str, SourceText]) -> Row:
    """Where the golds stand among a reply's citations."""
    cited = [cited_extent(citation, sources) for citation in reply.citations]
    inside = [extent for extent in cited if extent is not None and extent.doc == document]
    golds = [(gold.doc, gold_extents(topic, gold, sources)) for gold in topic.golds]
    own = [places for doc, places in golds if doc == document]
    return Row(
        every=tuple(first_match(places, cited, MatchRule.COVERAGE) for _, places in golds),
        own=tuple(first_match(places, cited, MatchRule.COVERAGE) for places in own),
        alone=tuple(first_match(places, inside, MatchRule.COVERAGE) for places in own),
        declined=reply.declined,
    )


def ask(answerer: Answerer, topics: Sequence[Topic], folder: Path) -> list[ReplyRecord]:
    """The product's replies, by way of its own batch command."""
    lines = [
        json.dumps(
            {"id": t.topic_id, "question": t.question, "region": t.region, "role": t.role, "history": t.history},
            ensure_ascii=False,
        )
        for t in topics
    ]
    answers = folder / "answers.jsonl"
    with answers.open("w", encoding="utf-8") as out:
        faults = answer_batch(lines, out, answerer, date.today(), lambda done: None)
    if faults:
        raise ValueError(f"{len(faults)} questions could not be asked: {faults[0]}")
    replies = {reply.topic_id: reply for reply in read_run(answers)}
    return [replies[topic.topic_id] for topic in topics]


def measure(document: str, encoder: str, sets: dict[str, list[Topic]]) -> dict[tuple[str, str], list[Row]]:
    """The rows of one document by (set, searcher)."""
    found: dict[tuple[str, str], list[Row]] = {}
    shipped = Settings()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        questions = folder / "questions"
        shutil.copytree(shipped.questions_dir, questions)
        (questions / f"{document}.jsonl").unlink()
        apart = replace(shipped, questions_dir=questions, index_dir=folder / "index", encoder=encoder)
        whole = replace(shipped, index_dir=folder / "whole")
        for label, settings in (("left out", apart), ("as shipped", whole)):
            answerer = open_answerer(settings)
            corpus = Corpus(answerer, read_sources(settings.corpus_dir))
            for set_name, topics in sets.items():
                own = [t for t in topics if t.answerable and any(gold.doc == document for gold in t.golds)]
                replies = ask(answerer, own, folder)
                found[set_name, label] = [
                    row(topic, reply, document, corpus.sources) for topic, reply in zip(own, replies, strict=True)
                ]
                if label == "left out":
                    citation = next(citation for reply in replies for citation in reply.citations)
                    found[set_name, "BM25"] = [
                        row(topic, corpus.ranked(topic, reply, citation), document, corpus.sources)
                        for topic, reply in zip(own, replies, strict=True)
                    ]
    return found


def print_table(rows: dict[tuple[str, str], list[Row]]) -> None:
    """Totals in Markdown."""
    print("\n| set | searcher | n | own golds: first | in three | every gold: first | in three |", end="")
    print(" own document alone: first | in three | declined |\n|---|---|---|---|---|---|---|---|---|---|")
    for (set_name, label), cases in rows.items():
        figures = [
            np.mean([hit_at(getattr(case, count), k) for case in cases])
            for count in ("own", "every", "alone")
            for k in (1, 3)
        ]
        declined = sum(case.declined for case in cases)
        cells = " | ".join(f"{figure:.3f}" for figure in figures)
        print(f"| {set_name} | {label} | {len(cases)} | {cells} | {declined} |", flush=True)


def train(document: str, given: argparse.Namespace) -> Path:
    """The encoder without a document's lay questions ("all": every document's); trained if the folder is not there."""
    folder: Path = given.models / document
    if not (folder / "manifest.json").is_file():
        options = [f"--{name}={getattr(given, name)}" for name in ("train", "bench", "corpus", "sample", "work")]
        recipe = Path(__file__).with_name("train.py")
        lay = f"--lay-questions={Settings().questions_dir}"
        left = (f"--leave-out={document}", f"--out={folder}", f"--threads={given.threads}")
        subprocess.run([sys.executable, str(recipe), *options, lay, *left], check=True)
    return folder


def main() -> None:
    """Train what is missing, ask, print totals."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("train", "bench", "corpus", "sample", "work", "models"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--encoder", choices=("own", "none"), default="own", help="none: keywords alone, left out too")
    parser.add_argument("--one-model", action="store_true", help="one encoder without any document's lay questions")
    parser.add_argument("questions", type=Path, nargs="*", default=QUESTIONS)
    given = parser.parse_args()
    sets = {"sample": list(read_topics(given.sample))}
    sets |= {path.stem: list(read_topics(path)) for path in given.questions}
    total: dict[tuple[str, str], list[Row]] = {}
    for path in sorted(Settings().questions_dir.glob("*.jsonl")):
        left = "all" if given.one_model else path.stem
        encoder = "none" if given.encoder == "none" else str(train(left, given))
        found = measure(path.stem, encoder, sets)
        for key, rows in found.items():
            total.setdefault(key, []).extend(rows)
            total.setdefault(("all", key[1]), []).extend(rows)
        print(f"{path.stem}: {sum(len(rows) for (_, label), rows in found.items() if label == 'BM25')} questions")
    print_table(total)


if __name__ == "__main__":
    main()
