"""比地区: topics × places, each cell the sentences with their force, or that nothing is said."""

from __future__ import annotations

import re
from datetime import date
from html import escape

from fastapi import APIRouter
from starlette.responses import Response

from assistant.answering.searching import topic_search
from assistant.errors import AssistantError
from assistant.interfaces.http.service import Service
from assistant.interfaces.web.downloading import download
from assistant.interfaces.web.filling_in import Filled, Posted, checks, export_html, form_html, words_for
from assistant.interfaces.web.laying_out import COMPARISON, page_response, trouble_html
from assistant.interfaces.web.showing_sentences import NOTICE, status_badge, text_address
from assistant.registers.comparison import Cell, Comparison, Quote
from assistant.registers.lookups import choices, look_up_comparison
from assistant.registers.records import Register
from assistant.registers.tables import comparison_pack

MOST_TOPICS = 10
_LEAD = "<p>选几个地区，写下想比的事项，每格给出原句和力度；没有写的注明“未提及”，不等于没有政策。</p>"
_BETWEEN = re.compile(r"[、，,；;\s]+")


def routes(service: Service) -> APIRouter:
    """The tab, its result and its files."""
    router = APIRouter(include_in_schema=False)
    path = f"/{COMPARISON.path}"

    @router.api_route(path, methods=["GET", "HEAD"])
    def empty() -> Response:
        return page_response(COMPARISON, _form(service.register(), Filled()))

    @router.post(path)
    async def filled_in(filled: Posted) -> Response:
        register = service.register()
        form = _form(register, filled)
        try:
            found = await _look_up(service, filled, service.clock())
        except AssistantError as error:
            return page_response(COMPARISON, form + trouble_html(words_for(error)), status=422)
        return page_response(COMPARISON, form + _result(register, found, filled))

    @router.post(f"{path}/export")
    async def exported(filled: Posted) -> Response:
        today = service.clock()
        try:
            found = await _look_up(service, filled, today)
        except AssistantError as error:
            return page_response(COMPARISON, trouble_html(words_for(error)), root="../", status=422)
        return download(comparison_pack(service.register(), found, today), filled.one("format"))

    return router


async def _look_up(service: Service, filled: Filled, today: date) -> Comparison:
    free = _BETWEEN.split(filled.one("words"))
    topics = [topic for topic in (*free, *filled.many("topic")) if topic][:MOST_TOPICS]
    search = topic_search(lambda: service.answerer)
    return await service.searchers.run(
        lambda: look_up_comparison(service.register(), topics, filled.many("place"), today, search)
    )


def _form(register: Register, filled: Filled) -> str:
    offered = choices(register)
    chosen = filled.many("place") or offered.places
    words = escape(filled.one("words"))
    fields = (
        '<div class="fields"><label class="field wide"><span>事项（可写几个，用顿号隔开）</span>'
        f'<input name="words" value="{words}" maxlength="100" autocomplete="off" placeholder="如 职工教育经费、落户">'
        f"</label></div>{checks('place', '地区', offered.places, chosen)}"
        f'<details class="folded"{" open" if filled.many("topic") else ""}><summary>或者从常用事项里选</summary>'
        f"{checks('topic', '常用事项', offered.topics, filled.many('topic'))}</details>"
        f'<p class="hint">事项都不写，就列出全部常用事项；最多 {MOST_TOPICS} 个。</p>'
    )
    return f"<h1>比地区</h1>{_LEAD}{form_html(COMPARISON.path, fields, '对比')}"


def _result(register: Register, found: Comparison, filled: Filled) -> str:
    rows = "".join(
        f'<section class="group"><h3>{escape(row.topic)}（{row.difference} 种写法）</h3>'
        f'<div class="matrix">{"".join(_cell(register, cell) for cell in row.cells)}</div></section>'
        for row in found.rows
    )
    return (
        f'<section id="result" tabindex="-1"><h2>{len(found.rows)} 个事项，{len(found.places)} 个地区</h2>'
        f"{export_html(f'{COMPARISON.path}/export', filled)}{rows}{NOTICE}</section>"
    )


def _cell(register: Register, cell: Cell) -> str:
    name = register.gazetteer.full_name
    spoken = ""
    if cell.speaks and cell.speaks != cell.place:
        spoken = f'<p class="hint">库里没有自己的文件，用{escape(name(cell.speaks))}的</p>'
    elif not cell.speaks:
        spoken = '<p class="hint">库里没有适用的文件</p>'
    status = status_badge(cell.status) if cell.status else ""
    note = f'<p class="reason">{escape(cell.note)}</p>' if cell.note else ""
    more = f'<p class="hint">另有 {cell.more} 句</p>' if cell.more else ""
    quotes = "".join(_quote(quote) for quote in cell.quotes)
    place = escape(name(cell.place))
    return f'<div class="cell"><h4>{place} {status}</h4>{spoken}{note}{quotes}{more}</div>'


def _quote(quote: Quote) -> str:
    record = quote.record
    address = text_address(record.policy, record.clause, record.span)
    return (
        f'<p class="badge force-{quote.act.force.value}">{escape(quote.badge)}</p>'
        f'<blockquote>{escape(record.text)}</blockquote><p><a href="{address}">{escape(record.clause.path)}</a></p>'
    )
