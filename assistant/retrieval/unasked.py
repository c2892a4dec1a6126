"""Documents for which nobody wrote lay questions: all that people add themselves.

Their sentences have nothing in the field of questions; without a stand-in they lose to every document that has some.
"""

from __future__ import annotations

from assistant.indexing.protocol import Store


class Unasked:
    """Tells them apart; each policy of a store is looked through once, when it is first asked about."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, bool] = {}

    def __call__(self, policy_id: str) -> bool:
        """Whether no chunk of the policy has a lay question."""
        if policy_id not in self._known:
            questions = self._store.counts.questions
            self._known[policy_id] = not questions or not any(c.questions for c in self._store.chunks_of(policy_id))
        return self._known[policy_id]
