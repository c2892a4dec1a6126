"""A corpus folder → the next generation, a document at a time: what has not changed since the last one is taken over.

A text is read anew when its file, its record or its lay questions changed; everything is when the rules, the lexicon or
`metadata.jsonl` did, or the tokenizer, the encoder or the program. Links between texts are always worked out again.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from assistant.chunking import chunks_of
from assistant.errors import AssistantError
from assistant.indexing.build import Progress, encoder_record
from assistant.indexing.embedding import Embedder
from assistant.indexing.generation_writer import GenerationWriter
from assistant.indexing.lay_questions import read_lay_questions
from assistant.indexing.manifest import Provenance, SourceFile
from assistant.indexing.record_file import LineFile, RecordFile
from assistant.indexing.rows import RowWriter
from assistant.indexing.store import Generation, open_generation, written_generation
from assistant.indexing.stored_document import Facts, Tree, parts_of
from assistant.jurisdictions import Gazetteer
from assistant.model import Chunk
from assistant.parsing.metadata import MetadataValue
from assistant.parsing.reading import corpus_files, read_policy
from assistant.parsing.references import fold_title, resolved
from assistant.parsing.supersession import marked, marks_between, unmarked
from assistant.tokenization import Tokenizer

_IN_PROCESS_UP_TO = 2_000_000
"""Bytes of text that are read here; with more, a process beside this one reads ahead."""
_AHEAD = 8


@dataclass(frozen=True, slots=True)
class Reading:
    """What one file of the corpus reads as; all a worker needs and gives back."""

    facts: Facts
    tree: Tree
    chunks: tuple[Chunk, ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads single files; sent to the process beside this one once, when it starts."""

    corpus: Path
    questions: Path
    gazetteer: Gazetteer
    values: tuple[MetadataValue, ...]

    def read(self, path: Path) -> Reading:
        """One text with its chunks and their lay questions.

        Raises:
            CorpusError: It cannot be read, or a lay question has no place in it.
        """
        document = read_policy(path, self.corpus.parent, self.gazetteer, self.values)
        chunks = chunks_of(document)
        asked = read_lay_questions(self.questions, [document], chunks)
        facts, tree = parts_of(document)
        return Reading(facts, tree, tuple(replace(c, questions=asked.get(c.chunk_id, ())) for c in chunks))


def refresh(
    corpus: Path,
    questions: Path,
    index_dir: Path,
    gazetteer: Gazetteer,
    tokenizer: Tokenizer,
    embedder: Embedder | None,
    sources: Mapping[Path, SourceFile],
    shared: Iterable[SourceFile],
    progress: Progress,
) -> str:
    """Write the next generation of a corpus folder; returns its id.

    Args:
        corpus: the folder of texts.
        questions: the folder of lay questions.
        index_dir: the index folder.
        gazetteer: the table of places.
        tokenizer: cuts the sentences.
        embedder: None for keywords alone.
        sources: the files of single documents, by path: texts, their records, their lay questions.
        shared: what all documents are read by.
        progress: told of texts read and rows indexed.

    Raises:
        CorpusError: A text, metadata line or lay question cannot be used; the old index stays.
        IndexBusyError, IndexStoreError: See `written_generation`.
    """
    paths, values = corpus_files(corpus)
    reader = Reader(corpus, questions, gazetteer, values)
    provenance = Provenance(tokenizer.fingerprint, encoder_record(embedder), (*sources.values(), *shared))
    before = _Before.open(index_dir, provenance, frozenset(shared))

    def own_files(path: Path) -> list[SourceFile]:
        named = (path, path.with_suffix(".origin.json"), questions / f"{path.stem}.jsonl")
        return [sources[name] for name in named if name in sources]

    stay = {path for path in paths if before is not None and before.has(path.stem, own_files(path))}

    def write(writer: GenerationWriter) -> None:
        rows = RowWriter(writer, tokenizer, embedder, lambda done: progress("rows", done, 0))
        anew = _read_all(reader, [path for path in paths if path not in stay])
        facts: list[Facts] = []
        for number, path in enumerate(paths, start=1):
            if before is not None and path in stay:
                facts.append(before.copy(path.stem, writer, rows))
            else:
                reading = next(anew)
                writer.tree(reading.tree)
                for chunk in reading.chunks:
                    rows.add(chunk)
                facts.append(reading.facts)
            progress("texts", number, len(paths))
        rows.close()
        for linked in _linked(facts):
            writer.facts((before.line_of(linked) if before is not None else None) or linked)

    return written_generation(index_dir, write, provenance)


