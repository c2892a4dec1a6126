"""查待遇: a form for a person, and every sentence that may give them something, sorted by how it applies."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
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
    checks,
    export_html,
    form_html,
    named_place,
    place_field,
    select,
    words_for,
)
from assistant.interfaces.web.laying_out import ENTITLEMENTS, page_response, trouble_html
from assistant.interfaces.web.showing_sentences import (
    NOTICE,
    notices_html,
    quote_html,
    table_html,
    where_html,
)
from assistant.registers.applicability import Applies
from assistant.registers.entitlements import EntitlementRow, Entitlements
from assistant.registers.lookups import choices, look_up_entitlements
from assistant.registers.records import Register
from assistant.registers.tables import entitlement_pack

_HONOUR = re.compile(r"获得|获奖|获评|被评|带头人")
_MOST_ASKED = 6
_LEAD = (
    "<p>填上您的情况，列出本地和上级文件里可能与您有关的每一句。只在这一次用，不保存；不用写姓名、证件号。"
    "不填的，遇到要用时会列成问题。</p>"
)


def routes(service: Service) -> APIRouter:
    """The tab, its result and its files."""
    router = APIRouter(include_in_schema=False)
    path = f"/{ENTITLEMENTS.path}"

    @router.api_route(path, methods=["GET", "HEAD"])
    def empty(place: Named = "", level: Named = "") -> Response:
        register = service.register()
        given = (("place", named_place(register, place)), ("level", level))
        return page_response(ENTITLEMENTS, _form(register, Filled(tuple(p for p in given if p[1]))))

    @router.post(path)
    def filled_in(filled: Posted) -> Response:
        register = service.register()
        form = _form(register, filled)
        try:
            found = _look_up(register, filled, service.clock())
        except AssistantError as error:
            return page_response(ENTITLEMENTS, form + trouble_html(words_for(error)), status=422)
        return page_response(ENTITLEMENTS, form + _result(register, found, filled))

    @router.post(f"{path}/export")
    def exported(filled: Posted) -> Response:
        register, today = service.register(), service.clock()
        try:
            found = _look_up(register, filled, today)
        except AssistantError as error:
            return page_response(ENTITLEMENTS, trouble_html(words_for(error)), root="../", status=422)
        return download(entitlement_pack(register, found, today), filled.one("format"))

    return router


def _look_up(register: Register, filled: Filled, today: date) -> Entitlements:
    situation = filled.many("situation")
    told = situation or filled.one("complete")
    return look_up_entitlements(
        register,
        filled.one("place"),
        today,
        level=filled.one("level"),
        honours=filled.many("honour"),
        employer=filled.one("employer"),
        situation=situation if told else None,
    )


def _form(register: Register, filled: Filled) -> str:
    offered = choices(register)
    honours = [name for name, question in offered.facts if _HONOUR.search(question)]
    situations = [name for name, question in offered.facts if not _HONOUR.search(question)]
    levels = [("", "不填"), ("无", "没有等级证书"), *((level, level) for level in offered.levels)]
    employers = [("", "不填"), *((employer, employer) for employer in offered.employers)]
    done = " checked" if filled.one("complete") else ""
    fields = (
        f'<div class="fields">{place_field(offered.places, filled.one("place"))}'
        f"{select('level', '技能等级', levels, filled.one('level'))}"
        f"{select('employer', '单位性质', employers, filled.one('employer'))}</div>"
        f"{checks('honour', '荣誉、称号', honours, filled.many('honour'))}"
        f"{checks('situation', '情况（勾了一项，就按已经填全算）', situations, filled.many('situation'))}"
        f'<label class="check whole"><input type="checkbox" name="complete" value="1"{done}>'
        "<span>上面的情况我都没有</span></label>"
    )
    return f"<h1>查待遇</h1>{_LEAD}{form_html(ENTITLEMENTS.path, fields, '列出来')}"


def _result(register: Register, found: Entitlements, filled: Filled) -> str:
    place = escape(register.gazetteer.full_name(found.profile.place))
    counts = "、".join(f"{kind.label} {len(rows)} 句" for kind in Applies if (rows := found.of(kind)))
    groups = "".join(_group(register, kind.label, rows) for kind in Applies if (rows := found.of(kind)))
    return (
        f'<section id="result" tabindex="-1"><h2>{place}：{counts or "没有列出任何一句"}</h2>'
        f"{notices_html(found.notices)}{_asked_back(found)}"
        f"{export_html(f'{ENTITLEMENTS.path}/export', filled)}{groups}"
        f"{_excluded(register, found.excluded)}{NOTICE}</section>"
    )


def _asked_back(found: Entitlements) -> str:
    """The questions that most sentences wait for."""
    asked = Counter(
        question.strip()
        for row in found.of(Applies.NEEDS_CONDITION)
        for question in re.findall(r"[^？]+？", row.reason)
    )
    often = [(question, n) for question, n in asked.most_common(_MOST_ASKED) if n > 1]
    if not often:
        return ""
    items = "".join(f"<li>{escape(question)}（关系到 {n} 句）</li>" for question, n in often)
    return f'<div class="asked-back"><h3>补充这些，能判断得更准</h3><ul>{items}</ul></div>'


def _group(register: Register, name: str, rows: Sequence[EntitlementRow]) -> str:
    return f'<section class="group"><h3>{name}（{len(rows)} 句）</h3>{_table(register, name, rows)}</section>'


def _table(register: Register, name: str, rows: Sequence[EntitlementRow]) -> str:
    cells = [
        (
            escape("、".join(row.record.topics)),
            quote_html(row.record, row.status),
            escape(row.reason),
            where_html(row.record, register),
        )
        for row in rows
    ]
    return table_html(("事项", "原文", "说明", "出处"), cells, f"{name}的原句")


def _excluded(register: Register, rows: Sequence[EntitlementRow]) -> str:
    if not rows:
        return ""
    return (
        f'<details class="folded"><summary>不适用的（{len(rows)} 句，附理由）</summary>'
        f"{_table(register, Applies.NOT.label, rows)}</details>"
    )
