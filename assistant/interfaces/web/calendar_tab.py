"""时间与名额: deadlines, targets and quotas by date, each over, ahead or without a year."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from fastapi import APIRouter
from starlette.responses import Response

from assistant.errors import AssistantError
from assistant.interfaces.http.service import Service
from assistant.interfaces.web.downloading import download
from assistant.interfaces.web.filling_in import Filled, Posted, checks, export_html, form_html, words_for
from assistant.interfaces.web.laying_out import CALENDAR, page_response, trouble_html
from assistant.interfaces.web.showing_sentences import NOTICE, quote_html, table_html, where_html
from assistant.registers.calendar import CalendarRow, Passed, targets_by_year
from assistant.registers.lookups import choices, look_up_calendar
from assistant.registers.records import Register
from assistant.registers.tables import calendar_pack

_LEAD = "<p>文件里写明的期限、目标和名额，按日期排；已过还是未到，按今天算。选了地区，也列它上级的。</p>"


def routes(service: Service) -> APIRouter:
    """The tab and its files; it shows all places at once, so a visit needs no form."""
    router = APIRouter(include_in_schema=False)
    path = f"/{CALENDAR.path}"

    @router.api_route(path, methods=["GET", "HEAD"])
    def all_places() -> Response:
        return _page(service, Filled())

    @router.post(path)
    def some_places(filled: Posted) -> Response:
        return _page(service, filled)

    @router.post(f"{path}/export")
    def exported(filled: Posted) -> Response:
        register, today = service.register(), service.clock()
        try:
            rows = look_up_calendar(register, filled.many("place"), today)
        except AssistantError as error:
            return page_response(CALENDAR, trouble_html(words_for(error)), root="../", status=422)
        return download(calendar_pack(register, rows, today), filled.one("format"))

    return router


def _page(service: Service, filled: Filled) -> Response:
    register, today = service.register(), service.clock()
    fields = checks("place", "地区（不选就是全部）", choices(register).places, filled.many("place"))
    form = f"<h1>时间与名额</h1>{_LEAD}{form_html(CALENDAR.path, fields, '列出来')}"
    try:
        rows = look_up_calendar(register, filled.many("place"), today)
    except AssistantError as error:
        return page_response(CALENDAR, form + trouble_html(words_for(error)), status=422)
    counts = "、".join(f"{kind.label} {sum(row.passed is kind for row in rows)} 行" for kind in Passed)
    groups = "".join(
        _group(register, kind, held) for kind in Passed if (held := [row for row in rows if row.passed is kind])
    )
    return page_response(
        CALENDAR,
        f'{form}<section id="result" tabindex="-1"><h2>{today.isoformat()} 看：{counts}</h2>'
        f"{export_html(f'{CALENDAR.path}/export', filled)}{_chart(register, rows)}{groups}{NOTICE}</section>",
    )


def _group(register: Register, kind: Passed, rows: Sequence[CalendarRow]) -> str:
    cells = [
        (
            escape(row.on.isoformat() if row.on else row.due.text if row.due else "未写"),
            escape("、".join([row.kind.label, *row.numbers])),
            quote_html(row.record, row.status),
            where_html(row.record, register),
        )
        for row in rows
    ]
    table = table_html(("到哪一天", "类别、数量", "原文", "出处"), cells, f"{kind.label}的期限、目标和名额")
    return f'<section class="group"><h3>{kind.label}（{len(rows)} 行）</h3>{table}</section>'


def _chart(register: Register, rows: Sequence[CalendarRow]) -> str:
    """How many fall due in each year and place; a list, so that it is read out as well as seen."""
    counted = targets_by_year(rows)
    if not counted:
        return ""
    most = max(count for _, _, count in counted)
    bars = "".join(
        f'<li><span class="year">{year} {escape(register.gazetteer.place(code).short_name)}</span>'
        f'<span class="bar" style="width:{round(60 * count / most)}%"></span>{count}</li>'
        for year, code, count in counted
    )
    return f'<section class="group"><h3>各年到期的目标和期限</h3><ul class="chart">{bars}</ul></section>'
