"""The statement that answers all searches of one question.

Words: chunks in scope that hold a word are found by the inverted index, each scored by inner products with one sparse
vector a search. Vectors: in small scopes every vector is compared, in large ones the graph is walked. All of it sees
the same snapshot, and nothing the filter shuts out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pgvector import SparseVector

from assistant.indexing.dense import Vectors
from assistant.indexing.lexical import RowScores
from assistant.indexing.postgres.schema import DIMENSIONS, Place, key_of
from assistant.indexing.protocol import Filter

COMPARED_UP_TO = 25_000
"""Vectors in scope up to which every vector is compared: exact, and hardly dearer than a graph mostly out of scope."""
NOMINATED_UP_TO = 10_000
"""Chunks in scope up to which every word brings candidates, so that the ranking is exact."""
FORGONE = 0.05
"""Beyond, so much of a search's weight may lie on words that bring none: a chunk that is missed holds these words alone
and could reach no more than that part of the highest score."""

INVERTED_UP_TO = 0.25
"""Share of all chunks one place may have for the inverted index to be asked. Of more, or of several places, every chunk
is scored: the planner would leave the index aside and compare the lists of keys row by row, which took twenty seconds
for a question that names no place, where scoring takes 0.2."""
EQUALS = 'policy_id COLLATE "C", row'
"""The order of equal scores: that of the corpus. By row alone it would be that of arrival, and where hundreds of
clauses score alike, what is found would depend on which worker was faster."""

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class WeightedWords:
    """A search by words: dimension → weight."""

    weights: Mapping[int, float]


def condition(where: Filter) -> tuple[str, Values]:
    """The filter in SQL, with its values."""
    parts, values = ["true"], Values()
    sets = {
        "jurisdiction": where.jurisdictions,
        "policy_id": where.policy_ids,
        "kind": where.kinds,
        "level": where.levels,
    }
    for column, chosen in sets.items():
        if chosen is not None:
            parts.append(f"{column} = ANY(%({column})s)")
            values[column] = sorted(map(str, chosen))
    for column, sign, value in (
        ("draft", "=", where.drafts),
        ("issued_on", ">=", where.issued_from),
        ("issued_on", "<=", where.issued_until),
    ):
        if value is not None:
            name = f"{column}_{len(values)}"
            parts.append(f"{column} {sign} %({name})s")
            values[name] = value
    return " AND ".join(parts), values


def statement(
    words: Sequence[WeightedWords],
    vector: Vectors | None,
    k: int,
    where: Filter,
    *,
    places: Collection[Place],
    chunks: int,
    questions: int,
) -> tuple[str, Values] | None:
    """SQL that returns (number of the search, row, score), best first within each; None where nothing can be found.

    Args:
        words: the searches by words, numbered from 0.
        vector: searched next, then among lay questions; None for words alone.
        k: hits of each.
        where: the filter.
        places: those it lets through.
        chunks: how many there are.
        questions: how many lay questions they have.
    """
    filtered, values = condition(where)
    values["k"] = k
    in_scope = sum(place.chunks for place in places)
    parts, common = [], ""
    asked = [(leg, search) for leg, search in enumerate(words) if search.weights]
    if asked:
        columns = []
        for leg, search in asked:
            values[f"words_{leg}"] = SparseVector(dict(search.weights), DIMENSIONS)
            columns.append(f"-(words <#> %(words_{leg})b) AS score_{leg}")
        dimensions = _nominating([search for _, search in asked], in_scope)
        admitted = filtered
        if len(places) == 1 and in_scope <= INVERTED_UP_TO * chunks:
            values["keys"] = [key_of(place.number, dimension) for place in places for dimension in dimensions]
            admitted = f"keys && %(keys)b::bigint[] AND {_but_place(filtered)}"
        common = (
            f"WITH found AS MATERIALIZED "
            f"(SELECT row, policy_id, {', '.join(columns)} FROM chunk_words WHERE {admitted}) "
        )
        parts += [
            f"(SELECT {leg} AS leg, row, score_{leg} AS score FROM found WHERE score_{leg} > 0 "
            f"ORDER BY score_{leg} DESC, {EQUALS} LIMIT %(k)s)"
            for leg, _ in asked
        ]
    if vector is not None:
        values["vector"] = vector
        share = questions / chunks if chunks else 0
        tables = (("chunk_vector", in_scope), ("question_vector", in_scope * share))
        for leg, (table, compared) in enumerate(tables, start=len(words)):
            # A sum is no longer what the graph is of.
            compare = compared <= COMPARED_UP_TO
            near = "(vector <#> %(vector)b) + 0.0" if compare else "vector <#> %(vector)b"
            order = f"near, {EQUALS}" if compare else "near"
            parts.append(
                f"(SELECT {leg} AS leg, row, -near AS score FROM "
                f"(SELECT row, {near} AS near FROM {table} WHERE {filtered} ORDER BY {order} LIMIT %(k)s) AS nearest)"
            )
    return (common + " UNION ALL ".join(parts), values) if parts else None


def _but_place(filtered: str) -> str:
    """The condition without the place, which the keys stand for: with it the wrong index may be taken."""
    return filtered.replace("jurisdiction = ANY(%(jurisdiction)s)", "true")


def _nominating(words: Sequence[WeightedWords], in_scope: int) -> list[int]:
    """The dimensions that bring candidates; the others only add to the scores of those."""
    if in_scope <= NOMINATED_UP_TO:
        return list({dimension: None for search in words for dimension in search.weights})
    nominating: dict[int, None] = {}
    for search in words:
        left = sum(search.weights.values())
        spared = FORGONE * left
        for dimension, weight in sorted(search.weights.items(), key=lambda item: -item[1]):
            if left <= spared:
                break
            nominating[dimension] = None
            left -= weight
    return list(nominating)


def sorted_hits(hits: Sequence[tuple[int, float]]) -> RowScores:
    """Best first, equal scores in the order given, each row with its best score."""
    best: dict[int, float] = {}
    for row, score in hits:
        best[row] = max(score, best.get(row, score))
    return tuple(sorted(best.items(), key=lambda hit: -hit[1]))
