"""「第二条说的是谁？」, 「上面那条出自哪里」: about a point of the answer before, which is found by answering again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answering.conclusions import conclude
from assistant.answering.describing import place_of
from assistant.answering.drafting import draft_answer
from assistant.jurisdictions import Gazetteer
from assistant.model import Answer, Citation, Draft, Question, Scope
from assistant.parsing.numerals import NUMERAL, ordinal
from assistant.retrieval.cues import QuestionKind
from assistant.retrieval.understanding import Understanding

# 「第二条说的是谁」, 「你说的第一点」, 「刚才那条」, 「上面那句」, 「最后一条是必须的吗」
_NTH = re.compile(rf"第\s*(?P<number>{NUMERAL.replace('0-9０-９', '')}|\d)\s*(?:个)?(?:条|点|句|项|款)")
_THAT = re.compile(
    r"(?:刚才|刚刚|上面|前面|上一|上述|以上|你说的|您说的|引的|列的)(?:说的|提到的|引的|列的)?的?[那这]?(?:一|个)?(?:条|点|句|段|项|款)"
    r"|^[那这](?:一)?(?:条|句|款|段)(?!件)"
)
_LAST = re.compile(r"最后(?:那|这)?(?:一|个)?(?:条|点|句)")
# A clause's own address comes with its document, place or brackets, or after a question for a clause
_OWN_ADDRESS = re.compile(r"[（(][一二三四五六七八九十\d]+[）)]|(?:文件|意见|方案|计划|号文?)的?第")
_WHO = re.compile(r"谁|哪(?:些|类|种)?(?:人|企业|单位|部门|公司)|对象|约束|管(?:的是)?(?:谁|什么人)|针对|说的是")
_WHERE = re.compile(r"出自|出处|哪(?:份|个)文件|哪(?:一)?条|第几|来源|在哪|依据|文号")


@dataclass(frozen=True, slots=True)
class Pointer:
    """The point of the earlier answer that is meant: its number from 1, or 0 for the last."""

    number: int


def points_back(question: Question, asked: Understanding) -> Pointer | None:
    """Which point of the answer before a question is about; None where it is about none.

    A numbered clause is an address, not a point, when a document or place is named or the question before was for one.

    Example: 「第二条说的是谁？」 after 「广州首席技师有什么待遇」 → the second point.
    """
    if not question.history or asked.place_in_question or asked.policy_ids or _OWN_ADDRESS.search(asked.text):
        return None
    if re.search(r"第.{1,3}[条项章]|[（(].{1,3}[）)]", question.history[-1]):
        return None
    if nth := _NTH.search(asked.text):
        return Pointer(int(nth["number"]) if nth["number"].isdigit() else ordinal(nth["number"]))
    if _LAST.search(asked.text):
        return Pointer(0)
    return Pointer(1) if _THAT.search(asked.text) else None


def before(question: Question) -> Question:
    """The question before, with those before that."""
    return replace(question, text=question.history[-1], history=question.history[:-1])


def about_point(pointer: Pointer, earlier: Answer, asked: Understanding, scope: Scope, gazetteer: Gazetteer) -> Draft:
    """The answer about one point of an earlier answer, or that it has no such point."""
    statements = earlier.draft.statements
    if pointer.number > len(statements):
        told = f"上一个回答只有{len(statements)}条要点，没有第{pointer.number}条。"
        return replace(earlier.draft, conclusion=told, statements=())
    statement = statements[pointer.number - 1]
    citation = earlier.draft.citations[statement.citations[0] - 1]
    draft = draft_answer(asked, (citation,), 1, scope, gazetteer)
    said = _said(citation, asked, gazetteer) or conclude(asked, (citation,), gazetteer)
    which = "最后一条" if pointer.number == 0 else f"第{pointer.number}条"
    return replace(draft, conclusion=f"（上一个回答的{which}）{said}")


def _said(citation: Citation, asked: Understanding, gazetteer: Gazetteer) -> str:
    policy, clause = citation.policy, citation.clause
    where = f"{place_of(policy, gazetteer)}《{policy.title}》{policy.document_number or '（文号未标明）'} {clause.path}"
    if asked.asks(QuestionKind.AUTHORITY):
        units = _units(clause.lead_units, clause.cooperating_units)
        return units or "这一条没有写由哪个部门牵头。"
    if _WHERE.search(asked.text) or asked.asks(QuestionKind.DOCUMENT_NUMBER, QuestionKind.TITLE):
        return f"出自{where}。"
    if _WHO.search(asked.text):
        return f"说的是“{citation.duty_bearer}”。" if citation.duty_bearer else "这一条没有写由谁来做，原文如下。"
    return ""


def _units(lead: Sequence[str], others: Sequence[str]) -> str:
    if not lead:
        return ""
    return f"牵头：{'、'.join(lead)}" + (f"；配合：{'、'.join(others)}。" if others else "。")
