"""The offline path, whole: corpus/ → PolicyDocument → Chunk → index/.

build_index   read the texts, cut them, write a new generation
open_index    open the current one; build it first where there is none or the texts have changed
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.errors import (
    AssistantError,
    CorpusError,
    EncoderError,
    IndexMissingError,
    IndexStaleError,
    IndexStoreError,
    IndexUnwritableError,
    SettingsError,
)
from assistant.indexing.build import Progress, encoder_record, entries_of
from assistant.indexing.embedded import EmbeddedStore
from assistant.indexing.embedding import Embedder, SentenceTransformerEmbedder
from assistant.indexing.manifest import SourceFile, sha256_of
from assistant.indexing.protocol import Store
from assistant.indexing.shared import build_shared, open_shared
from assistant.indexing.static_encoder import load_static_encoder
from assistant.indexing.store import Generation, open_generation
from assistant.jurisdictions import Gazetteer, load_gazetteer
from assistant.model import Policy
from assistant.settings import BUNDLED, BUNDLED_ENCODER, Settings
from assistant.tokenization import Tokenizer, load_tokenizer

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Library:
    """Everything the online path needs, opened once and never changed."""

    store: Store
    gazetteer: Gazetteer
    tokenizer: Tokenizer
    embedder: Embedder | None


def _silent(stage: str, done: int, total: int) -> None:
    """Progress nobody watches."""


def build_index(settings: Settings, progress: Progress = _silent) -> str:
    """Read the corpus and write a new generation, or bring the shared store up to date; returns its generation.

    Raises:
        CorpusError: A text, metadata line or lay question cannot be used; the old index stays.
        IndexBusyError, IndexStoreError: See `build_generation`.
        EncoderError: The model cannot be loaded.
    """
    gazetteer = open_gazetteer(settings)
    embedder, tokenizer = load_encoder(settings.encoder), open_tokenizer(settings)
    if settings.store:
        return _build_shared(settings, settings.store, gazetteer, tokenizer, embedder, progress)
    from assistant.indexing.refreshing import refresh  # what reads texts takes time to import; opening needs none of it

    own = _with_sums(_document_files(settings), settings)
    shared = (*_with_sums(_shared_files(settings), settings).values(), _rules())
    return refresh(
        settings.corpus_dir,
        settings.questions_dir,
        settings.index_dir,
        gazetteer,
        tokenizer,
        embedder,
        own,
        shared,
        progress,
    )


def _build_shared(
    settings: Settings,
    store: str,
    gazetteer: Gazetteer,
    tokenizer: Tokenizer,
    embedder: Embedder | None,
    progress: Progress,
) -> str:
    from assistant.chunking import chunks_of
    from assistant.indexing.lay_questions import read_lay_questions
    from assistant.parsing.reading import read_corpus  # see `build_index`

    documents = read_corpus(settings.corpus_dir, gazetteer)
    chunks = [chunk for document in documents for chunk in chunks_of(document)]
    questions = read_lay_questions(settings.questions_dir, documents, chunks)
    asked = [replace(chunk, questions=questions.get(chunk.chunk_id, ())) for chunk in chunks]
    entries = entries_of(asked, tokenizer, embedder, progress)
    encoder = encoder_record(embedder)
    build_shared(store, documents, entries, tokenizer.fingerprint, encoder)
    return open_shared(store, tokenizer.fingerprint, encoder).generation


def open_index(settings: Settings, progress: Progress = _silent) -> Library:
    """Open the current index; build it first where it is missing or older than the texts.

    Where the disk has no room for a new one, and texts were only added, the old one goes on answering, with a warning
    in the log.
    A shared store is never built by opening it: many may be opening it, and their texts may be elsewhere.

    Raises:
        IndexMissingError: Nothing has been built in the shared store.
        IndexCorruptError: A file of the index was damaged. It is not rebuilt silently: someone should know.
        AssistantError: As `build_index`.
    """
    tokenizer = open_tokenizer(settings)
    embedder = load_encoder(settings.encoder)
    if settings.store:
        shared = open_shared(settings.store, tokenizer.fingerprint, encoder_record(embedder))
        return Library(shared, open_gazetteer(settings), tokenizer, embedder)
    sources = source_files(settings)

    def opened(made_from: tuple[SourceFile, ...] | None = sources) -> Generation:
        return open_generation(
            settings.index_dir, tokenizer=tokenizer.fingerprint, encoder=encoder_record(embedder), sources=made_from
        )

    try:
        generation = opened()
    except (IndexMissingError, IndexStaleError, EncoderError):
        try:
            build_index(settings, progress)
            generation = opened()
        except IndexUnwritableError as error:
            try:
                generation = opened(None)
            except (IndexStoreError, EncoderError):
                raise error from None  # there is none to go on with
            if not set(generation.manifest.provenance.sources) <= set(sources):
                raise  # what was changed or taken out must not be quoted
            _LOG.warning("%s 这次仍用原有索引作答，新加的文件没有算进去。", error)
    store = EmbeddedStore(generation, settings.index_dir, tokenizer)
    return Library(store, open_gazetteer(settings), tokenizer, embedder)


def indexed_policies(settings: Settings) -> tuple[Policy, ...] | None:
    """The policies of the index on disk; None where there is none, or it is not of the texts as they are."""
    try:
        held = open_generation(settings.index_dir, sources=source_files(settings))
    except AssistantError:
        return None
    return tuple(facts.policy for facts in held.facts)


def load_encoder(encoder: str) -> Embedder | None:
    """The encoder a setting names: "bundled", "none", or a sentence-transformers model by path or name.

    Raises:
        EncoderError: It cannot be loaded.
    """
    if encoder == "none":
        return None
    folder = own_encoder(encoder)
    return SentenceTransformerEmbedder(encoder) if folder is None else load_static_encoder(folder)


def own_encoder(encoder: str) -> Path | None:
    """The folder of an encoder of the bundled kind: the bundled one, or one made by the same recipe (`eval/encoder/`).

    Only these bring late interaction and the table of lay words; None for every other encoder.
    """
    folder = BUNDLED_ENCODER if encoder == BUNDLED else Path(encoder)
    own = all((folder / name).is_file() for name in ("manifest.json", "translations.json"))
    return folder if encoder == BUNDLED or own else None


def source_files(settings: Settings) -> tuple[SourceFile, ...]:
    """Every file the index is made from, with its sha256: texts, metadata, questions, lexicon."""
    own, shared = _document_files(settings), _shared_files(settings)
    return (*_with_sums(own, settings).values(), *_with_sums(shared, settings).values(), _rules())


def _document_files(settings: Settings) -> list[Path]:
    """The files of single documents: texts, their records, their lay questions."""
    found = (
        *settings.corpus_dir.glob("*/*.txt"),
        *settings.corpus_dir.glob("*/*.origin.json"),
        *settings.questions_dir.glob("*.jsonl"),
    )
    return sorted({path for path in found if path.parent != settings.lexicon_dir})


def _shared_files(settings: Settings) -> list[Path]:
    """What all documents are read by."""
    return sorted({*settings.corpus_dir.glob("metadata.jsonl"), *settings.lexicon_dir.glob("*.t[sx][vt]")})


def _with_sums(paths: Iterable[Path], settings: Settings) -> dict[Path, SourceFile]:
    return {path: SourceFile(_name(path, settings), _sha256(path)) for path in paths}


def _sha256(path: Path) -> str:
    try:
        return sha256_of(path)
    except OSError as error:
        raise CorpusError(
            f"{path.parent.name}/{path.name} 读不出来（{error.strerror}），无法核对索引是否与它一致。请检查或移走它。"
        ) from error


def _rules() -> SourceFile:
    """The reading rules themselves: a changed parser reads the same text differently."""
    package = Path(__file__).resolve().parent.parent
    code = sorted([*(package / "parsing").glob("*.py"), *(package / "model").glob("*.py"), package / "chunking.py"])
    return SourceFile("rules", hashlib.sha256(b"".join(path.read_bytes() for path in code)).hexdigest())


def open_gazetteer(settings: Settings) -> Gazetteer:
    """The table of places.

    Raises:
        SettingsError: It cannot be read.
    """
    path = settings.lexicon_dir / "divisions.tsv"
    try:
        return load_gazetteer(path)
    except (OSError, ValueError) as error:
        raise SettingsError(
            f"行政区划表 {path.name} 读不出来（{error}），无法判断适用哪里的政策。请恢复该文件。"
        ) from error


def _name(path: Path, settings: Settings) -> str:
    root = settings.corpus_dir.parent
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name


def open_tokenizer(settings: Settings) -> Tokenizer:
    """The tokenizer with the user dictionary of the lexicon."""
    dictionary = settings.lexicon_dir / "user_dictionary.txt"
    return load_tokenizer(dictionary if dictionary.exists() else None)
