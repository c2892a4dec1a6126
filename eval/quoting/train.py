"""Fit the weights by which a run of a sentence's parts is chosen to be quoted (`assistant/answering/choosing.py`).

    python eval/quoting/train.py

For every gold quotation of the development and training questions that is part of a sentence, each run of whole
provisions of that sentence is worth `COVERED` where it holds 60 % of the gold, 1 where intersection over union is
60 %, and a little for every bit of overlap; the weights make the expected worth the largest (softmax, Adam, ridge).
Prints both shares from five-fold cross-validation, and the weights. Needs torch, which the program itself does not.
"""

from __future__ import annotations

import json
import random
import sys
from dataclasses import dataclass

import numpy as np
import torch

from assistant.answering.answerer import Answerer, open_answerer
from assistant.answering.choosing import SIGNS, runs_of, signs_of
from assistant.answering.focusing import Focus
from assistant.evaluation.sources import without_white_space
from assistant.model import PolicyDocument, Question, Span, reading_text
from assistant.provisions.rules import read_parts
from assistant.retrieval.understanding import understand
from assistant.settings import ROOT, read_settings

FILES = (
    ROOT / "eval" / "questions" / "dev.jsonl",
    *(
        ROOT / "eval" / "answerability" / f"{name}.jsonl"
        for name in ("workers", "human-resources", "others", "more", "pairs")
    ),
)
COVERED, RIDGE, STEPS, FOLDS = 3.5, 1e-3, 150, 5
BY_SENSE = ("sense", "best_sense", "weakest")
MATCH = 0.6
_STOPS = "，,；;。"


@dataclass(frozen=True)
class Case:
    """One gold in one sentence: the signs of each run, how much of the gold it covers, intersection over union."""

    topic: str
    signs: np.ndarray
    covered: np.ndarray
    iou: np.ndarray


def read_cases(answerer: Answerer, *, sense: bool) -> list[Case]:
    """All golds that are part of a sentence of several parts."""
    documents = {document.policy.policy_id: document for document in answerer.documents}
    cases = []
    for path in FILES:
        for line in path.read_text(encoding="utf-8").splitlines():
            topic = json.loads(line)
            for gold in topic["gold"]:
                found = _place(documents[gold["doc"]], without_white_space(gold["quote"]))
                if found is not None:
                    cases += _case(answerer, topic, *found, sense=sense)
    return cases


def _place(document: PolicyDocument, wanted: str) -> tuple[str, Span] | None:
    for sentence in document.sentences:
        words = reading_text(sentence.span.of(document.policy.text))
        kept = [at for at, char in enumerate(words) if not char.isspace()]
        at = "".join(words[i] for i in kept).find(wanted)
        if sentence.kind == "text" and at >= 0:
            return words, Span(kept[at], kept[at + len(wanted) - 1] + 1)
    return None


def _case(answerer: Answerer, topic: dict[str, object], words: str, gold: Span, *, sense: bool) -> list[Case]:
    holdings = answerer.holdings
    region = holdings.gazetteer.find(str(topic.get("region") or ""))
    asked = understand(
        Question(str(topic["question"]), region[0].place.code if region else None, history=tuple(topic["history"])),
        holdings.documents,
        holdings.gazetteer,
    )
    focus = holdings.focus(asked)
    if not sense:
        focus = Focus(focus.words, focus.tokenizer, focus.number)
    parts = read_parts(words)
    near = focus.nearness(parts)
    if near is None:
        return []
    runs = runs_of(parts)
    pairs = [_overlap(words, gold, parts.span(*run)) for run in runs]
    return [
        Case(
            str(topic["topic"]),
            np.array([signs_of(parts, near, *run) for run in runs]),
            np.array([covered for covered, _ in pairs]),
            np.array([iou for _, iou in pairs]),
        )
    ]


def _overlap(words: str, gold: Span, run: Span) -> tuple[float, float]:
    ends = []
    for span in (gold, run):
        end = span.end
        while end > span.start and words[end - 1] in _STOPS:
            end -= 1
        ends.append(end)
    common = max(0, min(ends) - max(gold.start, run.start))
    size = ends[0] - gold.start
    return common / size, common / (size + ends[1] - run.start - common)


def fit(cases: list[Case], used: list[bool]) -> np.ndarray:
    """The weights for signs as they are."""
    scale = np.concatenate([case.signs for case in cases]).std(axis=0) + 1e-9
    mask = torch.tensor(used, dtype=torch.float)
    most = max(len(case.signs) for case in cases)
    signs = torch.zeros(len(cases), most, len(SIGNS))
    worth, shut = torch.zeros(len(cases), most), torch.full((len(cases), most), -1e9)
    for i, case in enumerate(cases):
        n = len(case.signs)
        signs[i, :n] = torch.tensor(case.signs / scale, dtype=torch.float)
        value = COVERED * (case.covered >= MATCH) + (case.iou >= MATCH) + 0.3 * case.iou
        worth[i, :n], shut[i, :n] = torch.tensor(value, dtype=torch.float), 0.0
    weights = torch.zeros(len(SIGNS), requires_grad=True)
    adam = torch.optim.Adam([weights], lr=0.1)
    for _ in range(STEPS):
        chances = torch.softmax(signs @ (weights * mask) + shut, dim=1)
        loss = -(chances * worth).sum(dim=1).mean() + RIDGE * (weights * weights).sum()
        adam.zero_grad()
        loss.backward()
        adam.step()
    return (weights * mask).detach().numpy() / scale


def shares(cases: list[Case], weights: np.ndarray) -> np.ndarray:
    """Shares of golds covered and matched by intersection over union."""
    picks = [(case, int((case.signs @ weights).argmax())) for case in cases]
    return np.array([[case.covered[i] >= MATCH, case.iou[i] >= MATCH] for case, i in picks]).mean(axis=0)


def main() -> None:
    """Fit and print."""
    answerer = open_answerer(read_settings(), judged=False)
    torch.set_num_threads(1)
    for sense in (True, False):
        cases = read_cases(answerer, sense=sense)
        used = [sense or sign not in BY_SENSE for sign in SIGNS]
        topics = sorted({case.topic for case in cases})
        random.Random(0).shuffle(topics)
        fold = {topic: i % FOLDS for i, topic in enumerate(topics)}
        held_out = [
            shares([c for c in cases if fold[c.topic] == k], fit([c for c in cases if fold[c.topic] != k], used))
            for k in range(FOLDS)
        ]
        covered, iou = np.mean(held_out, axis=0)
        whole = shares(cases, np.array([float(sign == "whole") for sign in SIGNS]))
        out = sys.stdout.write
        out(f"{'by sense' if sense else 'by words'}: {len(cases)} golds; whole sentences {whole.round(3).tolist()}; ")
        out(f"held out {covered:.3f} covered, {iou:.3f} by union\n")
        out(f"  {tuple(float(w) for w in fit(cases, used).round(2))}\n")


if __name__ == "__main__":
    main()
