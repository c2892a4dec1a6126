"""The register row by row of a policy, read when it is first asked for: answers need a few policies' rows, not all."""

from __future__ import annotations

from dataclasses import dataclass, field

from assistant.model import PolicyDocument
from assistant.registers.overrides import Override, read_overrides
from assistant.registers.records import Record
from assistant.registers.register import records_of
from assistant.registers.rules import Rules, read_rules
from assistant.settings import Settings

MOST_KEPT = 64
"""Policies whose rows are kept; a row is read again as fast as a page is turned."""


@dataclass(frozen=True)
class RecordShelf:
    """Rows of policies by the same rules and corrections as the register; reading twice gives the same rows."""

    rules: Rules
    overrides: tuple[Override, ...] = ()
    _kept: dict[str, tuple[Record, ...]] = field(default_factory=dict, repr=False, compare=False)

    def records(self, document: PolicyDocument) -> tuple[Record, ...]:
        """The rows of one policy, in the order of its text.

        Raises:
            RegisterOverrideError: A correction names a sentence that the policy has not.
        """
        key = f"{document.policy.policy_id} {document.policy.sha256}"
        found = self._kept.get(key)
        if found is None:
            found = records_of(document, self.rules, self.overrides)
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[key] = found
        return found


def open_shelf(settings: Settings) -> RecordShelf:
    """A shelf with the tables and corrections of the settings.

    Raises:
        AssistantError: The lexicon or the corrections cannot be used.
    """
    overrides = read_overrides(settings.corpus_dir / "register_overrides.jsonl")
    return RecordShelf(read_rules(settings.lexicon_dir), overrides)
