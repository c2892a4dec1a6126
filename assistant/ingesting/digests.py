"""What decides all that a store keeps of a document, as one short text: equal digests, nothing to do."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.indexing.embedding import Embedder
from assistant.indexing.records import encode
from assistant.parsing.metadata import MetadataValue
from assistant.parsing.origins import Origin
from assistant.tokenization import Tokenizer

_PACKAGE = Path(__file__).resolve().parent.parent
_RULES = ("parsing/*.py", "parsing/formats/*.py", "ingesting/preparing.py", "chunking.py", "model/*.py")
FILED, RECEIVED = "filed", "received"


@dataclass(frozen=True, slots=True)
class Digest:
    """The digest of a document.

    Attributes:
        kind: "filed" for a text of the corpus folder, "received" for a file given to `ingest`.
        content: of the file's bytes; of a filed text also of its metadata and its record of origin.
        questions: of its lay questions.
        recipe: of the tokenizer, the encoder and the reading rules.
    """

    kind: str
    content: str
    questions: str
    recipe: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.content}:{self.questions}:{self.recipe}"

    @classmethod
    def read(cls, text: str) -> Digest:
        """The inverse of `str`; what is no digest equals none.

        Example:
            >>> Digest.read("filed:a:b:c").questions
            'b'
        """
        parts = text.split(":")
        return cls(*parts) if len(parts) == 4 else cls("", text, "", "")


def short(*parts: str | bytes) -> str:
    """32 hexadecimal digits of the sha256 of some parts, kept apart by their lengths."""
    sha256 = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        sha256.update(len(data).to_bytes(8) + data)
    return sha256.hexdigest()[:32]


def received_content(data: bytes) -> str:
    """Of a received file: its bytes alone, so that the same file is known under another name."""
    return short(RECEIVED, data)


def filed_content(data: bytes, values: Sequence[MetadataValue], origin: Origin | None) -> str:
    """Of a text of the corpus."""
    return short(FILED, data, _json(tuple(values)), _json(origin))


def recipe_of(tokenizer: Tokenizer, embedder: Embedder | None, divisions: Path) -> str:
    """Of everything that turns bytes into rows: tokenizer, encoder, reading rules, table of places.

    Raises:
        OSError: The table cannot be read.
    """
    code = sorted(path for pattern in _RULES for path in _PACKAGE.glob(pattern))
    files: Iterable[Path] = (*code, divisions)
    encoder = embedder.fingerprint if embedder is not None else ""
    return short(tokenizer.fingerprint, encoder, *(path.read_bytes() for path in files))


def _json(value: object) -> str:
    return json.dumps(encode(value), ensure_ascii=False)
