"""Trains index/encoder/answerability.json: is the text silent on what a question asks?

    python eval/answerability/train.py eval/questions/dev.jsonl … --out index/encoder/answerability.json

Only development questions. Each is put through the assistant up to the judgement; those that the rules refuse or that
take another way (an address, a comparison, a fact of the document) never reach it and are left out. The figures printed
are cross-validated: a question is judged by a model that saw neither it nor the other question of its pair.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold

from assistant import Question, Refusal, Settings, open_answerer
from assistant.answering.answerability import Judge, Signs
from assistant.model import Clarification

AS_OF = date(2026, 11, 20)
C = 0.03
VECTOR_WEIGHT = 5.0  # unit vectors' numbers are small beside scaled signs
FALSE_REFUSALS = 0.02
"""Share of answerable questions that the judge may refuse, in cross-validation."""
FOLDS, SEEDS = 10, (1, 2, 3)


class Recorder(Judge):
    """Keeps the signs of the question at hand and refuses nothing."""

    def __init__(self) -> None:
        self.last: Signs | None = None

    def silent(self, signs: Signs) -> bool:
        self.last = signs
        return False


@dataclass(frozen=True)
class Row:
    """A question that reached the judgement, or was refused before it (`signs` None)."""

    source: str
    group: str
    unanswerable: bool
    refused: bool
    signs: Signs | None


def read_rows(paths: list[Path], settings: Settings) -> list[Row]:
    recorder = Recorder()
    answerer = open_answerer(settings, judged=False)
    answerer = replace(answerer, silence=replace(answerer.silence, judge=recorder))
    gazetteer = answerer.holdings.gazetteer
    rows = []
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            topic = json.loads(line)
            place = gazetteer.find(topic["region"])[0].place.code if topic["region"] else None
            recorder.last = None
            reply = answerer.answer(Question(topic["question"], place, topic["role"], tuple(topic["history"])), AS_OF)
            refused = isinstance(reply, Refusal | Clarification)
            group = re.sub(r"(?<=\d)[ab]$", "", topic["id"])
            rows.append(Row(path.stem, group, not topic["answerable"], refused, None if refused else recorder.last))
    return rows


@dataclass(frozen=True)
class Fitted:
    mean: np.ndarray
    scale: np.ndarray
    model: LogisticRegression

    def probability(self, values: np.ndarray, vectors: np.ndarray) -> np.ndarray:
        return self.model.predict_proba(_joined(values, vectors, self.mean, self.scale))[:, 1]


def _joined(values: np.ndarray, vectors: np.ndarray, mean: np.ndarray, scale: np.ndarray) -> np.ndarray:
    return np.hstack([np.clip((values - mean) / scale, -4, 4), vectors * VECTOR_WEIGHT])


def fit(values: np.ndarray, vectors: np.ndarray, silent: np.ndarray) -> Fitted:
    mean, scale = values.mean(axis=0), np.maximum(values.std(axis=0), 1e-6)
    model = LogisticRegression(C=C, max_iter=5000)
    return Fitted(mean, scale, model.fit(_joined(values, vectors, mean, scale), silent))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("questions", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bare = replace(Settings(), questions_dir=Path(folder, "none"), index_dir=Path(folder, "index"))
        bare.questions_dir.mkdir()
        stored = {
            "asked": train(read_rows(options.questions, Settings()), "with lay questions"),
            "unasked": train(read_rows(options.questions, bare), "without lay questions, as in a new document"),
            "trained_on": [path.name for path in options.questions],
        }
    text = json.dumps(stored, ensure_ascii=False, indent=0) + "\n"
    partial = options.out.with_suffix(".partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(options.out)


def train(rows: list[Row], told: str) -> dict[str, object]:
    """Fit on all rows; the threshold and the figures printed are cross-validated."""
    judged = [row for row in rows if row.signs is not None]
    names = tuple(judged[0].signs.values)
    values = np.array([[row.signs.values[name] for name in names] for row in judged])
    vectors = np.array([np.concatenate([row.signs.question, row.signs.asking]) for row in judged])
    silent = np.array([row.unanswerable for row in judged])
    groups = [row.group for row in judged]
    total = np.zeros(len(judged))
    for seed in SEEDS:
        folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
        for fitted, held in folds.split(values, silent, groups):
            total[held] += fit(values[fitted], vectors[fitted], silent[fitted]).probability(values[held], vectors[held])
    probability = total / len(SEEDS)
    answerable = sum(not row.unanswerable for row in rows)
    threshold = float(np.sort(probability[~silent])[::-1][int(FALSE_REFUSALS * answerable)])
    report(rows, judged, probability > threshold, told)

    final = fit(values, vectors, silent)
    weights = final.model.coef_[0]
    half = vectors.shape[1] // 2
    return {
        "names": list(names),
        "mean": _rounded(final.mean),
        "scale": _rounded(final.scale),
        "weights": _rounded(weights[: len(names)]),
        "question_weights": _rounded(weights[len(names) : len(names) + half] * VECTOR_WEIGHT),
        "asking_weights": _rounded(weights[len(names) + half :] * VECTOR_WEIGHT),
        "bias": float(final.model.intercept_[0]),
        "threshold": round(threshold, 4),
    }


def report(rows: list[Row], judged: list[Row], refusing: np.ndarray, told: str) -> None:
    refused = {id(row) for row, refuses in zip(judged, refusing, strict=True) if refuses}
    print(f"{told}: {len(rows)} questions, {len(judged)} judged")
    for source in ("all", *dict.fromkeys(row.source for row in rows)):
        own = [row for row in rows if source in ("all", row.source)]
        for unanswerable in (True, False):
            kind = [row for row in own if row.unanswerable is unanswerable]
            rules = sum(row.refused for row in kind) / max(1, len(kind))
            both = sum(row.refused or id(row) in refused for row in kind) / max(1, len(kind))
            name = "unanswerable" if unanswerable else "answerable"
            print(f"  {source}: {len(kind)} {name}, refused by rules {rules:.3f}, with the judge {both:.3f}")


def _rounded(values: np.ndarray) -> list[float]:
    return [float(f"{value:.5g}") for value in values]


if __name__ == "__main__":
    main()
