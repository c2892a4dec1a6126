"""What the endpoints share: the opened assistant, the clock, the workers, the feedback store, the figures."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import date

from assistant.answering.answerer import Answerer
from assistant.answering.waiting import AT_ONCE
from assistant.interfaces.contract import Json, check_question, to_json
from assistant.interfaces.http.measuring import Meters
from assistant.interfaces.http.schemas import Ask
from assistant.interfaces.http.storing import FeedbackStore
from assistant.interfaces.renewing import in_use
from assistant.interfaces.working import BusyError, Workers
from assistant.model import Question, Reply
from assistant.registers.records import Register
from assistant.registers.register import register_over
from assistant.settings import ServingSettings, Settings, read_settings

_WARMING = "高级技师有什么待遇"
Clock = Callable[[], date]


@dataclass(frozen=True, slots=True)
class Stage:
    """An answer as far as it has come; `phrasing` names the language model that is still to put it in its words."""

    found: Json
    phrasing: str = ""


@dataclass(frozen=True, slots=True)
class Service:
    """One for the life of the server; everything in it may be used from several threads.

    Searches have workers of their own, so that answers that take long do not hold them up; and so has waiting for a
    language model, so that it holds up no answer.
    """

    answerer: Answerer
    clock: Clock
    workers: Workers
    searchers: Workers
    phrasers: Workers
    feedback: FeedbackStore
    meters: Meters
    register: Callable[[], Register]
    """The register of the texts held, built when first asked for."""

    @classmethod
    def over(
        cls, answerer: Answerer, clock: Clock, settings: ServingSettings, corpus: Settings | None = None
    ) -> Service:
        """The service for an opened assistant; `corpus` names the tables the register is read with."""
        corpus = corpus or read_settings()
        register = _register_of(answerer, corpus)
        workers = Workers(settings.threads, settings.waiting, settings.patience)
        searchers = Workers(settings.threads, settings.waiting, settings.patience)
        phrasers = Workers(2 * AT_ONCE, settings.waiting, settings.patience)  # half of them at most hang
        feedback, meters = FeedbackStore(settings.state_dir), Meters(workers)
        return cls(answerer, clock, workers, searchers, phrasers, feedback, meters, register)

    def stop(self) -> None:
        """Take on no more work."""
        self.workers.stop()
        self.searchers.stop()
        self.phrasers.stop()

    def warm_up(self) -> None:
        """Ask a question of our own, so that the first person does not wait for what is loaded on first use."""
        with contextlib.suppress(BusyError):
            self.workers.begin(lambda: self.answerer.answer(Question(_WARMING), self.clock()))
            self.workers.begin(self.register)

    def place(self, region: str | None) -> str | None:
        """The division code of a place's name.

        Raises:
            JurisdictionError: No such place, or several.
        """
        return self.answerer.holdings.gazetteer.resolve(region).code if region and region.strip() else None

    async def reply(self, asked: Ask) -> Json:
        """Answer a question as the contract's output object; raises as `stages`."""
        found: Json = {}
        async for stage in self.stages(asked):
            found = stage.found
        return found

    async def stages(self, asked: Ask) -> AsyncIterator[Stage]:
        """The answer in the documents' own words, then, where the first stage names a model, as it phrased it.

        Raises:
            QuestionError, JurisdictionError: The question or the place cannot be used.
            BusyError: No worker was free, or it took too long.
        """
        check_question(asked.question)
        question = Question(asked.question, self.place(asked.region), asked.role or "other", tuple(asked.history or ()))
        answerer = in_use(self.answerer)  # one library for the whole answer
        replies = answerer.stages(question, self.clock())
        reply = await self.workers.run(lambda: next(replies))
        model = answerer.phrased_by(reply, question)
        first = _stage(answerer, asked, reply, model)
        self.meters.answered(str(first.found["reason"] or first.found["status"]))
        yield first
        if model:
            try:
                reply = await self.phrasers.run(lambda: next(replies, reply))
            except BusyError:
                reply = answerer.left_unphrased(reply)
            yield _stage(answerer, asked, reply)


def _stage(answerer: Answerer, asked: Ask, reply: Reply, phrasing: str = "") -> Stage:
    item_id = "" if asked.id is None else str(asked.id)
    return Stage(to_json(reply, item_id, answerer.holdings.gazetteer), phrasing)


def _register_of(answerer: Answerer, corpus: Settings) -> Callable[[], Register]:
    """The register of the library in use, built once for each library."""
    held: list[tuple[Answerer, Register]] = []

    def register() -> Register:
        opened = in_use(answerer)
        for of, built in tuple(held):
            if of is opened:
                return built
        made = register_over(opened.documents, opened.holdings.gazetteer, corpus)
        held[:] = [(opened, made)]
        return made

    return register
