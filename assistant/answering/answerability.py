"""Whether the sentences found answer the question, or only lie near it: learned from questions of both kinds.

「技能津贴一个月多少钱」 finds the sentence on 技能津贴, which names no amount. What a table of question words can
tell is in `refusals.py`. The rest is judged here from signs that hold for any document (`signs.py`): how much of the
question the sentence, its headings and its lay questions cover, and which stretch least; how far the best sentence is
ahead; what kind of thing is asked (the question's vector, `hints.py`) and what of the question is left when the words
it shares with the sentence are struck. Trained by `eval/answerability/train.py` on development questions.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.answering.known_questions import KnownQuestions
from assistant.errors import EncoderError
from assistant.indexing.dense import Vectors
from assistant.indexing.static_encoder import Pieces, StaticEncoder

CLIP = 4.0
"""Standard deviations to which a sign is clipped."""
LONGEST_GRAM = 3


@dataclass(frozen=True, slots=True)
class Signs:
    """What is judged.

    Attributes:
        values: the measured signs by name; shares and similarities lie near 0 to 1.
        question, asking: unit vectors of the whole question and of its last asking stretch; shape (dimension,).
        residue: the question without what it shares with the best sentence; "" where nothing was read.
        pieces: of the question, as the encoder numbers them.
        chunks: ids of the sentences read, best first.
    """

    values: Mapping[str, float]
    question: Vectors
    asking: Vectors
    residue: str = ""
    pieces: Pieces = field(default_factory=lambda: np.zeros(0, dtype=np.int32))
    chunks: tuple[str, ...] = ()


class Judge(Protocol):
    """Tells from the signs how likely it is that the text does not answer the question."""

    def silent(self, signs: Signs) -> bool:
        """Whether the question is to be refused: the text is silent on what it asks."""
        ...


@dataclass(frozen=True)
class LearnedJudge:
    """Logistic regression over the signs, the two vectors and the letters of the residue.

    Attributes:
        names: of the signs, in the order of the arrays.
        mean, scale: of each sign on the training questions; a sign is centred, scaled and clipped to ±4.
        weights: per sign; `question_weights` and `asking_weights` per dimension of the vectors.
        residue_weights: per bucket of runs of one to three letters (`buckets`).
        bias: added to the sum.
        threshold: probability of silence from which the question is refused.
    """

    names: tuple[str, ...]
    mean: Vectors
    scale: Vectors
    weights: Vectors
    question_weights: Vectors
    asking_weights: Vectors
    residue_weights: Vectors
    bias: float
    threshold: float

    def probability(self, signs: Signs) -> float:
        """How likely the text is silent, 0 to 1."""
        values = np.array([signs.values[name] for name in self.names], dtype=np.float32)
        scaled = np.clip((values - self.mean) / self.scale, -CLIP, CLIP)
        letters = buckets(signs.residue, len(self.residue_weights))
        score = (
            self.bias
            + scaled @ self.weights
            + signs.question @ self.question_weights
            + signs.asking @ self.asking_weights
            + self.residue_weights[letters].sum() / max(1.0, len(letters) ** 0.5)
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
        known: questions known of the sentences with lay questions.
    """

    asked: LearnedJudge
    unasked: LearnedJudge
    known: KnownQuestions

    def silent(self, signs: Signs) -> bool:
        """See `Judge`."""
        if not signs.values["has_questions"]:
            return self.unasked.silent(signs)
        near = self.known.near(signs.pieces, signs.chunks)
        return self.asked.silent(replace(signs, values={**signs.values, **self.known.signs(near)}))


def buckets(residue: str, size: int) -> NDArray[np.intp]:
    """The distinct buckets, out of `size`, of the runs of one to three letters in a residue; a stable hash of each run.

    Example:
        >>> len(buckets("^■几", 4096))  # ^ ■ 几 ^■ ■几 ^■几
        6
    """
    runs = {
        residue[at : at + length] for length in range(1, LONGEST_GRAM + 1) for at in range(len(residue) - length + 1)
    }
    return np.array(sorted({zlib.crc32(run.encode()) % size for run in runs}), dtype=np.intp)


def checksum(stored: Mapping[str, Any]) -> str:
    """sha256 of a stored judge, itself left out: canonical JSON of all else."""
    rest = {key: value for key, value in stored.items() if key != "sha256"}
    return hashlib.sha256(json.dumps(rest, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def read_judge(path: Path, encoder: StaticEncoder) -> JudgeBySource:
    """Read what `eval/answerability/train.py` wrote.

    Args:
        path: of the file.
        encoder: with which the questions are read; its pieces are those of the known questions.

    Raises:
        EncoderError: The file is missing, is not that, or is damaged.
    """
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        if stored["sha256"] != checksum(stored):
            raise ValueError("sha256 differs")
        return JudgeBySource(_judge(stored["asked"]), _judge(stored["unasked"]), _known(stored["known"], encoder))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise EncoderError(
            f"判断“文件有没有写”的模型 {path.name} 读不出来（{error}），没写的问题会被当成有答案。请从仓库恢复该文件。"
        ) from error


def _judge(stored: Mapping[str, Any]) -> LearnedJudge:
    arrays = {
        name: np.asarray(stored[name], dtype=np.float32)
        for name in ("mean", "scale", "weights", "question_weights", "asking_weights", "residue_weights")
    }
    names = tuple(str(name) for name in stored["names"])
    if {len(arrays[name]) for name in ("mean", "scale", "weights")} != {len(names)}:
        raise ValueError("arrays of different length")
    return LearnedJudge(names, **arrays, bias=float(stored["bias"]), threshold=float(stored["threshold"]))


def _known(stored: Mapping[str, Any], encoder: StaticEncoder) -> KnownQuestions:
    pieces = tuple(np.asarray(ids, dtype=np.int32) for ids in stored["pieces"])
    chunks = tuple(tuple(str(chunk_id) for chunk_id in ids) for ids in stored["chunks"])
    silent = np.asarray(stored["silent"], dtype=bool)
    if not len(pieces) == len(chunks) == len(silent):
        raise ValueError("known questions of different number")
    return KnownQuestions(pieces, chunks, silent, encoder)
