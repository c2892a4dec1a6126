"""The bundled encoder (index/encoder/): a table of word-piece vectors read with numpy, no torch.

A text's vector is the weighted mean of the vectors of its pieces: a look-up, thousands of sentences a second. A second
table serves late interaction (`assistant/retrieval/reranking.py`). The model card beside the files says what they were
trained on.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from tokenizers import Tokenizer

from assistant.errors import EncoderError
from assistant.indexing.dense import Vectors

Pieces = NDArray[np.int32]

_UNKNOWN = 0  # the tokenizer's number for a character it never saw; carries no meaning and is dropped
_BLOCK = 64  # texts whose pieces fit the processor's cache together
_FEW = 16  # texts that are cut one by one: a batch waits for threads
_QUESTIONS_KEPT, _TEXTS_KEPT = 64, 30_000
LONGEST = 256
"""Pieces of a passage that are compared; a sentence has some forty."""
_FILES = ("config.json", "model.safetensors", "tokenizer.json")


class UnitRows:
    """The rows of a table of int8 with length 1, each made when it is first asked for and kept beside those met before.

    A corpus has few of all pieces; what is kept for one question is as long as those are many.
    """

    def __init__(self, rows: NDArray[np.int8]) -> None:
        self._rows, self._met, self._growing = rows, 0, Lock()
        self._place = np.full(len(rows), -1, dtype=np.int32)
        self._units = np.zeros((0, rows.shape[1]), dtype=np.float32)

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def met(self) -> int:
        """How many rows have been asked for."""
        return self._met

    @property
    def dimension(self) -> int:
        """Numbers per row."""
        return int(self._rows.shape[1])

    def __getitem__(self, numbers: NDArray[np.integer]) -> Vectors:
        return self.at(self.places(numbers))

    def at(self, places: NDArray[np.integer]) -> Vectors:
        """The rows at places given by `places`."""
        found: Vectors = self._units.take(places, axis=0)
        return found

    def places(self, numbers: NDArray[np.integer]) -> NDArray[np.int32]:
        """Where rows are kept, below `met`."""
        places = self._place[numbers]
        if len(places) and places.min() < 0:
            with self._growing:
                new = numbers[self._place[numbers] < 0]
                if len(new):
                    self._add(occurring(new, len(self._rows)))
            places = self._place[numbers]
        found: NDArray[np.int32] = places
        return found

    def _add(self, new: NDArray[np.intp]) -> None:
        end = self._met + len(new)
        if end > len(self._units):
            grown = np.zeros((max(end, 2 * len(self._units)), self.dimension), dtype=np.float32)
            grown[: self._met] = self._units[: self._met]
            self._units = grown
        self._units[self._met : end] = _unit(self._rows[new].astype(np.float32))
        # last, for another thread may be reading
        self._place[new] = np.arange(self._met, end, dtype=np.int32)
        self._met = end


class AskedPieces:
    """A question's pieces and their cosines with pieces of passages, worked out when first met and kept.

    Attributes:
        weights: share of each distinct piece of the question in its score, summing to 1; shape (pieces,).
    """

    def __init__(self, weights: Vectors, pieces: Pieces, units: UnitRows) -> None:
        self.weights = weights
        # columns of nought are added: products are faster by a third where they come in fours
        self._own = np.zeros((-(-len(pieces) // 4) * 4, units.dimension), dtype=np.float32)
        self._own[: len(pieces)], self._units = units[pieces], units
        self._known, self._table = np.zeros(0, dtype=np.bool_), np.zeros((0, len(self._own)), dtype=np.float32)
        self._growing = Lock()

    def nearest(self, pieces: Pieces, starts: NDArray[np.int64]) -> Vectors:
        """Highest cosine with each of the question's pieces in each passage; shape (passages, question's pieces).

        Args:
            pieces: of all passages, one after the other; none is empty.
            starts: where each passage begins.
        """
        found: Vectors = np.maximum.reduceat(self._cosines(pieces), starts, axis=0)[:, : len(self.weights)]
        return found

    def _cosines(self, pieces: Pieces) -> Vectors:
        places = self._units.places(pieces)
        with self._growing:
            if (met := self._units.met) > len(self._known):
                known, table = np.zeros(met, dtype=np.bool_), np.zeros((met, len(self._own)), dtype=np.float32)
                known[: len(self._known)], table[: len(self._known)] = self._known, self._table
                self._known, self._table = known, table
            unknown = places[~self._known[places]]
            if len(unknown):
                new = occurring(unknown, len(self._known))
                self._table[new] = self._units.at(new) @ self._own.T
                self._known[new] = True
            found: Vectors = self._table.take(places, axis=0)
        return found


@dataclass(frozen=True)
class StaticEncoder:
    """The stored tables. Rows stay int8 in memory and are scaled where they are read. An `Embedder`.

    Attributes:
        name: the folder's name.
        fingerprint: sha256 over the manifest, and so over every file.
        tokenizer: text to piece numbers.
        rows: (pieces, dimension) int8, piece vectors for mean pooling; `scales` brings each row to its length, which is
            also its weight in the mean.
        late_rows: (pieces, late dimension) int8, piece vectors for late interaction, compared by cosine.
        late_weights: (pieces,) how much a piece of a question counts in late interaction.
    """

    name: str
    fingerprint: str
    tokenizer: Tokenizer
    rows: NDArray[np.int8]
    scales: Vectors
    late_rows: NDArray[np.int8]
    late_weights: Vectors

    @property
    def dimension(self) -> int:
        """Numbers per vector."""
        return int(self.rows.shape[1])

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of texts; a text without a known piece gets a row of zeros."""
        return self.embed_pieces(self.pieces(texts))

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """The same for questions: both are read alike. Vectors of the last few are kept: tiers ask the same again."""
        return np.stack([self._query_vector(text) for text in texts]) if texts else self.embed_pieces([])

    def pieces(self, texts: Sequence[str]) -> list[Pieces]:
        """Piece numbers of each text, unknown characters dropped."""
        if len(texts) <= _FEW:
            encoded = [self.tokenizer.encode(text, add_special_tokens=False) for text in texts]
        else:
            encoded = self.tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        arrays = (np.asarray(row.ids, dtype=np.int32) for row in encoded)
        return [ids[ids != _UNKNOWN] for ids in arrays]

    def distinct(self, pieces: Sequence[Pieces]) -> list[Pieces]:
        """The distinct pieces of the beginning of each text, as late interaction compares them."""
        return [counted(ids[:LONGEST])[0] for ids in pieces]

    def distinct_pieces(self, texts: Sequence[str]) -> list[Pieces]:
        """The distinct pieces of the beginning of each text, kept for texts that come again."""
        kept = self._kept_pieces
        found = {text: ids for text in texts if (ids := kept.get(text)) is not None}
        new = [text for text in dict.fromkeys(texts) if text not in found]
        if new:
            fresh = dict(zip(new, self.distinct(self.pieces(new)), strict=True))
            if len(kept) + len(fresh) > _TEXTS_KEPT:
                kept.clear()
            kept.update(fresh)
            found |= fresh
        return [found[text] for text in texts]

    @cached_property
    def asked(self) -> Callable[[str], AskedPieces]:
        """The pieces of a question for late interaction; those of the last few questions are kept."""
        return functools.lru_cache(maxsize=_QUESTIONS_KEPT)(self._asked)

    def _asked(self, question: str) -> AskedPieces:
        pieces, counts = counted(self.pieces([question])[0])
        weights = self.late_weights[pieces] * counts
        return AskedPieces(weights / max(weights.sum(), 1e-9), pieces, self.late_units)

    @cached_property
    def _kept_pieces(self) -> dict[str, Pieces]:
        return {}

    @cached_property
    def _query_vector(self) -> Callable[[str], Vectors]:
        return functools.lru_cache(maxsize=_QUESTIONS_KEPT)(lambda text: self.embed_pieces(self.pieces([text]))[0])

    @cached_property
    def late_units(self) -> UnitRows:
        """The late interaction table with rows of length 1."""
        return UnitRows(self.late_rows)

    def embed_pieces(self, pieces: Sequence[Pieces]) -> Vectors:
        """`embed_passages` for texts already cut."""
        vectors = np.zeros((len(pieces), self.dimension), dtype=np.float32)
        for start in range(0, len(pieces), _BLOCK):
            block = pieces[start : start + _BLOCK]
            filled = [i for i, ids in enumerate(block) if len(ids)]
            if filled:
                flat = np.concatenate([block[i] for i in filled])
                starts = np.cumsum([0, *(len(block[i]) for i in filled[:-1])])
                scaled = self.rows[flat].astype(np.float32) * self.scales[flat, None]
                vectors[[start + i for i in filled]] = np.add.reduceat(scaled, starts, axis=0)
        return _unit(vectors)


