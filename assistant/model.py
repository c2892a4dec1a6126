"""The domain types. Frozen, standard library only; everything else in the package is built from these.

Vocabulary (one word each, see README): clause = legal unit, chunk = retrieval unit, question = a person's,
query = what a retriever is given. Offsets are code points of `Policy.text`, half open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

# A line end inside a quoted passage, with the blanks and empty lines around it. Chinese sets no space between
# words, so a passage broken over lines or pages reads on without one.
_LINE_BREAK = re.compile(r"[ \t\u3000]*(?:\r\n|\r|\n|\f)[\s\u3000]*")


def reading_text(raw: str) -> str:
    r"""A raw slice as a person reads it: line and page breaks inside it removed, nothing else changed.

    Example:
        >>> reading_text("从就业补助资金中列支。企\n\n业要按")
        '从就业补助资金中列支。企业要按'
    """
    return _LINE_BREAK.sub("", raw).strip()


def raw_offsets(raw: str) -> tuple[int, ...]:
    r"""Where in a raw slice each character of its `reading_text` stands.

    Example:
        >>> raw = " 企\n业要"
        >>> [raw[at] for at in raw_offsets(raw)] == list(reading_text(raw))
        True
    """
    breaks = [match.span() for match in _LINE_BREAK.finditer(raw)]
    kept = [at for at in range(len(raw)) if not any(start <= at < end for start, end in breaks)]
    while kept and raw[kept[0]].isspace():
        kept.pop(0)
    while kept and raw[kept[-1]].isspace():
        kept.pop()
    return tuple(kept)


_BAR = re.compile(r"\s*\|\s*")
_FIGURE = re.compile(r"[\d,.]+(?:[-—~～至][\d,.]+)?")
_UNIT = re.compile(r"(.+?)[（(]((?:百|千|万)?元[^（）()]*|%|％|人|个|天|年|月|课时|学时)[）)]")


def row_text(names: str, row: str) -> str:
    """A row of a table with the name of its column before each cell, and the unit behind a bare figure.

    Example:
        >>> row_text("等级 | 标准（元/人）", "高级工 | 2000")
        '等级：高级工；标准：2000元/人'
    """
    heads, cells = _BAR.split(names), _BAR.split(row)
    if not names or len(heads) != len(cells):
        return row
    parts = []
    for head, cell in zip(heads, cells, strict=True):
        unit = _UNIT.fullmatch(head) if _FIGURE.fullmatch(cell) else None
        name, words = (unit.group(1), cell + unit.group(2)) if unit else (head, cell)
        parts.append(f"{name}：{words}" if name else words)
    return "；".join(part for part, cell in zip(parts, cells, strict=True) if cell)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points of one policy text."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"Span({self.start}, {self.end}): need 0 <= start <= end.")

    def __len__(self) -> int:
        return self.end - self.start

    def __contains__(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Whether the two share a code point."""
        return self.start < other.end and other.start < self.end

    def of(self, text: str) -> str:
        """The raw slice of `text`."""
        return text[self.start : self.end]


class Status(StrEnum):
    """What may be said of a text's validity; never more than its own words bear."""

    DRAFT = "draft"
    IN_FORCE = "in_force"
    TARGET_PERIOD_OVER = "target_period_over"
    EXPIRED = "expired"
    REPEALED = "repealed"
    UNKNOWN = "unknown"


STATUS_LABELS = {
    Status.DRAFT: "征求意见稿",
    Status.IN_FORCE: "现行有效",
    Status.TARGET_PERIOD_OVER: "目标期已过",
    Status.EXPIRED: "已过有效期",
    Status.REPEALED: "已废止",
    Status.UNKNOWN: "时效未标明",
}


class Force(StrEnum):
    """How strongly a sentence binds, strongest first."""

    MUST = "must"
    ENCOURAGED = "encouraged"
    MAY = "may"
    GOAL = "goal"
    NONE = "none"


FORCE_LABELS = {
    Force.MUST: "必须",
    Force.ENCOURAGED: "鼓励",
    Force.MAY: "可以",
    Force.GOAL: "目标",
    Force.NONE: "陈述",
}


