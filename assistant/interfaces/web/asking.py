"""From what a person typed to one turn of the conversation, whatever goes wrong on the way."""

from __future__ import annotations

import logging
import secrets
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from assistant.errors import AssistantError, QuestionError
from assistant.interfaces.recording import where_it_broke
from assistant.model import Policy, PolicyDocument, Question, Refusal, RefusalReason, Reply, StatusReading
from assistant.settings import MAX_QUESTION

KEPT_TURNS = 20
HISTORY = 10
ROLES = {"worker": "职工", "hr": "企业人事", "other": "其他"}

_log = logging.getLogger(__name__)
_TYPED_BLANKS = "\n\r\t"


class Answerer(Protocol):
    """What the page needs from the rest of the program."""

    @property
    def documents(self) -> Sequence[PolicyDocument]:
        """The texts held."""

    def stages(self, question: Question, as_of: date) -> Iterator[Reply]:
        """The reply as the law stood on a day; then, where `phrased_by` names a model, the same as it put it."""

    @property
    def model_name(self) -> str:
        """The language model that phrases points; "" for none."""

    def phrased_by(self, reply: Reply, question: Question) -> str:
        """The language model that a first reply still waits for; "" for none."""

    def status_of(self, policy_id: str, as_of: date) -> StatusReading:
        """The status of one text on a day."""

    def place_name(self, code: str) -> str:
        """The full name of a division code: "广东省广州市海珠区"."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Shown in place of a reply when none could be made."""

    message: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and what came of it; `number` counts from 1 and stays when older turns leave the page.

    `phrasing` names the language model that has not yet had its say.
    """

    number: int
    question: str
    reply: Reply | Trouble
    phrasing: str = ""


Turns = tuple[Turn, ...]


def read_question(typed: object) -> str:
    """The question without control, direction and tag characters, checked for length.

    Length is counted after NFKC, so that full-width and half-width forms count alike; the words are not folded.

    Raises:
        QuestionError: nothing is left, or more than `MAX_QUESTION` characters.
    """
    text = typed if isinstance(typed, str) else ""
    spaced = "".join(" " if sign in _TYPED_BLANKS else sign for sign in text)
    kept = "".join(sign for sign in spaced if unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Co"}).strip()
    if not kept:
        raise QuestionError("还没有写问题。请写下一句想问的话，再点“提问”。")
    length = len(unicodedata.normalize("NFKC", kept))
    if length > MAX_QUESTION:
        raise QuestionError(f"问题有 {length} 个字，最多 {MAX_QUESTION} 个字。请只留下要问的那一件事，再点“提问”。")
    return kept


def take_turn(
    answerer: Answerer, as_of: date, text: str, place: str | None, role: str | None, turns: Turns
) -> Iterator[Turn]:
    """Ask, and turn every outcome into something that can be shown: once, or again as a language model phrased it.

    An unexpected failure is logged with an id, its kind and its place in the code; neither the question nor the
    error's own words are, because they may hold what the person wrote.
    """
    earlier = tuple(turn.question for turn in turns if _lends_meaning(turn.reply))
    question = Question(text, place or None, role if role in ROLES else "other", earlier[-HISTORY:])
    number = turns[-1].number + 1 if turns else 1
    turn: Turn | None = None
    try:
        for reply in answerer.stages(question, as_of):
            phrasing = answerer.phrased_by(reply, question) if turn is None else ""
            turn = Turn(number, text, reply, phrasing)
            yield turn
        if turn is not None and turn.phrasing:  # the model had nothing to say
            yield replace(turn, phrasing="")
        return
    except AssistantError as error:
        trouble = Trouble(str(error))
    except Exception as error:
        error_id = secrets.token_hex(4)
        _log.error("错误 %s：%s", error_id, where_it_broke(error))
        trouble = Trouble(f"程序出错，这一问没有答成。请再问一次；仍不行时，把错误编号 {error_id} 告诉维护人员。")
    # what was shown before the failure stays
    yield replace(turn, phrasing="") if turn is not None else Turn(number, text, trouble)


def _lends_meaning(reply: Reply | Trouble) -> bool:
    """Whether a next question may refer to one that came to this; what is no matter of ours is nobody's 「那…呢」."""
    return not isinstance(reply, Trouble) and not (
        isinstance(reply, Refusal) and reply.reason in (RefusalReason.OUT_OF_SCOPE, RefusalReason.PERSONAL_DATA)
    )


def keep(turns: Turns) -> Turns:
    """The turns that stay on the page."""
    return turns[-KEPT_TURNS:]


def place_of(answerer: Answerer, policy: Policy) -> str:
    """The full name of a policy's place, or that the text gives none."""
    return answerer.place_name(policy.jurisdiction) if policy.jurisdiction else "地区未标明"