class _Before:
    """The generation before, as far as documents can be taken over from it."""

    def __init__(self, held: Generation, lines: LineFile) -> None:
        self._held, self._lines = held, lines
        self._number = {facts.policy.policy_id: number for number, facts in enumerate(held.facts)}
        files: dict[str, set[SourceFile]] = {}
        for source in held.manifest.provenance.sources:
            if (stem := _document_of(source)) is not None:
                files.setdefault(stem, set()).add(source)
        self._files = {stem: frozenset(own) for stem, own in files.items()}

    @classmethod
    def open(cls, index_dir: Path, provenance: Provenance, shared: frozenset[SourceFile]) -> _Before | None:
        """None where there is none, or where everything must be read anew."""
        try:
            held = open_generation(index_dir, tokenizer=provenance.tokenizer, encoder=provenance.encoder)
        except AssistantError:
            return None
        if held.words is None or not shared <= frozenset(held.manifest.provenance.sources):
            return None
        return cls(held, RecordFile(index_dir / held.generation_id / "documents.jsonl", Facts).lines)

    def has(self, policy_id: str, files: Sequence[SourceFile]) -> bool:
        """Whether a document was made from just these files, and its rows lie together in text order."""
        if policy_id not in self._number or self._files.get(policy_id) != frozenset(files):
            return False
        rows = self._held.columns.rows_of(policy_id)
        return not rows or rows[-1] - rows[0] + 1 == len(rows)

    def copy(self, policy_id: str, writer: GenerationWriter, rows: RowWriter) -> Facts:
        """Take over a document; returns its facts as its own text has them."""
        number = self._number[policy_id]
        writer.tree(self._held.trees.lines[number])
        if own := self._held.columns.rows_of(policy_id):
            rows.copy(self._held, own[0], own[-1] + 1)
        facts = self._held.facts[number]
        return replace(facts, policy=unmarked(facts.policy))

    def line_of(self, facts: Facts) -> bytes | None:
        """The line of a document's facts, where they are as they were; encoding all of them anew takes seconds."""
        number = self._number.get(facts.policy.policy_id)
        same = number is not None and self._held.facts[number] == facts
        return self._lines[number] if same and number is not None else None


def _document_of(source: SourceFile) -> str | None:
    """The document a file belongs to, by its name."""
    name = source.path.rsplit("/", 1)[-1]
    return next((name.removesuffix(end) for end in (".txt", ".origin.json", ".jsonl") if name.endswith(end)), None)


def _linked(texts: Sequence[Facts]) -> Iterator[Facts]:
    """The facts with their mentions of each other resolved and those marked that another text has ended."""
    titles = {fold_title(facts.policy.title): facts.policy.policy_id for facts in texts}
    marks = marks_between((facts.policy, facts.mentions) for facts in texts)
    for facts in texts:
        policy, found = facts.policy, marks.get(facts.policy.policy_id)
        references = resolved(facts.references, titles)
        yield replace(facts, policy=marked(policy, found) if found else policy, references=references)


_reader: Reader | None = None


def _start(reader: Reader) -> None:
    global _reader
    _reader = reader


def _read(path: Path) -> Reading:
    if _reader is None:
        raise RuntimeError("The worker was not started with a reader.")
    return _reader.read(path)


def _read_all(reader: Reader, paths: Sequence[Path]) -> Iterator[Reading]:
    """The readings in order; with much text, another process is some files ahead."""
    if sum(path.stat().st_size for path in paths) <= _IN_PROCESS_UP_TO:
        yield from map(reader.read, paths)
        return
    workers = max(1, min(4, (os.cpu_count() or 2) - 1))
    with ProcessPoolExecutor(workers, get_context("spawn"), _start, (reader,)) as pool:
        yield from _in_order(pool.submit, paths, workers * _AHEAD)


def _in_order(
    submit: Callable[[Callable[[Path], Reading], Path], Future[Reading]], paths: Sequence[Path], ahead: int
) -> Iterator[Reading]:
    left = iter(paths)
    waiting = deque(submit(_read, path) for path in islice(left, ahead))
    while waiting:
        done = waiting.popleft()
        waiting.extend(submit(_read, path) for path in islice(left, 1))
        yield done.result()
