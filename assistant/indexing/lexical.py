"""BM25 over search tokens, in tantivy (docs/adr/0002).

Tokens come from outside and are stored space separated, so tantivy's own text analysis plays no part. What is out of
scope is excluded by the query itself: it is never scored, so it can neither be returned nor take a place in the top k.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import tantivy
from tantivy import Occur, Query

from assistant.errors import IndexCorruptError, IndexUnwritableError
from assistant.indexing.ranked import RankedRows

# One thread: rows keep their order in one segment, and ties in score fall the same way in every build.
_WRITER_THREADS = 1
K1, B = 1.2, 0.75
"""BM25's constants, as tantivy has them."""
_WRITER_BYTES = 128_000_000
_FIELDS = ("jurisdiction", "policy_id", "kind", "text", "context", "questions")

RowScores = Sequence[tuple[int, float]]
"""(row, score) pairs, best first; equal scores in row order."""


@dataclass(frozen=True, slots=True)
class FieldWeights:
    """What a match in each field counts; a field of weight 0 is not searched.

    The defaults did best on lay questions held out of the index (two a sentence, six draws of about 1,050): the right
    sentence comes first for 63% and among the first three for 80%; without the question field for 58% and 71%.
    """

    text: float = 1.0
    context: float = 0.3
    questions: float = 0.5


DEFAULT_WEIGHTS = FieldWeights()


@dataclass(frozen=True, slots=True)
class LexicalEntry:
    """One row of the index: what is filtered on, and the tokens that are searched."""

    jurisdiction: str
    policy_id: str
    kind: str
    text: tuple[str, ...]
    context: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()


class LexicalIndex:
    """An opened index. The scores are BM25 with k1 = 1.2 and b = 0.75, summed over the fields.

    Document frequencies and average lengths are those of the whole index, also when a filter is set, so a chunk has
    the same score in every scope. Lengths up to 39 tokens are exact, longer ones rounded (tantivy keeps one byte).
    """

    def __init__(self, index: tantivy.Index) -> None:
        self._schema = index.schema
        self._searcher = index.searcher()

    @classmethod
    def open(cls, folder: Path) -> LexicalIndex:
        """Open what `write_lexical` wrote.

        Raises:
            IndexCorruptError: the folder holds no such index, or may not be written to (tantivy locks it to open it).
        """
        try:
            return cls(tantivy.Index.open(str(folder)))
        except ValueError as error:
            raise IndexCorruptError(
                f"关键词索引 {folder.name}/ 打不开（{error}），无法检索。请确认当前用户对该文件夹有读写权限；"
                "仍不行请运行 python -m assistant build 重建索引。"
            ) from error

    @property
    def count(self) -> int:
        """The number of rows."""
        return int(self._searcher.num_docs)

    def search(
        self,
        terms: Mapping[str, float],
        k: int,
        *,
        jurisdictions: frozenset[str] | None,
        policy_ids: frozenset[str] | None = None,
        kinds: frozenset[str] | None = None,
        weights: FieldWeights = DEFAULT_WEIGHTS,
    ) -> RowScores:
        """The best `k` rows in scope that hold at least one term.

        Args:
            terms: token → weight; the weight of a token asked for twice is 2. Unknown tokens match nothing.
            k: at most so many rows.
            jurisdictions: only rows of these; none, no rows. None for all.
            policy_ids: only rows of these policies; None for all.
            kinds: only rows of these kinds; None for all.
            weights: what a match in each field counts.
        """
        filters = (("jurisdiction", jurisdictions), ("policy_id", policy_ids), ("kind", kinds))
        return tuple(self.ranked(terms, k, filters, weights))

    def ranked(
        self,
        terms: Mapping[str, float],
        k: int,
        filters: Iterable[tuple[str, frozenset[str] | None]] = (),
        weights: FieldWeights = DEFAULT_WEIGHTS,
    ) -> RankedRows:
        """`search` as arrays; each filter is a field with the values it may have, None for any."""
        wanted = self._any_term(terms, weights)
        if k < 1 or wanted is None:
            return RankedRows(np.zeros(0, np.int64), np.zeros(0))
        clauses = [(Occur.Must, self._filter(field, values)) for field, values in filters if values is not None]
        found = self._searcher.search(Query.boolean_query([*clauses, (Occur.Must, wanted)]), k, count=False)
        # tantivy's types allow for other field values and orders; these are row numbers and scores.
        hits = cast(list[tuple[float, tantivy.DocAddress]], found.hits)
        held = cast(list[int], self._searcher.fast_field_values("row", [address for _, address in hits]))
        rows, scores = np.array(held, np.int64), np.array([score for score, _ in hits], np.float64)
        order = np.lexsort((rows, -scores))
        return RankedRows(rows[order], scores[order])

    def idf(self, term: str, field: str = "text") -> float:
        """BM25's inverse document frequency of a term in a field: the rarer, the higher; above 0."""
        found = self._searcher.doc_freq(field, term)
        return math.log(1 + (self.count - found + 0.5) / (found + 0.5))

    def _filter(self, field: str, values: frozenset[str]) -> Query:
        return Query.const_score_query(Query.term_set_query(self._schema, field, sorted(values)), 0.0)

    def _any_term(self, terms: Mapping[str, float], weights: FieldWeights) -> Query | None:
        fields = {"text": weights.text, "context": weights.context, "questions": weights.questions}
        queries = [
            # term_query, never the parser: a token may hold any sign the parser would read as an operator.
            (
                Occur.Should,
                Query.boost_query(Query.term_query(self._schema, field, term, "freq"), weight * field_weight),
            )
            for term, weight in terms.items()
            for field, field_weight in fields.items()
            if weight > 0 and field_weight > 0
        ]
        return Query.boolean_query(queries) if queries else None


