"""The sub-word tokenizer, and texts as arrays of piece numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

MAX_PIECE = 6
UNKNOWN = "[UNK]"


def _untrained() -> Tokenizer:
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"[^\p{L}\p{N}%]+"), "removed"),
            pre_tokenizers.Split(Regex(r"[0-9]+(\.[0-9]+)?%?|[a-z]+"), "isolated"),
        ]
    )
    return tokenizer


def words_tokenizer(
    counts: Iterable[tuple[str, int]], characters: Iterable[tuple[str, int]], *, size: int
) -> Tokenizer:
    """A Unigram tokenizer whose pieces are dictionary words, scored by their frequency, and all single characters."""
    kept = dict(characters)
    for word, count in counts:
        if len(kept) >= size - 1:
            break
        if len(word) <= MAX_PIECE:
            kept[word] = max(count, kept.get(word, 0))
    total = sum(kept.values())
    vocabulary = [(UNKNOWN, -20.0)] + [(word, float(np.log(count / total))) for word, count in kept.items()]
    tokenizer = _untrained()
    tokenizer.model = models.Unigram(vocabulary, unk_id=0)
    return tokenizer


@dataclass(frozen=True)
class Encoded:
    """Many texts as one flat array of piece numbers; text i is `ids[starts[i]:starts[i + 1]]`."""

    ids: np.ndarray
    starts: np.ndarray

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, i: int) -> np.ndarray:
        return self.ids[self.starts[i] : self.starts[i + 1]]

    def save(self, path: Path) -> None:
        np.savez(path, ids=self.ids, starts=self.starts)

    @classmethod
    def load(cls, path: Path) -> Encoded:
        with np.load(path) as stored:
            return cls(stored["ids"], stored["starts"])


def encode(tokenizer: Tokenizer, texts: Sequence[str], *, limit: int = 512) -> Encoded:
    """Piece numbers of each text, at most `limit`, unknown pieces dropped."""
    unknown = tokenizer.token_to_id(UNKNOWN)
    rows: list[np.ndarray] = []
    for start in range(0, len(texts), 4096):
        for row in tokenizer.encode_batch_fast(list(texts[start : start + 4096]), add_special_tokens=False):
            ids = np.asarray(row.ids[:limit], dtype=np.int32)
            rows.append(ids[ids != unknown])
    starts = np.zeros(len(rows) + 1, dtype=np.int64)
    np.cumsum([len(row) for row in rows], out=starts[1:])
    return Encoded(np.concatenate(rows) if rows else np.zeros(0, np.int32), starts)