class Level(StrEnum):
    """The kind of a clause-tree node; the English words are the statute book's."""

    DOCUMENT = "document"
    HEADER = "header"  # 首部: issuers, number, title, dates, addressees
    NOTICE = "notice"  # the covering letter 印发…的通知
    PREAMBLE = "preamble"  # 引言: text before the first heading
    PART = "part"  # 编
    CHAPTER = "chapter"  # 章, or 一、
    SECTION = "section"  # 节
    ARTICLE = "article"  # 条
    PARAGRAPH = "paragraph"  # 款
    ITEM = "item"  # 项, or （一）
    SUBITEM = "subitem"  # 目, or 1.
    POINT = "point"  # （1）
    BULLET = "bullet"  # ——
    ROW = "row"  # a row of a table, its heading the names of the columns
    CLOSING = "closing"  # 尾部: signature, date, 公开方式, 抄送
    ATTACHMENT = "attachment"  # 附件
    FURNITURE = "furniture"  # site navigation, share buttons: in the text, never an answer


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a fact about a policy comes from: a slice of its text, or a note such as "file name"."""

    field: str
    span: Span | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A point in time that the text sets for its own targets or validity.

    Attributes:
        kind: "target" (到2027年…), "valid_until" (有效期…), "repealed" (…废止).
        on: the last day of the period.
        span: the words it was read from.
    """

    kind: str
    on: date
    span: Span


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy text and what its own header says of it.

    `pages` are the places in `text` where the pages of a PDF begin.

    `text` is the file as received, decoded and otherwise untouched. Dates are kept apart because they differ:
    广州 was signed on 10, printed on 14 and published on 21 April 2025. What the text does not give is None or empty.
    """

    policy_id: str
    title: str
    text: str = field(repr=False)
    source: str
    sha256: str
    jurisdiction: str | None
    issuers: tuple[str, ...] = ()
    document_number: str | None = None
    notice_title: str | None = None
    signed_on: date | None = None
    printed_on: date | None = None
    published_on: date | None = None
    effective_from: date | None = None
    draft_mark: Span | None = None
    disclosure: str | None = None
    copied_to: str | None = None
    contact: str | None = None
    deadlines: tuple[Deadline, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    pages: tuple[int, ...] = ()

    @property
    def issued_on(self) -> date | None:
        """The date to cite: 成文, else 印发, else 发布."""
        return self.signed_on or self.printed_on or self.published_on


@dataclass(frozen=True, slots=True)
class Clause:
    """A node of the clause tree.

    Attributes:
        clause_id: structural and stable under re-parse, e.g. "guangzhou-2025-skilled-talent#chp_3__item_6".
        level: kind of unit.
        label: as printed ("（六）", "(六)", "第五条"), empty for unnumbered units.
        path: the address a person can use, brackets full width: "三、（六）"; "首部", "引言", "尾部" where unnumbered.
        heading: the heading's words without label and full stop, or "".
        span: the node with all its children. The parts of it not covered by children are its own text.
        lead_units, cooperating_units: 牵头 and 配合 as printed; `duty_span` is where they stand.
    """

    clause_id: str
    level: Level
    label: str
    path: str
    heading: str
    span: Span
    children: tuple[Clause, ...] = ()
    lead_units: tuple[str, ...] = ()
    cooperating_units: tuple[str, ...] = ()
    duty_span: Span | None = None

    def own_spans(self) -> tuple[Span, ...]:
        """The slices of this node that belong to no child, in order; with the children they tile `span`."""
        spans, at = [], self.span.start
        for child in self.children:
            if child.span.start > at:
                spans.append(Span(at, child.span.start))
            at = child.span.end
        if at < self.span.end:
            spans.append(Span(at, self.span.end))
        return tuple(spans)

    def walk(self) -> Iterator[Clause]:
        """This node and all below it, in document order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Sentence:
    """The smallest thing that is quoted: a sentence, or a part of one closed by a semicolon.

    `span` may run over a page break; `reading_text` of its slice is what is shown.
    """

    clause_id: str
    span: Span
    kind: str = "text"  # "text", "heading", "duty" (牵头单位…), "front" (a line of header or closing)


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One thing the parser noticed or set aside; the text itself is never changed.

    Attributes:
        kind: "furniture", "image", "blank_page", "page_break", "repeated_title", "missing" or "out_of_sequence".
        span: where it stands.
        note: one Chinese sentence for the person who keeps the corpus.
    """

    kind: str
    span: Span
    note: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A 《…》 mention, with its number where one follows; `policy_id` when that text is in the corpus."""

    title: str
    document_number: str | None
    span: Span
    policy_id: str | None = None


