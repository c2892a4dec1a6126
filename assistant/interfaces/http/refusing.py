"""Exceptions as problems: each kind of failure with its status, in words that hold nothing of the request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from assistant.errors import AssistantError, JurisdictionError, ProfileError, QuestionError
from assistant.interfaces.http.storing import FeedbackStoreError
from assistant.interfaces.problems import MEDIA_TYPE, Problem, problem_of
from assistant.interfaces.working import BusyError
from assistant.provisions.levels import LEVEL_LABELS
from assistant.registers.employers import EMPLOYER_LABELS

RETRY = {"retry-after": "5"}
_UNKNOWN_PLACE = (
    "region 写的地名在全国行政区划表里没有，或者同名的不止一处，无法确定适用哪里的政策，没有作答。"
    "请写完整的地名（如 广东省广州市海珠区）或六位行政区划代码，也可以留空，由问题决定。"
)
_UNKNOWN_PROFILE = (
    "level 或 employer 写的不认识，无法判断哪些规定适用，没有处理。"
    f"level 可以写：{'、'.join(LEVEL_LABELS.values())}，没有就写“无”；"
    f"employer 可以写：{'、'.join(EMPLOYER_LABELS.values())}。"
)
_REASONS = {
    "missing": "没有写",
    "string_type": "应为文字",
    "string_unicode": "含有不成字的编码",
    "string_too_long": "太长，最多 {max_length} 个字",
    "string_too_short": "是空的",
    "int_type": "应为整数",
    "bool_type": "应为 true 或 false",
    "list_type": "应为列表",
    "too_long": "太多，最多 {max_length} 项",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "literal_error": "应为 {expected} 之一",
}


class ProblemError(Exception):
    """A refusal decided in an endpoint."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem


def add_refusals(app: FastAPI) -> None:
    """Answer every expected failure with a problem; what is not expected is the guard's."""
    for kind in (AssistantError, HTTPException, RequestValidationError, ProblemError):
        app.add_exception_handler(kind, answer_with_problem)


def answer_with_problem(_request: Request, error: Exception) -> Response:
    """The response for a failure."""
    problem = problem_from(error)
    return Response(problem.body, problem.status, problem.headers, MEDIA_TYPE)


def problem_from(error: Exception) -> Problem:
    """The problem that a failure is told as."""
    match error:
        case ProblemError():
            return error.problem
        case RequestValidationError():
            return malformed([fault | {"loc": fault["loc"][1:]} for fault in error.errors()])
        case HTTPException():
            return problem_of(error.status_code, dict(error.headers or {}))
        case BusyError() | FeedbackStoreError():
            return Problem(503, str(error), headers=RETRY)
        case JurisdictionError():  # its own words repeat the name that was sent
            return Problem(422, _UNKNOWN_PLACE, ("region",))
        case ProfileError():  # so do these
            return Problem(422, _UNKNOWN_PROFILE, ("level", "employer"))
        case QuestionError():
            return Problem(422, str(error), ("question",))
        case _:
            return Problem(503, "服务器上的语料或索引现在不能用，这一问没有作答。请告诉维护人员。", headers=RETRY)


def malformed(faults: Sequence[Mapping[str, Any]]) -> Problem:
    """Which fields are wrong and how, never what they held."""
    if any(fault["type"] == "json_invalid" for fault in faults):
        return problem_of(400)
    named = {_field(fault["loc"]): _reason(fault) for fault in faults[:8]}
    told = "；".join(f"{name} {reason}" for name, reason in named.items())
    return Problem(422, f"请求的格式不对：{told}。没有处理，请改正后再发。", tuple(named))


def _field(path: tuple[int | str, ...]) -> str:
    """「history 第 2 项」; names are the schema's, since unknown keys are passed over and never reported."""
    steps = [f"第 {step + 1} 项" if isinstance(step, int) else step for step in path if step not in ("str", "int")]
    return " ".join(steps) or "请求正文"


def _reason(fault: Mapping[str, Any]) -> str:
    limits = {name: value for name, value in fault.get("ctx", {}).items() if isinstance(value, str | int)}
    limits["expected"] = str(limits.get("expected", "")).replace(" or ", ", ").replace("'", "")
    return _REASONS.get(fault["type"], "的写法不对").format_map(limits)
