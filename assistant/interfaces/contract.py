"""The machine contract: a line of batch input → Question, a Reply → the JSON object of the command line and the API."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from assistant.errors import BatchError, JurisdictionError, QuestionError
from assistant.jurisdictions import Gazetteer
from assistant.model import Answer, Citation, Clarification, Draft, Question, Refusal, Reply, Scope, Timing
from assistant.retrieval.understanding import clean
from assistant.settings import MAX_QUESTION

ROLES = ("worker", "hr", "other")
Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class BatchItem:
    """One question of a batch with the id its answer carries."""

    item_id: str
    question: Question


def read_item(row: object, gazetteer: Gazetteer, where: str) -> BatchItem:
    """Read {"id", "question", "region", "role", "history"}; unknown keys are ignored.

    Raises:
        BatchError: A key is missing or of the wrong kind; `where` names the line.
    """
    if not isinstance(row, Mapping) or not isinstance(row.get("question"), str):
        raise BatchError(f'{where}缺少文字形式的 question，这一行没有作答。请改成 {{"id", "question", …}} 的形式。')
    region, role, history = row.get("region"), row.get("role") or "other", row.get("history") or []
    if region is not None and not isinstance(region, str):
        raise BatchError(f"{where}的 region 应为地名或 null，这一行没有作答。")
    if role not in ROLES:
        raise BatchError(f"{where}的 role 应为 {'、'.join(ROLES)} 之一，这一行没有作答。")
    if not isinstance(history, list) or not all(isinstance(item, str) for item in history):
        raise BatchError(f"{where}的 history 应为此前问题的列表，这一行没有作答。")
    try:
        code = gazetteer.resolve(region).code if region and region.strip() else None
    except JurisdictionError as error:
        raise BatchError(f"{where}的 region 用不了：{error}") from error
    item_id = row.get("id")
    return BatchItem("" if item_id is None else str(item_id), Question(row["question"], code, role, tuple(history)))


def check_question(text: str) -> None:
    """Refuse what is no question.

    Raises:
        QuestionError: It is empty or longer than `MAX_QUESTION` characters.
    """
    words = clean(text)
    if not words:
        raise QuestionError("问题是空的，没有可以回答的内容。请写一句话，例如：广州首席技师有什么待遇")
    if len(words) > MAX_QUESTION:
        raise QuestionError(
            f"问题有 {len(words)} 个字，超过 {MAX_QUESTION} 字的上限，没有作答。请只留下最想问的一两句。"
        )


def json_line(value: object) -> str:
    """One JSON line, Chinese readable; a broken character (half of a surrogate pair) stays an escape."""
    line = json.dumps(value, ensure_ascii=False)
    try:
        line.encode("utf-8")
    except UnicodeEncodeError:
        line = json.dumps(value)
    return line + "\n"


def to_json(reply: Reply, item_id: str, gazetteer: Gazetteer) -> Json:
    """The contract's output object."""
    match reply:
        case Answer():
            return _object(item_id, "answered", None, reply, reply.draft, gazetteer)
        case Refusal():
            return _object(item_id, "refused", reply.reason.value, reply, reply.draft, gazetteer)
        case Clarification():
            draft = Draft(reply.message)
            return _object(item_id, "clarify", "unclear", reply, draft, gazetteer) | {"choices": list(reply.choices)}


def _object(item_id: str, status: str, reason: str | None, reply: Reply, draft: Draft, gazetteer: Gazetteer) -> Json:
    expanded = () if isinstance(reply, Clarification) else reply.expanded_terms
    return {
        "id": item_id,
        "status": status,
        "reason": reason,
        "answer": reply.text,
        "statements": [
            {"text": s.text, "force": s.force.value, "citations": list(s.citations)} for s in draft.statements
        ],
        "citations": [_citation(n, c, gazetteer) for n, c in enumerate(draft.citations, 1)],
        "notices": [*draft.notices, *draft.remarks],
        "scope": _scope(reply.scope, gazetteer) | {"expanded_terms": list(expanded)},
        "timing_ms": _timings(reply.timings),
    }


def _citation(number: int, citation: Citation, gazetteer: Gazetteer) -> Json:
    policy = citation.policy
    return {
        "n": number,
        "policy_id": policy.policy_id,
        "title": policy.title,
        "document_number": policy.document_number,
        "issuers": list(policy.issuers),
        "jurisdiction": gazetteer.full_name(policy.jurisdiction) if policy.jurisdiction else None,
        "policy_status": citation.status.status.value,
        "issued_on": policy.issued_on.isoformat() if policy.issued_on else None,
        "clause": citation.clause.path,
        "heading": citation.clause.heading,
        "quote": citation.quote,
        "start": citation.span.start,
        "end": citation.span.end,
        "page": citation.page,
        "source": policy.source,
        "sha256": policy.sha256,
        "force": citation.force.value,
        "duty_bearer": citation.duty_bearer,
    }


def _scope(scope: Scope, gazetteer: Gazetteer) -> Json:
    codes = [code for tier in scope.tiers for code in sorted(tier)]
    return {"jurisdictions": [gazetteer.full_name(code) for code in codes]}


def _timings(timings: tuple[Timing, ...]) -> Json:
    return {timing.stage: round(timing.milliseconds, 3) for timing in timings}
