"""The domain types. Frozen, standard library only; everything else in the package is built from these.

Vocabulary (one word each, see README): clause = legal unit, chunk = retrieval unit, question = a person's,
query = what a retriever is given. Offsets are code points of `Policy.text`, half open.
"""

from assistant.model.documents import (
    STATUS_LABELS,
    Clause,
    Deadline,
    Evidence,
    LedgerEntry,
    Level,
    Policy,
    PolicyDocument,
    Reference,
    Sentence,
    Span,
    Status,
    StatusReading,
)
from assistant.model.provisions import (
    FORCE_LABELS,
    Force,
    Provision,
)
from assistant.model.reading import (
    raw_offsets,
    reading_text,
    row_text,
)
from assistant.model.replies import (
    Answer,
    Citation,
    Clarification,
    Draft,
    Refusal,
    RefusalReason,
    Reply,
    Statement,
)
from assistant.model.searching import (
    Chunk,
    Hit,
    Question,
    Ranking,
    Retrieval,
    Scope,
    Timing,
)

__all__ = [
    "FORCE_LABELS",
    "STATUS_LABELS",
    "Answer",
    "Chunk",
    "Citation",
    "Clarification",
    "Clause",
    "Deadline",
    "Draft",
    "Evidence",
    "Force",
    "Hit",
    "LedgerEntry",
    "Level",
    "Policy",
    "PolicyDocument",
    "Provision",
    "Question",
    "Ranking",
    "Reference",
    "Refusal",
    "RefusalReason",
    "Reply",
    "Retrieval",
    "Scope",
    "Sentence",
    "Span",
    "Statement",
    "Status",
    "StatusReading",
    "Timing",
    "raw_offsets",
    "reading_text",
    "row_text",
]
