"""Whether the sentences found answer the question, or only lie near it: learned from questions of both kinds.

「技能津贴一个月多少钱」 finds the sentence on 技能津贴, which names no amount. What a table of question words can
tell is in `refusals.py`. The rest is judged here from signs that hold for any document (`signs.py`): how much of the
question the sentence, its headings and its lay questions cover, and which stretch least; how far the best sentence is
ahead; what kind of thing is asked (the question's vector). Trained by `eval/answerability/train.py` on development
questions.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from assistant.errors import EncoderError
from assistant.indexing.dense import Vectors

_CLIP = 4.0


@dataclass(frozen=True, slots=True)
class Signs:
    """What is judged.

    Attributes:
        values: the measured signs by name; shares and similarities lie near 0 to 1.
        question, asking: unit vectors of the whole question and of its last asking stretch; shape (dimension,).
    """

    values: Mapping[str, float]
    question: Vectors
    asking: Vectors


class Judge(Protocol):
    """Tells from the signs how likely it is that the text does not answer the question."""

    def silent(self, signs: Signs) -> bool:
        """Whether the question is to be refused: the text is silent on what it asks."""
        ...


@dataclass(frozen=True)
class LearnedJudge:
    """Logistic regression over the signs and the two vectors.

    Attributes:
        names: of the signs, in the order of the arrays.
        mean, scale: of each sign on the training questions; a sign is centred, scaled and clipped to ±4.
        weights: per sign; `question_weights` and `asking_weights` per dimension of the vectors.
        bias: added to the sum.
        threshold: probability of silence from which the question is refused.
    """

    names: tuple[str, ...]
    mean: Vectors
    scale: Vectors
    weights: Vectors
    question_weights: Vectors
    asking_weights: Vectors
    bias: float
    threshold: float

    def probability(self, signs: Signs) -> float:
        """How likely the text is silent, 0 to 1."""
        values = np.array([signs.values[name] for name in self.names], dtype=np.float32)
        scaled = np.clip((values - self.mean) / self.scale, -_CLIP, _CLIP)
        score = (
            self.bias
            + scaled @ self.weights
            + signs.question @ self.question_weights
            + signs.asking @ self.asking_weights
        )
        return float(1 / (1 + np.exp(-score)))

    def silent(self, signs: Signs) -> bool:
        """See `Judge`."""
        return self.probability(signs) >= self.threshold


@dataclass(frozen=True)
class JudgeBySource:
    """One judge for sentences with lay questions, one for those without: a new document has none, and scores lower.

    Attributes:
        asked: judges where the best sentence has lay questions.
        unasked: judges where it has none.
    """

    asked: LearnedJudge
    unasked: LearnedJudge

    def silent(self, signs: Signs) -> bool:
        """See `Judge`."""
        return (self.asked if signs.values["has_questions"] else self.unasked).silent(signs)


def read_judge(path: Path) -> JudgeBySource:
    """Read what `eval/answerability/train.py` wrote.

    Raises:
        EncoderError: The file is missing or is not that.
    """
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        return JudgeBySource(_judge(stored["asked"]), _judge(stored["unasked"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EncoderError(
            f"判断“文件有没有写”的模型 {path.name} 读不出来（{error}），没写的问题会被当成有答案。请从仓库恢复该文件。"
        ) from error


def _judge(stored: Mapping[str, Any]) -> LearnedJudge:
    arrays = {
        name: np.asarray(stored[name], dtype=np.float32)
        for name in ("mean", "scale", "weights", "question_weights", "asking_weights")
    }
    names = tuple(str(name) for name in stored["names"])
    if {len(arrays[name]) for name in ("mean", "scale", "weights")} != {len(names)}:
        raise ValueError("arrays of different length")
    return LearnedJudge(names, **arrays, bias=float(stored["bias"]), threshold=float(stored["threshold"]))
