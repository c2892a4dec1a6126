"""The fields of a header while it is read, each filled once, with the words they come from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from assistant.model import Evidence, LedgerEntry, Span
from assistant.parsing.blocks import TITLE_END, Block, is_complete_title


@dataclass(slots=True)
class Header:
    """The fields found, with their evidence, and the blocks they came from (front and closings, in text order)."""

    title: str = ""
    notice_title: str | None = None
    document_number: str | None = None
    issuers: tuple[str, ...] = ()
    signed_on: date | None = None
    printed_on: date | None = None
    published_on: date | None = None
    effective_from: date | None = None
    repealed_on: date | None = None
    repealed_span: Span | None = None
    draft_mark: Span | None = None
    disclosure: str | None = None
    copied_to: str | None = None
    contact: str | None = None
    notice_span: Span | None = None
    title_span: Span | None = None
    front: tuple[Block, ...] = ()
    tail: tuple[Block, ...] = ()
    evidence: list[Evidence] = field(default_factory=list)
    ledger: list[LedgerEntry] = field(default_factory=list)

    def set_once(self, name: str, value: object, span: Span, note: str = "") -> None:
        """Fill a field unless an earlier line did; the first mention in a header is the official one."""
        if value and not getattr(self, name):
            setattr(self, name, value)
            self.evidence.append(Evidence(name, span, note))


def ends_title(text: str) -> bool:
    """Whether a line may be the end of a title."""
    return is_complete_title(text) or bool(TITLE_END.search(text) and "《" not in text)
