"""A store of documents in a folder, for tests of ingestion without a server: one file a document, put in whole."""

from __future__ import annotations

import fcntl
import json
from contextlib import contextmanager
from pathlib import Path

from assistant.indexing.protocol import Entry
from assistant.indexing.records import decode, encode
from assistant.indexing.weighting import MeanLengths
from assistant.model import Chunk, PolicyDocument


class FileTarget:
    """A `Target`; every document is a JSON file, changed under one lock and renamed into place."""

    def __init__(self, folder: Path, tokenizer: str, encoder: object) -> None:
        self.folder, self.made_with = folder, [tokenizer, repr(encoder)]
        self.writes: list[str] = []

    def exists(self) -> bool:
        return (self.folder / "means").exists()

    def create(self, means: MeanLengths) -> None:
        self.folder.mkdir(exist_ok=True)
        if not self.exists():
            self._write("means", [means.text, means.context, means.questions])

    def digests(self):
        return {path.stem: self._read(path)["digest"] for path in sorted(self.folder.glob("*.json"))}

    def digest(self, policy_id: str) -> str:
        return self.digests().get(policy_id, "")

    def replace(self, document: PolicyDocument, entries: list[Entry], digest: str, gone) -> bool:
        policy_id = document.policy.policy_id
        gone = set(gone) - {policy_id}
        with self._locked():
            if not gone and self.digest(policy_id) == digest:
                return False
            record = {"digest": digest, "document": encode(document), "chunks": [encode(e.chunk) for e in entries]}
            self._write(f"{policy_id}.json", record)
            for other in gone:
                (self.folder / f"{other}.json").unlink(missing_ok=True)
            self.writes.append(policy_id)
            return True

    def remove(self, policy_ids) -> None:
        with self._locked():
            for policy_id in policy_ids:
                (self.folder / f"{policy_id}.json").unlink(missing_ok=True)

    def documents(self):
        for path in sorted(self.folder.glob("*.json")):
            yield decode(PolicyDocument, self._read(path)["document"])

    def relabel(self, documents) -> None:
        with self._locked():
            for document in documents:
                path = self.folder / f"{document.policy.policy_id}.json"
                self._write(path.name, {**self._read(path), "document": encode(document)})

    def finish(self) -> None:
        """A folder is as fast as it gets."""

    def close(self) -> None:
        """Nothing is kept open."""

    def chunks(self, policy_id: str) -> list[Chunk]:
        return [decode(Chunk, chunk) for chunk in self._read(self.folder / f"{policy_id}.json")["chunks"]]

    def means(self) -> list[float]:
        return self._read(self.folder / "means")

    def _read(self, path: Path):
        return json.loads(path.read_text(encoding="utf-8"))

    def _write(self, name: str, value: object) -> None:
        pending = self.folder / f"{name}.pending"
        pending.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
        pending.rename(self.folder / name)

    @contextmanager
    def _locked(self):
        with (self.folder / ".lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
