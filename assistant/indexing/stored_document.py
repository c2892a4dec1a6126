"""A document whose facts are at hand and whose clause tree is read when asked for.

Most of what a question needs of the documents it is not answered from are their facts: title, number, place, dates.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from assistant.indexing.record_file import RecordFile
from assistant.model import Clause, LedgerEntry, Policy, PolicyDocument, Reference, Sentence
from assistant.parsing.mentioned import Mentions


@dataclass(frozen=True, slots=True)
class Facts:
    """The part of a document that is opened with the index."""

    policy: Policy
    references: tuple[Reference, ...]
    mentions: Mentions
    """What it says of other texts, kept so that texts can be linked anew without their trees."""


@dataclass(frozen=True, slots=True)
class Tree:
    """The part that is read when asked for."""

    root: Clause
    sentences: tuple[Sentence, ...]
    ledger: tuple[LedgerEntry, ...]


def parts_of(document: PolicyDocument) -> tuple[Facts, Tree]:
    """A document as it is stored."""
    from assistant.parsing.mentions import mentions_of  # takes time to import, and opening an index needs none of it

    return Facts(document.policy, document.references, mentions_of(document)), Tree(
        document.root, document.sentences, document.ledger
    )


class StoredDocument(PolicyDocument):
    """A `PolicyDocument` like any other, equal to the one that was stored; `dataclasses.replace` does not take it."""

    __slots__ = ("_read",)

    _read: Callable[[], Tree]

    def __init__(self, facts: Facts, read: Callable[[], Tree]) -> None:
        object.__setattr__(self, "policy", facts.policy)
        object.__setattr__(self, "references", facts.references)
        object.__setattr__(self, "_read", read)

    @property
    def root(self) -> Clause:
        """Its clauses; read from disk where they are not kept."""
        return self._read().root

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """Its sentences; likewise."""
        return self._read().sentences

    @property
    def ledger(self) -> tuple[LedgerEntry, ...]:
        """What was set aside; likewise."""
        return self._read().ledger

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PolicyDocument):
            return NotImplemented
        own = (self.policy, self.references, self.root, self.sentences, self.ledger)
        return own == (other.policy, other.references, other.root, other.sentences, other.ledger)

    def __hash__(self) -> int:
        return hash(self.policy.policy_id)

    def __repr__(self) -> str:
        return f"StoredDocument({self.policy.policy_id!r})"


def stored_documents(facts: Sequence[Facts], trees: RecordFile[Tree]) -> Mapping[str, PolicyDocument]:
    """The documents of an index by policy id, in their order."""
    return MappingProxyType(
        {part.policy.policy_id: StoredDocument(part, _reader(trees, number)) for number, part in enumerate(facts)}
    )


def _reader(trees: RecordFile[Tree], number: int) -> Callable[[], Tree]:
    return lambda: trees[number]
