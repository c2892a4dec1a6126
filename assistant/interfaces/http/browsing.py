"""GET /policies and below: what is held, its clause trees, its clauses; each with an ETag."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path
from starlette.responses import Response

from assistant.answering.answerer import Answerer
from assistant.interfaces.contract import Json, json_line
from assistant.interfaces.guarding import REVALIDATED
from assistant.interfaces.http.policy_records import clause_detail, clause_tree, policy_detail, policy_summary
from assistant.interfaces.http.refusing import ProblemError
from assistant.interfaces.http.schemas import ClauseDetail, ClauseNode, Policies, PolicyDetail
from assistant.interfaces.http.service import Service
from assistant.interfaces.problems import Problem
from assistant.model import Clause, PolicyDocument
from assistant.retrieval.clause_paths import clauses_at

IfNoneMatch = Annotated[str | None, Header(description="上次得到的 ETag；没有变就只回 304")]
PolicyId = Annotated[str, Path(max_length=100, description="文件编号")]
ClausePath = Annotated[str, Path(max_length=200, description="条款编号（chp_3__item_6）或路径（三、（六））")]
_UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "没有变"}}


def routes(service: Service) -> APIRouter:
    """The endpoints."""
    router = APIRouter(tags=["文件库"], responses=_UNCHANGED)
    opened = service.answerer

    @router.get(
        "/policies",
        response_model=Policies,
        summary="库里有哪些文件",
        description="每份文件的文头信息和当天的时效判断。",
    )
    def policies(if_none_match: IfNoneMatch = None) -> Response:
        """List the policies."""
        found = [policy_summary(opened, document, service.clock()) for document in opened.documents]
        return _tagged({"policies": found}, if_none_match)

    @router.get(
        "/policies/{policy_id}",
        response_model=PolicyDetail,
        summary="一份文件：文头、整理记录、全文",
        description="`text` 是收到的原文，一字不改；引文的 start、end 都指它的第几个字。",
    )
    def policy(policy_id: PolicyId, if_none_match: IfNoneMatch = None) -> Response:
        """Give one policy."""
        return _tagged(policy_detail(opened, find_document(opened, policy_id), service.clock()), if_none_match)

    @router.get(
        "/policies/{policy_id}/clauses",
        response_model=ClauseNode,
        summary="一份文件的条款树",
        description="整棵树，从文件到最小的项。",
    )
    def clauses(policy_id: PolicyId, if_none_match: IfNoneMatch = None) -> Response:
        """Give the clause tree."""
        return _tagged(clause_tree(find_document(opened, policy_id).root), if_none_match)

    @router.get(
        "/policies/{policy_id}/clauses/{clause}",
        response_model=ClauseDetail,
        summary="一条的全文",
        description="条款的原文和它下面的项。",
    )
    def one_clause(policy_id: PolicyId, clause: ClausePath, if_none_match: IfNoneMatch = None) -> Response:
        """Give one clause."""
        document = find_document(opened, policy_id)
        found = clause_detail(opened, document, find_clause(document, clause), service.clock())
        return _tagged(found, if_none_match)

    return router


def find_clause(document: PolicyDocument, wanted: str) -> Clause:
    """A clause by id, with or without the policy's part of it, or by path.

    Raises:
        ProblemError: There is none, or several.
    """
    names = (wanted, f"{document.policy.policy_id}#{wanted}")
    found = [node for node in document.root.walk() if node.clause_id in names] or clauses_at(document, wanted)
    if not found:
        raise ProblemError(
            Problem(404, "这份文件没有这一条，所以没有可给的原文。请核对条款路径；检索的结果和这份文件的条款树里都有。")
        )
    if len(found) > 1:
        places = "、".join(node.path for node in found[:8])
        raise ProblemError(Problem(409, f"这份文件里不止一处：{places}，不知道要哪一条。请写完整的路径。"))
    return found[0]


def find_document(opened: Answerer, policy_id: str) -> PolicyDocument:
    """A policy by id.

    Raises:
        ProblemError: There is none.
    """
    for document in opened.documents:
        if document.policy.policy_id == policy_id:
            return document
    raise ProblemError(
        Problem(
            404, "库里没有这个编号的文件，所以没有可给的内容。请核对编号；提问、检索的结果和 /api/v1/policies 里都有。"
        )
    )


def _tagged(content: Json, known: str | None) -> Response:
    """The content, or only that it is what the client already has."""
    body = json_line(content).encode()
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"etag": tag, "cache-control": REVALIDATED}
    tags = {one.strip().removeprefix("W/") for one in (known or "").split(",")}
    if tag in tags or "*" in tags:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)
