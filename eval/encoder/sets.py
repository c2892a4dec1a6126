"""The training pairs, from the sets that may go into the shipped weights."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from texts import Pair, attach_questions, bare_title, document_sentences, read_rows

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
    """Texts in everyday words, for the vocabulary; training sets only, without the bundled documents' questions."""
    texts = [
        row["query"]
        for name in ("lay_questions", "stard_train", "lecoqa_train", "cmrc2018_train")
        for row in sources.rows(name)
    ]
    texts += [row[side] for row in sources.rows("cmedqq_train") for side in ("a", "b")]
    texts += [row["pos"] for row in sources.rows("lecoqa_train")]
    return texts


def question_pairs(sources: Sources, held_out: frozenset[str] = frozenset()) -> list[Pair]:
    """(question, article) pairs written or asked by people; `held_out` questions are skipped."""
    pairs = []
    for row in sources.rows("lay_questions"):
        title = bare_title(row["name"])
        pairs.append(Pair(row["query"], row["pos"], title, "lay", row["name"]))
        pairs.append(Pair(row["query"], row["sentence"], title, "lay_sentence", row["name"]))
    pairs += [
        Pair(row["query"], row["pos"], bare_title(row["title"]), "stard", row["title"])
        for row in sources.rows("stard_train")
    ]
    pairs += [Pair(row["query"], row["pos"], "", "lecoqa", row["query"]) for row in sources.rows("lecoqa_train")]
    return [pair for pair in pairs if pair.query not in held_out]


def document_pairs(sources: Sources, documents: Sequence[str], held_out: frozenset[str] = frozenset()) -> list[Pair]:
    """(lay question, sentence) pairs of the bundled documents."""
    pairs = []
    for name in documents:
        text = (sources.corpus / f"{name}.txt").read_text(encoding="utf-8")
        sentences = document_sentences(name, text)
        rows = read_rows(sources.lay_questions / f"{name}.jsonl")
        for i, questions in attach_questions(sentences, rows, re.sub(r"\s", "", text)).items():
            sentence = sentences[i]
            pairs += [
                Pair(question, sentence.text, sentence.context, "document", f"{name}:{sentence.start}")
                for question in questions
                if question not in held_out
            ]
    return pairs
