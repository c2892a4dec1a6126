"""Documents and chunks → a new generation of the index."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from assistant.indexing.dense import DenseIndex, Vectors
from assistant.indexing.embedding import Embedder
from assistant.indexing.generation_writer import GenerationWriter
from assistant.indexing.lexical import LexicalEntry
from assistant.indexing.manifest import EncoderRecord, Provenance, SourceFile
from assistant.indexing.protocol import Entry
from assistant.indexing.rows import BATCH, RowWriter
from assistant.indexing.store import DENSE_FILE, DENSE_QUESTIONS_FILE, written_generation
from assistant.indexing.stored_document import parts_of
from assistant.model import Chunk, PolicyDocument
from assistant.tokenization import Tokenizer

Progress = Callable[[str, int, int], None]
"""Told of (stage, done, total) now and then; the stages are "texts" (documents read) and "rows" (chunks indexed)."""


def build_generation(
    documents: Sequence[PolicyDocument],
    chunks: Sequence[Chunk],
    questions: Mapping[str, tuple[str, ...]],
    tokenizer: Tokenizer,
    embedder: Embedder | None,
    index_dir: Path,
    sources: Sequence[SourceFile],
    *,
    progress: Progress = lambda stage, done, total: None,
) -> str:
    """Index the chunks and make the result the current generation.

    Args:
        documents: the policies, stored whole beside the index.
        chunks: in the order that becomes their row numbers.
        questions: chunk id → lay questions that the chunk answers, searched as a field of their own. May be empty.
        tokenizer: the one questions will be cut with.
        embedder: None for keyword search only.
        index_dir: the index folder.
        sources: the files all this was read from, lexicon and questions included.
        progress: told how far it is.

    Returns:
        The new generation's id.

    Raises:
        ValueError: two chunks or documents share an id, or a chunk or question refers to one that is not there.
        IndexBusyError: another build is running.
        IndexStoreError: the disk is full or not writable; the old index stays in use.
    """
    _check_references(documents, chunks, questions)
    provenance = Provenance(tokenizer.fingerprint, encoder_record(embedder), tuple(sources))

    def write(writer: GenerationWriter) -> None:
        for document in documents:
            facts, tree = parts_of(document)
            writer.tree(tree)
            writer.facts(facts)
        rows = RowWriter(writer, tokenizer, embedder, lambda done: progress("rows", done, len(chunks)))
        for chunk in chunks:
            asked = questions.get(chunk.chunk_id, ())
            rows.add(replace(chunk, questions=asked) if asked != chunk.questions else chunk)
        rows.close()

    return written_generation(index_dir, write, provenance)


def words_of(chunk: Chunk, tokenizer: Tokenizer) -> LexicalEntry:
    """What keyword search knows of a chunk."""
    return LexicalEntry(
        jurisdiction=chunk.jurisdiction,
        policy_id=chunk.policy_id,
        kind=chunk.kind,
        text=tokenizer.tokens(chunk.text),
        context=tokenizer.tokens(chunk.context),
        questions=tuple(token for question in chunk.questions for token in tokenizer.tokens(question)),
    )


def _silent(stage: str, done: int, total: int) -> None:
    """Progress nobody watches."""


def entries_of(
    chunks: Sequence[Chunk], tokenizer: Tokenizer, embedder: Embedder | None, progress: Progress = _silent
) -> list[Entry]:
    """Chunks, their lay questions with them, ready to be put into a store."""
    words = [words_of(chunk, tokenizer) for chunk in chunks]
    if embedder is None or not chunks:
        return [Entry(chunk, word) for chunk, word in zip(chunks, words, strict=True)]
    vectors = _vectors(embedder, chunks, progress)
    asked = [question for chunk in chunks for question in chunk.questions]
    questions = embedder.embed_passages(asked) if asked else np.zeros((0, embedder.dimension), dtype=np.float32)
    ends = np.cumsum([len(chunk.questions) for chunk in chunks])
    parts = np.split(questions, ends[:-1])
    return [Entry(*of) for of in zip(chunks, words, vectors, parts, strict=True)]


def write_dense(folder: Path, vectors: Vectors, question_vectors: Vectors | None) -> None:
    """Write the vector files into the folder of a generation.

    Args:
        folder: the generation's.
        vectors: shape (rows, dimension).
        question_vectors: of all lay questions in row order; None or empty where there are none.
    """
    DenseIndex.build(vectors).save(folder / DENSE_FILE)
    if question_vectors is not None and len(question_vectors):
        DenseIndex.build(question_vectors).save(folder / DENSE_QUESTIONS_FILE)


def encoder_record(embedder: Embedder | None) -> EncoderRecord | None:
    """What the manifest keeps of an embedder, and what `open_generation` compares it with."""
    if embedder is None:
        return None
    return EncoderRecord(embedder.name, embedder.fingerprint, embedder.dimension)


def _vectors(embedder: Embedder, chunks: Sequence[Chunk], progress: Progress) -> Vectors:
    vectors = np.zeros((len(chunks), embedder.dimension), dtype=np.float32)
    for start in range(0, len(chunks), BATCH):
        batch = chunks[start : start + BATCH]
        vectors[start : start + len(batch)] = embedder.embed_passages([chunk.placed for chunk in batch])
        progress("rows", start + len(batch), len(chunks))
    return vectors


def _check_references(
    documents: Sequence[PolicyDocument], chunks: Sequence[Chunk], questions: Mapping[str, tuple[str, ...]]
) -> None:
    policy_ids = {document.policy.policy_id for document in documents}
    chunk_ids = {chunk.chunk_id for chunk in chunks}
    if len(policy_ids) < len(documents) or len(chunk_ids) < len(chunks):
        raise ValueError("Two documents or two chunks have the same id.")
    if orphans := {chunk.policy_id for chunk in chunks} - policy_ids:
        raise ValueError(f"Chunks of unknown policies: {sorted(orphans)[:3]}.")
    if orphans := questions.keys() - chunk_ids:
        raise ValueError(f"Questions for unknown chunks: {sorted(orphans)[:3]}.")
