"""Documents and entries into the tables, and out of them, one transaction a batch.

Writers of the same policy wait for each other; other writers only for the last step, in which the counts are brought
up to date and the generation goes up by one. A batch that changes nothing leaves the generation as it is.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pgvector import SparseVector
from psycopg import Connection
from psycopg.rows import TupleRow

from assistant.indexing.lexical import LexicalEntry
from assistant.indexing.postgres import filing
from assistant.indexing.postgres.schema import DIMENSIONS, SCHEMA, State, dimension_of, key_of, read_state
from assistant.indexing.protocol import Entry, level_of
from assistant.indexing.records import encode
from assistant.indexing.weighting import FIELDS, word_weights
from assistant.model import Policy, PolicyDocument

_FILTERED = "row, jurisdiction, policy_id, kind, level, draft, issued_on"
_CHUNK = (
    "row, chunk_id, policy_id, clause_id, jurisdiction, span_start, span_end, kind, text, context, questions, digest"
)


@dataclass(frozen=True, slots=True)
class Change:
    """What one batch takes out and puts in, and what the counts gain by it."""

    gone: Sequence[int] = ()
    added: Sequence[Entry] = ()
    documents: Sequence[PolicyDocument] = ()
    removed: Sequence[str] = ()


def digest_of(entry: Entry, policy: Policy) -> str:
    """sha256 of all that is stored for an entry but its vectors, which follow from it."""
    fields = [getattr(entry.words, field) for field in FIELDS]
    content = json.dumps([encode(entry.chunk), *fields, *map(str, _facts(policy))], ensure_ascii=False)
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()


def upsert(
    connection: Connection[TupleRow],
    documents: Sequence[PolicyDocument],
    entries: Sequence[Entry],
    *,
    others_of: bool = False,
) -> bool:
    """Put a batch in; returns whether anything changed.

    Args:
        connection: in autocommit mode; the transaction is made here.
        documents: over those of the same id.
        entries: likewise.
        others_of: take every chunk out that is not among the entries, and every policy that is not among the documents.

    Raises:
        ValueError: an entry is of a policy that is neither held nor given, is there twice, or lacks its vectors.
    """
    state = read_state(connection)
    _check(entries, state)
    number(connection, entries)
    given = {document.policy.policy_id: document for document in documents}
    concerned = sorted({entry.chunk.policy_id for entry in entries} | given.keys())
    with connection.transaction():
        lock(connection, concerned)
        held = filing.digests(connection, None if others_of else concerned)
        if unknown := {entry.chunk.policy_id for entry in entries} - held.keys() - given.keys():
            raise ValueError(f"Entries of policies that are neither held nor given: {sorted(unknown)[:3]}.")
        stored = _stored(connection, None if others_of else [entry.chunk.chunk_id for entry in entries])
        policies = _policies(connection, entries, given)
        digests = {entry.chunk.chunk_id: digest_of(entry, policies[entry.chunk.policy_id]) for entry in entries}
        change = Change(
            gone=[row for chunk_id, (row, digest) in stored.items() if digests.get(chunk_id) != digest],
            added=[e for e in entries if stored.get(e.chunk.chunk_id, (0, ""))[1] != digests[e.chunk.chunk_id]],
            documents=[d for key, d in given.items() if held.get(key) != filing.parts(d)[2]],
            removed=sorted(held.keys() - given.keys()) if others_of else (),
        )
        return _apply(connection, change, digests, policies)


def delete(connection: Connection[TupleRow], chunk_ids: Iterable[str], policy_ids: Iterable[str]) -> bool:
    """Take chunks out, and policies with theirs; returns whether anything changed."""
    policies = sorted(set(policy_ids))
    with connection.transaction():
        lock(connection, policies)
        rows = connection.execute(
            "SELECT row FROM chunk WHERE chunk_id = ANY(%s) OR policy_id = ANY(%s)", (list(chunk_ids), policies)
        ).fetchall()
        removed = connection.execute("SELECT policy_id FROM document WHERE policy_id = ANY(%s)", (policies,)).fetchall()
        change = Change(gone=[row for (row,) in rows], removed=[policy_id for (policy_id,) in removed])
        return _apply(connection, change, {}, {})


def _apply(
    connection: Connection[TupleRow], change: Change, digests: Mapping[str, str], policies: Mapping[str, Policy]
) -> bool:
    if not (change.gone or change.added or change.documents or change.removed):
        return False
    gain = _Gain()
    _take_out(connection, change.gone, gain)
    # A chunk refers to its policy: new policies go in first, with the generation this will be.
    filing.put(connection, change.documents)
    _put_in(connection, change.added, digests, policies, gain)
    removed = filing.take_out(connection, change.removed)
    found = connection.execute(
        "UPDATE state SET generation = generation + 1, chunks = chunks + %s, questions = questions + %s,"
        " removals = removals + %s, documents = (SELECT count(*) FROM document) RETURNING generation",
        (gain.chunks, gain.questions, removed),
    ).fetchone()
    gain.policies |= {document.policy.policy_id for document in change.documents}
    filing.settle(connection, found[0] if found else 0, gain.policies)
    _count_words(connection, gain)
    return True


class _Gain:
    """What the counts gain by a batch; may be less than nothing."""

    def __init__(self) -> None:
        self.chunks, self.questions = 0, 0
        self.dimensions: Counter[int] = Counter()
        self.places: Counter[str] = Counter()
        self.policies: set[str] = set()


def _take_out(connection: Connection[TupleRow], rows: Sequence[int], gain: _Gain) -> None:
    if not rows:
        return
    for place, keys in connection.execute(
        "SELECT jurisdiction, keys FROM chunk_words WHERE row = ANY(%s)", (list(rows),), binary=True
    ):
        gain.dimensions.subtract(map(dimension_of, keys))
        gain.places[place] -= 1
    taken = connection.execute(
        "DELETE FROM chunk WHERE row = ANY(%s) RETURNING policy_id, cardinality(questions)", (list(rows),)
    ).fetchall()
    gain.policies |= {policy_id for policy_id, _ in taken}
    gain.chunks -= len(taken)
    gain.questions -= sum(count for _, count in taken)


def _put_in(
    connection: Connection[TupleRow],
    entries: Sequence[Entry],
    digests: Mapping[str, str],
    policies: Mapping[str, Policy],
    gain: _Gain,
) -> None:
    if not entries:
        return
    state = read_state(connection)
    numbers = _numbers(connection, {word for entry in entries for word in _words(entry.words)})
    places: dict[str, int] = dict(connection.execute("SELECT jurisdiction, number FROM place").fetchall())
    rows = [
        row for (row,) in connection.execute("SELECT nextval('chunk_row') FROM generate_series(1, %s)", (len(entries),))
    ]
    chunks, words, vectors, questions = [], [], [], []
    for row, entry in zip(rows, entries, strict=True):
        chunk = entry.chunk
        filtered = (row, chunk.jurisdiction, chunk.policy_id, chunk.kind, *_facts(policies[chunk.policy_id]))
        weights = {
            numbers[word] * len(FIELDS) + field: weight
            for word, field, weight in word_weights(entry.words, state.means)
        }
        span, digest = chunk.span, digests[chunk.chunk_id]
        where = (chunk.policy_id, chunk.clause_id, chunk.jurisdiction, span.start, span.end, chunk.kind)
        chunks.append((row, chunk.chunk_id, *where, chunk.text, chunk.context, list(chunk.questions), digest))
        keys = sorted(key_of(places[chunk.jurisdiction], dimension) for dimension in weights)
        words.append((*filtered, keys, SparseVector(weights, DIMENSIONS)))
        if state.dimension is not None:
            vectors.append((*filtered, entry.vector))
            asked = entry.question_vectors if entry.question_vectors is not None else ()
            questions += [(*filtered, position, vector) for position, vector in enumerate(asked)]
        gain.dimensions.update(weights.keys())
        gain.places[chunk.jurisdiction] += 1
        gain.questions += len(chunk.questions)
    gain.policies |= {entry.chunk.policy_id for entry in entries}
    gain.chunks += len(entries)
    _copy(connection, f"chunk ({_CHUNK})", chunks)
    _copy(connection, f"chunk_words ({_FILTERED}, keys, words)", words)
    _copy(connection, f"chunk_vector ({_FILTERED}, vector)", vectors)
    _copy(connection, f"question_vector ({_FILTERED}, position, vector)", questions)


def _copy(connection: Connection[TupleRow], target: str, rows: Sequence[tuple[Any, ...]]) -> None:
    if rows:
        with connection.cursor() as cursor, cursor.copy(f"COPY {target} FROM STDIN".encode()) as copy:
            for row in rows:
                copy.write_row(row)


def _count_words(connection: Connection[TupleRow], gain: _Gain) -> None:
    changed = Counter[tuple[int, int]]()
    for dimension, count in gain.dimensions.items():
        changed[divmod(dimension, len(FIELDS))] += count
    numbers = sorted({number for (number, _), count in changed.items() if count})
    columns = [[changed[number, field] for number in numbers] for field in range(len(FIELDS))]
    connection.execute(
        "UPDATE word SET in_text = in_text + t, in_context = in_context + c, in_questions = in_questions + q"
        " FROM unnest(%s::int[], %s::int[], %s::int[], %s::int[]) AS gain (n, t, c, q) WHERE number = n",
        (numbers, *columns),
    )
    places = sorted(place for place, count in gain.places.items() if count)
    connection.execute(
        "UPDATE place SET chunks = chunks + more FROM unnest(%s::text[], %s::bigint[]) AS gain (name, more)"
        " WHERE jurisdiction = name",
        (places, [gain.places[place] for place in places]),
    )


def _check(entries: Sequence[Entry], state: State) -> None:
    if len({entry.chunk.chunk_id for entry in entries}) < len(entries):
        raise ValueError("Two entries have the same id.")
    if state.dimension is None:
        return
    for entry in entries:
        asked = len(entry.chunk.questions)
        if entry.vector is None or entry.vector.shape != (state.dimension,):
            raise ValueError(f"The chunk {entry.chunk.chunk_id} needs a vector of {state.dimension} numbers.")
        if asked and (entry.question_vectors is None or entry.question_vectors.shape != (asked, state.dimension)):
            raise ValueError(f"The lay questions of {entry.chunk.chunk_id} need a vector each.")


def _words(entry: LexicalEntry) -> set[str]:
    return {token for field in FIELDS for token in getattr(entry, field)}


def number(connection: Connection[TupleRow], entries: Sequence[Entry]) -> None:
    """Give new words and places their numbers, apart, so that writers do not wait; they are never taken back."""
    terms = sorted({word for entry in entries for word in _words(entry.words)})
    places = sorted({entry.chunk.jurisdiction for entry in entries})
    for table, column, names in (("word", "term", terms), ("place", "jurisdiction", places)):
        connection.execute(
            f"INSERT INTO {SCHEMA}.{table} ({column}) SELECT name FROM unnest(%s::text[]) AS name WHERE NOT EXISTS"
            f" (SELECT 1 FROM {SCHEMA}.{table} WHERE {column} = name) ON CONFLICT DO NOTHING".encode(),
            (names,),
        )


def _numbers(connection: Connection[TupleRow], terms: set[str]) -> dict[str, int]:
    return dict(connection.execute("SELECT term, number FROM word WHERE term = ANY(%s)", (list(terms),)).fetchall())


def lock(connection: Connection[TupleRow], policy_ids: Iterable[str]) -> None:
    """Wait for other writers of these policies, in one order so that nobody waits in a circle."""
    keys = sorted({int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], signed=True) for key in policy_ids})
    connection.execute("SELECT pg_advisory_xact_lock(key) FROM unnest(%s::bigint[]) AS key", (keys,))


def _stored(connection: Connection[TupleRow], chunk_ids: Sequence[str] | None) -> dict[str, tuple[int, str]]:
    """Row and digest of chunks by id; None for all."""
    where, values = ("", ()) if chunk_ids is None else ("WHERE chunk_id = ANY(%s)", (list(chunk_ids),))
    found = connection.execute(f"SELECT chunk_id, row, digest FROM chunk {where}".encode(), values)
    return {chunk_id: (row, digest) for chunk_id, row, digest in found}


def _policies(
    connection: Connection[TupleRow], entries: Sequence[Entry], given: Mapping[str, PolicyDocument]
) -> dict[str, Policy]:
    """The policies of some entries."""
    policies = {key: document.policy for key, document in given.items()}
    missing = sorted({entry.chunk.policy_id for entry in entries} - policies.keys())
    return policies | filing.policies(connection, missing) if missing else policies


def _facts(policy: Policy) -> tuple[Any, ...]:
    level = level_of(policy.jurisdiction or "")
    return (str(level) if level else None, policy.draft_mark is not None, policy.issued_on)
