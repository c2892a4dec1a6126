"""Trains index/encoder/answerability.json: is the text silent on what a question asks?

    python eval/answerability/train.py eval/questions/dev.jsonl … --out index/encoder/answerability.json

Only development questions. Each is put through the assistant up to the judgement; those that the rules refuse or that
take another way (an address, a comparison, a fact of the document) never reach it and are left out. The figures printed
are cross-validated: a question is judged by a model that saw neither it nor the other question of its pair; then by
one that saw no question of its writer; then by one that saw none about its document.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import LeaveOneGroupOut, StratifiedGroupKFold

from assistant import Question, Refusal, Settings, open_answerer
from assistant.answering.answerability import CLIP, Judge, Signs, buckets, checksum
from assistant.answering.known_questions import KnownQuestions, Near
from assistant.indexing.static_encoder import StaticEncoder, load_static_encoder
from assistant.model import Clarification
from assistant.settings import BUNDLED_ENCODER

AS_OF = date(2026, 11, 20)
C = 0.03
VECTOR_WEIGHT = 5.0  # unit vectors' numbers are small beside scaled signs
RESIDUE_WEIGHT, BUCKETS = 8.0, 4096
FALSE_REFUSALS, FALSE_REFUSALS_OF_NEW = 0.016, 0.024
"""Share of all answerable questions that the judge may refuse beside the rules, in cross-validation; in a new document,
whose signs tell less."""
FOLDS, SEEDS = 8, (1, 2)


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
    document: str
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
            group = topic.get("group") or re.sub(r"(?<=\d)[ab]$", "", topic["id"])
            signs = None if refused else recorder.last
            rows.append(Row(path.stem, topic["region"] or "", group, not topic["answerable"], refused, signs))
    return rows


@dataclass(frozen=True)
class Fitted:
    mean: np.ndarray
    scale: np.ndarray
    model: LogisticRegression
    rows: np.ndarray

    def probability(self, seen: Seen, rows: np.ndarray) -> np.ndarray:
        values = seen.values_knowing(rows, self.rows)
        return self.model.predict_proba(_joined(seen, rows, values, self.mean, self.scale))[:, 1]


@dataclass(frozen=True)
class Seen:
    """What the judge sees of each question, one row a question."""

    values: np.ndarray
    vectors: np.ndarray
    residues: csr_matrix
    silent: np.ndarray
    known: KnownQuestions | None = None
    near: tuple[Near, ...] = ()
    groups: np.ndarray = field(default_factory=lambda: np.zeros(0))

    def values_knowing(self, rows: np.ndarray, remembered: np.ndarray) -> np.ndarray:
        """The signs of some rows when the questions `remembered` are known, those of the row's own group apart."""
        if self.known is None:
            return self.values[rows]
        forgotten = np.ones(len(self.silent), dtype=bool)
        forgotten[remembered] = False
        told = [self.known.signs(self.near[row], forgotten | (self.groups == self.groups[row])) for row in rows]
        return np.hstack([self.values[rows], [list(signs.values()) for signs in told]])

    @staticmethod
    def of(judged: list[Row], names: tuple[str, ...], encoder: StaticEncoder | None = None) -> Seen:
        letters = [buckets(row.signs.residue, BUCKETS) for row in judged]
        at = np.repeat(np.arange(len(judged)), [len(ids) for ids in letters])
        shares = np.concatenate([np.full(len(ids), len(ids) ** -0.5) for ids in letters])
        silent = np.array([row.unanswerable for row in judged])
        known = None
        if encoder is not None:
            read = [(row.signs.pieces, row.signs.chunks) for row in judged]
            known = KnownQuestions(tuple(ids for ids, _ in read), tuple(chunks for _, chunks in read), silent, encoder)
        return Seen(
            np.array([[row.signs.values[name] for name in names] for row in judged]),
            np.array([np.concatenate([row.signs.question, row.signs.asking]) for row in judged]),
            csr_matrix((shares, (at, np.concatenate(letters))), shape=(len(judged), BUCKETS)),
            silent,
            known,
            () if known is None else tuple(known.near(ids, chunks) for ids, chunks in read),
            np.array([row.group for row in judged]),
        )


def _joined(seen: Seen, rows: np.ndarray, values: np.ndarray, mean: np.ndarray, scale: np.ndarray) -> csr_matrix:
    scaled = np.clip((values - mean) / scale, -CLIP, CLIP)
    dense = csr_matrix(np.hstack([scaled, seen.vectors[rows] * VECTOR_WEIGHT]))
    return hstack([dense, seen.residues[rows] * RESIDUE_WEIGHT]).tocsr()


