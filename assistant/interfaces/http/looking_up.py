"""POST /entitlements, /obligations, /compare and GET /calendar: the register's four look-ups.

Profiles come in a body and not in a query string, so that what a person says of themself stays out of addresses.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from assistant.answering.searching import topic_search
from assistant.interfaces.contract import Json
from assistant.interfaces.http.asking import json_response
from assistant.interfaces.http.register_schemas import (
    Calendar,
    Comparing,
    Comparison,
    Entitlements,
    Firm,
    Obligations,
    Place,
    Profile,
)
from assistant.interfaces.http.service import Service
from assistant.interfaces.register_json import calendar_json, comparison_json, entitlement_json, obligation_json
from assistant.registers.lookups import (
    look_up_calendar,
    look_up_comparison,
    look_up_entitlements,
    look_up_obligations,
)

Regions = Annotated[list[Place], Query(max_length=10, description="地区，可以写多次；不写是全部有文件的地区")]


def routes(service: Service) -> APIRouter:
    """The endpoints."""
    router = APIRouter(tags=["清单"])

    @router.post(
        "/entitlements",
        response_model=Entitlements,
        summary="查待遇",
        description="一个人可能适用的每一句，附适用与否和要补充的事；只列本地和上级的文件。",
    )
    async def entitlements(profile: Profile) -> Response:
        """List what applies to a person."""
        return json_response(await entitled(service, profile))

    @router.post(
        "/obligations",
        response_model=Obligations,
        summary="查义务",
        description="一种单位在一个地区要做、不得做、鼓励做、可以做什么，什么与评优、用地、招投标挂钩。",
    )
    async def obligations(firm: Firm) -> Response:
        """List what binds a kind of employer."""
        return json_response(await obliged(service, firm))

    @router.post(
        "/compare",
        response_model=Comparison,
        summary="比地区",
        description="事项 × 地区；没写的注明未提及，表里没有的事项按检索找。",
    )
    async def compare(wanted: Comparing) -> Response:
        """Set places side by side."""
        return json_response(await compared(service, wanted))

    @router.get(
        "/calendar",
        response_model=Calendar,
        summary="时间与名额",
        description="期限、目标、名额，有日期的在前，注明已过还是未到。",
    )
    async def calendar(region: Regions = []) -> Response:  # noqa: B006 (FastAPI copies it)
        """List times and numbers."""
        return json_response(await scheduled(service, region))

    return router


async def entitled(service: Service, profile: Profile) -> Json:
    """查待遇 as JSON.

    Raises:
        JurisdictionError, ProfileError: The place, the level or the employer is unknown.
        BusyError: No worker was free.
    """

    def look_up() -> Json:
        register, today = service.register(), service.clock()
        found = look_up_entitlements(
            register,
            profile.region,
            today,
            level=profile.level,
            honours=profile.honours,
            employer=profile.employer,
            situation=profile.situation,
        )
        rows = (*found.rows, *(found.excluded if profile.excluded else ()))
        return {"rows": [entitlement_json(row, register, today) for row in rows], "notices": list(found.notices)}

    return await service.searchers.run(look_up)


async def obliged(service: Service, firm: Firm) -> Json:
    """查义务 as JSON; raises as `entitled`."""

    def look_up() -> Json:
        register, today = service.register(), service.clock()
        found = look_up_obligations(register, firm.employer, firm.region, today)
        rows = [obligation_json(row, register, today) for row in found.rows]
        return {"rows": rows, "notices": list(found.notices)}

    return await service.searchers.run(look_up)


async def compared(service: Service, wanted: Comparing) -> Json:
    """比地区 as JSON; raises as `entitled`."""

    def look_up() -> Json:
        register, today = service.register(), service.clock()
        search = topic_search(lambda: service.answerer)
        found = look_up_comparison(register, wanted.topics, wanted.regions, today, search)
        return {"rows": [comparison_json(row, register, today) for row in found.rows]}

    return await service.searchers.run(look_up)


async def scheduled(service: Service, regions: list[str]) -> Json:
    """时间与名额 as JSON; raises as `entitled`."""

    def look_up() -> Json:
        register, today = service.register(), service.clock()
        return {"rows": [calendar_json(row, register, today) for row in look_up_calendar(register, regions, today)]}

    return await service.searchers.run(look_up)
