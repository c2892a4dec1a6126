"""A clause path as printed or typed (「三、(六)」) → the clauses it may mean."""

from __future__ import annotations

import re

from assistant.model import Clause, PolicyDocument


def clauses_at(document: PolicyDocument, path: str) -> tuple[Clause, ...]:
    """The clauses a path may mean: those that bear it whole, else those whose path ends with it."""
    wanted = _folded(path)
    addressed = [node for node in document.root.walk() if node.path]
    exact = tuple(node for node in addressed if _folded(node.path) == wanted)
    return exact or tuple(node for node in addressed if wanted and _folded(node.path).endswith(wanted))


def _folded(path: str) -> str:
    return re.sub(r"[\s、，.．]", "", path.translate(str.maketrans("()", "（）")))