class LexicalWriter:
    """Writes an index into `folder`, which must exist and be empty; row numbers count from 0.

    Raises:
        IndexStoreError: from any method: the disk is full or the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        with _writing():
            self._writer = tantivy.Index(_schema(), path=str(folder)).writer(_WRITER_BYTES, _WRITER_THREADS)
        self._rows, self._open = 0, True

    def add(self, jurisdiction: str, policy_id: str, kind: str, text: str, context: str, questions: str) -> None:
        """The next row; the last three are tokens parted by blanks."""
        self.add_all([(jurisdiction, policy_id, kind, text, context, questions)])

    def add_all(self, rows: Iterable[tuple[str, ...]]) -> None:
        """The next rows: of each what `add` takes."""
        with _writing():
            for row in rows:
                document = tantivy.Document(**dict(zip(_FIELDS, row, strict=True)))
                # Not by keyword: the constructor guesses a signed integer and the writer panics on it.
                document.add_unsigned("row", self._rows)
                self._writer.add_document(document)
                self._rows += 1

    def close(self) -> None:
        """Make the index complete."""
        with _writing():
            self._writer.commit()
        self.stop()

    def stop(self) -> None:
        """Have the engine's threads let go of the folder, whether the index is complete or given up."""
        if self._open:
            self._open = False
            with suppress(ValueError):
                self._writer.wait_merging_threads()


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except (ValueError, OSError) as error:
        raise IndexUnwritableError(
            f"关键词索引没有写成（{error}），索引未更新，原有索引不受影响。"
            "请检查磁盘空间和权限后重新运行 python -m assistant build。"
        ) from error


def write_lexical(folder: Path, entries: Iterable[LexicalEntry]) -> None:
    """Write an index of entries that are at hand; see `LexicalWriter`."""
    writer = LexicalWriter(folder)
    for entry in entries:
        words = (" ".join(tokens) for tokens in (entry.text, entry.context, entry.questions))
        writer.add(entry.jurisdiction, entry.policy_id, entry.kind, *words)
    writer.close()


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder().add_unsigned_field("row", fast=True)
    for name in _FIELDS[:3]:
        builder = builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in _FIELDS[3:]:
        builder = builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    return builder.build()
