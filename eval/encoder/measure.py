"""Measures: statute benchmarks and the five documents, BM25 beside every figure of the same run."""

from __future__ import annotations

import argparse
import json
import random
import re
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from lexical import BM25, tokens
from reference import LateInteraction, LayWording, PolicyEncoder, fuse
from sets import Sources
from texts import Sentence, attach_questions, bare_title, document_sentences, read_rows, sentences_of

PLACES = {
    "guangzhou-2025-skilled-talent": ("广州", "穗", "黄埔"),
    "zhanjiang-draft-skilled-talent": ("湛江",),
    "zhejiang-2023-skilled-talent": ("浙江",),
    "haizhu-2020-skill-upgrading": ("海珠", "海府办"),
    "guangdong-2022-industrial-workers": ("广东", "省24号", "省里", "省方案", "新产业工人"),
}


def recall(ranked: Sequence[int], gold: set[int], k: int) -> float:
    """Share of the golds among the first k."""
    return len(set(ranked[:k]) & gold) / len(gold)


def ndcg(ranked: Sequence[int], gold: set[int], k: int = 10) -> float:
    """Binary nDCG@k."""
    gain = sum(1 / np.log2(i + 2) for i, number in enumerate(ranked[:k]) if number in gold)
    return float(gain / sum(1 / np.log2(i + 2) for i in range(min(k, len(gold)))))


def top(scores: np.ndarray, k: int) -> np.ndarray:
    """Numbers of the k best scores, best first."""
    k = min(k, len(scores))
    best = np.argpartition(-scores, k - 1)[:k]
    return best[np.argsort(-scores[best], kind="stable")]


class Statutes:
    """Articles of the statute benchmark, indexed four ways."""

    def __init__(
        self, sources: Sources, encoder: PolicyEncoder, extra: Sequence[dict], cache: Path, trained: Sequence[dict]
    ) -> None:
        rows = [*sources.statutes(), *extra]
        self.number = {row["id"]: i for i, row in enumerate(rows)}
        self.encoder = encoder
        texts = [f"{bare_title(row['name'])}。{row['text']}" for row in rows]
        if cache.is_file():
            words = [line.split(" ") for line in cache.read_text(encoding="utf-8").splitlines()]
        else:
            words = [tokens(text) for text in texts]
            cache.write_text("\n".join(" ".join(line) for line in words), encoding="utf-8")
        self.bm25 = BM25(words)
        self.late = LateInteraction.of(encoder, texts)
        self.vectors = encoder.embed(texts)
        pieces = [
            [f"{bare_title(row['name'])}。{piece}" for piece in sentences_of(row["text"]) or [row["text"]]]
            for row in rows
        ]
        self.starts = np.cumsum([0, *(len(p) for p in pieces)])[:-1]
        self.sentences = encoder.embed([piece for p in pieces for piece in p])
        laws = [bare_title(row["name"]) for row in rows]
        self.law = np.unique(laws, return_inverse=True)[1]
        asked = Counter(bare_title(row["title"]) for row in trained)
        law_size = Counter(laws)
        self.prior = np.log1p([100 * asked[law] / law_size[law] for law in laws]).astype(np.float32) / 5

    def features(self, question: str, depth: int = 200) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        """Candidates of three retrievers and their scores."""
        query = Counter(tokens(question))
        lexical = self.bm25.scores(query) / self.bm25.ceiling(query)
        vector = self.encoder.embed([question])[0]
        dense = self.vectors @ vector
        pooled = np.maximum.reduceat(self.sentences @ vector, self.starts)
        candidates = np.unique(np.concatenate([top(lexical, depth), top(dense, depth), top(pooled, depth)]))
        parts = {
            "bm25": lexical[candidates],
            "dense": dense[candidates],
            "sentence": pooled[candidates],
            "late": self.late.scores(question, candidates),
        }
        laws = self.law[candidates]
        company = np.log1p(np.bincount(laws)[laws]) / 5
        near = neighbours(candidates, laws, np.mean(list(parts.values()), axis=0))
        return candidates, {**parts, "law": company, "near": near, "prior": self.prior[candidates]}


