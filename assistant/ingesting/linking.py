"""The links between the documents of a store, drawn after a run: who is mentioned by whom, who ended whom.

A worker sees one document. What `read_corpus` says of a whole folder is said here of a whole store.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from assistant.ingesting.target import Target
from assistant.model import Policy, PolicyDocument
from assistant.parsing.mentioned import Mentions
from assistant.parsing.mentions import mentions_of
from assistant.parsing.references import fold_title, resolved
from assistant.parsing.supersession import Marks, marked, marks_between, unmarked

_AT_ONCE = 64
"""Changed documents written in one transaction."""


def relink(target: Target) -> int:
    """Draw all links anew and write the documents that they change; returns how many. A second time writes none.

    Raises:
        IndexStoreError: See `Target`.
    """
    titles: dict[str, str] = {}
    held: list[tuple[Policy, Mentions]] = []
    for document in target.documents():
        policy = unmarked(document.policy)
        titles[fold_title(policy.title)] = policy.policy_id
        held.append((replace(policy, text=""), mentions_of(document)))  # thousands of them fit in memory
    marks = marks_between(held)
    changed = 0
    batch: list[PolicyDocument] = []
    for document in _changed(target, titles, marks):
        batch.append(document)
        changed += 1
        if len(batch) == _AT_ONCE:
            target.relabel(batch)
            batch = []
    if batch:
        target.relabel(batch)
    return changed


def _changed(target: Target, titles: Mapping[str, str], marks: Mapping[str, Marks]) -> Iterator[PolicyDocument]:
    for held in target.documents():
        policy, found = unmarked(held.policy), marks.get(held.policy.policy_id)
        linked = replace(
            held,
            policy=marked(policy, found) if found else policy,
            references=resolved(held.references, titles),
        )
        if linked != held:
            yield linked
