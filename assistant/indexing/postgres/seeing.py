"""What a process knows of the store as a whole, looked at anew from time to time by one thread for all."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from psycopg import Connection
from psycopg.rows import TupleRow

from assistant.indexing.postgres.filing import Opening, Shelves, held_ids
from assistant.indexing.postgres.schema import Place, State, read_state
from assistant.indexing.protocol import Filter
from assistant.model import PolicyDocument

FRESH_FOR = 1.0
"""Seconds for which counts, documents and word counts are taken for current."""
LOOKING_FOR = 2.0
"""Seconds after that for which a thread makes do with them while another one looks anew."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The store as it was.

    Attributes:
        state: the row of `state`.
        places: those with chunks.
        documents: by policy id.
        asked: policies that have lay questions.
        until: by the monotonic clock, when it is to be looked at anew.
    """

    state: State
    places: Mapping[str, Place]
    documents: Mapping[str, PolicyDocument]
    asked: frozenset[str]
    until: float

    def places_of(self, where: Filter) -> list[Place]:
        """The places with chunks that a filter lets through."""
        chosen = self.places if where.jurisdictions is None else where.jurisdictions
        return [self.places[name] for name in sorted(chosen) if name in self.places]


class Outlook:
    """Keeps what was seen, and looks anew; safe for threads.

    Args:
        opening: lends a connection.
        check: raises where the store does not fit any more; it may have been built anew meanwhile.
    """

    def __init__(self, opening: Opening, check: Callable[[State], None]) -> None:
        self._opening, self._check, self._shelves = opening, check, Shelves(opening)
        self._looking = threading.Lock()
        self._seen: Seen | None = None
        self._asked_anew = 0

    def latest(self) -> Seen:
        """The store as it is; up to `FRESH_FOR` seconds old, or while another thread looks `LOOKING_FOR` more."""
        seen = self._seen
        if seen is not None and time.monotonic() < seen.until:
            return seen
        if seen is None or time.monotonic() >= seen.until + LOOKING_FOR:
            self._looking.acquire()
        elif not self._looking.acquire(blocking=False):
            return seen
        try:
            seen = self._seen
            if seen is None or time.monotonic() >= seen.until:
                seen = self._looked(seen)
            return seen
        finally:
            self._looking.release()

    def anew(self) -> None:
        """Nothing seen so far is taken for current any more."""
        self._asked_anew += 1
        if (seen := self._seen) is not None:
            self._seen = replace(seen, until=float("-inf"))

    def _looked(self, before: Seen | None) -> Seen:
        asked_anew = self._asked_anew
        with self._opening() as connection:
            seen = self._look(connection, before)
        self._check(seen.state)
        # Asked for meanwhile: what was read may be from before that.
        self._seen = seen if asked_anew == self._asked_anew else replace(seen, until=float("-inf"))
        return seen

    def _look(self, connection: Connection[TupleRow], before: Seen | None) -> Seen:
        """Of documents only those are read that changed."""
        until = time.monotonic() + FRESH_FOR
        with connection.transaction():
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            state = read_state(connection)
            if before is not None and before.state == state:
                return replace(before, until=until)
            found = connection.execute("SELECT jurisdiction, number, chunks FROM place WHERE chunks > 0")
            places = {name: Place(number, chunks) for name, number, chunks in found}
            documents = dict(before.documents) if before else {}
            asked = set(before.asked) if before else set()
            if before is not None and before.state.removals != state.removals:
                held = held_ids(connection)
                documents = {key: document for key, document in documents.items() if key in held}
                asked &= held
            for document, has_questions in self._shelves.changed(connection, before.state.generation if before else -1):
                policy_id = document.policy.policy_id
                documents[policy_id] = document
                (asked.add if has_questions else asked.discard)(policy_id)
        return Seen(state, MappingProxyType(places), MappingProxyType(documents), frozenset(asked), until)
