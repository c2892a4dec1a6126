"""Vectors and filters on a real Milvus server: 2.3.5, the newest that comes as a package, which has no sparse vectors.

It listens on every interface, so run it where there is none but loopback, with `milvus-server` on the path
(pip install milvus==2.3.5, in an environment of its own):

    unshare -n sh -c 'ip link set lo up; exec python -m pytest tests/indexing/test_milvus_server.py -m server'
"""

from __future__ import annotations

import json
import shutil
import signal
import socket
import subprocess
import time

import pytest

from assistant.indexing.build import encoder_record
from assistant.indexing.protocol import EVERYWHERE
from assistant.indexing.records import encode
from indexing.store_contract import CHUNKS, EMBEDDER, FILTERS, ids, samples, vector

pytestmark = pytest.mark.server
PORT = 19530


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    pymilvus = pytest.importorskip("pymilvus")
    program = shutil.which("milvus-server")
    if program is None:
        pytest.skip("milvus-server is not on the path")
    if len(socket.if_nameindex()) > 1:
        pytest.skip("needs a network namespace of its own: the server listens on every interface")
    from assistant.indexing.milvus import collections
    from assistant.indexing.milvus.shelf import MilvusStore
    from assistant.indexing.milvus.writing import FORMAT, State, write_state

    folder = tmp_path_factory.mktemp("milvus")
    log = (folder / "server.log").open("w")
    server = subprocess.Popen([program, "--data", str(folder / "data")], stdout=log, stderr=log)
    try:
        client = _connected(pymilvus)
        collections.make_collections(client, EMBEDDER.dimension, sparse=False)
        policies = {document.policy.policy_id: document for document in samples()}
        client.insert(  # an upsert of this old server puts rows where a filter on the partition key misses them
            collections.CHUNKS,
            [
                {
                    "row": collections.row_of(chunk.chunk_id),
                    **collections.filtered(chunk, policies[chunk.policy_id].policy),
                    "record": collections.record_of(chunk),
                    "digest": "",
                    "vector": vector(chunk.placed),
                }
                for chunk in CHUNKS
            ],
        )
        for policy_id, document in policies.items():
            record = json.dumps(encode(document), ensure_ascii=False)
            client.upsert(collections.DOCUMENTS, collections.parts_of(policy_id, record))
        write_state(client, State(FORMAT, 1, len(CHUNKS), 0, "", encoder_record(EMBEDDER), 1000, 1000, 1000))
        opened = MilvusStore(f"http://127.0.0.1:{PORT}", encoder=encoder_record(EMBEDDER))
        yield opened
        opened.close()
        client.close()
    finally:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(60)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        log.close()


def _connected(pymilvus):
    until = time.monotonic() + 240
    while True:
        try:
            with socket.create_connection(("127.0.0.1", PORT), 1):
                pass
            client = pymilvus.MilvusClient(f"http://127.0.0.1:{PORT}", timeout=20)
            client.list_collections()
            return client
        except (OSError, pymilvus.MilvusException):
            if time.monotonic() > until:
                raise
            time.sleep(2)


def test_the_nearest_vector_is_its_own_with_the_known_score(store):
    assert (store.counts.documents, store.counts.chunks) == (3, 8)
    assert dict(store.documents) == {document.policy.policy_id: document for document in samples()}
    for chunk in CHUNKS:
        found = store.search_vectors(vector(chunk.placed), 3, EVERYWHERE)
        assert ids(store, found)[0] == chunk.chunk_id
        assert found[0][1] == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize("where", FILTERS, ids=str)
def test_nothing_out_of_scope_is_found_also_when_fewer_than_k_remain(store, where):
    policies = {document.policy.policy_id: document.policy for document in samples()}
    admitted = {
        chunk.chunk_id
        for chunk in CHUNKS
        if where.admits(policies[chunk.policy_id]) and (where.kinds is None or chunk.kind in where.kinds)
    }
    everything = "".join(chunk.text for chunk in CHUNKS)
    assert set(ids(store, store.search_vectors(vector(everything), 100, where))) == admitted
