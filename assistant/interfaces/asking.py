"""What `ask` does, apart from parsing its arguments; alone, so that a question waits for nothing that others import."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import TextIO

from assistant.answering.answerer import Answerer
from assistant.interfaces.batch import answer_batch
from assistant.interfaces.contract import check_question, json_line, to_json
from assistant.interfaces.opening import open_with_model
from assistant.model import Question
from assistant.settings import Settings

Write = Callable[[str], object]
"""Takes text; `sys.stdout.write` is one."""


def answerer(settings: Settings) -> Answerer:
    """The opened assistant, with a language model where one is named."""
    return open_with_model(settings)


def ask(settings: Settings, text: str, region: str | None, role: str, as_of: date, as_json: bool, write: Write) -> int:
    """Answer one question."""
    check_question(text)
    with _nothing_collected():
        opened = answerer(settings)
        code = opened.holdings.gazetteer.resolve(region).code if region else None
        reply = opened.answer(Question(text, code, role), as_of)
    write(json_line(to_json(reply, "", opened.holdings.gazetteer)) if as_json else reply.text + "\n")
    return 0


def ask_batch(opened: Answerer, lines: Iterable[str], out: TextIO, as_of: date, tell: Write) -> int:
    """Answer a batch; 1 when a line could not be read."""

    def progress(done: int) -> None:
        if done % 50 == 0:
            tell(f"已答 {done} 题\n")

    faults = answer_batch(lines, out, opened, as_of, progress)
    for fault in faults:
        tell(fault + "\n")
    return 1 if faults else 0


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """What is opened stays to the end: going through it again and again for garbage takes a tenth of a cold answer."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
