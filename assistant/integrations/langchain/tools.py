"""Tools for agents: ask, read one clause, list what a person may claim. Read only, and what fails says why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any, ParamSpec

from langchain_core.documents import Document
from langchain_core.tools import BaseTool, StructuredTool, ToolException
from pydantic import BaseModel, Field

from assistant.answering.answerer import Answerer
from assistant.answering.describing import status_notice
from assistant.errors import AssistantError, CorpusError
from assistant.integrations.langchain.answering import policy_qa
from assistant.model import FORCE_LABELS, reading_text
from assistant.registers.applicability import Applies
from assistant.registers.entitlements import EntitlementRow
from assistant.registers.lookups import look_up_entitlements
from assistant.registers.records import Register
from assistant.retrieval.clause_paths import clauses_at

MAX_ROWS = 40
P = ParamSpec("P")
Told = tuple[str, list[Document]]


class AskPolicy(BaseModel):
    """What `ask_policy` takes."""

    question: str = Field(min_length=1, max_length=300, description="完整的一句问题，说清地区和事项")
    region: str | None = Field(None, max_length=60, description="地区，如 广州、海珠区；问题里写了就不用")


class GetClause(BaseModel):
    """What `get_clause` takes."""

    policy_id: str = Field(min_length=1, max_length=100, description="文件编号，ask_policy 的来源里有")
    clause: str = Field(min_length=1, max_length=200, description="条款路径，如 三、（六）")


class ListEntitlements(BaseModel):
    """What `list_entitlements` takes."""

    place: str = Field(min_length=1, max_length=60, description="工作的地区，如 海珠区")
    level: str | None = Field(None, max_length=20, description="技能等级，如 高级工、技师、高级技师")
    employer: str | None = Field(None, max_length=20, description="单位的种类，如 国企、民企")
    honours: list[str] = Field(default_factory=list, max_length=20, description="获得的荣誉")


def policy_tools(answerer: Answerer, register: Register, clock: Callable[[], date]) -> list[BaseTool]:
    """`ask_policy`, `get_clause` and `list_entitlements` over an opened assistant.

    Args:
        answerer: the opened assistant.
        register: the register of the same corpus (`open_register`).
        clock: gives the day statuses are read for.
    """
    qa, gazetteer = policy_qa(answerer, clock), answerer.holdings.gazetteer

    def ask_policy(question: str, region: str | None = None) -> Told:
        found = qa.invoke({"question": question, "region": region})
        lines = [
            f"[{d.metadata['number']}] {d.metadata['policy_id']} {d.metadata['clause']}" for d in found["documents"]
        ]
        return "\n".join([found["answer"], *(["编号："] if lines else []), *lines]), found["documents"]

    def get_clause(policy_id: str, clause: str) -> str:
        document = answerer.holdings.library.store.documents.get(policy_id)
        if document is None:
            held = "、".join(d.policy.policy_id for d in answerer.documents)
            raise CorpusError(f"库里没有这个编号的文件，没有可给的原文。现有：{held}。")
        nodes = clauses_at(document, clause)
        if len(nodes) != 1:
            why = f"不止一处：{'、'.join(node.path for node in nodes[:8])}" if nodes else "没有这一条"
            raise CorpusError(f"《{document.policy.title}》里{why}，请写完整的条款路径。")
        notice = status_notice(document.policy, answerer.status_of(policy_id, clock()), gazetteer)
        words = reading_text(nodes[0].span.of(document.policy.text))
        return "\n".join(part for part in (notice, f"《{document.policy.title}》{nodes[0].path}", words) if part)

    def list_entitlements(
        place: str, level: str | None = None, employer: str | None = None, honours: list[str] | None = None
    ) -> str:
        found = look_up_entitlements(
            register, place, clock(), level=level, employer=employer, honours=tuple(honours or ())
        )
        rows = [row for applies in Applies for row in found.of(applies)]
        head = f"共 {len(rows)} 条" + (f"，列出前 {MAX_ROWS} 条" if len(rows) > MAX_ROWS else "") + "："
        return "\n".join([*found.notices, head, *(_entitlement(row) for row in rows[:MAX_ROWS])])

    return [
        _tool(
            "ask_policy",
            "按库内政策原文回答一个问题：结论、原句、条款、力度、时效；没有写的会说没有写。",
            ask_policy,
            AskPolicy,
        ),
        _tool("get_clause", "按文件编号和条款路径给出一条的全文。", get_clause, GetClause),
        _tool(
            "list_entitlements",
            "列出一个人在一个地区可能享受的全部待遇，每条一句原文。",
            list_entitlements,
            ListEntitlements,
        ),
    ]


def _entitlement(row: EntitlementRow) -> str:
    record = row.record
    why = f"（{row.reason}）" if row.reason else ""
    return (
        f"- {row.applies.label}{why}〔{FORCE_LABELS[record.force]}〕「{record.text}」"
        f"《{record.policy.title}》{record.clause.path}"
    )


def _tool(name: str, about: str, do: Callable[..., Any], takes: type[BaseModel]) -> BaseTool:
    with_artifact = name == "ask_policy"
    return StructuredTool.from_function(
        _told(do),
        name=name,
        description=about,
        args_schema=takes,
        response_format="content_and_artifact" if with_artifact else "content",
        handle_tool_error=True,
        handle_validation_error="参数不合要求，没有处理。请按参数说明重写。",
    )


def _told(do: Callable[P, Any]) -> Callable[P, Any]:
    """A stated failure is told to the agent in its words."""

    @wraps(do)
    def told(*args: P.args, **kwargs: P.kwargs) -> Any:  # noqa: ANN401 - a tool's own
        try:
            return do(*args, **kwargs)
        except AssistantError as error:
            raise ToolException(str(error)) from error

    return told
