"""What ingestion by several workers asks of a store, beside what retrieval asks (`assistant.indexing.protocol`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from assistant.indexing.protocol import Entry
from assistant.indexing.weighting import MeanLengths
from assistant.model import PolicyDocument


class Target(Protocol):
    """A store that takes documents whole, from several workers at once; each worker opens its own.

    Every method is one transaction: it happens or it does not, also where the process is killed in it.
    tests/ingesting/target_contract.py says the same in tests.
    """

    def exists(self) -> bool:
        """Whether there is a store to put documents into.

        Raises:
            IndexStaleError, EncoderError: There is one, made with another tokenizer or encoder.
            IndexStoreError: It cannot be reached. So do all other methods.
        """
        ...

    def create(self, means: MeanLengths) -> None:
        """Make an empty store; nothing where there is one by now."""
        ...

    def digests(self) -> Mapping[str, str]:
        """Policy id → digest of every document held, "" where it was put in or changed by other means."""
        ...

    def digest(self, policy_id: str) -> str:
        """The digest of one document; "" for one that is not held."""
        ...

    def replace(self, document: PolicyDocument, entries: Sequence[Entry], digest: str, gone: Iterable[str]) -> bool:
        """Put a document in with exactly these chunks, and take the policies `gone` out.

        Returns:
            False where it is held with this digest already, and nothing was done.
        """
        ...

    def remove(self, policy_ids: Iterable[str]) -> None:
        """Take policies out with their chunks."""
        ...

    def documents(self) -> Iterator[PolicyDocument]:
        """Every document, in the order of ids, one at a time in memory."""
        ...

    def relabel(self, documents: Sequence[PolicyDocument]) -> None:
        """Put records of documents over those held; chunks and digests stay."""
        ...

    def finish(self) -> None:
        """What makes searching fast after many changes."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...
