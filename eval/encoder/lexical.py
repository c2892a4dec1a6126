"""BM25 over jieba search tokens: the yardstick beside every figure, and one leg of the fusion."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence

import jieba
import numpy as np
from scipy import sparse

_WORD = re.compile(r"\w", re.UNICODE)


def tokens(text: str) -> list[str]:
    """Search-mode words in lower case; punctuation and blanks dropped."""
    return [word for word in jieba.lcut_for_search(unicodedata.normalize("NFKC", text).lower()) if _WORD.match(word)]


class BM25:
    """Okapi BM25 with Lucene's idf; a query may carry weights for added words."""

    def __init__(self, documents: Sequence[Sequence[str]], *, k1: float = 1.2, b: float = 0.75) -> None:
        self.vocabulary: dict[str, int] = {}
        rows, columns, counts = [], [], []
        lengths = np.array([len(words) for words in documents], dtype=np.float32)
        for number, words in enumerate(documents):
            for word, count in Counter(words).items():
                rows.append(number)
                columns.append(self.vocabulary.setdefault(word, len(self.vocabulary)))
                counts.append(count)
        frequency = np.bincount(columns, minlength=len(self.vocabulary))
        self.idf = np.log(1 + (len(documents) - frequency + 0.5) / (frequency + 0.5)).astype(np.float32)
        row, column, count = np.array(rows), np.array(columns), np.array(counts, dtype=np.float32)
        norm = k1 * (1 - b + b * lengths / max(float(lengths.mean()), 1e-9))
        weight = self.idf[column] * count * (k1 + 1) / (count + norm[row])
        shape = (len(documents), len(self.vocabulary))
        self.matrix = sparse.csc_matrix((weight.astype(np.float32), (row, column)), shape=shape)

    def scores(self, query: Mapping[str, float]) -> np.ndarray:
        """The score of every document for weighted words."""
        known = [(self.vocabulary[word], weight) for word, weight in query.items() if word in self.vocabulary]
        if not known:
            return np.zeros(self.matrix.shape[0], dtype=np.float32)
        columns, weights = zip(*known, strict=True)
        return np.asarray(self.matrix[:, list(columns)] @ np.array(weights, dtype=np.float32))

    def ceiling(self, query: Mapping[str, float]) -> float:
        """Σ idf of the query's words, unknown words counted as the rarest: what a score is divided by to compare."""
        rarest = float(self.idf.max()) if len(self.idf) else 1.0
        found = ((self.vocabulary.get(word), weight) for word, weight in query.items())
        return sum(weight * (rarest if column is None else float(self.idf[column])) for column, weight in found) or 1.0