def counted(pieces: Pieces) -> tuple[Pieces, NDArray[np.intp]]:
    """The distinct pieces of a text, ascending, and how often each occurs.

    numpy's own `unique` imports a part of numpy that nothing else here needs (60 ms).
    """
    ordered = np.sort(pieces)
    begins = np.flatnonzero(np.diff(ordered, prepend=-1))  # no piece is numbered -1
    return ordered[begins], np.diff(begins, append=len(ordered))


def occurring(pieces: NDArray[np.integer], count: int) -> NDArray[np.intp]:
    """Which of `count` pieces occur, ascending; much faster than sorting them."""
    met = np.zeros(count, dtype=np.bool_)
    met[pieces] = True
    return np.flatnonzero(met)


def load_static_encoder(folder: Path) -> StaticEncoder:
    """Read the encoder after checking every file against its manifest.

    Raises:
        EncoderError: A file is missing or is not the one the manifest names.
    """
    manifest = folder / "manifest.json"
    try:
        recorded = json.loads(manifest.read_text(encoding="utf-8"))["sha256"]
        for name in _FILES:
            if hashlib.sha256((folder / name).read_bytes()).hexdigest() != recorded[name]:
                raise EncoderError(
                    f"自带向量模型的文件 {name} 与清单不符，可能损坏，未加载。请从仓库恢复 {folder.name}/ 目录。"
                )
        with safe_open(folder / "model.safetensors", framework="numpy") as stored:
            tables = {name: stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118 - not a mapping
        return StaticEncoder(
            folder.name,
            hashlib.sha256(manifest.read_bytes()).hexdigest(),
            Tokenizer.from_file(str(folder / "tokenizer.json")),
            tables["embeddings"],
            tables["weights"].astype(np.float32),
            tables["late.embeddings"],
            tables["late.weights"].astype(np.float32),
        )
    except (OSError, KeyError, ValueError, SafetensorError) as error:
        raise EncoderError(
            f"自带向量模型 {folder.name}/ 读不出来（{error}），无法按语义检索。请从仓库恢复该目录。"
        ) from error


def _unit(rows: Vectors) -> Vectors:
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    unit: Vectors = (rows / np.maximum(lengths, 1e-9)).astype(np.float32)
    return unit
