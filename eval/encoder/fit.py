"""Fusion weights by softmax regression on dev questions: training questions that the dev model never saw."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from export import write_manifest
from measure import Asked, Documents, Statutes, load_documents, split_questions
from reference import LayWording, PolicyEncoder
from scipy.optimize import minimize
from sets import Sources
from train import dev_questions

Case = tuple[np.ndarray, np.ndarray]
"""Features (candidates × parts) and the share of each candidate in the gold."""


def fit(cases: Sequence[Case], names: Sequence[str], *, penalty: float = 0.02) -> dict[str, float]:
    """Weights w ≥ 0 maximising the log likelihood of golds under softmax(20 · w · f)."""

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        total, slope = penalty * float(weights @ weights), 2 * penalty * weights
        for features, gold in cases:
            scores = 20 * features @ weights
            scores -= scores.max()
            chance = np.exp(scores)
            chance /= chance.sum()
            inside = chance * (gold > 0)
            total -= float(np.log(inside.sum() + 1e-12)) / len(cases)
            inside /= inside.sum() + 1e-12
            slope = slope - 20 * (inside - chance) @ features / len(cases)
        return total, slope

    found = minimize(loss, np.full(len(names), 0.2), jac=True, bounds=[(0, 5)] * len(names), method="L-BFGS-B")
    return {name: round(float(weight), 3) for name, weight in zip(names, found.x, strict=True)}


def cross_validate(cases: Sequence[Case], names: Sequence[str], folds: int = 5) -> dict[str, tuple[float, float]]:
    """Gold first and in three on dev questions that the weights were not fitted on; beside them each part alone."""
    ranks: dict[str, list[int]] = {name: [] for name in (*names, "fused", "equal weights")}
    for fold in range(folds):
        weights = fit([case for i, case in enumerate(cases) if i % folds != fold], names)
        for features, gold in cases[fold::folds]:
            scores = {name: features[:, column] for column, name in enumerate(names)}
            scores["fused"] = features @ np.array([weights[name] for name in names])
            scores["equal weights"] = features.sum(axis=1)
            for name, column in scores.items():
                ranks[name].append(int((column > column[gold > 0].max()).sum()))
    return {name: (float(np.mean(np.array(r) < 1)), float(np.mean(np.array(r) < 3))) for name, r in ranks.items()}


def report(label: str, cases: Sequence[Case], names: Sequence[str]) -> dict[str, float]:
    """Print the cross-validated table, return the weights fitted on all dev questions."""
    print(f"\n### {label}, {len(cases)} dev questions\n\n| part | first | in three |\n|---|---|---|")
    for name, (first, three) in cross_validate(cases, names).items():
        print(f"| {name} | {first:.3f} | {three:.3f} |", flush=True)
    return fit(cases, names)


def statute_cases(sources: Sources, encoder: PolicyEncoder, work: Path, names: Sequence[str]) -> list[Case]:
    """Dev questions of the statute set; the law prior is counted without them."""
    held = dev_questions(sources)
    rows = sources.rows("stard_train")
    index = Statutes(sources, encoder, [], work / "statute_words_dev.txt", [r for r in rows if r["query"] not in held])
    by_name = {row["name"]: index.number[row["id"]] for row in reversed(sources.statutes())}
    gold: dict[str, set[int]] = {}
    for row in rows:
        if row["query"] in held:
            gold.setdefault(row["query"], set()).add(by_name[row["title"]])
    cases = []
    for question, wanted in sorted(gold.items()):
        candidates, found = index.features(question)
        target = np.isin(candidates, list(wanted)).astype(float)
        if target.any():
            cases.append((np.stack([found[name] for name in names], axis=1).astype(float), target))
    return cases


def document_cases(index: Documents, asked: Sequence[Asked], names: Sequence[str]) -> list[Case]:
    """Lay questions as dev questions."""
    cases = []
    for question in asked:
        inside, found = index.features(question.text, question.scope)
        target = np.isin(inside, list(question.gold)).astype(float)
        cases.append((np.stack([found[name] for name in names], axis=1).astype(float), target))
    return cases


def statute_weights(sources: Sources, encoder: PolicyEncoder, work: Path) -> dict[str, dict[str, float]]:
    """Weights for the statutes, with the law prior and, fitted anew, without it."""
    legs = ("bm25", "dense", "sentence", "late", "law", "near")
    cases = statute_cases(sources, encoder, work, (*legs, "prior"))
    return {
        "statutes": report("Statutes", cases, (*legs, "prior")),
        "statutes_without_prior": report(
            "Statutes without the law prior", [(features[:, :-1], gold) for features, gold in cases], legs
        ),
    }


def document_weights(sources: Sources, dev_model: Path, left_out: Path | None) -> dict[str, dict[str, float]]:
    """Weights for the documents without and with lay questions, each document's asked of a model without them."""
    sentences, owned, _ = load_documents(sources)
    fields, held = split_questions(owned)
    golds: dict[str, set[int]] = {}
    for i, questions in owned.items():
        for question in questions:
            golds.setdefault(question, set()).add(i)
    without = ("bm25", "placed", "dense", "late", "expanded")
    both = (*without, "field_bm25", "dense_questions")
    cases: dict[str, list[Case]] = {"without": [], "with": []}
    for name in sources.documents():
        folder = left_out / name if left_out and (left_out / name).is_dir() else dev_model
        model, words = PolicyEncoder.load(folder, check=False), LayWording.load(folder / "translations.json")
        asked = [
            Asked(question, frozenset(golds[question]), frozenset({name}))
            for question in held
            if any(sentences[i].document == name for i in golds[question])
        ]
        cases["without"] += document_cases(Documents(sources, model, {}, words), asked, without)
        cases["with"] += document_cases(Documents(sources, model, fields, words), asked, both)
    return {
        "documents_without": report("Documents without lay questions", cases["without"], without),
        "documents_with": report("Documents with three quarters of the lay questions", cases["with"], both),
    }


def main() -> None:
    """Fit on the dev model, write `fusion.json` into the model folders named."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("train", "bench", "corpus", "lay-questions", "work", "dev-model"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--left-out", type=Path, help="folder with one model per document left out")
    parser.add_argument("--only", choices=("statutes", "documents"), help="keep the other weights as they are")
    parser.add_argument("--out", type=Path, nargs="+", required=True)
    given = parser.parse_args()
    sources = Sources(given.train, given.bench, given.corpus, given.lay_questions)
    encoder = PolicyEncoder.load(given.dev_model, check=False)
    weights: dict[str, dict[str, float]] = {}
    if given.only != "statutes":
        weights |= document_weights(sources, given.dev_model, given.left_out)
    if given.only != "documents":
        weights |= statute_weights(sources, encoder, given.work)
    for folder in given.out:
        path = folder / "fusion.json"
        kept = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        text = json.dumps(kept | weights, ensure_ascii=False, indent=2) + "\n"
        path.write_text(text, encoding="utf-8")
        write_manifest(folder)
        print(text)


if __name__ == "__main__":
    main()
