"""Clarification: when a question could mean many things, offer whole questions to pick from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from assistant.answering.describing import place_of
from assistant.jurisdictions import Gazetteer
from assistant.model import Clarification, Clause, Level, PolicyDocument, Question, Scope
from assistant.retrieval.understanding import Understanding

# Words that name no matter by themselves.
_GENERIC = frozenset(
    {
        "政策",
        "待遇",
        "补贴",
        "补助",
        "文件",
        "规定",
        "福利",
        "好处",
        "优惠",
        "支持",
        "人才",
        "技能",
        "企业",
        "钱",
        "工资",
        "证书",
        "条件",
    }
)
_TOPICS = (
    "高技能人才有什么待遇",
    "企业必须做什么",
    "高技能人才怎么落户",
    "技能培训有什么补贴",
    "首席技师怎么评",
    "技能竞赛获奖有什么奖励",
)
OFFERED, PLACES = 3, 2
"""Whole questions offered for a place, and places they are offered for."""


def is_unclear(asked: Understanding, question: Question, tokens: Sequence[str]) -> bool:
    """Whether nothing is left to look for: no word, or one word that names no matter."""
    if asked.addresses or asked.policy_ids or asked.unknown_number or len(asked.kinds) > 1:
        return False
    if not tokens:
        return not asked.kinds or not (asked.places or question.jurisdiction)
    return len(set(tokens)) == 1 and tokens[0] in _GENERIC


def _spoken(clause: Clause) -> str:
    """An address that leads to this clause alone when asked: 「第六部分 加强组织保障」, 「三、（四）支持龙头企业…」."""
    path = f"第{clause.path}部分" if clause.level is Level.CHAPTER else clause.path
    return f"{path} {clause.heading}".strip()


def ask_back(
    asked: Understanding,
    scope: Scope,
    documents: Sequence[PolicyDocument],
    gazetteer: Gazetteer,
    found: Sequence[tuple[PolicyDocument, Clause]] = (),
    answered: Callable[[str], bool] = lambda choice: True,
) -> Clarification:
    """Ask which of several things is meant.

    Args:
        asked: the question.
        scope: its scope.
        documents: the documents it may be about.
        gazetteer: for the places' names.
        found: clauses with the label asked for, when several have it.
        answered: whether a question would be answered; one that would be refused is not offered.
    """
    if found:
        message = "这个编号在多处出现，请选一处："
        choices = tuple(f"{place_of(d.policy, gazetteer)} {_spoken(clause)} 讲什么" for d, clause in found[:8])
    else:
        message = "问题太短，还看不出想问哪件事。可以这样问："
        places = list(dict.fromkeys(place_of(document.policy, gazetteer) for document in documents))
        if len(asked.places) == 1:
            places = [asked.places[0].short_name]
        choices = tuple(choice for place in places[:PLACES] for choice in _offered(place, answered))
        if not choices:
            choices = tuple(f"{place_of(d.policy, gazetteer)}《{d.policy.title}》讲什么" for d in documents[:PLACES])
    text = "\n".join([message, *(f"- {choice}" for choice in choices)])
    return Clarification(message, choices, scope, text)


def _offered(place: str, answered: Callable[[str], bool]) -> Iterator[str]:
    """The first questions about a place that would be answered."""
    choices = (f"{place}{topic}？" for topic in _TOPICS)
    return islice((choice for choice in choices if answered(choice)), OFFERED)
