"""A worker: bytes of a document → read, cut, tokenised, embedded, and put into the store in one transaction."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from assistant.chunking import chunks_of
from assistant.errors import AssistantError, CorpusError, IndexStoreError, SettingsError
from assistant.indexing.build import encoder_record, entries_of, words_of
from assistant.indexing.embedding import Embedder
from assistant.indexing.lay_questions import questions_in
from assistant.indexing.manifest import EncoderRecord
from assistant.indexing.pipeline import load_encoder, open_gazetteer, open_tokenizer
from assistant.indexing.weighting import FIELDS
from assistant.ingesting.digests import FILED, RECEIVED, Digest, recipe_of, short
from assistant.ingesting.jobs import FAILED, MEASURED, PRESENT, REFUSED, STORED, Batch, Job, Report, as_batch, tasks_of
from assistant.ingesting.preparing import prepare, read_again
from assistant.ingesting.reviewing import doubts_of
from assistant.ingesting.target import Target
from assistant.jurisdictions import Gazetteer
from assistant.model import Chunk, PolicyDocument
from assistant.parsing.formats.isolation import FileReader
from assistant.parsing.loading import loaded_text
from assistant.parsing.origins import Origin, check_origin
from assistant.parsing.reading import read_filed
from assistant.settings import Settings
from assistant.tokenization import Tokenizer

OpenTarget = Callable[[str, EncoderRecord | None], Target]
"""Given the fingerprint of the tokenizer and the encoder. It travels to the workers, so it must be picklable."""

TRIES, PAUSE_S = 4, 0.5
"""How often a document is offered to a store that does not answer, and the first pause, doubled each time."""
_LOG = logging.getLogger(__name__)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Reading:
    """A document as read, with the record of origin it was read with."""

    document: PolicyDocument
    origin: Origin | None


class DocumentWorker:
    """Holds tokenizer, encoder and a connection, opened at the first batch; called with batches of jobs.

    Args:
        settings: where lexicon and encoder lie, on the machine of the worker.
        open_target: opens the store.
        recipe: what the worker's parts must come to, see `recipe_of`; "" for whatever they are.
    """

    def __init__(self, settings: Settings, open_target: OpenTarget, recipe: str = "") -> None:
        self._settings, self._open_target, self._expected = settings, open_target, recipe
        self._opened: Target | None = None
        self._reader = FileReader()

    def __call__(self, batch: Batch) -> dict[str, list[str]]:
        """Work on a batch of jobs; a report for each, never an exception for what may happen to one."""
        return as_batch([self.work(job, data) for job, data in tasks_of(batch)])

    def work(self, job: Job, data: bytes) -> Report:
        """Work on one job."""
        try:
            self.recipe  # noqa: B018 - a worker that would read otherwise must not read
            reading = self._read(job, data)
            chunks = self._chunks(job, reading.document)
        except CorpusError as error:
            return Report(job.number, job.name, REFUSED, reason=str(error))
        except AssistantError as error:
            return Report(job.number, job.name, FAILED, reason=str(error))
        except Exception as error:
            _LOG.exception("A document broke its reader.")
            reason = f"读这份文件时程序出错（{type(error).__name__}），没有入库。请把这份文件报告给维护的人。"
            return Report(job.number, job.name, REFUSED, reason=reason)
        if job.purpose == MEASURED:
            return self._measured(job, chunks)
        try:
            return self._put(job, reading, chunks)
        except AssistantError as error:
            return Report(job.number, job.name, FAILED, reading.document.policy.policy_id, str(error))

    @cached_property
    def recipe(self) -> str:
        """What this worker's parts come to.

        Raises:
            SettingsError: They are others than those of who asked.
        """
        divisions = self._settings.lexicon_dir / "divisions.tsv"
        found = recipe_of(self.tokenizer, self.embedder, divisions)
        if self._expected and found != self._expected:
            raise SettingsError(
                "有一个工人进程的程序版本、词典或向量模型与发起入库的机器不同，读出的条款会不一致，已停下。"
                "请在每个节点装同一版本的程序、词典和模型。"
            )
        return found

    @cached_property
    def tokenizer(self) -> Tokenizer:
        """The one the store is searched with."""
        return open_tokenizer(self._settings)

    @cached_property
    def embedder(self) -> Embedder | None:
        """The model; None for keywords alone."""
        return load_encoder(self._settings.encoder)

    @cached_property
    def _gazetteer(self) -> Gazetteer:
        return open_gazetteer(self._settings)

    def _read(self, job: Job, data: bytes) -> Reading:
        if job.filed is None:
            prepared = prepare(data, job.name, self._gazetteer, job.place, self._reader.extract)
            read_again(prepared.document)
            source = f"received/{prepared.folder}/{job.name}"
            policy = replace(prepared.document.policy, source=source)
            return Reading(replace(prepared.document, policy=policy), prepared.origin)
        filed = job.filed
        loaded = loaded_text(data, job.name)
        if filed.origin is not None:
            check_origin(filed.origin, Path(job.name), loaded.sha256)
        document = read_filed(filed.policy_id, loaded, filed.source, self._gazetteer, filed.values, filed.origin)
        return Reading(document, filed.origin)

    def _chunks(self, job: Job, document: PolicyDocument) -> list[Chunk]:
        chunks = chunks_of(document)
        if job.questions_for != document.policy.policy_id:
            return list(chunks)
        questions = questions_in(job.questions.split("\n"), f"{job.questions_for}.jsonl", document, chunks)
        return [replace(chunk, questions=questions.get(chunk.chunk_id, ())) for chunk in chunks]

    def _measured(self, job: Job, chunks: list[Chunk]) -> Report:
        words = [words_of(chunk, self.tokenizer) for chunk in chunks]
        lengths = tuple(sum(len(getattr(entry, field)) for entry in words) for field in FIELDS)
        return Report(job.number, job.name, MEASURED, sentences=len(chunks), lengths=lengths)

    def _put(self, job: Job, reading: Reading, chunks: list[Chunk]) -> Report:
        document = reading.document
        policy_id = document.policy.policy_id
        applied = job.questions if job.questions_for == policy_id else ""
        kind = RECEIVED if job.filed is None else FILED
        digest = str(Digest(kind, job.content, short(applied), self.recipe))
        gone = [earlier for earlier in job.earlier if earlier != policy_id]
        outcome = PRESENT
        if gone or self._asked(lambda target: target.digest(policy_id)) != digest:
            entries = entries_of(chunks, self.tokenizer, self.embedder)
            if self._asked(lambda target: target.replace(document, entries, digest, gone)):
                outcome = STORED
        questions = sum(len(chunk.questions) for chunk in chunks)
        doubts = doubts_of(document, reading.origin)
        return Report(job.number, job.name, outcome, policy_id, "", len(chunks), questions, doubts)

    def _asked(self, ask: Callable[[Target], _T]) -> _T:
        """Ask the store; where it does not answer, open it anew and ask again a few times."""
        tried = 0
        while True:
            try:
                if self._opened is None:
                    self._opened = self._open_target(self.tokenizer.fingerprint, encoder_record(self.embedder))
                return ask(self._opened)
            except IndexStoreError:
                self._disconnect()
                tried += 1
                if tried == TRIES:
                    raise
                time.sleep(PAUSE_S * 2 ** (tried - 1))

    def close(self) -> None:
        """Let go of the connection and of the process that reads files."""
        self._reader.close()
        self._disconnect()

    def _disconnect(self) -> None:
        if self._opened is not None:
            self._opened.close()
            self._opened = None
