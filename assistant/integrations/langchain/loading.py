"""Policy files as LangChain documents, one a policy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from langchain_core.document_loaders import BaseLoader
from langchain_core.documents import Document

from assistant.indexing.pipeline import open_gazetteer
from assistant.integrations.langchain.documents import policy_metadata
from assistant.parsing.reading import read_corpus, read_policy
from assistant.settings import Settings


class PolicyLoader(BaseLoader):
    """Reads a policy file, or a corpus folder (`corpus/<place>/*.txt` with its metadata.jsonl).

    The content is the text as received; title, number, issuers, dates and place are read from its header.

    Args:
        path: a file or a corpus folder.
        settings: where the table of places is.
    """

    def __init__(self, path: str | Path, settings: Settings | None = None) -> None:
        self._path = Path(path)
        self._settings = settings or Settings()

    def lazy_load(self) -> Iterator[Document]:
        """The policies, sorted by id.

        Raises:
            CorpusError: A file cannot be read.
        """
        gazetteer = open_gazetteer(self._settings)
        if self._path.is_dir():
            documents = read_corpus(self._path, gazetteer)
        else:
            documents = (read_policy(self._path, self._path.parent, gazetteer),)
        for document in documents:
            policy = document.policy
            yield Document(id=policy.policy_id, page_content=policy.text, metadata=policy_metadata(policy, gazetteer))
