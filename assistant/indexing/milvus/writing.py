"""Documents and entries into the collections, and out of them.

Milvus has no transactions: a batch is written in an order in which a reader may see it half done but never sees a chunk
without its record, and one that broke off is made good by running it again. Word counts are read, added to and written
back, so there is one writer at a time.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pymilvus import MilvusClient

from assistant.indexing.manifest import EncoderRecord
from assistant.indexing.milvus.collections import (
    AT_ONCE,
    CHUNKS,
    DOCUMENTS,
    NO_WORD,
    QUESTIONS,
    STATE,
    WORDS,
    Row,
    chunk_of,
    dimension_of,
    filtered,
    parts_of,
    record_of,
    row_of,
)
from assistant.indexing.protocol import Entry
from assistant.indexing.records import decode, encode
from assistant.indexing.weighting import MeanLengths, word_weights
from assistant.model import PolicyDocument

FORMAT = 1
"""Raised when the collections change."""


@dataclass(frozen=True, slots=True)
class State:
    """What the store says of itself; lengths are in thousandths of a token, as records hold whole numbers."""

    format: int
    generation: int
    chunks: int
    questions: int
    tokenizer: str
    encoder: EncoderRecord | None
    mean_text: int
    mean_context: int
    mean_questions: int

    @property
    def means(self) -> MeanLengths:
        """The mean lengths that every weight was reckoned with."""
        return MeanLengths(*(n / 1000 for n in (self.mean_text, self.mean_context, self.mean_questions)))


def read_state(client: MilvusClient) -> State | None:
    """The state; None where no store has been made."""
    if not client.has_collection(DOCUMENTS):
        return None
    found = client.query(DOCUMENTS, filter=f'policy_id == "{STATE}"', output_fields=["record"])
    return decode(State, json.loads(found[0]["record"])) if found else None


def write_state(client: MilvusClient, state: State) -> None:
    """Replace the state."""
    client.upsert(DOCUMENTS, parts_of(STATE, json.dumps(encode(state))))


def read_documents(client: MilvusClient) -> dict[str, PolicyDocument]:
    """All policies by id."""
    parts: dict[str, list[tuple[str, str]]] = {}
    for row in every(client, DOCUMENTS, f'policy_id != "{STATE}"', ["part", "policy_id", "record"]):
        parts.setdefault(row["policy_id"], []).append((row["part"], row["record"]))
    records = {key: "".join(piece for _, piece in sorted(pieces)) for key, pieces in sorted(parts.items())}
    return {key: decode(PolicyDocument, json.loads(record)) for key, record in records.items()}


def every(client: MilvusClient, collection: str, where: str, fields: Sequence[str]) -> Iterable[Row]:
    """All rows of a collection that a condition lets through."""
    pages = client.query_iterator(collection, batch_size=AT_ONCE, filter=where, output_fields=list(fields))
    try:
        while page := pages.next():
            yield from page
    finally:
        pages.close()


def upsert(
    client: MilvusClient,
    state: State,
    held: dict[str, PolicyDocument],
    documents: Sequence[PolicyDocument],
    entries: Sequence[Entry],
) -> State:
    """Put a batch in; returns the state after it.

    Raises:
        ValueError: an entry is of a policy that is neither held nor given, is there twice, or lacks its vectors.
    """
    policies = {**held, **{document.policy.policy_id: document for document in documents}}
    _check(entries, policies, state)
    changed = [d for d in documents if held.get(d.policy.policy_id) != d]
    stored = _stored(client, [row_of(entry.chunk.chunk_id) for entry in entries])
    digests = {row_of(e.chunk.chunk_id): _digest(e, policies[e.chunk.policy_id]) for e in entries}
    added = [e for e in entries if stored.get(row := row_of(e.chunk.chunk_id), {}).get("digest") != digests[row]]
    gone = [stored[row] for e in added if (row := row_of(e.chunk.chunk_id)) in stored]
    if not (changed or added):
        return state
    for document in changed:
        client.delete(DOCUMENTS, filter=f"policy_id == {json.dumps(document.policy.policy_id, ensure_ascii=False)}")
        record = json.dumps(encode(document), ensure_ascii=False, separators=(",", ":"))
        client.upsert(DOCUMENTS, parts_of(document.policy.policy_id, record))
    rows, questions, gain = [], [], Counter[int]()
    for entry in added:
        policy = policies[entry.chunk.policy_id].policy
        row, shared = row_of(entry.chunk.chunk_id), filtered(entry.chunk, policy)
        weights = {dimension_of(word, field): weight for word, field, weight in word_weights(entry.words, state.means)}
        gain.update(weights.keys())
        made = {"row": row, **shared, "record": record_of(entry.chunk), "digest": digests[row], "vector": entry.vector}
        rows.append({**made, "words": weights or {NO_WORD: 1.0}})
        asked = entry.question_vectors if entry.question_vectors is not None else ()
        questions += [
            {"row": row_of(entry.chunk.chunk_id, n), **shared, "owner": row, "position": n, "vector": vector}
            for n, vector in enumerate(asked)
        ]
    _drop_questions(client, gone)
    for collection, made_rows in ((CHUNKS, rows), (QUESTIONS, questions)):
        for at in range(0, len(made_rows), AT_ONCE):
            client.upsert(collection, made_rows[at : at + AT_ONCE])
    for old in gone:
        gain.subtract(set(old["words"]) - {NO_WORD})
    _count(client, gain)
    gained = sum(len(e.chunk.questions) for e in added) - sum(len(chunk_of(old["record"]).questions) for old in gone)
    after = replace(
        state,
        generation=state.generation + 1,
        chunks=state.chunks + len(added) - len(gone),
        questions=state.questions + gained,
    )
    write_state(client, after)
    return after


def delete(client: MilvusClient, state: State, chunk_ids: Iterable[str], policy_ids: Iterable[str]) -> State:
    """Take chunks out, and policies with theirs; returns the state after it."""
    policies = sorted(set(policy_ids))
    rows = {row_of(chunk_id) for chunk_id in chunk_ids}
    named = f"policy_id in {json.dumps(policies, ensure_ascii=False)}"
    if policies:
        rows |= {row["row"] for row in every(client, CHUNKS, named, ["row"])}
    gone = list(_stored(client, sorted(rows)).values())
    if policies:
        client.delete(DOCUMENTS, filter=named)
    if not gone and not policies:
        return state
    _drop_questions(client, gone)
    if gone:
        client.delete(CHUNKS, ids=[old["row"] for old in gone])
    gain = Counter[int]()
    for old in gone:
        gain.subtract(set(old["words"]) - {NO_WORD})
    _count(client, gain)
    after = replace(
        state,
        generation=state.generation + 1,
        chunks=state.chunks - len(gone),
        questions=state.questions - sum(len(chunk_of(old["record"]).questions) for old in gone),
    )
    write_state(client, after)
    return after


def _stored(client: MilvusClient, rows: Sequence[int]) -> dict[int, Row]:
    """Chunks that are there, by row: record, digest and words."""
    found: dict[int, Row] = {}
    for at in range(0, len(rows), AT_ONCE):
        wanted = list(rows[at : at + AT_ONCE])
        for row in client.get(CHUNKS, ids=wanted, output_fields=["row", "record", "digest", "words"]):
            found[row["row"]] = row
    return found


def _drop_questions(client: MilvusClient, gone: Sequence[Row]) -> None:
    owners = [old["row"] for old in gone if chunk_of(old["record"]).questions]
    if owners:
        client.delete(QUESTIONS, filter=f"owner in {owners}")


def _count(client: MilvusClient, gain: Counter[int]) -> None:
    changed = sorted(dimension for dimension, count in gain.items() if count)
    for at in range(0, len(changed), AT_ONCE):
        wanted = changed[at : at + AT_ONCE]
        rows = client.get(WORDS, ids=wanted, output_fields=["dimension", "found"])
        before = {row["dimension"]: row["found"] for row in rows}
        client.upsert(
            WORDS, [{"dimension": d, "found": before.get(d, 0) + gain[d], "none": [0.0, 0.0]} for d in wanted]
        )


def _digest(entry: Entry, document: PolicyDocument) -> str:
    """sha256 of all that is stored for an entry but its vectors, which follow from it."""
    fields = (entry.words.text, entry.words.context, entry.words.questions)
    content = json.dumps([encode(entry.chunk), *fields, filtered(entry.chunk, document.policy)], ensure_ascii=False)
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()


def _check(entries: Sequence[Entry], policies: dict[str, PolicyDocument], state: State) -> None:
    if len({entry.chunk.chunk_id for entry in entries}) < len(entries):
        raise ValueError("Two entries have the same id.")
    dimension = state.encoder.dimension if state.encoder else 0
    for entry in entries:
        asked = len(entry.chunk.questions)
        if entry.chunk.policy_id not in policies:
            raise ValueError(f"An entry of a policy that is neither held nor given: {entry.chunk.policy_id}.")
        if entry.vector is None or entry.vector.shape != (dimension,):
            raise ValueError(f"The chunk {entry.chunk.chunk_id} needs a vector of {dimension} numbers.")
        if asked and (entry.question_vectors is None or entry.question_vectors.shape != (asked, dimension)):
            raise ValueError(f"The lay questions of {entry.chunk.chunk_id} need a vector each.")
