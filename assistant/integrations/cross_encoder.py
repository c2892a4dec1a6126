"""A small cross-encoder by path as the second opinion of the gate (`assistant/answering/generating.py`, `Checker`).

Two kinds are understood: one that names a label for entailment (three classes, as NLI models have), and one with a
single score from 0 to 1. It is asked only about statements that passed the gate, so it can drop some and admit none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from assistant.errors import PhraserError

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

_LEAST = 0.5
_ENTAILMENT = "entail"
_PICKLED = {".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle"}


@dataclass(frozen=True, slots=True)
class CrossEncoderChecker:
    """A loaded cross-encoder; `entailment` is the class that says yes, None where there is one score."""

    name: str
    model: CrossEncoder
    entailment: int | None

    def supports(self, pairs: Sequence[tuple[str, str]]) -> Sequence[bool]:
        """Of (quotation, statement) each: whether entailment is the likeliest class, or the score at least a half."""
        scores = np.asarray(self.model.predict(list(pairs), show_progress_bar=False))
        if self.entailment is None:
            return [bool(score >= _LEAST) for score in scores.reshape(-1)]
        return [bool(row.argmax() == self.entailment) for row in scores]


def open_checker(folder: Path) -> CrossEncoderChecker:
    """Load a cross-encoder from this machine; nothing is downloaded, no code of its own is run.

    Raises:
        PhraserError: The package or the folder is missing, its weights are not safetensors, or its classes say nothing
            of entailment.
    """
    if not folder.is_dir():
        raise _refused(folder.name, "没有这个文件夹")
    if any(path.suffix in _PICKLED for path in folder.rglob("*")) or not list(folder.rglob("*.safetensors")):
        raise _refused(folder.name, "权重不全是 .safetensors 文件，其他格式可能夹带代码")
    try:
        from sentence_transformers import CrossEncoder
    except ImportError as error:
        raise _refused(
            folder.name, "没有安装 sentence-transformers，请运行 pip install 'policy-assistant[encoder]'"
        ) from error
    try:
        model = CrossEncoder(
            str(folder),
            device="cpu",
            trust_remote_code=False,
            local_files_only=True,
            model_kwargs={"use_safetensors": True},
        )
        labels = {number: str(name).lower() for number, name in dict(model.config.id2label).items()}
    except Exception as error:  # the libraries below raise many kinds alike for a damaged model
        raise _refused(folder.name, f"加载失败（{type(error).__name__}）") from error
    yes = [number for number, name in labels.items() if name.startswith(_ENTAILMENT)]
    if len(labels) > 1 and len(yes) != 1:
        raise _refused(folder.name, "它的几个类别里看不出哪一个是“蕴含”（entailment）")
    return CrossEncoderChecker(folder.name, model, yes[0] if yes and len(labels) > 1 else None)


def _refused(name: str, why: str) -> PhraserError:
    return PhraserError(
        f"核对用的模型“{name}”用不了：{why}，没有启动。请检查 POLICY_LLM_CHECKER 指的文件夹，或不设它，只用逐字核对。"
    )
