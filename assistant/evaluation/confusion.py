"""Question kind × kind of reply: where one kind of question is taken for another, a wrong column fills."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from assistant.evaluation.outcomes import Outcome
from assistant.evaluation.runs import ReplyStatus
from assistant.model import RefusalReason

REPLY_LABELS = {
    ReplyStatus.ANSWERED: "作答",
    ReplyStatus.CLARIFY: "反问",
    RefusalReason.NOT_IN_CORPUS: "库内无",
    RefusalReason.NOT_STATED: "未写明",
    RefusalReason.OUT_OF_SCOPE: "超范围",
    RefusalReason.PERSONAL_DATA: "个人信息",
}
"""The columns, in order; a refusal is told apart by its reason."""


def confusion(outcomes: Sequence[Outcome]) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """One row per question kind, in the order in which kinds first occur: counts for each of `REPLY_LABELS`.

    Example: `(("unanswerable", (2, 0, 10, 28, 2, 0)),)`: two of 42 were answered.
    """
    kinds = dict.fromkeys(outcome.topic.kind for outcome in outcomes)
    counted = Counter((outcome.topic.kind, _column(outcome)) for outcome in outcomes)
    return tuple((kind, tuple(counted[kind, label] for label in REPLY_LABELS.values())) for kind in kinds)


def _column(outcome: Outcome) -> str:
    reply = outcome.reply
    if reply.status is ReplyStatus.REFUSED and reply.reason is not None:
        return REPLY_LABELS[reply.reason]
    return REPLY_LABELS[reply.status]
