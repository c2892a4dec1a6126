"""文件库: what is held and how good each source is; and search over all of it."""

from __future__ import annotations

from datetime import date
from html import escape
from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import PlainTextResponse, Response

from assistant.answering.answerer import Answerer
from assistant.answering.searching import FoundSentence, find_sentences
from assistant.errors import AssistantError
from assistant.interfaces.contract import check_question
from assistant.interfaces.http.browsing import PolicyId, find_document
from assistant.interfaces.http.refusing import ProblemError
from assistant.interfaces.http.service import Service
from assistant.interfaces.web.evidence import origin_of
from assistant.interfaces.web.filling_in import Posted, words_for
from assistant.interfaces.web.laying_out import LIBRARY, page_response, trouble_html
from assistant.interfaces.web.reading_policy import policy_html, search_form
from assistant.interfaces.web.showing_sentences import status_badge, text_address
from assistant.model import PolicyDocument, Question

FOUND = 10
_LEAD = "<p>库里只有这些文件；没有的文件不等于没有政策。点标题看条款和全文。</p>"


def routes(service: Service) -> APIRouter:
    """The list, the texts, the search."""
    router = APIRouter(include_in_schema=False)
    path, opened = f"/{LIBRARY.path}", service.answerer

    @router.api_route(path, methods=["GET", "HEAD"])
    def held() -> Response:
        return page_response(LIBRARY, _list(opened, service.clock()))

    @router.post(path)
    async def searched(filled: Posted) -> Response:
        words = filled.one("words")
        try:
            check_question(words)
            found = await service.searchers.run(lambda: find_sentences(opened, Question(words), FOUND))
        except AssistantError as error:
            body = _list(opened, service.clock(), trouble_html(words_for(error)), words)
            return page_response(LIBRARY, body, status=422)
        return page_response(LIBRARY, _list(opened, service.clock(), _found(found), words))

    @router.api_route(f"{path}/{{policy_id}}", methods=["GET", "HEAD"])
    def policy(policy_id: PolicyId, mark: str = "") -> Response:
        return _one(service, policy_id, mark=mark)

    @router.post(f"{path}/{{policy_id}}")
    def searched_inside(policy_id: PolicyId, filled: Posted) -> Response:
        return _one(service, policy_id, words=filled.one("words"))

    @router.api_route(f"{path}/{{policy_id}}/original", methods=["GET", "HEAD"])
    def original(policy_id: PolicyId) -> Response:
        """The text as received, in UTF-8."""
        found = find_document(opened, policy_id).policy
        headers = {"content-disposition": f"inline; filename*=UTF-8''{quote(found.policy_id)}.txt"}
        return PlainTextResponse(found.text.encode("utf-8", "replace"), headers=headers)

    return router


def _one(service: Service, policy_id: str, *, mark: str = "", words: str = "") -> Response:
    opened = service.answerer
    try:
        document = find_document(opened, policy_id)
    except ProblemError:
        told = trouble_html("库里没有这个编号的文件。请从下面的清单里选。")
        return page_response(LIBRARY, told + _list(opened, service.clock(), root="../"), root="../", status=404)
    body = policy_html(opened, document, service.clock(), mark=mark, words=words)
    return page_response(LIBRARY, body, root="../", title=document.policy.title)


def _list(opened: Answerer, today: date, result: str = "", words: str = "", root: str = "") -> str:
    items = "".join(_item(opened, document, today, root) for document in opened.documents)
    form = search_form(f"{root}{LIBRARY.path}", words, "在所有文件里查找")
    return (
        f"<h1>文件库</h1>{_LEAD}{form}{result}"
        f'<section><h2>共 {len(opened.documents)} 份文件</h2><ul class="policies">{items}</ul></section>'
    )


def _item(opened: Answerer, document: PolicyDocument, today: date, root: str) -> str:
    policy = document.policy
    status = opened.status_of(policy.policy_id, today)
    remarks = "".join(f"<li>{escape(entry.note)}</li>" for entry in document.ledger)
    ledger = (
        f'<details class="folded"><summary>来源质量：整理时记下 {len(document.ledger)} 处</summary>'
        f"<ul>{remarks}</ul></details>"
        if remarks
        else '<p class="hint">来源质量：整理时没有发现缺损。</p>'
    )
    return (
        f'<li class="policy"><h3><a href="{root}{LIBRARY.path}/{quote(policy.policy_id)}">'
        f"《{escape(policy.title)}》</a></h3>"
        f"<p>{status_badge(status)} {escape(status.explanation)}</p>"
        f"<p>{escape(origin_of(opened, policy))}</p>"
        f'<p class="hint">{len(policy.text)} 字，{len(document.sentences)} 句</p>{ledger}</li>'
    )


def _found(found: tuple[FoundSentence, ...]) -> str:
    items = "".join(
        f"<li><blockquote>{escape(one.chunk.text)}</blockquote>"
        f'<p><a href="{text_address(one.policy, one.clause, one.chunk.span)}">{escape(one.policy.title)} '
        f"{escape(one.clause.path)}</a></p></li>"
        for one in found
    )
    return (
        f'<section id="result" tabindex="-1"><h2>最相近的 {len(found)} 句</h2><ul class="found">{items}</ul></section>'
        if found
        else '<section id="result" tabindex="-1"><h2>没有找到相近的原文</h2></section>'
    )
