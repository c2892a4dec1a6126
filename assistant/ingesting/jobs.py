"""One document to be put into a store, as it is handed to a worker, and what became of it.

Both travel as JSON and bytes, never as pickles: a worker may be another process on another machine.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.indexing.records import decode, encode
from assistant.parsing.metadata import MetadataValue
from assistant.parsing.origins import Origin

STORED, PRESENT, REFUSED, FAILED = "stored", "present", "refused", "failed"
SAME, MEASURED = "same", "measured"
Batch = Mapping[str, Sequence[Any]]
"""Columns of equal length; those of jobs are "job" (JSON) and "data" (bytes), that of reports is "report" (JSON)."""


@dataclass(frozen=True, slots=True)
class Filed:
    """Where a text stands in the corpus folder, and what is known of it beside its bytes."""

    policy_id: str
    source: str
    values: tuple[MetadataValue, ...] = ()
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A document to be read and put in.

    Attributes:
        number: its place among the jobs of the run.
        name: for people.
        content: see `Digest.content`.
        filed: None for a received file, which is numbered when it is read.
        place: division code given by a person for a received file.
        questions_for: the policy that the lay questions below belong to; "" without any.
        questions: content of its file of lay questions.
        earlier: policies that the same content was put in as before, by other rules.
        purpose: "stored" to put it in, "measured" to count its words only.
    """

    number: int
    name: str
    content: str
    filed: Filed | None = None
    place: str | None = None
    questions_for: str = ""
    questions: str = ""
    earlier: tuple[str, ...] = ()
    purpose: str = STORED


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a document.

    Attributes:
        number: of its job; -1 for one that never became a job.
        name: as received.
        outcome: "stored", "present" (held already as it is), "same" (bytes of another file of this run),
            "refused" (it cannot be read), "failed" (it could be read, and the store did not take it), "measured".
        policy_id: its number in the store.
        reason: of a refusal or failure.
        sentences: chunks put in.
        questions: lay questions put in.
        doubts: what a person should check.
        lengths: tokens in each field of all its chunks, where they were asked for.
    """

    number: int
    name: str
    outcome: str
    policy_id: str = ""
    reason: str = ""
    sentences: int = 0
    questions: int = 0
    doubts: tuple[str, ...] = ()
    lengths: tuple[int, ...] = ()


Task = tuple[Job, bytes]
"""A job with the bytes of its file."""


def as_rows(tasks: Iterable[Task]) -> list[dict[str, object]]:
    """Tasks as rows of plain columns."""
    return [{"job": json.dumps(encode(job), ensure_ascii=False), "data": data} for job, data in tasks]


def tasks_of(batch: Batch) -> Iterator[Task]:
    """The inverse of `as_rows`, from columns."""
    for job, data in zip(batch["job"], batch["data"], strict=True):
        yield decode(Job, json.loads(job)), bytes(data)


def as_batch(reports: Iterable[Report]) -> dict[str, list[str]]:
    """Reports as a column."""
    return {"report": [json.dumps(encode(report), ensure_ascii=False) for report in reports]}


def reports_of(column: Iterable[str]) -> Iterator[Report]:
    """The reports of a column."""
    for report in column:
        yield decode(Report, json.loads(report))
