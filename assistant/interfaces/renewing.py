"""A running server takes up a new generation of the index: opened beside the old one, then swapped in one step.

Every answer is given by the one opened library it began with. What is under way ends with the old one; a generation
that cannot be opened leaves the old one in use, and is tried again when the index changes or after a while.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from assistant.answering.answerer import Answerer
from assistant.answering.generating import Phrasing
from assistant.answering.holdings import Holdings
from assistant.answering.rewriting import Rewriting
from assistant.answering.silence import Silence
from assistant.errors import AssistantError
from assistant.model import PolicyDocument, Question, Reply, StatusReading

_LOG = logging.getLogger(__name__)
EVERY_S = 2.0
"""Seconds between looks at the index."""
AGAIN_AFTER = 15
"""Looks after which a generation that could not be opened is tried again."""
_WARMING = "高级技师有什么待遇"


class LiveAnswerer(Answerer):
    """An answerer whose library may be exchanged while it is in use.

    A caller that needs several looks at one library takes `opened` once.
    """

    __slots__ = ("_opened",)
    _opened: Answerer

    def __init__(self, opened: Answerer) -> None:
        object.__setattr__(self, "_opened", opened)

    @property
    def opened(self) -> Answerer:
        """The library in use now."""
        return self._opened

    def exchange(self, opened: Answerer) -> None:
        """Use another library from now on."""
        object.__setattr__(self, "_opened", opened)

    @property
    def holdings(self) -> Holdings:
        """Those of the library in use now."""
        return self._opened.holdings

    @property
    def silence(self) -> Silence:
        """That of the library in use now."""
        return self._opened.silence

    @property
    def phrasing(self) -> Phrasing | None:
        """That of the library in use now."""
        return self._opened.phrasing

    @property
    def rewriting(self) -> Rewriting | None:
        """That of the library in use now."""
        return self._opened.rewriting

    @property
    def documents(self) -> tuple[PolicyDocument, ...]:
        """The policies held now."""
        return self._opened.documents

    def status_of(self, policy_id: str, as_of: date) -> StatusReading:
        """A policy's status on a day."""
        return self._opened.status_of(policy_id, as_of)

    def answer(self, question: Question, as_of: date) -> Reply:
        """Answer from the library in use now, to the end."""
        return self._opened.answer(question, as_of)

    def stages(self, question: Question, as_of: date) -> Iterator[Reply]:
        """As `answer`, stage by stage, all from one library."""
        return self._opened.stages(question, as_of)


def in_use(answerer: Answerer) -> Answerer:
    """The answerer that does not change under its user."""
    return answerer.opened if isinstance(answerer, LiveAnswerer) else answerer


class Renewer:
    """Looks at the index from time to time and exchanges the library of a `LiveAnswerer`.

    Args:
        live: whose library is exchanged.
        index_dir: where `CURRENT` stands.
        reopen: opens the index as it is now; None where the texts are being changed and it had better wait.
        every_s: seconds between looks.
    """

    def __init__(
        self,
        live: LiveAnswerer,
        index_dir: Path,
        reopen: Callable[[], Answerer | None],
        every_s: float = EVERY_S,
    ) -> None:
        self._live, self._reopen, self._every_s = live, reopen, every_s
        self._current = index_dir / "CURRENT"
        self._seen = self._read()
        self._failed_for = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="renewing", daemon=True)

    def start(self) -> None:
        """Begin looking."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._stop.set()

    def look(self) -> bool:
        """Exchange the library if the index has changed; returns whether it was exchanged."""
        found = self._read()
        if found is None or found == self._seen:
            return False
        if self._failed_for and self._failed_for < AGAIN_AFTER:
            self._failed_for += 1
            return False
        try:
            opened = self._reopen()
        except AssistantError as error:
            self._failed_for = 1
            _LOG.warning("new index not taken up, the old one stays in use: %s", type(error).__name__)
            return False
        if opened is None:
            return False
        opened.answer(Question(_WARMING), date.min)  # what is loaded on first use is loaded before anybody waits
        self._seen, self._failed_for = found, 0
        self._live.exchange(opened)
        return True

    def _run(self) -> None:
        while not self._stop.wait(self._every_s):
            try:
                self.look()
            except Exception as error:  # whatever happens here must not end the server's old library
                self._failed_for = 1
                _LOG.warning("looking for a new index failed: %s", type(error).__name__)

    def _read(self) -> bytes | None:
        try:
            return self._current.read_bytes()
        except OSError:
            return None
