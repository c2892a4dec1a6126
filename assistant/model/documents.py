"""A policy as parsed: its facts, clauses and sentences. Offsets are code points of `Policy.text`, half open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


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
