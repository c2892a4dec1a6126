"""How near the texts in scope are to the place asked about, and what a person should know of how they were read."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from assistant.answering.describing import place_of
from assistant.answering.drafting import notices_for
from assistant.jurisdictions import Gazetteer, PlaceLevel
from assistant.model import Clarification, PolicyDocument, Reply, Scope, Status, Timing
from assistant.retrieval.scope import has_own_text
from assistant.retrieval.understanding import Understanding


def has_near_text(scope: Scope, gazetteer: Gazetteer) -> bool:
    """Whether the nearest text is the place's own or its city's, not only the province's general word."""
    if has_own_text(scope):
        return True
    return any(gazetteer.place(code).level is not PlaceLevel.PROVINCE for code in scope.tiers[0])


def remarks_on(asked: Understanding, scope: Scope, gazetteer: Gazetteer) -> tuple[str, ...]:
    """What the person should know about how the question was read."""
    found = []
    if scope.asked and not has_own_text(scope):
        name = gazetteer.place(scope.asked).name
        found.append(f"库里没有{name}自己的文件（不等于没有政策），以上是对{name}也适用的上级文件。")
    if asked.carried_topic:
        found.append(f"（按您上一问：{asked.carried_topic[:40]}）")
    if asked.masked:
        found.append("您的问题里有个人信息，已遮住，没有用来检索。")
    return tuple(found)


MANY_PLACES = 6
"""Places up to which those looked at are named."""


def looked_at(scope: Scope, documents: Sequence[PolicyDocument], gazetteer: Gazetteer) -> str:
    """Where no place was named: which places' texts were searched, and that they differ; "" for one place."""
    if scope.asked is not None or scope.policy_ids is not None or scope.asked_in_question:
        return ""
    names = list(dict.fromkeys(place_of(document.policy, gazetteer) for document in documents))
    if len(names) < 2:
        return ""
    which = "、".join(names) if len(names) <= MANY_PLACES else f"库里 {len(names)} 个地方"
    return f"您没有说是哪里，查的是{which}的文件；各地写法不同，以您所在地的为准。"


def warned(reply: Reply, gazetteer: Gazetteer) -> Reply:
    """Whatever way a reply came about: a draft cited in it is named in its first line."""
    if isinstance(reply, Clarification):
        return reply
    drafts = [citation for citation in reply.draft.citations if citation.status.status is Status.DRAFT]
    unsaid = [notice for notice in notices_for(drafts, gazetteer) if notice not in reply.draft.notices]
    if not unsaid:
        return reply
    draft = replace(reply.draft, notices=(*unsaid, *reply.draft.notices))
    return replace(reply, draft=draft, text="\n".join([*unsaid, reply.text]))


def timed(reply: Reply, started: float) -> Reply:
    """The reply with the milliseconds since `started` (`time.perf_counter`) as its total."""
    return replace(reply, timings=(*reply.timings, Timing("total", (time.perf_counter() - started) * 1000)))
