"""Documents in the tables, in two parts: facts that every process keeps, and clause trees that are read when asked for.

A tree is never changed. One that is no longer held lingers for a while: who saw the document a moment ago reads the
tree that goes with the text that was seen.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import TypeAlias

from psycopg import Connection
from psycopg.rows import TupleRow

from assistant.errors import IndexStoreError
from assistant.indexing.records import decode, encode
from assistant.indexing.stored_document import Facts, StoredDocument, Tree, parts_of
from assistant.model import Policy, PolicyDocument

LINGERS = "10 minutes"
"""How long a tree can be read after its document was replaced or removed."""
TREES_KEPT = 200
"""Trees a process keeps decoded, some MB each for the longest laws."""

Opening: TypeAlias = Callable[[], AbstractContextManager[Connection[TupleRow]]]


def parts(document: PolicyDocument) -> tuple[str, str, str]:
    """Facts and tree as JSON, and the digest of both."""
    facts, tree = (json.dumps(encode(part), ensure_ascii=False, separators=(",", ":")) for part in parts_of(document))
    digest = hashlib.sha256(f"{facts}\n{tree}".encode("utf-8", "surrogatepass")).hexdigest()
    return facts, tree, digest


def digests(connection: Connection[TupleRow], policy_ids: Sequence[str] | None) -> dict[str, str]:
    """Digests of the documents held; None for all."""
    where, values = ("", ()) if policy_ids is None else ("WHERE policy_id = ANY(%s)", (list(policy_ids),))
    return dict(connection.execute(f"SELECT policy_id, digest FROM document {where}".encode(), values).fetchall())


def put(connection: Connection[TupleRow], documents: Iterable[PolicyDocument]) -> None:
    """Documents over those of the same id; `settle` is to follow in the same transaction."""
    for document in documents:
        facts, tree, digest = parts(document)
        policy_id = document.policy.policy_id
        _retire(connection, [policy_id])
        connection.execute(
            "WITH planted AS (INSERT INTO tree (content) VALUES (%s) RETURNING number)"
            " INSERT INTO document SELECT %s, %s, number, %s, false, 0 FROM planted ON CONFLICT (policy_id) DO UPDATE"
            " SET facts = excluded.facts, tree = excluded.tree, digest = excluded.digest",
            (tree, policy_id, facts, digest),
        )


def take_out(connection: Connection[TupleRow], policy_ids: Sequence[str]) -> int:
    """Remove documents; returns how many were held."""
    _retire(connection, policy_ids)
    return connection.execute("DELETE FROM document WHERE policy_id = ANY(%s)", (list(policy_ids),)).rowcount


def settle(connection: Connection[TupleRow], generation: int, policy_ids: Iterable[str]) -> None:
    """Note with the documents of which anything changed that it did, and whether they now have lay questions."""
    connection.execute(
        "UPDATE document SET generation = %s, asked = EXISTS (SELECT FROM chunk"
        " WHERE chunk.policy_id = document.policy_id AND cardinality(questions) > 0) WHERE policy_id = ANY(%s)",
        (generation, sorted(policy_ids)),
    )
    connection.execute(f"DELETE FROM tree WHERE retired < now() - interval '{LINGERS}'".encode())


def policies(connection: Connection[TupleRow], policy_ids: Sequence[str]) -> dict[str, Policy]:
    """The policies of these ids that are held."""
    found = connection.execute("SELECT facts FROM document WHERE policy_id = ANY(%s)", (list(policy_ids),))
    read = [decode(Facts, json.loads(facts)).policy for (facts,) in found]
    return {policy.policy_id: policy for policy in read}


def every(connection: Connection[TupleRow], at_once: int) -> Iterator[PolicyDocument]:
    """All documents whole, as they were when the first was asked for; inside a transaction."""
    with connection.cursor("documents") as cursor:
        cursor.itersize = at_once
        for facts, content in cursor.execute(
            "SELECT facts, content FROM document JOIN tree ON number = tree ORDER BY policy_id"
        ):
            read, tree = decode(Facts, json.loads(facts)), decode(Tree, json.loads(content))
            yield PolicyDocument(read.policy, tree.root, tree.sentences, tree.ledger, read.references)


class Shelves:
    """Documents of a database for a process: each with its facts, its tree read on demand; safe for threads.

    Args:
        opening: lends a connection.
    """

    def __init__(self, opening: Opening) -> None:
        self._kept = functools.lru_cache(maxsize=TREES_KEPT)(functools.partial(_read, opening))

    def changed(self, connection: Connection[TupleRow], since: int) -> Iterator[tuple[PolicyDocument, bool]]:
        """Documents that changed after a generation, and whether they have lay questions."""
        found = connection.execute(
            "SELECT facts, tree, asked FROM document WHERE generation > %s ORDER BY ctid", (since,)
        )
        for facts, number, asked in found:
            yield StoredDocument(decode(Facts, json.loads(facts)), functools.partial(self._kept, number)), asked


def _read(opening: Opening, number: int) -> Tree:
    with opening() as connection:
        found = connection.execute("SELECT content FROM tree WHERE number = %s", (number,)).fetchone()
    if found is None:
        raise IndexStoreError(
            "这份文件在数据库里已经换了或移除了，手上的是十分钟以前的样子，条款读不到。请重新打开或再问一次。"
        )
    return decode(Tree, json.loads(found[0]))


def held_ids(connection: Connection[TupleRow]) -> set[str]:
    """Ids of all documents held."""
    return {policy_id for (policy_id,) in connection.execute("SELECT policy_id FROM document")}


def _retire(connection: Connection[TupleRow], policy_ids: Sequence[str]) -> None:
    connection.execute(
        "UPDATE tree SET retired = now() FROM document WHERE number = tree AND policy_id = ANY(%s)", (list(policy_ids),)
    )
