"""The bundled encoder in numpy: vectors of texts, sentence max pooling, late interaction, fusion, lay wording.

Needs numpy, tokenizers and safetensors only. Written to move into `assistant/indexing/embedding.py` (PolicyEncoder,
sentence pooling) and `assistant/retrieval/reranking.py` (LateInteraction, fuse, LayWording).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open
from tokenizers import Tokenizer

Floats = NDArray[np.float32]
Integers = NDArray[np.int32]

_UNKNOWN = 0  # the tokenizer's number for a character it never saw; carries no meaning and is dropped


def verify(folder: Path) -> None:
    """Check every file of a model folder against its manifest.

    Raises:
        ValueError: a file is missing or its sha256 differs.
    """
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for name, expected in manifest["sha256"].items():
        path = folder / name
        found = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "missing"
        if found != expected:
            raise ValueError(
                f"{name} in the encoder folder is not the file the manifest names ({found[:12]}). "
                "Restore it from the repository or train it again with eval/encoder/train.py."
            )


def _unit(rows: Floats) -> Floats:
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    scaled: Floats = (rows / np.maximum(lengths, 1e-9)).astype(np.float32)
    return scaled


@dataclass(frozen=True)
class PolicyEncoder:
    """The stored tables. Rows stay int8 in memory and are scaled where they are read.

    Attributes:
        tokenizer: text to piece numbers.
        rows: (pieces, dimensions) int8, piece vectors for mean pooling; `scales` brings each row to its length, which
            is also its weight in the mean.
        late_rows: (pieces, late dimensions) int8, piece vectors for late interaction, compared by cosine.
        late_weights: (pieces,) how much a piece of a question counts in late interaction.
    """

    tokenizer: Tokenizer
    rows: NDArray[np.int8]
    scales: Floats
    late_rows: NDArray[np.int8]
    late_weights: Floats

    @classmethod
    def load(cls, folder: Path, *, check: bool = True) -> PolicyEncoder:
        """Read a model folder; with `check`, verify its files first.

        Raises:
            ValueError: a file does not match the manifest.
        """
        if check:
            verify(folder)
        with safe_open(folder / "model.safetensors", framework="numpy") as stored:
            tables = {name: stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118 - not a mapping
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        return cls(
            tokenizer,
            tables["embeddings"],
            tables["weights"].astype(np.float32),
            tables["late.embeddings"],
            tables["late.weights"].astype(np.float32),
        )

    @property
    def dimensions(self) -> int:
        """Length of a text's vector; its first 128 or 64 numbers, normalised again, also serve (Matryoshka)."""
        return int(self.rows.shape[1])

    def pieces(self, texts: Sequence[str]) -> list[Integers]:
        """Piece numbers of each text, unknown characters dropped."""
        encoded = self.tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        arrays = (np.asarray(row.ids, dtype=np.int32) for row in encoded)
        return [ids[ids != _UNKNOWN] for ids in arrays]

    def embed(self, texts: Sequence[str]) -> Floats:
        """Unit vectors of texts, one row each; a text without a known piece gets a row of zeros."""
        return self.embed_pieces(self.pieces(texts))

    def embed_pieces(self, pieces: Sequence[Integers]) -> Floats:
        """`embed` for texts already cut into pieces."""
        vectors = np.zeros((len(pieces), self.dimensions), dtype=np.float32)
        for start in range(0, len(pieces), 1024):
            block = pieces[start : start + 1024]
            filled = [i for i, ids in enumerate(block) if len(ids)]
            if not filled:
                continue
            flat = np.concatenate([block[i] for i in filled])
            starts = np.cumsum([0, *(len(block[i]) for i in filled[:-1])])
            scaled = self.rows[flat].astype(np.float32) * self.scales[flat, None]
            vectors[[start + i for i in filled]] = np.add.reduceat(scaled, starts, axis=0)
        return _unit(vectors)

    @cached_property
    def late_units(self) -> Floats:
        """The late interaction table with rows of unit length, made on first use."""
        return _unit(self.late_rows.astype(np.float32))


@dataclass(frozen=True)
class SentenceVectors:
    """Vectors of the sentences of many passages; passage i owns rows `starts[i]:starts[i + 1]`.

    A long article averaged into one vector says nothing; its best sentence speaks for it.
    """

    vectors: Floats
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, encoder: PolicyEncoder, passages: Sequence[Sequence[str]]) -> SentenceVectors:
        """Embed every sentence of every passage (put the title before each sentence that needs it).

        Raises:
            ValueError: a passage has no sentence.
        """
        if not all(len(sentences) for sentences in passages):
            raise ValueError("Every passage needs at least one sentence.")
        starts = np.cumsum([0, *(len(sentences) for sentences in passages)])
        flat = [sentence for sentences in passages for sentence in sentences]
        return cls(encoder.embed(flat), starts.astype(np.int64))

    def scores(self, query: Floats) -> Floats:
        """Cosine of the query's vector with each passage's best sentence."""
        return np.asarray(np.maximum.reduceat(self.vectors @ query, self.starts[:-1]), dtype=np.float32)


