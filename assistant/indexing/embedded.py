"""The store that needs no server: the files of one generation behind the protocol every store speaks.

Rows are row numbers of the generation. A generation never changes, so neither does a store over one: `upsert` and
`delete` write the next generation whole (docs/adr/0003) and return a store over that.

Of a small store every row is scored once a question, and each scope takes its share of that ranking; of a large one the
filter goes into the search.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from assistant.indexing.columns import Columns
from assistant.indexing.dense import DenseIndex, Selection, Vectors
from assistant.indexing.embedded_candidates import EmbeddedCandidates
from assistant.indexing.lexical import FieldWeights, RowScores
from assistant.indexing.protocol import Candidates, Counts, Entry, Filter, Rankings, Store, WordSearch, narrowed
from assistant.indexing.ranked import RankedRows, first_seen
from assistant.indexing.rewriting import rewritten
from assistant.indexing.store import Generation
from assistant.model import Chunk, PolicyDocument
from assistant.tokenization import Tokenizer

_SMALL = 2_000
"""Rows up to which every row is scored, whatever the scope."""
_SCOPES_KEPT, _SEARCHES_KEPT, _WORDS_KEPT = 256, 64, 50_000


class EmbeddedStore:
    """A `Store` over an opened generation.

    Args:
        generation: for keywords alone where it was opened without its encoder.
        index_dir: where the next generation goes.
        tokenizer: the one it was built with; like the folder, needed to write only.
    """

    def __init__(
        self, generation: Generation, index_dir: Path | None = None, tokenizer: Tokenizer | None = None
    ) -> None:
        self._held = generation
        self._index_dir, self._tokenizer = index_dir, tokenizer
        # Kept for each open store: the same scopes and, for the tiers of one question, the same searches come again.
        self._selected = functools.lru_cache(maxsize=_SCOPES_KEPT)(self._select)
        self._questions_selected = functools.lru_cache(maxsize=_SCOPES_KEPT)(self._select_questions)
        self._idf = functools.lru_cache(maxsize=_WORDS_KEPT)(generation.lexical.idf)
        self._asked = functools.lru_cache(maxsize=None)(self._has_questions)
        self._words_anywhere = functools.lru_cache(maxsize=_SEARCHES_KEPT)(self._search_words_anywhere)

    @property
    def generation(self) -> str:
        """The id of the generation."""
        return self._held.generation_id

    @property
    def counts(self) -> Counts:
        """From the manifest."""
        manifest = self._held.manifest
        return Counts(manifest.documents, manifest.chunks, manifest.questions)

    @property
    def dimension(self) -> int | None:
        """Numbers per vector; None where it is open for keywords alone."""
        return self._held.dense.dimension if self._held.dense else None

    @property
    def documents(self) -> Mapping[str, PolicyDocument]:
        """By policy id."""
        return self._held.documents

    @property
    def chunks(self) -> Mapping[str, Chunk]:
        """By chunk id."""
        return _ByChunkId(self._held.chunks, self._held.columns)

    def chunks_of(self, policy_id: str) -> tuple[Chunk, ...]:
        """See `Store`."""
        return tuple(self._held.chunks[row] for row in self._held.columns.rows_of(policy_id))

    def asked(self, policy_id: str) -> bool:
        """See `Store`."""
        return self._asked(policy_id)

    def records(self, rows: Sequence[int]) -> Mapping[int, Chunk]:
        """See `Store`."""
        return {row: self._held.chunks[row] for row in rows}

    def candidates(self, rows: Sequence[int]) -> Candidates:
        """See `Store`."""
        return EmbeddedCandidates(self._held, self._dense, rows)

    def idf(self, terms: Iterable[str], field: str = "text") -> Mapping[str, float]:
        """See `WordStatistics`."""
        return {term: self._idf(term, field) for term in terms}

    def search_words(self, asked: WordSearch, k: int, where: Filter) -> RowScores:
        """See `Store`."""
        if where.empty or k < 1:
            return ()
        return tuple(self._search_words(asked, k, where, self._selected(where)))

    def search_vectors(self, vector: Vectors, k: int, where: Filter) -> RowScores:
        """See `Store`."""
        return self._dense.search(vector, k, self._selected(where))

    def search(self, words: Sequence[WordSearch], vector: Vectors, k: int, where: Filter) -> Rankings:
        """See `Store`."""
        allowed = self._selected(where)
        return Rankings(
            tuple(self._search_words(asked, k, where, allowed) for asked in words),
            self._dense.ranked(vector, k, allowed),
            self._by_question(vector, k, where),
        )

    def upsert(self, documents: Sequence[PolicyDocument], entries: Sequence[Entry]) -> Store:
        """See `Store`. The whole generation is written anew: for many changes, put them in one batch."""
        return self._rewritten(documents, entries, frozenset(), frozenset())

    def delete(self, chunk_ids: Iterable[str] = (), policy_ids: Iterable[str] = ()) -> Store:
        """See `Store`."""
        return self._rewritten((), (), frozenset(chunk_ids), frozenset(policy_ids))

    def _has_questions(self, policy_id: str) -> bool:
        columns = self._held.columns
        rows = np.asarray(columns.rows_of(policy_id), dtype=np.int64)
        return bool((columns.first_question[rows + 1] > columns.first_question[rows]).any())

    def _rewritten(
        self,
        documents: Sequence[PolicyDocument],
        entries: Sequence[Entry],
        chunk_ids: frozenset[str],
        policy_ids: frozenset[str],
    ) -> Store:
        folder, tokenizer = self._index_dir, self._tokenizer
        if folder is None or tokenizer is None:
            raise ValueError("This store was opened for reading; to write, it needs its folder and its tokenizer.")
        generation = rewritten(folder, self._held, tokenizer, documents, entries, chunk_ids, policy_ids)
        return EmbeddedStore(generation, folder, tokenizer)

    @property
    def _dense(self) -> DenseIndex:
        if self._held.dense is None:
            raise ValueError("The generation has no vectors open; pass the encoder to open_generation.")
        return self._held.dense

    def _search_words(self, asked: WordSearch, k: int, where: Filter, allowed: Selection) -> RankedRows:
        if self._held.columns.count <= _SMALL:
            return self._words_anywhere(tuple(asked.terms.items()), asked.weights).within(allowed.mask)[:k]
        columns, narrow = self._held.columns, narrowed(where, self.documents)
        # A clause that lets everything through would only cost time.
        kinds = None if narrow.kinds is not None and narrow.kinds.issuperset(columns.kinds) else narrow.kinds
        places = narrow.jurisdictions
        filters = (
            ("jurisdiction", None if places is not None and places.issuperset(columns.places) else places),
            ("policy_id", narrow.policy_ids),
            ("kind", kinds),
        )
        return self._held.lexical.ranked(asked.terms, k, filters, asked.weights)

    def _search_words_anywhere(self, terms: tuple[tuple[str, float], ...], weights: FieldWeights) -> RankedRows:
        return self._held.lexical.ranked(dict(terms), self._held.columns.count, weights=weights)

    def _by_question(self, vector: Vectors, k: int, where: Filter) -> RowScores:
        """Chunks by their nearest lay question."""
        asked = self._held.dense_questions
        if asked is None or not asked.count:
            return ()
        found = asked.ranked(vector, k, self._questions_selected(where))
        rows, first, _ = first_seen(self._held.columns.owner[found.rows].astype(np.int64))
        return RankedRows(rows, found.scores[first])

    def _select(self, where: Filter) -> Selection:
        narrow = narrowed(where, self.documents)
        return Selection(self._held.columns.admitted(narrow.jurisdictions, narrow.policy_ids, narrow.kinds))

    def _select_questions(self, where: Filter) -> Selection:
        return Selection(self._selected(where).mask[self._held.columns.owner])


_CHUNK_ID = re.compile(r"(.*)@(\d{1,9})-(\d{1,9})", re.DOTALL)


class _ByChunkId(Mapping[str, Chunk]):
    """Records by id, in row order. The id of a policy's chunk says where it stands, so no table of all ids is kept.

    Ids of another form (documents of one's own put in as a LangChain vector store) are looked up in a table that is
    made when the first of them is asked for.
    """

    def __init__(self, chunks: Sequence[Chunk], columns: Columns) -> None:
        self._chunks, self._columns = chunks, columns
        self._foreign: dict[str, int] | None = None

    def __getitem__(self, chunk_id: str) -> Chunk:
        match = _CHUNK_ID.fullmatch(chunk_id)
        row = self._columns.row_of(match[1], int(match[2]), int(match[3])) if match else self._foreign_row(chunk_id)
        if row is None:
            raise KeyError(chunk_id)
        return self._chunks[row]

    def __iter__(self) -> Iterator[str]:
        return (chunk.chunk_id for chunk in self._chunks)

    def __len__(self) -> int:
        return self._columns.count

    def _foreign_row(self, chunk_id: str) -> int | None:
        if self._foreign is None:
            ids = enumerate(self)
            self._foreign = {held: row for row, held in ids if not _CHUNK_ID.fullmatch(held)}
        return self._foreign.get(chunk_id)
