"""A policy text cut at its clauses, as a LangChain text splitter."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from langchain_core.documents import Document
from langchain_text_splitters import TextSplitter

from assistant.indexing.pipeline import open_gazetteer
from assistant.model import Clause, Level, PolicyDocument, Span
from assistant.parsing.loading import LoadedText
from assistant.parsing.reading import read_text
from assistant.settings import Settings

Unit = Literal["clause", "sentence"]


class ClauseSplitter(TextSplitter):
    """Cuts where the text does: at chapters, articles and items (一、（一）1.), or at sentences.

    Every piece is a slice of the text, and no piece runs over two clauses, however long or short. Page furniture is
    left out. The metadata gains the clause's path and heading, the title, and where the piece stands.

    Args:
        unit: "clause" for the own words of each clause, "sentence" for what is quoted in answers.
        settings: where the table of places is.
    """

    def __init__(self, unit: Unit = "clause", settings: Settings | None = None) -> None:
        super().__init__()
        self._unit = unit
        self._gazetteer = open_gazetteer(settings or Settings())

    def split_text(self, text: str) -> list[str]:
        """The pieces in text order."""
        return [piece.of(text) for piece, _ in self._pieces(self._read(text))]

    def create_documents(
        self, texts: Sequence[str], metadatas: Sequence[Mapping[str, Any]] | None = None
    ) -> list[Document]:
        """A document for each piece, with the metadata of its text and its own."""
        given = metadatas or [{}] * len(texts)
        return [document for text, known in zip(texts, given, strict=True) for document in self._documents(text, known)]

    def _documents(self, text: str, known: Mapping[str, Any]) -> Iterator[Document]:
        read = self._read(text)
        for piece, clause in self._pieces(read):
            own = {
                "clause": clause.path,
                "heading": clause.heading,
                "level": clause.level.value,
                "start": piece.start,
                "end": piece.end,
            }
            yield Document(page_content=piece.of(text), metadata={"title": read.policy.title, **known, **own})

    def _read(self, text: str) -> PolicyDocument:
        loaded = LoadedText(text, hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(), "utf-8")
        return read_text("text", loaded, "", self._gazetteer)

    def _pieces(self, read: PolicyDocument) -> Iterator[tuple[Span, Clause]]:
        text, nodes = read.policy.text, {clause.clause_id: clause for clause in read.root.walk()}
        held = {id_: node for id_, node in nodes.items() if node.level is not Level.FURNITURE}
        if self._unit == "sentence":
            yield from ((s.span, held[s.clause_id]) for s in read.sentences if s.clause_id in held)
            return
        for clause in held.values():
            yield from ((piece, clause) for span in clause.own_spans() if (piece := _trimmed(text, span)))


def _trimmed(text: str, span: Span) -> Span | None:
    """The stretch without white space at its ends; None where nothing is left."""
    words = span.of(text)
    start = span.start + len(words) - len(words.lstrip())
    return Span(start, start + len(words.strip())) if words.strip() else None