@dataclass(frozen=True)
class LateInteraction:
    """Σ w(q) · max cos(q, d) / Σ w(q): each piece of a question looks for its nearest piece in a passage.

    At most 1, which a question scores whose every piece stands in the passage, so scores of different questions
    compare. Cost grows with (distinct pieces of the question) × (pieces of the candidates). Passage i owns
    `ids[starts[i]:starts[i + 1]]`.
    """

    encoder: PolicyEncoder
    ids: Integers
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, encoder: PolicyEncoder, texts: Sequence[str], *, longest: int = 256) -> LateInteraction:
        """Cut the passages into pieces once; each keeps the distinct ones of its first `longest`."""
        kept = [np.unique(ids[:longest]) for ids in encoder.pieces(texts)]
        starts = np.cumsum([0, *(len(ids) for ids in kept)]).astype(np.int64)
        return cls(encoder, np.concatenate(kept) if kept else np.zeros(0, np.int32), starts)

    @cached_property
    def _all_passages(self) -> tuple[Integers, NDArray[np.intp]]:
        """The distinct pieces of all passages, and where each piece of `ids` stands among them."""
        seen, place = np.unique(self.ids, return_inverse=True)
        return seen, place

    def scores(self, question: str, candidates: Sequence[int] | None = None) -> Floats:
        """Score of each candidate passage, in the order given; all passages when `candidates` is None."""
        if candidates is None:
            lengths = np.diff(self.starts)
            seen, place = self._all_passages
        else:
            chosen = np.asarray(candidates, dtype=np.int64)
            lengths = self.starts[chosen + 1] - self.starts[chosen]
            slices = [self.ids[self.starts[number] : self.starts[number + 1]] for number in chosen]
            flat = np.concatenate(slices) if slices else np.zeros(0, np.int32)
            seen, place = np.unique(flat, return_inverse=True)
        scores = np.zeros(len(lengths), dtype=np.float32)
        asked, counts = np.unique(self.encoder.pieces([question])[0], return_counts=True)
        filled = np.flatnonzero(lengths)
        if not len(asked) or not len(filled):
            return scores
        weights = self.encoder.late_weights[asked] * counts
        units = self.encoder.late_units
        cosines = units[seen] @ units[asked].T
        begins = np.cumsum(lengths) - lengths
        best = np.maximum.reduceat(cosines[place], begins[filled], axis=0)
        scores[filled] = best @ (weights / weights.sum())
        return scores


def fuse(features: Mapping[str, Floats], weights: Mapping[str, float]) -> Floats:
    """Weighted sum of scores that each lie near 0 to 1; a feature without a weight is not used.

    Features: `bm25` (sentence), `placed` (headings and sentence), `field_bm25` (sentence and its lay questions) and
    `expanded` (words of LayWording.expand) are BM25 divided by Σ idf of the query; `dense`, `sentence` (max pooled),
    `dense_questions` (best lay question, the sentence itself where it has none) are cosines; `late` is
    LateInteraction's.

    Raises:
        ValueError: no feature has a weight.
    """
    used = [weights[name] * scores for name, scores in features.items() if name in weights]
    if not used:
        raise ValueError(f"None of {sorted(features)} has a weight in {sorted(weights)}.")
    total: Floats = np.sum(used, axis=0, dtype=np.float32)
    return total


@dataclass(frozen=True)
class LayWording:
    """Policy words for lay words, each with the probability that it stands in the answering sentence."""

    table: Mapping[str, Sequence[tuple[str, float]]]

    @classmethod
    def load(cls, path: Path) -> LayWording:
        """Read `translations.json`."""
        stored = json.loads(path.read_text(encoding="utf-8"))
        return cls({word: [(term, float(p)) for term, p in terms] for word, terms in stored["table"].items()})

    def expand(self, words: Sequence[str], *, most: int = 8, least: float = 0.05) -> dict[str, float]:
        """Words to add to a query, with weights; to be shown to the person as `expanded_terms`."""
        added: dict[str, float] = {}
        for word in dict.fromkeys(words):
            for term, probability in self.table.get(word, ()):
                if term not in words:
                    added[term] = added.get(term, 0.0) + probability
        ranked = sorted(added.items(), key=lambda item: -item[1])
        return {term: weight for term, weight in ranked[:most] if weight >= least}