def neighbours(candidates: np.ndarray, laws: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """The best score among the two articles before and after, where they are candidates of the same law; else 0.

    Args:
        candidates: article numbers, ascending; articles of a law follow each other.
        laws: the law of each candidate.
        scores: of each candidate, at least 0.
    """
    best = np.zeros(len(candidates), dtype=np.float32)
    for step, share in ((-2, 0.8), (-1, 1.0), (1, 1.0), (2, 0.8)):
        place = np.minimum(np.searchsorted(candidates, candidates + step), len(candidates) - 1)
        held = (candidates[place] == candidates + step) & (laws[place] == laws)
        best = np.maximum(best, np.where(held, share * scores[place], 0))
    return best


@dataclass(frozen=True)
class Asked:
    """A question with the sentences that answer it and the sentences it may search."""

    text: str
    gold: frozenset[int]
    scope: frozenset[str]


class Documents:
    """The bundled documents' sentences, with the lay questions of each as fields."""

    def __init__(
        self, sources: Sources, encoder: PolicyEncoder, fields: Mapping[int, Sequence[str]], wording: LayWording | None
    ) -> None:
        self.encoder, self.wording = encoder, wording
        self.sentences, self.owned, self.squeezed = load_documents(sources)
        self.owner = np.array([s.document for s in self.sentences])
        texts = [s.text for s in self.sentences]
        placed = [f"{s.context}。{s.text}" for s in self.sentences]
        self.bm25 = BM25([tokens(text) for text in texts])
        self.placed_bm25 = BM25([tokens(text) for text in placed])
        self.vectors = encoder.embed(placed)
        self.late = LateInteraction.of(encoder, placed)
        self.has_field = np.array([bool(fields.get(i)) for i in range(len(texts))])
        self.field_bm25 = BM25([tokens(f"{text} {' '.join(fields.get(i, ()))}") for i, text in enumerate(texts)])
        flat = [(i, q) for i in range(len(texts)) for q in fields.get(i, ())]
        self.field_owner = np.array([i for i, _ in flat], dtype=np.int64)
        self.field_vectors = encoder.embed([q for _, q in flat])

    def features(self, question: str, scope: frozenset[str]) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        """The sentences in scope and their scores."""
        inside = np.flatnonzero(np.isin(self.owner, list(scope))) if scope else np.arange(len(self.owner))
        words = tokens(question)
        query = Counter(words)
        vector = self.encoder.embed([question])[0]
        plain = self.bm25.scores(query) / self.bm25.ceiling(query)
        placed = self.placed_bm25.scores(query) / self.placed_bm25.ceiling(query)
        dense, late = self.vectors @ vector, self.late.scores(question)
        found = {
            "bm25": plain,
            "placed": placed,
            "dense": dense,
            "late": late,
            "field_bm25": self.field_bm25.scores(query) / self.field_bm25.ceiling(query),
        }
        asked_dense = dense.copy()
        if len(self.field_owner):
            asked_dense[self.has_field] = -1
            np.maximum.at(asked_dense, self.field_owner, self.field_vectors @ vector)
        found["dense_questions"] = asked_dense
        if self.wording is not None:
            added = self.wording.expand(words)
            found["expanded"] = self.bm25.scores(added) / self.bm25.ceiling(query)
        return inside, {name: scores[inside] for name, scores in found.items()}


def load_documents(sources: Sources) -> tuple[list[Sentence], dict[int, list[str]], dict[str, str]]:
    """All sentences, the questions each owns, and the documents without white space."""
    sentences: list[Sentence] = []
    owned: dict[int, list[str]] = {}
    squeezed: dict[str, str] = {}
    for path in sorted(sources.corpus.glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        squeezed[path.stem] = re.sub(r"\s", "", text)
        own = document_sentences(path.stem, text)
        rows = read_rows(sources.lay_questions / f"{path.stem}.jsonl")
        for i, questions in attach_questions(own, rows, squeezed[path.stem]).items():
            owned[len(sentences) + i] = questions
        sentences += own
    return sentences, owned, squeezed


def split_questions(owned: Mapping[int, Sequence[str]], seed: int = 0) -> tuple[dict[int, list[str]], list[str]]:
    """Three quarters of the lay questions as fields, one quarter to ask (dev)."""
    every = sorted({q for questions in owned.values() for q in questions})
    random.Random(seed).shuffle(every)
    asked = set(every[: len(every) // 4])
    fields = {i: [q for q in questions if q not in asked] for i, questions in owned.items()}
    return fields, sorted(asked)


def sample_questions(path: Path, sentences: Sequence[Sentence], squeezed: Mapping[str, str]) -> list[Asked]:
    """The sample's answerable questions with gold sentences; the scope is the places named, else the region."""
    asked = []
    for row in read_rows(path):
        gold = set()
        for wanted in row["gold"]:
            quote = re.sub(r"\s", "", wanted["quote"])
            start = squeezed[wanted["doc"]].find(quote)
            for i, s in enumerate(sentences):
                share = min(s.end, start + len(quote)) - max(s.start, start)
                enough = share >= 0.6 * len(quote) or share >= max(8, 0.6 * (s.end - s.start))
                if s.document == wanted["doc"] and enough:
                    gold.add(i)
        if not gold or not row["answerable"]:
            continue
        history = " ".join(row.get("history", ()))
        scope: set[str] = set()
        for words in (row["question"], row["region"] or "", history):
            scope = scope or {doc for doc, names in PLACES.items() if any(name in words for name in names)}
        asked.append(Asked(f"{history} {row['question']}".strip(), frozenset(gold), frozenset(scope)))
    return asked


def rates(ranked: Sequence[np.ndarray], asked: Sequence[Asked]) -> tuple[float, float]:
    """Share of questions with a gold sentence first, and among three."""
    first = np.mean([row[0] in q.gold for row, q in zip(ranked, asked, strict=True)])
    three = np.mean([bool(set(row[:3].tolist()) & q.gold) for row, q in zip(ranked, asked, strict=True)])
    return float(first), float(three)


def rank_documents(index: Documents, asked: Sequence[Asked], weights: Mapping[str, float]) -> list[np.ndarray]:
    """Sentences of each question, best first."""
    ranked = []
    for question in asked:
        inside, found = index.features(question.text, question.scope)
        ranked.append(inside[np.argsort(-fuse(found, weights), kind="stable")])
    return ranked


def statute_table(
    index: Statutes, queries: Mapping[str, str], qrels: Mapping[str, set[int]], rows: Mapping[str, Mapping[str, float]]
) -> dict[str, tuple[float, float, float]]:
    """nDCG@10, R@10, R@100 for each named set of weights."""
    totals: dict[str, list[tuple[float, float, float]]] = {name: [] for name in rows}
    for qid, gold in qrels.items():
        candidates, found = index.features(queries[qid])
        for name, weights in rows.items():
            ranked = candidates[np.argsort(-fuse(found, weights), kind="stable")].tolist()
            totals[name].append((ndcg(ranked, gold), recall(ranked, gold, 10), recall(ranked, gold, 100)))
    return {name: tuple(float(x) for x in np.mean(values, axis=0)) for name, values in totals.items()}


def ablations(weights: Mapping[str, float], *always: Mapping[str, float]) -> dict[str, Mapping[str, float]]:
    """BM25 alone, each part alone that was asked for, all, and all but one."""
    rows: dict[str, Mapping[str, float]] = {"BM25 alone": {"bm25": 1.0}}
    rows |= {f"{next(iter(single))} alone": single for single in always}
    rows["all"] = weights
    rows |= {f"all but {name}": {k: v for k, v in weights.items() if k != name} for name in weights}
    return rows


def _relevant(path: Path, number: Mapping[str, int]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        qid, doc, _ = line.split("\t")
        if doc in number:
            found.setdefault(qid, set()).add(number[doc])
    return found


def main() -> None:
    """Measure a model folder; print tables in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("train", "bench", "corpus", "lay-questions", "sample", "work", "model"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--left-out", type=Path, help="folder with one model folder per document left out")
    parser.add_argument("--only", choices=("statutes", "documents"))
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    sources = Sources(given.train, given.bench, given.corpus, given.lay_questions)
    began = time.perf_counter()
    encoder = PolicyEncoder.load(given.model)
    print(f"model loaded in {time.perf_counter() - began:.2f} s")
    fusion = json.loads((given.model / "fusion.json").read_text(encoding="utf-8"))
    if given.only != "documents":
        measure_statutes(sources, encoder, fusion, given.work)
    if given.only != "statutes":
        measure_documents(sources, encoder, fusion, given.model, given.sample, given.left_out)


def measure_statutes(sources: Sources, encoder: PolicyEncoder, fusion: Mapping, work: Path) -> None:
    """STARD test and EQUALS."""
    extra = read_rows(sources.bench / "equals" / "corpus_extra.jsonl.gz")
    index = Statutes(sources, encoder, extra, work / "statute_words.txt", sources.rows("stard_train"))
    rows = ablations(fusion["statutes"], {"dense": 1.0}, {"sentence": 1.0}, {"late": 1.0})
    without = fusion["statutes_without_prior"]
    rows["without prior"] = without
    rows |= {f"without prior or {name}": {k: v for k, v in without.items() if k != name} for name in ("law", "near")}
    rows["without prior, law and near"] = {k: v for k, v in without.items() if k not in ("law", "near")}
    for name, queries, qrels in (
        ("STARD test", "stard/queries_test.jsonl.gz", "stard/qrels_test.tsv"),
        ("EQUALS", "equals/queries.jsonl.gz", "equals/qrels.tsv"),
    ):
        asked = {row["qid"]: row["query"] for row in read_rows(sources.bench / queries)}
        relevant = _relevant(sources.bench / qrels, index.number)
        print(
            f"\n### {name}, {len(relevant)} questions, {len(index.number)} articles\n\n| | nDCG@10 | R@10 | R@100 |\n"
            "|---|---|---|---|"
        )
        for label, figures in statute_table(index, asked, relevant, rows).items():
            print(f"| {label} | " + " | ".join(f"{x:.3f}" for x in figures) + " |", flush=True)
    spent = []
    for text in list(asked.values())[:200]:
        began = time.perf_counter()
        _, found = index.features(text, depth=100)
        top(fuse(found, fusion["statutes"]), 100)
        spent.append(time.perf_counter() - began)
    print(f"\nquery over {len(index.number)} articles: p50 {1000 * np.median(spent):.1f} ms")


def measure_documents(
    sources: Sources, encoder: PolicyEncoder, fusion: Mapping, model: Path, sample: Path, left_out: Path | None
) -> None:
    """The five documents: sample questions with and without lay questions, and each document left out in turn."""
    sentences, owned, squeezed = load_documents(sources)
    asked = sample_questions(sample, sentences, squeezed)
    anywhere = [Asked(q.text, q.gold, frozenset()) for q in asked]
    wording = LayWording.load(model / "translations.json")
    print(
        f"\n### Five documents, {len(asked)} sample questions, {len(sentences)} sentences\n\n"
        "| | first | in three | place ignored: first | in three |\n|---|---|---|---|---|"
    )
    plain = Documents(sources, encoder, {}, wording)
    full = Documents(sources, encoder, owned, wording)
    for label, index, weights in (
        ("without lay questions", plain, fusion["documents_without"]),
        ("with lay questions", full, fusion["documents_with"]),
    ):
        rows = ablations(weights, {"field_bm25": 1.0}, {"dense": 1.0}, {"late": 1.0})
        for name, part in rows.items():
            here, there = (rates(rank_documents(index, questions, part), questions) for questions in (asked, anywhere))
            print(f"| {label}: {name} | " + " | ".join(f"{x:.3f}" for x in (*here, *there)) + " |", flush=True)
    spent = []
    for question in asked * 3:
        began = time.perf_counter()
        full.features(question.text, frozenset())
        spent.append(time.perf_counter() - began)
    print(f"\nquery over {len(sentences)} sentences with lay questions: p50 {1000 * np.median(spent):.1f} ms")
    if left_out is not None:
        measure_left_out(sources, fusion, left_out, asked, owned, sentences)


def measure_left_out(
    sources: Sources,
    fusion: Mapping,
    folder: Path,
    asked: Sequence[Asked],
    owned: Mapping[int, Sequence[str]],
    sentences: Sequence[Sentence],
) -> None:
    """Each document's lay questions neither trained on nor indexed nor in the translation table."""
    totals: dict[str, list[tuple[float, float]]] = {}
    for name in sources.documents():
        path = folder / name
        if not path.is_dir():
            path = folder / "all"
        encoder, wording = PolicyEncoder.load(path), LayWording.load(path / "translations.json")
        fields = {i: questions for i, questions in owned.items() if sentences[i].document != name}
        index = Documents(sources, encoder, fields, wording)
        here = []
        for q in asked:
            own = frozenset(i for i in q.gold if sentences[i].document == name)
            if own:
                here.append(Asked(q.text, own, q.scope or frozenset()))
        own_questions = sorted({(q, i) for i, qs in owned.items() if sentences[i].document == name for q in qs})
        golds: dict[str, set[int]] = {}
        for q, i in own_questions:
            golds.setdefault(q, set()).add(i)
        lay = [Asked(q, frozenset(g), frozenset({name})) for q, g in golds.items()]
        weights = fusion["documents_without"]
        alone = [Asked(q.text, q.gold, frozenset({name}) if name in q.scope else q.scope) for q in here]
        sets = (("sample", here), ("sample, one place at a time", alone), ("lay questions", lay))
        for label, questions in sets:
            for part, used in (
                ("BM25", {"bm25": 1.0}),
                ("all", weights),
                ("all, wording off", {k: v for k, v in weights.items() if k != "expanded"}),
                ("BM25 + wording", {"bm25": 1.0, "expanded": 0.5}),
            ):
                ranked = rank_documents(index, questions, used)
                for row, q in zip(ranked, questions, strict=True):
                    totals.setdefault(f"{label}: {part}", []).append(
                        (float(row[0] in q.gold), float(bool(set(row[:3].tolist()) & q.gold)))
                    )
    print("\n### Each document's lay questions left out in turn (place known)\n")
    print("| | n | first | in three |\n|---|---|---|---|")
    for label, values in totals.items():
        first, three = np.mean(values, axis=0)
        print(f"| {label} | {len(values)} | {first:.3f} | {three:.3f} |")


if __name__ == "__main__":
    main()