def fit(seen: Seen, rows: np.ndarray) -> Fitted:
    values = seen.values_knowing(rows, rows)
    mean, scale = values.mean(axis=0), np.maximum(values.std(axis=0), 1e-6)
    # liblinear: on sparse columns many times faster than the default, which need not converge on them
    model = LogisticRegression(C=C, max_iter=5000, solver="liblinear")
    return Fitted(mean, scale, model.fit(_joined(seen, rows, values, mean, scale), seen.silent[rows]), rows)


def held_out(seen: Seen, splits: Iterable[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """The mean probability that models give each question which did not see it."""
    total, times = np.zeros(len(seen.silent)), np.zeros(len(seen.silent))
    for fitted, held in splits:
        total[held] += fit(seen, fitted).probability(seen, held)
        times[held] += 1
    return total / times


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("questions", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bare = replace(Settings(), questions_dir=Path(folder, "none"), index_dir=Path(folder, "index"))
        bare.questions_dir.mkdir()
        encoder = load_static_encoder(BUNDLED_ENCODER)
        rows = read_rows(options.questions, Settings())
        judged = [row for row in rows if row.signs is not None]
        stored = {
            "asked": train(rows, "with lay questions", FALSE_REFUSALS, encoder),
            "unasked": train(
                read_rows(options.questions, bare),
                "without lay questions, as in a new document",
                FALSE_REFUSALS_OF_NEW,
            ),
            "known": {
                "pieces": [row.signs.pieces.tolist() for row in judged],
                "chunks": [list(row.signs.chunks) for row in judged],
                "silent": [int(row.unanswerable) for row in judged],
            },
            "trained_on": [path.name for path in options.questions],
            "encoder": encoder.fingerprint,
        }
    stored["sha256"] = checksum(stored)
    text = json.dumps(stored, ensure_ascii=False) + "\n"
    partial = options.out.with_suffix(".partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(options.out)


def train(rows: list[Row], told: str, allowed_share: float, encoder: StaticEncoder | None = None) -> dict[str, object]:
    """Fit on all rows; the threshold and the figures printed are cross-validated.

    With an encoder the other questions are known beside the sentences (`known_questions.py`); those of a question's own
    group, and in cross-validation all that the model did not see, are not.
    """
    judged = [row for row in rows if row.signs is not None]
    names = tuple(judged[0].signs.values)
    seen = Seen.of(judged, names, encoder)
    groups = [row.group for row in judged]
    folds = [
        fold
        for seed in SEEDS
        for fold in StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed).split(groups, seen.silent, groups)
    ]
    probability = held_out(seen, folds)
    allowed = int(allowed_share * sum(not row.unanswerable for row in rows))
    threshold = float(np.sort(probability[~seen.silent])[::-1][allowed])
    report(rows, judged, probability > threshold, told)
    for name, apart in (("writer", [r.source for r in judged]), ("place chosen", [r.document for r in judged])):
        left = held_out(seen, LeaveOneGroupOut().split(apart, groups=apart))
        report(rows, judged, left > threshold, f"{told}, each {name} left out", "all")

    final = fit(seen, np.arange(len(judged)))
    weights = final.model.coef_[0]
    if seen.known is not None:
        names = (*names, *seen.known.signs(seen.near[0]))
    signs, half = len(names), seen.vectors.shape[1] // 2
    ends = np.cumsum([signs, half, half])
    return {
        "names": list(names),
        "mean": _rounded(final.mean),
        "scale": _rounded(final.scale),
        "weights": _rounded(weights[:signs]),
        "question_weights": _rounded(weights[ends[0] : ends[1]] * VECTOR_WEIGHT),
        "asking_weights": _rounded(weights[ends[1] : ends[2]] * VECTOR_WEIGHT),
        "residue_weights": _rounded(weights[ends[2] :] * RESIDUE_WEIGHT, digits=3),
        "bias": float(final.model.intercept_[0]),
        "threshold": round(threshold, 4),
    }


def report(rows: list[Row], judged: list[Row], refusing: np.ndarray, told: str, only: str = "") -> None:
    refused = {id(row) for row, refuses in zip(judged, refusing, strict=True) if refuses}
    print(f"{told}: {len(rows)} questions, {len(judged)} judged")
    for source in (only,) if only else ("all", *dict.fromkeys(row.source for row in rows)):
        own = [row for row in rows if source in ("all", row.source)]
        for unanswerable in (True, False):
            kind = [row for row in own if row.unanswerable is unanswerable]
            rules = sum(row.refused for row in kind) / max(1, len(kind))
            both = sum(row.refused or id(row) in refused for row in kind) / max(1, len(kind))
            name = "unanswerable" if unanswerable else "answerable"
            print(f"  {source}: {len(kind)} {name}, refused by rules {rules:.3f}, with the judge {both:.3f}")


def _rounded(values: np.ndarray, digits: int = 5) -> list[float]:
    return [float(f"{value:.{digits}g}") for value in values]


if __name__ == "__main__":
    main()
