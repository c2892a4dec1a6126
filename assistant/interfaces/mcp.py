"""The assistant as tools for an agent (Model Context Protocol): over standard streams, or over HTTP at /mcp.

The tools take and give what the REST API does, so an agent's answer carries the same citations. Only questions come
in and only texts go out: no tool writes anything or fetches anything.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError
from mcp.types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    Tool,
    ToolAnnotations,
)
from pydantic import BaseModel, Field, ValidationError
from starlette.types import ASGIApp

from assistant.answering.answerer import Answerer
from assistant.errors import AssistantError
from assistant.indexing.manifest import program_version
from assistant.interfaces.contract import Json
from assistant.interfaces.guarding import Guard
from assistant.interfaces.http.browsing import find_clause, find_document
from assistant.interfaces.http.looking_up import entitled, obliged
from assistant.interfaces.http.noting import Noting
from assistant.interfaces.http.policy_records import clause_detail
from assistant.interfaces.http.refusing import ProblemError, malformed, problem_from
from assistant.interfaces.http.register_schemas import Entitlements, Firm, Obligations, Profile
from assistant.interfaces.http.schemas import Ask, ClauseDetail, Findings, Reply, Search, Strict
from assistant.interfaces.http.searching import findings
from assistant.interfaces.http.service import Service
from assistant.interfaces.limiting import Limiter
from assistant.interfaces.recording import start_log, where_it_broke
from assistant.registers.applicability import Applies
from assistant.registers.obligations import Duty
from assistant.settings import ServingSettings

_log = logging.getLogger(__name__)
INSTRUCTIONS = (
    "政策问答助手：只按库内政策原文回答，每句话都有原文、条款和出处。引用时照抄 quote，写明文号、条款和状态；"
    "notices 里的提醒（如征求意见稿）必须一并告诉用户；refused 是说文件没有写，不要用自己的知识补上。"
)


class GetClause(Strict):
    """Which clause to give."""

    policy_id: Annotated[str, Field(min_length=1, max_length=100, description="文件编号，ask 和 search 的结果里有")]
    clause: Annotated[str, Field(min_length=1, max_length=200, description="条款路径或编号，如 三、（六）")]


@dataclass(frozen=True, slots=True)
class AgentTool:
    """One tool: what it takes and gives, how it is done, and its result in words."""

    name: str
    title: str
    about: str
    takes: type[BaseModel]
    gives: type[BaseModel]
    do: Callable[[Service, Any], Awaitable[Json]]
    words: Callable[[Json], str]

    def listed(self) -> Tool:
        """The tool as it is announced."""
        return Tool(
            name=self.name,
            title=self.title,
            description=self.about,
            input_schema=self.takes.model_json_schema(),
            output_schema=self.gives.model_json_schema(),
            annotations=ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False),
        )


async def _ask(service: Service, asked: Ask) -> Json:
    return await service.reply(asked)


async def _get_clause(service: Service, wanted: GetClause) -> Json:
    document = find_document(service.answerer, wanted.policy_id)
    return clause_detail(service.answerer, document, find_clause(document, wanted.clause), service.clock())


def _found_lines(found: Json) -> str:
    rows: Any = found["results"]
    return "\n".join(f"{row['policy_id']} {row['clause']}　{row['text']}" for row in rows) or "没有找到相近的原文。"


def _row_lines(found: Json, kind: str, labels: Mapping[str, str]) -> str:
    rows: Any = found["rows"]
    notices: Any = found["notices"]
    told = [
        f"{labels[row[kind]]}　「{row['quote']}」{row['title']} {row['clause']} {row.get('reason', '')}" for row in rows
    ]
    return "\n".join([*(f"注意：{notice}" for notice in notices), *told]) or "没有列出任何一句。"


TOOLS = (
    AgentTool(
        "ask",
        "问一个政策问题",
        "按库内政策原文回答一个问题：结论、原句引文、条款、力度（必须/鼓励/可以）、时效；文件没有写的会如实说没有写。",
        Ask,
        Reply,
        _ask,
        lambda found: str(found["answer"]),
    ),
    AgentTool(
        "search",
        "检索政策原句",
        "列出与一段话最相近的政策原句和它们的条款，不作答。",
        Search,
        Findings,
        findings,
        _found_lines,
    ),
    AgentTool(
        "get_clause",
        "取一条的全文",
        "按文件编号和条款路径给出一条的全文。",
        GetClause,
        ClauseDetail,
        _get_clause,
        lambda found: f"《{found['title']}》{found['path']}\n{found['text']}",
    ),
    AgentTool(
        "entitlements",
        "查待遇",
        "按地区、技能等级、荣誉、单位和情况，列出一个人可能适用的每一句原文："
        "直接适用、需补充条件（reason 是要问本人的话）、由单位决定、尚未生效、目标期已过。",
        Profile,
        Entitlements,
        entitled,
        lambda found: _row_lines(found, "applies", {applies.value: applies.label for applies in Applies}),
    ),
    AgentTool(
        "obligations",
        "查义务",
        "列出一种单位在一个地区必须做、不得做、鼓励做、可以做的每一句原文，以及与评优、用地、招投标挂钩的。",
        Firm,
        Obligations,
        obliged,
        lambda found: _row_lines(found, "duty", {duty.value: duty.label for duty in Duty}),
    ),
)
"""A new tool is one more entry here."""


def build_server(service: Service) -> Server[Any]:
    """The protocol server over an opened assistant."""
    tools = {tool.name: tool for tool in TOOLS}

    async def list_tools(_context: Any, _page: PaginatedRequestParams | None) -> ListToolsResult:  # noqa: ANN401
        return ListToolsResult(tools=[tool.listed() for tool in TOOLS])

    async def call_tool(_context: Any, call: CallToolRequestParams) -> CallToolResult:  # noqa: ANN401
        if call.name not in tools:
            raise MCPError(INVALID_PARAMS, f"没有这个工具，没有处理。现有：{'、'.join(tools)}。")
        return await _called(tools[call.name], service, call.arguments or {})

    return Server(
        "policy-assistant",
        version=program_version(),
        title="政策问答助手",
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


async def _called(tool: AgentTool, service: Service, arguments: Json) -> CallToolResult:
    """The tool's result; a failure is a result too, in Chinese and without what was sent."""
    try:
        found = await tool.do(service, tool.takes.model_validate(arguments))
    except ValidationError as error:
        return _failed(malformed(error.errors()).detail)
    except (AssistantError, ProblemError) as error:
        return _failed(problem_from(error).detail)
    except Exception as error:
        error_id = secrets.token_hex(4)
        _log.error("错误 %s：%s", error_id, where_it_broke(error))
        return _failed(f"程序出错，这一次没有办成。请再试一次；仍不行时，把错误编号 {error_id} 告诉维护人员。")
    return CallToolResult(content=[TextContent(type="text", text=tool.words(found))], structured_content=found)


