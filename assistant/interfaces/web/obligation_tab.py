"""查义务: a kind of employer and a place, and what must, must not, should and may be done."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from fastapi import APIRouter
from starlette.responses import Response

from assistant.errors import AssistantError
from assistant.interfaces.http.service import Service
from assistant.interfaces.web.downloading import download
from assistant.interfaces.web.filling_in import (
    Filled,
    Named,
    Posted,
    export_html,
    form_html,
    named_place,
    place_field,
    select,
    words_for,
)
from assistant.interfaces.web.laying_out import OBLIGATIONS, page_response, trouble_html
from assistant.interfaces.web.showing_sentences import NOTICE, notices_html, quote_html, table_html, where_html
from assistant.registers.employers import EMPLOYER_LABELS, Employer
from assistant.registers.lookups import choices, look_up_obligations
from assistant.registers.obligations import Duty, ObligationRow, Obligations
from assistant.registers.records import Register
from assistant.registers.tables import obligation_pack

_OFFICE = EMPLOYER_LABELS[Employer.OFFICE]
_LEAD = "<p>选单位性质和地区，列出本地和上级文件对这种单位的每一句要求。只约束政府部门的不列，要看就勾上。</p>"


def routes(service: Service) -> APIRouter:
    """The tab, its result and its files."""
    router = APIRouter(include_in_schema=False)
    path = f"/{OBLIGATIONS.path}"

    @router.api_route(path, methods=["GET", "HEAD"])
    def empty(place: Named = "") -> Response:
        register = service.register()
        given = Filled((("place", named_place(register, place)),) if place else ())
        return page_response(OBLIGATIONS, _form(register, given))

    @router.post(path)
    def filled_in(filled: Posted) -> Response:
        register = service.register()
        form = _form(register, filled)
        try:
            found = look_up_obligations(register, _employer(filled), filled.one("place"), service.clock())
        except AssistantError as error:
            return page_response(OBLIGATIONS, form + trouble_html(words_for(error)), status=422)
        return page_response(OBLIGATIONS, form + _result(register, found, filled))

    @router.post(f"{path}/export")
    def exported(filled: Posted) -> Response:
        register, today = service.register(), service.clock()
        try:
            found = look_up_obligations(register, _employer(filled), filled.one("place"), today)
        except AssistantError as error:
            return page_response(OBLIGATIONS, trouble_html(words_for(error)), root="../", status=422)
        return download(obligation_pack(register, found, today), filled.one("format"))

    return router


def _employer(filled: Filled) -> str:
    return _OFFICE if filled.one("office") else filled.one("employer") or EMPLOYER_LABELS[Employer.ENTERPRISE]


def _form(register: Register, filled: Filled) -> str:
    offered = choices(register)
    employers = [(name, name) for name in offered.employers if name != _OFFICE]
    office = " checked" if filled.one("office") else ""
    fields = (
        f'<div class="fields">{place_field(offered.places, filled.one("place"))}'
        f"{select('employer', '单位性质', employers, filled.one('employer'))}</div>"
        f'<label class="check whole"><input type="checkbox" name="office" value="1"{office}>'
        "<span>改看政府部门自己的任务</span></label>"
    )
    return f"<h1>查义务</h1>{_LEAD}{form_html(OBLIGATIONS.path, fields, '列出来')}"


def _result(register: Register, found: Obligations, filled: Filled) -> str:
    who = f"{EMPLOYER_LABELS[found.employer]}在{register.gazetteer.full_name(found.place)}"
    counts = "、".join(f"{duty.label} {len(rows)} 句" for duty in Duty if (rows := found.of(duty)))
    groups = "".join(_group(register, duty, rows) for duty in Duty if (rows := found.of(duty)))
    return (
        f'<section id="result" tabindex="-1"><h2>{escape(who)}：{counts or "没有列出任何一句"}</h2>'
        f"{notices_html(found.notices)}{export_html(f'{OBLIGATIONS.path}/export', filled)}{groups}{NOTICE}</section>"
    )


def _group(register: Register, duty: Duty, rows: Sequence[ObligationRow]) -> str:
    cells = [
        (
            escape("、".join(row.record.topics)),
            quote_html(row.record, row.status),
            _bounds(row),
            escape("、".join(row.record.lead_units)) or "未写",
            where_html(row.record, register),
        )
        for row in rows
    ]
    columns = ("事项", "原文", "数量、期限、后果", "牵头单位", "出处")
    name = escape(duty.label)
    table = table_html(columns, cells, f"{name}的原句")
    return f'<section class="group"><h3>{name}（{len(rows)} 句）</h3>{table}</section>'


def _bounds(row: ObligationRow) -> str:
    """What limits the duty, as printed."""
    record = row.record
    told = [
        "、".join(quantity.text for quantity in record.quantities),
        "、".join(due.text for due in record.due) + ("（期限已过）" if row.over else ""),
        "；".join(consequence.text for consequence in record.consequences),
    ]
    return "<br>".join(escape(part) for part in told if part) or "未写"
