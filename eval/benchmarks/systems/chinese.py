"""What a peer lacks for Chinese: jieba search tokens, and the bundled vectors read with numpy.

The tokens are those of `assistant/tokenization.py` without its user dictionary. Nothing of `assistant` is imported: the
peers run in environments of their own.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cached_property
from pathlib import Path

import numpy as np

_RUN = re.compile(r"(?P<han>[\u4e00-\u9fd5]+)|[0-9a-z]+(?:\.[0-9]+)*|[^\W_]")
_UNKNOWN = 0
_BLOCK = 1024
SEPARATORS = ["\n\n", "\n", "。", "；", "，", ""]
CHUNK, OVERLAP = 500, 50
ENCODER = Path(__file__).resolve().parents[3] / "index" / "encoder"


class Words:
    """jieba's search mode, in Rust."""

    def __init__(self) -> None:
        import rjieba

        self._jieba = rjieba.Jieba()

    def __call__(self, text: str) -> list[str]:
        found: list[str] = []
        for run in _RUN.finditer(unicodedata.normalize("NFKC", text).lower()):
            if run["han"]:
                found.extend(self._jieba.cut_for_search(run["han"]))
            else:
                found.append(run[0])
        return found


class StaticVectors:
    """The bundled table; 256 numbers a text, unit length."""

    dimension = 256

    @cached_property
    def _tables(self):
        from safetensors import safe_open
        from tokenizers import Tokenizer

        with safe_open(ENCODER / "model.safetensors", framework="numpy") as stored:
            rows, scales = stored.get_tensor("embeddings"), stored.get_tensor("weights").astype(np.float32)
        return Tokenizer.from_file(str(ENCODER / "tokenizer.json")), rows, scales

    def embed(self, texts: list[str]) -> np.ndarray:
        """Float32, shape (texts, 256); a text without a known piece gets zeros."""
        tokenizer, rows, scales = self._tables
        encoded = tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        ids = [np.asarray(row.ids, dtype=np.int32) for row in encoded]
        ids = [row[row != _UNKNOWN] for row in ids]
        vectors = np.zeros((len(ids), self.dimension), dtype=np.float32)
        for start in range(0, len(ids), _BLOCK):
            block = ids[start : start + _BLOCK]
            filled = [i for i, row in enumerate(block) if len(row)]
            if filled:
                flat = np.concatenate([block[i] for i in filled])
                starts = np.cumsum([0, *(len(block[i]) for i in filled[:-1])])
                scaled = rows[flat].astype(np.float32) * scales[flat, None]
                vectors[[start + i for i in filled]] = np.add.reduceat(scaled, starts, axis=0)
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
