"""Register results → the JSON of the commands: one object a row, every quotation with its place in the text."""

from __future__ import annotations

from datetime import date

from assistant.interfaces.contract import Json
from assistant.model import StatusReading
from assistant.registers.calendar import CalendarRow
from assistant.registers.comparison import Cell, ComparisonRow
from assistant.registers.entitlements import EntitlementRow
from assistant.registers.obligations import ObligationRow
from assistant.registers.records import Record, Register


def record_json(record: Record, status: StatusReading, register: Register, as_of: date) -> Json:
    """The facts of one sentence."""
    policy, levels = record.policy, record.beneficiary.levels
    return {
        "id": record.record_id,
        "policy_id": policy.policy_id,
        "title": policy.title,
        "document_number": policy.document_number,
        "jurisdiction": register.gazetteer.full_name(record.place) if record.place else None,
        "policy_status": status.status.value,
        "clause": record.clause.path,
        "heading": record.clause.heading,
        "quote": record.text,
        "start": record.span.start,
        "end": record.span.end,
        "source": policy.source,
        "sha256": policy.sha256,
        "force": record.force.value,
        "duty_bearer": record.bearer,
        "duty_bearer_kind": record.bearer_kind.value,
        "topics": list(record.topics),
        "levels": [int(levels.low), int(levels.high)] if levels else None,
        "groups": [group.name for group in record.beneficiary.groups],
        "conditions": [condition.text for condition in record.conditions],
        "quantities": [{"kind": q.kind.value, "text": q.text} for q in record.quantities],
        "deadlines": [
            {"text": due.text, "on": due.on.isoformat() if due.on else None, "over": due.is_over(as_of)}
            for due in record.due
        ],
        "consequences": [{"kind": c.kind.value, "text": c.text} for c in record.consequences],
        "lead_units": list(record.lead_units),
        "cooperating_units": list(record.cooperating_units),
        "corrections": list(record.corrections),
    }


def entitlement_json(row: EntitlementRow, register: Register, as_of: date) -> Json:
    """One row of 查待遇."""
    told: Json = {"applies": row.applies.value, "reason": row.reason, "tier": row.tier}
    return told | record_json(row.record, row.status, register, as_of)


def obligation_json(row: ObligationRow, register: Register, as_of: date) -> Json:
    """One row of 查义务."""
    part = row.act.text if row.act else row.record.text
    told: Json = {"duty": row.duty.value, "part": part, "over": row.over, "tier": row.tier}
    return told | record_json(row.record, row.status, register, as_of)


def comparison_json(row: ComparisonRow, register: Register, as_of: date) -> Json:
    """One row of 比地区."""
    return {
        "topic": row.topic,
        "difference": row.difference,
        "cells": [_cell_json(cell, register, as_of) for cell in row.cells],
    }


def _cell_json(cell: Cell, register: Register, as_of: date) -> Json:
    name = register.gazetteer.full_name
    return {
        "place": name(cell.place),
        "speaks": name(cell.speaks) if cell.speaks else None,
        "note": cell.note,
        "more": cell.more,
        "quotes": [
            {"badge": quote.badge, "part": quote.act.text, "part_force": quote.act.force.value}
            | record_json(quote.record, cell.status, register, as_of)
            for quote in cell.quotes
            if cell.status is not None
        ],
    }


def calendar_json(row: CalendarRow, register: Register, as_of: date) -> Json:
    """One row of 时间与名额."""
    told: Json = {
        "on": row.on.isoformat() if row.on else None,
        "passed": row.passed.value,
        "kind": row.kind.value,
        "due": row.due.text if row.due else None,
    }
    return told | record_json(row.record, row.status, register, as_of)
