"""Runs: what the assistant replied, read from the output of its own batch command.

Strict about the machine contract: a key that is missing, of another type or outside its list of values is an error that
names it, since tests and outside programs rely on the same keys.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from assistant.evaluation.records import Record, read_distinct
from assistant.model import Force, RefusalReason, Status


class ReplyStatus(StrEnum):
    """The three kinds of reply."""

    ANSWERED = "answered"
    REFUSED = "refused"
    CLARIFY = "clarify"


@dataclass(frozen=True, slots=True)
class CitationRecord:
    """A citation as printed; nothing in it is taken on trust, `start` and `end` included."""

    n: int
    policy_id: str
    title: str
    document_number: str | None
    issuers: tuple[str, ...]
    jurisdiction: str | None
    policy_status: Status
    issued_on: str | None
    clause: str
    heading: str | None
    quote: str
    start: int
    end: int
    source: str
    sha256: str
    force: Force
    duty_bearer: str | None


@dataclass(frozen=True, slots=True)
class StatementRecord:
    """A sentence of the answer with the numbers of its citations."""

    text: str
    force: Force
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ReplyRecord:
    """One line of a run."""

    topic_id: str
    status: ReplyStatus
    reason: RefusalReason | None
    answer: str
    statements: tuple[StatementRecord, ...]
    citations: tuple[CitationRecord, ...]
    notices: tuple[str, ...]
    jurisdictions: tuple[str, ...]
    expanded_terms: tuple[str, ...]
    total_ms: float

    @property
    def declined(self) -> bool:
        """Refused, or asked back."""
        return self.status is not ReplyStatus.ANSWERED


def read_run(path: Path) -> tuple[ReplyRecord, ...]:
    """The replies of an answer file, in order.

    Raises:
        BatchError: a line breaks the contract, or an id comes twice; the message names the line and the key.
    """
    return tuple(_reply(record) for record in read_distinct(path))


def _reply(record: Record) -> ReplyRecord:
    scope = record.record("scope")
    reply = ReplyRecord(
        topic_id=record.filled_text("id"),
        status=record.choice("status", ReplyStatus),
        reason=record.optional_choice("reason", RefusalReason),
        answer=record.filled_text("answer"),
        statements=tuple(_statement(statement) for statement in record.records("statements")),
        citations=tuple(_citation(citation) for citation in record.records("citations")),
        notices=record.texts("notices"),
        jurisdictions=scope.texts("jurisdictions"),
        expanded_terms=scope.texts("expanded_terms"),
        total_ms=record.record("timing_ms").number("total"),
    )
    if reply.status is ReplyStatus.REFUSED and reply.reason is None:
        record.broken("拒答（refused）没有写“reason”")
    if reply.status is ReplyStatus.ANSWERED and reply.reason is not None:
        record.broken("已作答（answered）的“reason”应为 null")
    numbers = [citation.n for citation in reply.citations]
    if numbers != list(range(1, len(numbers) + 1)):
        record.broken("“citations”的 n 应从 1 起依次编号")
    if not all(n in numbers for statement in reply.statements for n in statement.citations):
        record.broken("“statements”引用了不存在的依据编号")
    return reply


def _statement(record: Record) -> StatementRecord:
    return StatementRecord(
        text=record.filled_text("text"), force=record.choice("force", Force), citations=record.integers("citations")
    )


def _citation(record: Record) -> CitationRecord:
    return CitationRecord(
        n=record.integer("n"),
        policy_id=record.filled_text("policy_id"),
        title=record.text("title"),
        document_number=record.optional_text("document_number"),
        issuers=record.texts("issuers"),
        jurisdiction=record.optional_text("jurisdiction"),
        policy_status=record.choice("policy_status", Status),
        issued_on=record.optional_text("issued_on"),
        clause=record.text("clause"),
        heading=record.optional_text("heading"),
        quote=record.filled_text("quote"),
        start=record.integer("start"),
        end=record.integer("end"),
        source=record.filled_text("source"),
        sha256=record.filled_text("sha256"),
        force=record.choice("force", Force),
        duty_bearer=record.optional_text("duty_bearer"),
    )
