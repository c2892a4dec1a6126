"""Results → packs: the columns of each table, in Chinese, the same on screen and in every export."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from assistant.jurisdictions import Gazetteer
from assistant.model import FORCE_LABELS, STATUS_LABELS, Answer, Citation, Policy, Refusal
from assistant.registers.calendar import CalendarRow
from assistant.registers.comparison import Cell, Comparison
from assistant.registers.employers import EMPLOYER_LABELS
from assistant.registers.entitlements import EntitlementRow, Entitlements
from assistant.registers.obligations import ObligationRow, Obligations
from assistant.registers.packs import Pack, Sheet, fingerprint, sources_of
from assistant.registers.profile import profile_facts
from assistant.registers.records import Record, Register

_WHERE = ("文件", "条款", "起止", "状态")


def _where(record: Record, status: str) -> tuple[str, ...]:
    policy = record.policy
    name = f"《{policy.title}》{policy.document_number or ''}"
    return (name, record.clause.path, f"{record.span.start}-{record.span.end}", status)


def _place(register: Register, code: str) -> str:
    return register.gazetteer.place(code).short_name if code else "未标明"


def entitlement_sheet(register: Register, rows: Sequence[EntitlementRow]) -> Sheet:
    """One row a sentence."""
    columns = ("适用", "事项", "地区", "力度", "原文", "说明或要补充的事", "对象", "牵头单位", *_WHERE)
    return Sheet(
        "查待遇",
        columns,
        tuple(
            (
                row.applies.label,
                "、".join(row.record.topics),
                _place(register, row.record.place),
                FORCE_LABELS[row.record.force],
                row.record.text,
                row.reason,
                row.record.beneficiary.label or "未写明",
                "、".join(row.record.lead_units),
                *_where(row.record, STATUS_LABELS[row.status.status]),
            )
            for row in rows
        ),
    )


def entitlement_pack(register: Register, found: Entitlements, as_of: date, *, with_excluded: bool = False) -> Pack:
    """查待遇 as a pack; `with_excluded` adds what does not apply, each with its reason."""
    rows = (*found.rows, *(found.excluded if with_excluded else ()))
    sources = sources_of(((row.record.policy, row.status) for row in rows), register.gazetteer)
    facts = profile_facts(found.profile, register.gazetteer)
    return Pack(
        "查待遇", facts, found.notices, entitlement_sheet(register, rows), sources, as_of, corpus_mark(register)
    )


def obligation_sheet(register: Register, rows: Sequence[ObligationRow]) -> Sheet:
    """One row a sentence."""
    columns = ("类别", "事项", "地区", "义务人", "原文", "数量", "期限", "后果或挂钩", "牵头单位", *_WHERE)
    return Sheet(
        "查义务",
        columns,
        tuple(
            (
                row.duty.label,
                "、".join(row.record.topics),
                _place(register, row.record.place),
                row.act.bearer if row.act else "",
                row.record.text,
                "、".join(quantity.text for quantity in row.record.quantities),
                "、".join(due.text for due in row.record.due) + ("（已过）" if row.over else ""),
                "；".join(consequence.text for consequence in row.record.consequences),
                "、".join(row.record.lead_units),
                *_where(row.record, STATUS_LABELS[row.status.status]),
            )
            for row in rows
        ),
    )


def obligation_pack(register: Register, found: Obligations, as_of: date) -> Pack:
    """查义务 as a pack."""
    facts = (("单位", EMPLOYER_LABELS[found.employer]), ("地区", register.gazetteer.full_name(found.place)))
    sources = sources_of(((row.record.policy, row.status) for row in found.rows), register.gazetteer)
    sheet = obligation_sheet(register, found.rows)
    return Pack("查义务", facts, found.notices, sheet, sources, as_of, corpus_mark(register))


def cell_text(cell: Cell) -> str:
    """A cell as read: 「〔必须·企业·60%以上·挂钩〕「…」（六）」, one quote a line."""
    lines = [f"〔{quote.badge}〕「{quote.record.text}」{quote.record.clause.path}" for quote in cell.quotes]
    if cell.note:
        lines.insert(0, cell.note)
    if cell.more:
        lines.append(f"（另有 {cell.more} 句）")
    return "\n".join(lines)


def comparison_pack(register: Register, found: Comparison, as_of: date) -> Pack:
    """比地区 as a pack: one row a topic, one column a place."""
    heads = []
    for index, place in enumerate(found.places):
        cells = [row.cells[index] for row in found.rows]
        status = next((cell.status for cell in cells if cell.status), None)
        speaks = next((cell.speaks for cell in cells if cell.speaks), "")
        name = _place(register, place)
        if speaks and speaks != place:
            name += f"（库里没有自己的文件，用{_place(register, speaks)}的）"
        elif not speaks:
            name += "（库里没有适用的文件）"
        heads.append(name + (f"［{STATUS_LABELS[status.status]}］" if status else ""))
    rows = tuple((row.topic, *(cell_text(cell) for cell in row.cells)) for row in found.rows)
    quoted = [
        (quote.record.policy, cell.status)
        for row in found.rows
        for cell in row.cells
        for quote in cell.quotes
        if cell.status
    ]
    facts = (("地区", "、".join(_place(register, place) for place in found.places)),)
    sheet = Sheet("比地区", ("事项", *heads), rows)
    sources = sources_of(quoted, register.gazetteer)
    return Pack("比地区", facts, (), sheet, sources, as_of, corpus_mark(register))


def calendar_pack(register: Register, rows: Sequence[CalendarRow], as_of: date) -> Pack:
    """时间与名额 as a pack."""
    columns = ("到哪一天", "已过或未到", "类别", "地区", "原文的时间", "数量", "原文", *_WHERE)
    sheet = Sheet(
        "时间与名额",
        columns,
        tuple(
            (
                row.on.isoformat() if row.on else "",
                row.passed.label,
                row.kind.label,
                _place(register, row.record.place),
                row.due.text if row.due else "",
                "、".join(row.numbers),
                row.record.text,
                *_where(row.record, STATUS_LABELS[row.status.status]),
            )
            for row in rows
        ),
    )
    sources = sources_of(((row.record.policy, row.status) for row in rows), register.gazetteer)
    return Pack("时间与名额", (), (), sheet, sources, as_of, corpus_mark(register))


def answer_pack(
    question: str, reply: Answer | Refusal, policies: Sequence[Policy], gazetteer: Gazetteer, as_of: date
) -> Pack:
    """An answer with its citations as a pack."""
    columns = ("序号", "力度", "主体", "原文", *_WHERE)
    sheet = Sheet("回答", columns, tuple(_cited(n, c) for n, c in enumerate(reply.draft.citations, 1)))
    sources = sources_of(((citation.policy, citation.status) for citation in reply.draft.citations), gazetteer)
    facts = (("问题", question), ("回答", reply.text))
    return Pack("回答", facts, reply.draft.notices, sheet, sources, as_of, fingerprint(policies))


def _cited(number: int, citation: Citation) -> tuple[str, ...]:
    policy = citation.policy
    return (
        str(number),
        FORCE_LABELS[citation.force],
        citation.duty_bearer,
        citation.quote,
        f"《{policy.title}》{policy.document_number or ''}",
        citation.clause.path,
        f"{citation.span.start}-{citation.span.end}",
        STATUS_LABELS[citation.status.status],
    )


def corpus_mark(register: Register) -> str:
    """The fingerprint of the register's corpus."""
    return fingerprint([document.policy for document in register.documents])
