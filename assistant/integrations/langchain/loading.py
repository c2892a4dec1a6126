"""Policy files as LangChain documents, one a policy: texts of a corpus, or files as received."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from langchain_core.document_loaders import BaseLoader
from langchain_core.documents import Document

from assistant.errors import CorpusError, ExtractionError
from assistant.indexing.pipeline import open_gazetteer
from assistant.ingesting.gathering import gather
from assistant.ingesting.preparing import prepare
from assistant.integrations.langchain.documents import policy_metadata
from assistant.jurisdictions import Gazetteer
from assistant.model import PolicyDocument
from assistant.parsing.formats.isolation import FileReader
from assistant.parsing.reading import read_corpus, read_policy
from assistant.settings import Settings


class PolicyLoader(BaseLoader):
    """Reads a corpus folder (`corpus/<place>/*.txt` with its metadata.jsonl), a text, or files as received.

    Files as received are web pages, Word, PDF, Markdown, ZIP and folders of these, read as `ingest` reads them: in a
    child process under limits. The content is the text that is quoted; title, number, issuers, dates and place are read
    from its header. What cannot be read stands in `refused` afterwards; a single file that cannot be read is an error.

    Args:
        path: a file or a folder.
        settings: where the table of places is.
    """

    def __init__(self, path: str | Path, settings: Settings | None = None) -> None:
        self._path = Path(path)
        self._settings = settings or Settings()
        self.refused: list[tuple[str, str]] = []
        """File names with the reason, of the last load."""

    def lazy_load(self) -> Iterator[Document]:
        """The policies, those of a corpus sorted by id.

        Raises:
            CorpusError: A file cannot be read.
        """
        gazetteer = open_gazetteer(self._settings)
        self.refused = []
        for document in self._documents(gazetteer):
            policy = document.policy
            metadata = policy_metadata(policy, gazetteer) | {"pages": list(policy.pages)}
            yield Document(id=policy.policy_id, page_content=policy.text, metadata=metadata)

    def _documents(self, gazetteer: Gazetteer) -> Iterator[PolicyDocument]:
        if self._path.is_dir() and next(self._path.glob("*/*.txt"), None) is not None:
            yield from read_corpus(self._path, gazetteer)
        elif self._path.suffix.lower() == ".txt":
            yield read_policy(self._path, self._path.parent, gazetteer)
        else:
            yield from self._received(gazetteer)

    def _received(self, gazetteer: Gazetteer) -> Iterator[PolicyDocument]:
        alone = not self._path.is_dir() and self._path.suffix.lower() != ".zip"
        with FileReader() as reader:
            for member in gather([self._path]):
                try:
                    if member.refusal:
                        raise ExtractionError(member.refusal)
                    yield prepare(member.data, member.name, gazetteer, extract=reader.extract).document
                except CorpusError as error:
                    if alone:
                        raise
                    self.refused.append((member.name, str(error)))
