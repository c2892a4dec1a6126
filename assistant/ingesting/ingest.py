"""`ingest`: received files → corpus, one report a file. `remove`, `replace` and `review` beside it.

gather → extract in a child → read → number → store → (by the caller) a new index
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import CorpusError
from assistant.ingesting.differing import Comparison, compare
from assistant.ingesting.filing import corpus_lock, discard, origins, store
from assistant.ingesting.gathering import gather
from assistant.ingesting.preparing import Prepared, prepare, read_again
from assistant.ingesting.reviewing import doubts_of, likenesses
from assistant.jurisdictions import Gazetteer
from assistant.model import Policy, PolicyDocument
from assistant.parsing.formats.isolation import Extract, FileReader
from assistant.parsing.metadata import read_metadata
from assistant.parsing.origins import Origin, check_origin
from assistant.parsing.reading import read_corpus, read_policy


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file.

    Attributes:
        name: as received.
        outcome: "stored", "present" (the same bytes are held), "refused".
        reason: of a refusal.
        document, origin: of what is stored or would be.
        doubts: what a person should check.
    """

    name: str
    outcome: str
    reason: str = ""
    document: PolicyDocument | None = None
    origin: Origin | None = None
    doubts: tuple[str, ...] = ()


def ingest(
    paths: Iterable[Path],
    corpus: Path,
    gazetteer: Gazetteer,
    place: str | None = None,
    *,
    known: Iterable[Policy] | None = None,
    dry_run: bool = False,
) -> Iterator[FileReport]:
    """Take files into the corpus, and say what became of each.

    One bad file stops no other. Files whose bytes are held already are left as they are.

    Args:
        paths: files, folders and parcels.
        corpus: the folder of texts.
        gazetteer: the national table of places.
        place: division code given by a person for all of them.
        known: what is held, for whom it is at hand, as from an index; else the corpus is read, all of it.
        dry_run: nothing is written.

    Raises:
        IndexBusyError: Another process is changing the corpus.
        CorpusError: The corpus itself cannot be read or written.
    """
    with nullcontext() if dry_run else corpus_lock(corpus), FileReader() as reader:
        yield from _ingest(paths, corpus, gazetteer, place, known, reader.extract, write=not dry_run)


def _ingest(
    paths: Iterable[Path],
    corpus: Path,
    gazetteer: Gazetteer,
    place: str | None,
    known: Iterable[Policy] | None,
    extract: Extract,
    *,
    write: bool,
) -> Iterator[FileReport]:
    held = {_sha256(text, origin): name for name, (text, origin) in origins(corpus).items()}
    if known is None:
        known = [document.policy for document in read_corpus(corpus, gazetteer)] if held else []
    policies = list(known)
    for member in gather(paths):
        if member.refusal:
            yield FileReport(member.name, "refused", member.refusal)
            continue
        sha256 = hashlib.sha256(member.data).hexdigest()
        if sha256 in held:
            yield FileReport(member.name, "present", held[sha256])
            continue
        try:
            prepared = prepare(member.data, member.name, gazetteer, place, extract)
            read_again(prepared.document)
        except CorpusError as error:
            yield FileReport(member.name, "refused", str(error))
            continue
        like = likenesses(prepared.document, policies)
        if write:
            store(corpus, prepared)
        held[sha256] = prepared.document.policy.policy_id
        policies.append(prepared.document.policy)
        yield _report(member.name, prepared, like)


def _report(name: str, prepared: Prepared, like: tuple[str, ...]) -> FileReport:
    doubts = (*like, *doubts_of(prepared.document, prepared.origin))
    return FileReport(name, "stored", "", prepared.document, prepared.origin, doubts)


def _sha256(text: Path, origin: Origin | None) -> str:
    return origin.sha256 if origin is not None else hashlib.sha256(text.read_bytes()).hexdigest()


def remove(policy_id: str, corpus: Path) -> Path:
    """Take a text out of the corpus; returns where it stood.

    Raises:
        CorpusError: There is no such text, or `metadata.jsonl` still speaks of it.
        IndexBusyError: Another process is changing the corpus.
    """
    with corpus_lock(corpus):
        held = origins(corpus)
        _check_free(policy_id, held, corpus)
        text, origin = held[policy_id]
        discard(text, origin)
        return text


