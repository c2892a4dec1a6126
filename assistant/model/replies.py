"""An answer, its citations, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from assistant.model.documents import Clause, Level, Policy, Span, StatusReading
from assistant.model.provisions import Force
from assistant.model.reading import reading_text, row_text
from assistant.model.searching import Scope, Timing


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in a policy. The quotation is computed from the text, so a false one cannot be made.

    Attributes:
        policy: the text cited.
        clause: the node it stands in.
        span: the words, inside the clause.
        status: the policy's status on the day of the answer.
        force, duty_bearer: as read from these words.
        gist: the part of the words that was asked about, "" where that is all of them.
        sentence: the whole sentence that the words are a provision of, None where they are all of it.
    """

    policy: Policy
    clause: Clause
    span: Span
    status: StatusReading
    force: Force = Force.NONE
    duty_bearer: str = ""
    gist: str = ""
    sentence: Span | None = None

    def __post_init__(self) -> None:
        if self.sentence is not None and self.span not in self.sentence:
            raise ValueError(f"{self.span} is outside its sentence {self.sentence}.")
        if self.span not in self.clause.span or not self.quote:
            raise ValueError(f"{self.span} is empty or outside clause {self.clause.clause_id}.")
        if self.gist not in self.quote:
            raise ValueError(f"{self.gist!r} is no part of the quotation.")

    @property
    def quote(self) -> str:
        """The words as read: the raw slice, with page and line breaks inside it joined."""
        return reading_text(self.span.of(self.policy.text))

    @property
    def whole(self) -> Citation:
        """The citation of the whole sentence that the quotation stands in."""
        return self if self.sentence is None else replace(self, span=self.sentence, sentence=None)

    @property
    def page(self) -> int | None:
        """The page of the file it was read from, counted from 1; None where that has no pages."""
        return sum(start <= self.span.start for start in self.policy.pages) or None

    @property
    def said(self) -> str:
        """What the quotation says where it stands: a row of a table together with the names of its columns."""
        return row_text(self.clause.heading, self.quote) if self.clause.level is Level.ROW else self.quote


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an answer with the numbers (from 1) of the citations it rests on."""

    text: str
    force: Force
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """The parts of a reply before it is worded; what the drafting step hands on.

    Attributes:
        conclusion: can be read alone.
        statements: the points, each with its citations.
        citations: best first; those no statement names are related clauses.
        notices: warnings that come before the conclusion (a draft, a target period that is over).
        remarks: what else the person should know, after the points (how the question was read, a superior's status).
        gaps: what the text leaves open.
        contacts: whom to ask, where the text names them.
    """

    conclusion: str
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    notices: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()


class RefusalReason(StrEnum):
    """Why no answer is given."""

    NOT_IN_CORPUS = "not_in_corpus"
    NOT_STATED = "not_stated"
    OUT_OF_SCOPE = "out_of_scope"
    UNCLEAR = "unclear"
    PERSONAL_DATA = "personal_data"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answered question. `text` is what a person reads, conclusion first."""

    draft: Draft
    scope: Scope
    text: str
    expanded_terms: tuple[str, ...] = ()
    timings: tuple[Timing, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """No answer, and that is a result: the reason, the nearest clause where there is one, and what to do next."""

    reason: RefusalReason
    next_step: str
    draft: Draft
    scope: Scope
    text: str
    expanded_terms: tuple[str, ...] = ()
    timings: tuple[Timing, ...] = ()


@dataclass(frozen=True, slots=True)
class Clarification:
    """The question could mean several things; `choices` are full questions that can be asked instead."""

    message: str
    choices: tuple[str, ...]
    scope: Scope
    text: str
    timings: tuple[Timing, ...] = ()


Reply = Answer | Refusal | Clarification
