"""A generation and some changes → the next generation. What did not change is not embedded again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from assistant.errors import IndexBusyError
from assistant.indexing.build import words_of, write_dense
from assistant.indexing.dense import DenseIndex, Vectors
from assistant.indexing.lexical import write_lexical
from assistant.indexing.protocol import Entry
from assistant.indexing.store import LEXICAL_FOLDER, Generation, current_generation, open_generation, write_generation
from assistant.model import Chunk, PolicyDocument
from assistant.tokenization import Tokenizer


def rewritten(
    index_dir: Path,
    held: Generation,
    tokenizer: Tokenizer,
    documents: Sequence[PolicyDocument],
    entries: Sequence[Entry],
    gone: frozenset[str],
    gone_policies: frozenset[str],
) -> Generation:
    """Write and open the generation after `held`: replaced chunks keep their place, new ones go behind.

    Args:
        index_dir: the index folder.
        held: the current generation, opened with its encoder if it has one.
        tokenizer: the one it was built with; cuts the chunks that stay.
        documents: put in, over those of the same id.
        entries: likewise.
        gone: chunks taken out first.
        gone_policies: policies taken out first with their chunks.

    Raises:
        ValueError: an entry is of a policy that is not there, has no vector though the index has, or is there twice.
        IndexBusyError: another process is building, or has built since `held` was opened.
        IndexStoreError: see `write_generation`.
    """
    encoder = held.manifest.provenance.encoder
    if encoder is not None and held.dense is None:
        raise ValueError("The generation has vectors, and they are not open; pass the encoder to open_generation.")
    policies = {key: value for key, value in held.documents.items() if key not in gone_policies}
    policies.update({document.policy.policy_id: document for document in documents})
    new = {entry.chunk.chunk_id: entry for entry in entries}
    if len(new) < len(entries) or any(entry.chunk.policy_id not in policies for entry in entries):
        raise ValueError("Two entries have the same id, or one is of a policy that is neither held nor given.")
    stay = [
        (row, chunk)
        for row, chunk in enumerate(held.chunks)
        if chunk.chunk_id not in gone and chunk.policy_id not in gone_policies
    ]
    rows = [(row, new.pop(chunk.chunk_id, None), chunk) for row, chunk in stay]
    rows += [(-1, entry, entry.chunk) for entry in new.values()]
    chunks = [entry.chunk if entry else chunk for _, entry, chunk in rows]

    def write(folder: Path) -> None:
        if current_generation(index_dir) != held.generation_id:
            raise IndexBusyError("索引在打开之后已由另一个进程更新，本次改动没有写入，以免互相覆盖。请重新打开再试。")
        words = (entry.words if entry else words_of(chunk, tokenizer) for _, entry, chunk in rows)
        write_lexical(folder / LEXICAL_FOLDER, words)
        if held.dense is not None:
            write_dense(folder, _vectors(held, rows), _question_vectors(held, rows))

    write_generation(
        index_dir,
        list(policies.values()),
        chunks,
        write_searchers=write,
        provenance=held.manifest.provenance,
        dense_kind=held.manifest.dense_kind,
        questions=sum(len(chunk.questions) for chunk in chunks),
    )
    return open_generation(index_dir, encoder=encoder)


_Row = tuple[int, Entry | None, Chunk]
"""A row of the new generation: its number in the old one (-1 for none), what replaces it, what was there."""


def _vectors(held: Generation, rows: Sequence[_Row]) -> Vectors:
    dense = _opened(held.dense)
    vectors = np.zeros((len(rows), dense.dimension), dtype=np.float32)
    kept = [(place, row) for place, (row, entry, _) in enumerate(rows) if entry is None]
    if kept:
        vectors[[place for place, _ in kept]] = dense.vectors([row for _, row in kept])
    for place, (_, entry, _) in enumerate(rows):
        if entry is not None:
            if entry.vector is None or entry.vector.shape != (dense.dimension,):
                raise ValueError(f"The chunk {entry.chunk.chunk_id} needs a vector of {dense.dimension} numbers.")
            vectors[place] = entry.vector
    return vectors


def _question_vectors(held: Generation, rows: Sequence[_Row]) -> Vectors:
    dense = _opened(held.dense)
    first = np.cumsum([0, *(len(chunk.questions) for chunk in held.chunks)])
    parts = [np.zeros((0, dense.dimension), dtype=np.float32)]
    for row, entry, _ in rows:
        if entry is None:
            numbers = np.arange(first[row], first[row + 1])
            if len(numbers):
                parts.append(_opened(held.dense_questions).vectors(numbers))
        elif entry.chunk.questions:
            if entry.question_vectors is None or len(entry.question_vectors) != len(entry.chunk.questions):
                raise ValueError(f"The lay questions of {entry.chunk.chunk_id} need a vector each.")
            parts.append(entry.question_vectors)
    return np.concatenate(parts)


def _opened(index: DenseIndex | None) -> DenseIndex:
    if index is None:
        raise ValueError("The generation has no vectors open; pass the encoder to open_generation.")
    return index
