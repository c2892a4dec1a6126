"""`verify --deep`: everything derived again from the originals and compared with what is stored and indexed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import islice

from assistant.chunking import chunks_of
from assistant.errors import AssistantError
from assistant.indexing.pipeline import Library, open_index
from assistant.indexing.protocol import Filter
from assistant.ingesting.filing import origins
from assistant.model import PolicyDocument
from assistant.parsing.formats.isolation import FileReader
from assistant.parsing.origins import check_origin
from assistant.parsing.reading import read_corpus
from assistant.settings import Settings

Write = Callable[[str], object]
_SAMPLE = 200
"""Sentences whose vectors are computed again."""
_ALIKE = 8
"""Sentences of one text that may read the same and so share a vector."""
_CLOSE = 1e-2
"""How far a stored vector may be from the one computed again: half precision, not another sentence."""


def verify_deeply(settings: Settings, write: Write) -> int:
    """Check originals, texts, trees, sentences and vectors; returns 1 when something differs, naming each.

    Raises:
        AssistantError: Corpus or index cannot be opened at all.
    """
    library = open_index(settings)
    faults = [*_originals(settings, write), *_documents(settings, library), *_sentences(library), *_vectors(library)]
    for fault in faults:
        write(f"✗ {fault}\n")
    if not faults:
        counts = library.store.counts
        write(
            f"索引 {library.store.generation}：{counts.documents} 份文件、{counts.chunks} 句，"
            "从原件重新抽取、解析、计算，全部一致。\n"
        )
    return 1 if faults else 0


def _originals(settings: Settings, write: Write) -> list[str]:
    """Each kept original: its sha256, and whether it still gives the stored text."""
    faults = []
    with FileReader() as reader:
        for name, (text, origin) in origins(settings.corpus_dir).items():
            if origin is None or origin.original is None:
                continue
            try:
                data = text.with_name(origin.original).read_bytes()
                check_origin(origin, text, origin.text_sha256, deep=True)
                again = reader.extract(data, origin.name).text
            except (AssistantError, OSError) as error:
                faults.append(f"{name}：{error}")
                continue
            if again != text.read_bytes().decode("utf-8"):
                # a newer reader may do better; the stored text stays what is cited until the file is taken in anew
                write(f"  {name}：现在的程序会读出不同的正文，库里仍用入库时的；要用新的，请 remove 后重新 ingest。\n")
    return faults


def _documents(settings: Settings, library: Library) -> list[str]:
    """The texts read again against those in the index."""
    faults = []
    read = {d.policy.policy_id: d for d in read_corpus(settings.corpus_dir, library.gazetteer)}
    held = library.store.documents
    for name in sorted(read.keys() ^ held.keys()):
        faults.append(f"{name}：语料和索引里不是都有")
    for name in sorted(read.keys() & held.keys()):
        if _plain(read[name]) != _plain(held[name]):
            faults.append(f"{name}：重新解析的结果与索引里的不同")
    return faults


def _plain(document: PolicyDocument) -> tuple[object, ...]:
    """A document without its ledger, which a newer reader may word differently."""
    return document.policy, document.references, document.root, document.sentences


def _sentences(library: Library) -> list[str]:
    """The chunks cut again against those in the index."""
    faults = []
    for policy_id, document in library.store.documents.items():
        again, held = chunks_of(document), [replace(c, questions=()) for c in library.store.chunks_of(policy_id)]
        if len(again) != len(held):
            faults.append(f"{policy_id}：句数不同，重新切分 {len(again)} 句，索引里 {len(held)} 句")
            continue
        different = [one.chunk_id for one, other in zip(again, held, strict=True) if one != other]
        faults += [f"{chunk_id}：重新切分的句子与索引里的不同" for chunk_id in different[:20]]
    return faults


def _vectors(library: Library) -> list[str]:
    """A sample of sentences embedded again: each must find itself, as near as it is to itself."""
    store, embedder = library.store, library.embedder
    if store.dimension is None or embedder is None:
        return []
    sample = list(islice(store.chunks.values(), 0, None, max(1, store.counts.chunks // _SAMPLE)))
    faults = []
    for chunk, vector in zip(sample, embedder.embed_passages([chunk.placed for chunk in sample]), strict=True):
        found = store.search_vectors(vector, _ALIKE, Filter(None, frozenset({chunk.policy_id})))
        near = [row for row, score in found if abs(score - float(vector @ vector)) <= _CLOSE]
        if chunk.chunk_id not in {held.chunk_id for held in store.records(near).values()}:
            faults.append(f"{chunk.chunk_id}：向量与重新计算的不同")
    return faults