def replace_text(
    policy_id: str, path: Path, corpus: Path, gazetteer: Gazetteer, place: str | None = None
) -> tuple[FileReport, Comparison]:
    """Put another version of a text in the place of one held; returns its report and what it changes.

    The new one is in place before the old one goes: an interrupted run leaves both, and `review` names them. The place
    of the old one is kept where the new one does not tell its own.

    Raises:
        CorpusError: There is no such text, `metadata.jsonl` speaks of it, or the file cannot be used or is the same.
        IndexBusyError: Another process is changing the corpus.
    """
    with corpus_lock(corpus):
        held = origins(corpus)
        _check_free(policy_id, held, corpus)
        old = _read_alone(held[policy_id][0], corpus, gazetteer)
        members = list(gather([path]))
        if len(members) != 1 or members[0].refusal:
            reason = members[0].refusal if len(members) == 1 else "要换上的应是一个文件，不是文件夹或压缩包。"
            raise CorpusError(f"“{policy_id}”没有更换：{reason}")
        member = members[0]
        sha256 = hashlib.sha256(member.data).hexdigest()
        if any(_sha256(text, origin) == sha256 for text, origin in held.values()):
            raise CorpusError(f"“{policy_id}”没有更换：库里已有一字不差的文件，不必再换。")
        prepared = prepare(member.data, member.name, gazetteer, place)
        if prepared.document.policy.jurisdiction is None and old.policy.jurisdiction is not None:
            prepared = prepare(member.data, member.name, gazetteer, old.policy.jurisdiction)
        read_again(prepared.document)
        store(corpus, prepared)
        discard(*held[policy_id])
        return _report(member.name, prepared, ()), compare(old, prepared.document)


def open_version(name: str, corpus: Path, gazetteer: Gazetteer) -> PolicyDocument:
    """A text held, by its id, or a file that is not.

    Raises:
        CorpusError: There is neither.
    """
    if found := origins(corpus).get(name):
        return _read_alone(found[0], corpus, gazetteer)
    members = list(gather([Path(name)])) if Path(name).exists() else []
    if len(members) != 1 or members[0].refusal:
        reason = members[0].refusal if members else "库里没有这个编号，也没有这个文件。用 list 可以看到全部编号。"
        raise CorpusError(f"“{name[:60]}”读不出来：{reason}")
    return prepare(members[0].data, members[0].name, gazetteer).document


def _read_alone(text: Path, corpus: Path, gazetteer: Gazetteer) -> PolicyDocument:
    """One text of the corpus, as its own words have it."""
    return read_policy(text, corpus.parent, gazetteer, read_metadata(corpus / "metadata.jsonl"))


def _check_free(policy_id: str, held: Mapping[str, object], corpus: Path) -> None:
    if policy_id not in held:
        raise CorpusError(f"库里没有编号为“{policy_id[:40]}”的文件，没有动任何东西。用 list 可以看到全部编号。")
    if any(value.policy_id == policy_id for value in read_metadata(corpus / "metadata.jsonl")):
        raise CorpusError(f"metadata.jsonl 里还有“{policy_id}”的行，动了会对不上。请先删掉那些行再来。")


def review(corpus: Path, gazetteer: Gazetteer) -> tuple[FileReport, ...]:
    """All texts held, each with its doubts; the kept originals are checked against their sha256.

    Raises:
        CorpusError: A text or original is not the one that was stored.
    """
    held = origins(corpus)
    reports = []
    documents = read_corpus(corpus, gazetteer) if held else ()
    policies = [document.policy for document in documents]
    for document in documents:
        text, origin = held[document.policy.policy_id]
        if origin is not None:
            check_origin(origin, text, document.policy.sha256, deep=True)
        doubts = (*likenesses(document, policies), *doubts_of(document, origin))
        name = origin.name if origin is not None else text.name
        reports.append(FileReport(name, "present", "", document, origin, doubts))
    return tuple(reports)
