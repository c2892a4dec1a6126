"""The training pairs, from the sets that may go into the shipped weights."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from texts import Pair, bare_title, document_sentences, read_rows, sentences_of

SHIPPED_SETS = {
    "lay_questions": "questions written for this project (project's own)",
    "stard_train": "STARD, training questions (MIT)",
    "lecoqa_train": "LeCoQA, training questions and answers (MIT)",
    "cmrc2018_train": "CMRC 2018 (CC BY-SA 4.0)",
    "cmedqq_train": "cMedQQ, pairs of one meaning (Apache-2.0)",
    "local_regulations": "articles of local regulations (statutes, no copyright)",
    "policy_texts": "government policy texts (official documents)",
}


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the sets lie."""

    train: Path
    bench: Path
    corpus: Path
    lay_questions: Path

    def rows(self, name: str) -> list[dict]:
        """The rows of one training set."""
        return read_rows(self.train / f"{name}.jsonl.gz")

    def statutes(self) -> list[dict]:
        """The articles of the statute benchmark; its questions are never read here."""
        return read_rows(self.bench / "stard" / "corpus.jsonl.gz")

    def documents(self) -> list[str]:
        """Names of the bundled documents that have lay questions."""
        return sorted(path.stem for path in self.lay_questions.glob("*.jsonl"))


def plain_texts(sources: Sources) -> list[str]:
    """Everything without questions: for the vocabulary and the first vectors."""
    texts = [f"{bare_title(row['name'])}。{row['text']}" for row in sources.statutes()]
    texts += [f"{row['law']} {row.get('chapter') or ''}。{row['text']}" for row in sources.rows("local_regulations")]
    for row in sources.rows("policy_texts"):
        texts += [line.strip() for line in row["text"].splitlines() if len(line.strip()) > 8]
    texts += [path.read_text(encoding="utf-8") for path in sorted(sources.corpus.glob("*.txt"))]
    return texts


def question_texts(sources: Sources) -> list[str]:
    """Texts in everyday words, for the vocabulary; training sets only."""
    texts = [row["query"] for name in ("lay_questions", "stard_train", "lecoqa_train", "cmrc2018_train")
             for row in sources.rows(name)]
    texts += [row[side] for row in sources.rows("cmedqq_train") for side in ("a", "b")]
    texts += [row["pos"] for row in sources.rows("lecoqa_train")]
    for name in sources.documents():
        texts += [q for row in read_rows(sources.lay_questions / f"{name}.jsonl") for q in row["questions"]]
    return texts


def text_pairs(sources: Sources, rng: random.Random) -> list[Pair]:
    """(sentence, rest), (title and chapter, text) and (heading, text) pairs: no question needed."""
    pairs: list[Pair] = []
    articles = [(row["name"], bare_title(row["name"]), "", row["text"]) for row in sources.statutes()]
    articles += [(row["name"], row["law"], re.sub(r"^第\S+\s*", "", row.get("chapter") or ""), row["text"])
                 for row in sources.rows("local_regulations")]
    for name, title, chapter, text in articles:
        pieces = sentences_of(text)
        if len(pieces) > 1:
            take = rng.randrange(len(pieces))
            rest = "".join(pieces[:take] + pieces[take + 1:])
            pairs.append(Pair(pieces[take], rest, title if rng.random() < 0.5 else "", "sentence", name))
        if len(text) > 30 and rng.random() < 0.5:
            pairs.append(Pair(f"{title} {chapter}", text, "", "title", title + chapter))
    for row in sources.rows("policy_texts"):
        lines = [line.strip() for line in row["text"].splitlines() if line.strip()]
        heading = ""
        for line in lines:
            if len(line) < 30:
                heading = line
                continue
            pieces = sentences_of(line)
            if heading and len(pieces) > 1:
                pairs.append(Pair(heading, line, "", "heading", heading))
            if len(pieces) > 1:
                take = rng.randrange(len(pieces))
                pairs.append(Pair(pieces[take], "".join(pieces[:take] + pieces[take + 1:]), heading, "sentence", line[:40]))
    for path in sorted(sources.corpus.glob("*.txt")):
        by_context: dict[str, list[str]] = {}
        for sentence in document_sentences(path.stem, path.read_text(encoding="utf-8")):
            by_context.setdefault(sentence.context, []).append(sentence.text)
        for context, pieces in by_context.items():
            for i, piece in enumerate(pieces):
                rest = "".join(pieces[:i] + pieces[i + 1:])
                if rest:
                    pairs.append(Pair(piece, rest, context, "sentence", f"{path.stem}{context}"))
    pairs += [Pair(row["query"], row["pos"], "", "cmrc", row["pos"][:40]) for row in sources.rows("cmrc2018_train")]
    pairs += [Pair(row["a"], row["b"], "", "cmedqq", row["a"])
              for row in sources.rows("cmedqq_train") if str(row["label"]) == "1"]
    return pairs


def question_pairs(sources: Sources, held_out: frozenset[str] = frozenset()) -> list[Pair]:
    """(question, article) pairs written or asked by people; `held_out` questions are skipped."""
    pairs = []
    for row in sources.rows("lay_questions"):
        title = bare_title(row["name"])
        pairs.append(Pair(row["query"], row["pos"], title, "lay", row["name"]))
        pairs.append(Pair(row["query"], row["sentence"], title, "lay_sentence", row["name"]))
    pairs += [Pair(row["query"], row["pos"], bare_title(row["title"]), "stard", row["title"])
              for row in sources.rows("stard_train")]
    pairs += [Pair(row["query"], row["pos"], "", "lecoqa", row["query"]) for row in sources.rows("lecoqa_train")]
    return [pair for pair in pairs if pair.query not in held_out]


def document_pairs(sources: Sources, documents: Sequence[str], held_out: frozenset[str] = frozenset()) -> list[Pair]:
    """(lay question, sentence) pairs of the bundled documents."""
    pairs = []
    for name in documents:
        for row in read_rows(sources.lay_questions / f"{name}.jsonl"):
            pairs += [Pair(question, row["sentence"], "", "document", f"{name}:{row['sentence'][:40]}")
                      for question in row["questions"] if question not in held_out]
    return pairs
