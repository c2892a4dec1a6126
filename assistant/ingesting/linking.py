"""The links between the documents of a store, drawn after a run: who is mentioned by whom, who ended whom.

A worker sees one document. What `read_corpus` says of a whole folder is said here of a whole store.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from assistant.ingesting.target import Target
from assistant.model import PolicyDocument
from assistant.parsing.references import fold_title
from assistant.parsing.supersession import ended, endings, linkable, unlinked

_AT_ONCE = 64
"""Changed documents written in one transaction."""


def relink(target: Target) -> int:
    """Draw all links anew and write the documents that they change; returns how many. A second time writes none.

    Raises:
        IndexStoreError: See `Target`.
    """
    titles: dict[str, str] = {}
    held = []
    for document in target.documents():
        bare = unlinked(document)
        titles[fold_title(bare.policy.title)] = bare.policy.policy_id
        held.append(linkable(bare))
    ends = endings(held)
    changed = 0
    batch: list[PolicyDocument] = []
    for document in _changed(target, titles, ends):
        batch.append(document)
        changed += 1
        if len(batch) == _AT_ONCE:
            target.relabel(batch)
            batch = []
    if batch:
        target.relabel(batch)
    return changed


def _changed(
    target: Target, titles: Mapping[str, str], ends: Mapping[str, tuple[date, str]]
) -> Iterator[PolicyDocument]:
    for held in target.documents():
        bare = unlinked(held)
        references = tuple(
            replace(reference, policy_id=titles.get(fold_title(reference.title))) for reference in bare.references
        )
        linked = replace(bare, references=references)
        if bare.policy.policy_id in ends:
            linked = ended(linked, *ends[bare.policy.policy_id])
        if linked != held:
            yield linked