def _failed(words: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=words)], is_error=True)


def serve_stdio(answerer: Answerer, serving: ServingSettings) -> None:
    """Serve one agent over standard streams until its side closes."""
    start_log()
    service = Service.over(answerer, date.today, serving)
    server = build_server(service)

    async def run() -> None:
        async with stdio_server() as (incoming, outgoing):
            await server.run(incoming, outgoing, server.create_initialization_options())

    try:
        asyncio.run(run())
    finally:
        service.stop()


def serve_http(answerer: Answerer, host: str, port: int, serving: ServingSettings) -> None:
    """Serve agents over streamable HTTP at /mcp until interrupted.

    Raises:
        SettingsError: the address cannot be used.
    """
    from assistant.interfaces.web.serving import listening_socket, run_server

    with listening_socket(host, port) as listener:
        start_log()
        service = Service.over(answerer, date.today, serving)
        sys.stderr.write(f"MCP 已就绪：http://{host}:{listener.getsockname()[1]}/mcp （按 Ctrl+C 停止）\n")
        sys.stderr.flush()
        run_server(http_app(service, host, serving), listener, serving.trusted_proxies)
        service.stop()


def http_app(service: Service, host: str, serving: ServingSettings) -> ASGIApp:
    """The application of /mcp behind the guard. Every request stands alone, so no session can be lost or taken."""
    limiter = Limiter.allowing(serving.questions_per_minute, serving.reads_per_minute)
    app = build_server(service).streamable_http_app(json_response=True, stateless_http=True, host=host)
    return Noting(Guard(app, limiter=limiter), service.meters)