@dataclass(frozen=True, slots=True)
class PolicyDocument:
    """A policy read whole: the text's facts, its clause tree, its sentences, and the ledger of what was set aside."""

    policy: Policy
    root: Clause
    sentences: tuple[Sentence, ...]
    ledger: tuple[LedgerEntry, ...] = ()
    references: tuple[Reference, ...] = ()

    def clause(self, clause_id: str) -> Clause:
        """The node with this id.

        Raises:
            KeyError: no such node.
        """
        for node in self.root.walk():
            if node.clause_id == clause_id:
                return node
        raise KeyError(clause_id)


@dataclass(frozen=True, slots=True)
class StatusReading:
    """A policy's status on a day, with the words it rests on."""

    status: Status
    basis: Span | None
    explanation: str


@dataclass(frozen=True, slots=True)
class Provision:
    """What one sentence does.

    Attributes:
        sentence: the words read.
        force: how strongly they bind.
        duty_bearer: who is to act, as printed ("企业", "行业主管部门"), or "" where the sentence names nobody.
    """

    sentence: Sentence
    force: Force
    duty_bearer: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """What is indexed: one sentence in its place. `context` is searched and embedded, never quoted.

    Attributes:
        chunk_id: "<policy_id>@<start>-<end>".
        jurisdiction: division code of the policy, "" where unknown; the field that scope filters on.
        text: the sentence as read; of a row of a table, with the names of its columns.
        context: title and heading path, space separated.
        questions: lay questions that the sentence answers; searched, never quoted.
    """

    chunk_id: str
    policy_id: str
    clause_id: str
    jurisdiction: str
    span: Span
    kind: str
    text: str
    context: str
    questions: tuple[str, ...] = ()

    @property
    def placed(self) -> str:
        """The sentence in its place, as it is embedded: alone it often does not say whom or what it is about."""
        return f"{self.context}。{self.text}" if self.context else self.text


@dataclass(frozen=True, slots=True)
class Question:
    """What a person asked, and where they stand."""

    text: str
    jurisdiction: str | None = None  # division code chosen in the page's selector
    role: str = "other"
    history: tuple[str, ...] = ()  # earlier questions, oldest first


@dataclass(frozen=True, slots=True)
class Scope:
    """Which texts may be searched, decided before ranking.

    Attributes:
        tiers: sets of division codes, nearest place first (district, city, province). Seats are reserved per tier.
            Empty means nothing is in scope, and nothing is searched.
        asked: the place the question is about, None where none was named or chosen.
        asked_in_question: the place came from the question's words, not from the selector.
        policy_ids: only these texts, where the question names a document; None for no such limit.
    """

    tiers: tuple[frozenset[str], ...]
    asked: str | None = None
    asked_in_question: bool = False
    policy_ids: frozenset[str] | None = None

    @property
    def jurisdictions(self) -> frozenset[str]:
        """The division codes of all tiers."""
        return frozenset().union(*self.tiers)

    def admits(self, chunk: Chunk) -> bool:
        """Whether the chunk may be shown at all."""
        if self.policy_ids is not None and chunk.policy_id not in self.policy_ids:
            return False
        return any(chunk.jurisdiction in tier for tier in self.tiers)


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk in a ranking; scores of different retrievers do not compare."""

    chunk_id: str
    score: float


Ranking = tuple[Hit, ...]
"""Hits, best first."""


@dataclass(frozen=True, slots=True)
class Timing:
    """How long a stage took."""

    stage: str
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What a search found: hits kept and hits set aside, with the times. All are within the scope.

    `parts`: of several things asked, the score of each one's best hit, 0 where it has none; the first few only.
    """

    kept: Ranking
    rejected: Ranking = ()
    timings: tuple[Timing, ...] = ()
    parts: tuple[float, ...] = ()


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
