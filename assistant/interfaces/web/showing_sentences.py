"""One sentence of the register as cells of a table: its words, how strongly it binds, where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from urllib.parse import quote

from assistant.model import FORCE_LABELS, STATUS_LABELS, Clause, Force, Policy, Span, StatusReading
from assistant.registers.records import Record, Register

Cells = Sequence[tuple[str, str]]


def text_address(policy: Policy, clause: Clause, span: Span | None = None) -> str:
    """Where a clause stands in 文件库, below the site's root; `span` is marked there."""
    marked = f"?mark={span.start}-{span.end}" if span else ""
    return f"policies/{quote(policy.policy_id)}{marked}#{quote(anchor(clause))}"


def anchor(clause: Clause) -> str:
    """A clause's name on the page of its policy."""
    return clause.clause_id.rpartition("#")[2]


def quote_html(record: Record, status: StatusReading) -> str:
    """The sentence with its badges."""
    return f"<blockquote>{escape(record.text)}</blockquote>{force_badge(record)} {status_badge(status)}"


def force_badge(record: Record) -> str:
    """How strongly it binds, and whom."""
    bearer = f"·{escape(record.bearer)}" if record.bearer and record.force is not Force.NONE else ""
    return f'<span class="badge force-{record.force.value}">{FORCE_LABELS[record.force]}{bearer}</span>'


def status_badge(status: StatusReading) -> str:
    """The status of its policy."""
    return f'<span class="badge status-{status.status.value}">{STATUS_LABELS[status.status]}</span>'


def where_html(record: Record, register: Register) -> str:
    """Place, document and clause, linked to the text."""
    policy = record.policy
    place = register.gazetteer.place(record.place).short_name if record.place else "地区未标明"
    number = policy.document_number or f"《{policy.title}》"
    address = text_address(policy, record.clause, record.span)
    path = escape(record.clause.path or "全文")
    return f'{escape(place)}<br><span class="number">{escape(number)}</span><br><a href="{address}">{path}</a>'


def table_html(columns: Sequence[str], rows: Sequence[Sequence[str]], caption: str) -> str:
    """A table of markup cells; on a narrow screen each row becomes a card that names its cells."""
    head = "".join(f'<th scope="col">{column}</th>' for column in columns)
    body = "".join(
        "<tr>"
        + "".join(f'<td data-name="{column}">{cell}</td>' for column, cell in zip(columns, row, strict=True))
        + "</tr>"
        for row in rows
    )
    return (
        f'<table class="rows"><caption class="unseen">{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def notices_html(notices: Sequence[str]) -> str:
    """What to know first."""
    return "".join(f'<p class="notice">{escape(notice)}</p>' for notice in notices)


NOTICE = (
    '<p class="disclaimer">逐句摘自原文，适用与否按规则判断，供查找和核对，不是官方答复，以发文单位最新文件为准。</p>'
)
