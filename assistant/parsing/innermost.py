"""Where a position lies in a tree of clauses; apart, because answering needs this and nothing else of sentences."""

from __future__ import annotations

from assistant.model import Clause


def deepest(root: Clause, at: int) -> Clause:
    """The innermost clause whose span holds the position; the root where none does."""
    node = root
    while True:
        inner = next((child for child in node.children if child.span.start <= at < child.span.end), None)
        if inner is None:
            return node
        node = inner
