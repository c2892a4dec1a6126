"""What a sentence does: how strongly it binds, and whom."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from assistant.model.documents import Sentence


class Force(StrEnum):
    """How strongly a sentence binds, strongest first."""

    MUST = "must"
    ENCOURAGED = "encouraged"
    MAY = "may"
    GOAL = "goal"
    NONE = "none"


FORCE_LABELS = {
    Force.MUST: "必须",
    Force.ENCOURAGED: "鼓励",
    Force.MAY: "可以",
    Force.GOAL: "目标",
    Force.NONE: "陈述",
}


@dataclass(frozen=True, slots=True)
class Provision:
    """What one sentence does.

    Attributes:
        sentence: the words read.
        force: how strongly they bind.
        duty_bearer: who is to act, as printed ("企业", "行业主管部门"), or "" where the sentence names nobody.
    """

    sentence: Sentence
    force: Force
    duty_bearer: str
