"""What a language model adds to a reply that stands: its wording of the points, or a follow-up written out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from assistant.answering.generating import Phrasing
from assistant.answering.rewriting import Rewriting
from assistant.answering.wording import as_text
from assistant.jurisdictions import Gazetteer
from assistant.model import Answer, Question, Reply


def model_waited_for(reply: Reply, question: Question, phrasing: Phrasing | None, rewriting: Rewriting | None) -> str:
    """The model that a first reply still waits for; "" where nothing follows it."""
    if phrasing is not None and phrasing.applies(reply):
        return phrasing.phraser.name
    if rewriting is not None and rewriting.applies(reply, question):
        return rewriting.phraser.name
    return ""


def second_reply(
    reply: Reply,
    question: Question,
    phrasing: Phrasing | None,
    rewriting: Rewriting | None,
    again: Callable[[Question], Reply],
    gazetteer: Gazetteer,
) -> Reply | None:
    """The reply phrased, or the answer to the follow-up written out; None where the first reply stands.

    Args:
        reply: the first reply.
        question: what was asked.
        phrasing: what phrases points; None for nothing.
        rewriting: what writes out follow-ups; None for nothing.
        again: answers a question by the rules alone.
        gazetteer: for the places' names.
    """
    if phrasing is not None and phrasing.applies(reply):
        return phrasing.phrased(reply, question, gazetteer)
    if rewriting is None or not rewriting.applies(reply, question):
        return None
    whole = rewriting.rewritten(question)
    answer = again(whole) if whole is not None else None
    if whole is None or not isinstance(answer, Answer):
        return None
    name = rewriting.phraser.name
    told = f"您的追问由语言模型（{name}）补全为“{whole.text}”，再按规则查的；不对的话，请把问题写完整。"
    draft = replace(answer.draft, remarks=(*answer.draft.remarks, told))
    return replace(answer, draft=draft, text=as_text(draft, gazetteer))
