"""Topics: questions with what a right answer to them rests on.

One JSON object a line; the keys are listed in `eval/README.md`. The same line, without what is to be found, is a valid
line of a batch input.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from assistant.errors import BatchError
from assistant.evaluation.records import Record, read_distinct
from assistant.model import Force


class Role(StrEnum):
    """Who asks."""

    WORKER = "worker"
    HR = "hr"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Gold:
    """A passage that answers a topic.

    Attributes:
        doc: policy id, the stem of the text's file.
        clause: where it stands, as a person would say it; for readers only, matching goes by the quote.
        quote: verbatim words of the text, white space ignored.
        alt: also right, but not needed unless every gold of the topic is one.
        force: its own force, where it differs from the topic's.
    """

    doc: str
    clause: str
    quote: str
    alt: bool = False
    force: Force | None = None


@dataclass(frozen=True, slots=True)
class Topic:
    """A question, and how to tell whether it was answered.

    Attributes:
        region: the place chosen in the page's selector, as a name.
        history: earlier questions, oldest first.
        must: strings that the answer or its quotes hold; "a|b" means either.
        must_not: wordings that are wrong as claims; a person judges them.
        force: force of the first gold.
        draft: the answer rests on a draft and must begin by saying so.
        answerable: False where the right reply is a refusal or a question back.
    """

    topic_id: str
    question: str
    kind: str
    role: Role
    region: str | None
    history: tuple[str, ...]
    golds: tuple[Gold, ...]
    must: tuple[str, ...]
    must_not: tuple[str, ...]
    force: Force
    draft: bool
    answerable: bool


def read_topics(path: Path) -> tuple[Topic, ...]:
    """The topics of a question file, in order.

    Raises:
        BatchError: a line does not follow the schema, or an id comes twice; the message names the line.
    """
    topics = tuple(_topic(record) for record in read_distinct(path))
    if not topics:
        raise BatchError(f"{path.name} 里没有题目，无法评测。请检查是否选错了文件。")
    return topics


def _topic(record: Record) -> Topic:
    topic = Topic(
        topic_id=record.filled_text("id"),
        question=record.text("question"),
        kind=record.filled_text("kind"),
        role=record.choice("role", Role),
        region=record.optional_text("region") or None,
        history=record.texts("history"),
        golds=tuple(_gold(gold) for gold in record.records("gold")),
        must=record.texts("must"),
        must_not=record.texts("must_not"),
        force=record.choice("force", Force),
        draft=record.flag("draft"),
        answerable=record.flag("answerable"),
    )
    if topic.answerable and not topic.golds:
        record.broken("可以回答的题（answerable 为 true）至少要有一条 gold")
    if not all(any(part.strip() for part in fact.split("|")) for fact in topic.must):
        record.broken("“must”里有空的要点")
    return topic


def _gold(record: Record) -> Gold:
    return Gold(
        doc=record.filled_text("doc"),
        clause=record.text("clause"),
        quote=record.filled_text("quote"),
        alt=record.flag("alt") if "alt" in record.values else False,
        force=record.choice("force", Force) if "force" in record.values else None,
    )
