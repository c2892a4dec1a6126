"""What only a store in PostgreSQL does: building over what is there, refusing what does not fit, other processes."""

from __future__ import annotations

import gc
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from fakes import FakeEmbedder
from servers import postgres

from indexing.samples import GUANGZHOU, HAIZHU, chunks, document, documents
from indexing.store_contract import CHUNKS, EMBEDDER, TOKENIZER, added, entries, ids, vector, words

pytest.importorskip("psycopg")

import psycopg

from assistant.errors import EncoderError, IndexMissingError, IndexStaleError, IndexStoreError
from assistant.indexing.build import encoder_record
from assistant.indexing.postgres import seeing
from assistant.indexing.postgres.building import build_store
from assistant.indexing.postgres.schema import Place, dimension_of, key_of
from assistant.indexing.postgres.shelf import PostgresStore
from assistant.indexing.postgres.statements import COMPARED_UP_TO, NOMINATED_UP_TO, WeightedWords, statement
from assistant.indexing.protocol import EVERYWHERE, Filter

ENCODER = encoder_record(EMBEDDER)


@pytest.fixture(scope="module")
def database():
    with postgres() as new:
        yield new


@pytest.fixture
def url(database):
    return database()


@pytest.fixture
def opened():
    stores = []

    def opening(url, **options):
        stores.append(PostgresStore(url, **{"encoder": ENCODER, **options}))
        return stores[-1]

    yield opening
    for store in stores:
        store.close()


def build(url, made=None, of=CHUNKS, embedder=EMBEDDER):
    encoder = encoder_record(embedder)
    build_store(url, made or documents(), entries(of), tokenizer=TOKENIZER.fingerprint, encoder=encoder)


def test_building_again_changes_nothing_and_takes_out_what_the_corpus_lost(url, opened):
    build(url)
    store = opened(url)
    before = store.generation
    build(url)
    assert store.refreshed().generation == before
    made = documents()[:2]
    build(url, made, chunks(made))
    assert sorted(store.refreshed().documents) == ["guangzhou", "haizhu"]
    assert (store.counts.documents, store.counts.chunks) == (2, 6)
    assert store.idf(["股权"])["股权"] > store.idf(["人才"])["人才"]
    assert store.search_words(words("股权激励"), 5, EVERYWHERE) == ()


def test_another_process_sees_what_was_written(url, opened):
    build(url)
    reader, writer = opened(url), opened(url)
    assert reader.counts.chunks == 8
    chunk = added("外卖骑手的补贴。")
    writer.upsert([replace(documents()[0], ledger=())], entries([chunk]))
    found = reader.search([words("骑手")], vector(chunk.text), 1, EVERYWHERE)  # at once
    assert ids(reader, found.vectors) == [chunk.chunk_id]
    reader.refreshed()  # or after a second
    assert reader.counts.chunks == 9
    assert reader.documents["haizhu"].ledger == ()
    writer.delete(policy_ids=["zhejiang"])
    assert "zhejiang" not in reader.refreshed().documents


def test_what_a_search_has_just_found_can_be_read_though_it_is_gone(url, opened):
    build(url)
    reader, writer = opened(url), opened(url)
    rows = [row for row, _ in reader.search_vectors(vector(CHUNKS[0].text), 1, EVERYWHERE)]
    assert reader.candidates(rows).chunks == (CHUNKS[0],)
    writer.delete([CHUNKS[0].chunk_id])
    assert reader.chunks[CHUNKS[0].chunk_id] == CHUNKS[0]
    assert opened(url).candidates(rows).chunks == ()


def test_what_a_document_held_can_be_read_though_it_was_replaced_or_is_gone(url, opened):
    build(url)
    reader, writer = opened(url), opened(url)
    before = dict(reader.documents)
    haizhu, guangzhou, _ = documents()
    writer.upsert([replace(haizhu, sentences=haizhu.sentences[:1])], ())
    writer.delete(policy_ids=["guangzhou"])
    assert before["haizhu"] == haizhu
    assert before["guangzhou"] == guangzhou
    after = writer.refreshed().documents
    assert after["haizhu"].sentences == haizhu.sentences[:1]
    assert "guangzhou" not in after
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("UPDATE policy_store.tree SET retired = now() - interval '1 hour' WHERE retired IS NOT NULL")
    latecomer = opened(url).documents  # not read yet when the tree goes
    writer.upsert([replace(haizhu, sentences=haizhu.sentences[:2])], ())
    assert latecomer["haizhu"].sentences == haizhu.sentences[:1]
    with psycopg.connect(url, autocommit=True) as connection:
        left = connection.execute("SELECT count(*) FROM policy_store.tree").fetchone()
    assert left == (3,)  # two held and one that lingers


@pytest.mark.parametrize("turned", [False, True])
def test_what_scores_alike_comes_in_the_order_of_the_corpus_whoever_was_put_in_first(url, opened, turned):
    same = "取得技师证书的，给予补贴。"
    made = [document(f"made-{number:02}", HAIZHU, [same, "每年评选首席技师。"]) for number in range(30)]
    held = [replace(chunk, questions=("技师有补贴吗",)) if chunk.text == same else chunk for chunk in chunks(made)]
    build_store(url, [], [], tokenizer=TOKENIZER.fingerprint, encoder=ENCODER)
    store = opened(url)
    for one in reversed(made) if turned else made:
        policy_id = one.policy.policy_id
        store.upsert([one], entries([chunk for chunk in held if chunk.policy_id == policy_id]))
    first = [chunk.chunk_id for chunk in held if chunk.text == same][:5]
    found = store.search([words("技师补贴")], vector(same), 5, Filter(frozenset({HAIZHU})))
    assert [ids(store, ranking) for ranking in (*found.words, found.vectors, found.questions)] == [first] * 3


def test_documents_outlive_the_store_they_came_from(url):
    build(url)
    held = dict(PostgresStore(url, encoder=ENCODER).documents)
    gc.collect()
    assert list(held.values()) == sorted(documents(), key=lambda d: list(held).index(d.policy.policy_id))


def test_lay_questions_are_known_for_each_policy_as_they_come_and_go(url, opened):
    build(url)
    store = opened(url)
    assert not store.asked("haizhu")
    chunk = replace(next(c for c in CHUNKS if c.policy_id == "haizhu"), questions=("骑手有补贴吗",))
    store.upsert((), entries([chunk]))
    assert store.asked("haizhu")
    assert not store.asked("guangzhou")
    assert not store.asked("nowhere")
    assert opened(url).asked("haizhu")
    store.upsert((), entries([replace(chunk, questions=())]))
    assert not store.asked("haizhu")


def test_one_thread_looks_anew_while_the_others_go_on(url, opened, monkeypatch):
    build(url)
    store = opened(url)
    before = store.counts
    looked, may_end = threading.Event(), threading.Event()
    read = seeing.read_state

    def slow(connection):
        looked.set()
        assert may_end.wait(10)
        return read(connection)

    monkeypatch.setattr(seeing, "read_state", slow)
    monkeypatch.setattr(seeing, "FRESH_FOR", 0.0)
    monkeypatch.setattr(seeing, "LOOKING_FOR", 60.0)
    may_end.set()
    assert store.refreshed().counts == before  # stale at once from now on
    may_end.clear()
    looked.clear()
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(lambda: store.counts)
        assert looked.wait(10)
        assert store.counts == before  # does not wait
        assert not first.done()
        may_end.set()
        assert first.result(10) == before


def test_what_does_not_fit_is_refused(url, opened):
    with pytest.raises(IndexMissingError, match="还没有建立索引"):
        opened(url)
    build(url)
    with pytest.raises(IndexStaleError, match="分词器"):
        opened(url, tokenizer="another")
    with pytest.raises(EncoderError, match="“fake-ngrams”"):
        opened(url, encoder=encoder_record(FakeEmbedder(name="另一个")))
    keywords = opened(url, encoder=None)
    assert keywords.dimension is None
    assert len(keywords.search_words(words("人才"), 9, EVERYWHERE)) >= 2
    with pytest.raises(ValueError, match="no vectors"):
        keywords.search_vectors(vector("人才"), 1, EVERYWHERE)


def test_another_model_makes_the_tables_anew_and_no_row_is_used_twice(url, opened):
    build(url)
    reader = opened(url)
    rows = {row for row, _ in reader.search_vectors(vector("人才"), 99, EVERYWHERE)}
    other = FakeEmbedder(dimension=64, name="另一个")
    build(url, embedder=other)
    assert opened(url, encoder=encoder_record(other)).counts.chunks == 8
    with pytest.raises(EncoderError, match="“另一个”"):
        reader.refreshed().search_vectors(vector("人才"), 99, EVERYWHERE)
    after = opened(url, encoder=encoder_record(other)).search_vectors(vector("人才"), 99, EVERYWHERE)
    assert len(after) == 8
    assert not rows & {row for row, _ in after}


def test_an_address_that_answers_to_nobody(tmp_path):
    with pytest.raises(IndexStoreError, match="连不上数据库") as raised:
        PostgresStore(f"postgresql://someone:secret@/nowhere?host={tmp_path}")
    assert "secret" not in str(raised.value)


def test_keys_hold_place_and_dimension():
    key = key_of(3_000_000, 999_999_999)
    assert dimension_of(key) == 999_999_999
    assert key >> 32 == 3_000_000
    assert key < 2**63


@pytest.mark.parametrize(
    ("weights", "in_scope", "expected"),
    [
        ({1: 19.0, 5: 0.5, 6: 0.4}, NOMINATED_UP_TO, [1, 5, 6]),
        ({1: 19.0, 5: 0.5, 6: 0.4}, NOMINATED_UP_TO + 1, [1]),  # 0.9 of 19.9 forgone: less than a twentieth
        ({1: 19.0, 5: 0.7, 6: 0.4}, NOMINATED_UP_TO + 1, [1, 5]),
        ({5: 0.1}, NOMINATED_UP_TO + 1, [5]),  # however common, where there is nothing else
        ({5: 0.1, 6: 0.1}, NOMINATED_UP_TO + 1, [5, 6]),
    ],
)
def test_words_that_could_change_little_bring_no_candidates_in_large_scopes(weights, in_scope, expected):
    where = Filter(frozenset({GUANGZHOU, HAIZHU}))
    searches = [WeightedWords(weights), WeightedWords({}), WeightedWords({9: 0.01})]  # each search by itself
    _, values = statement(searches, None, 9, where, places=[Place(7, in_scope)], chunks=200_000, questions=0)
    assert values["keys"] == [key_of(7, dimension) for dimension in [*expected, 9]]
    assert dict(zip(values["words_0"].indices(), values["words_0"].values(), strict=True)) == pytest.approx(weights)


@pytest.mark.parametrize(
    ("held", "by_keys"), [([250], True), ([251], False), ([1, 1], False)], ids=["a quarter", "more", "two places"]
)
def test_the_inverted_index_is_asked_for_one_place_of_many(held, by_keys):
    where, search = Filter(frozenset(map(str, held))), WeightedWords({1: 2.0, 5: 1.0})
    places = [Place(number, chunks) for number, chunks in enumerate(held)]
    sql, values = statement([search], None, 9, where, places=places, chunks=1000, questions=0)
    assert ("keys" in values, "keys &&" in sql) == (by_keys, by_keys)
    assert ("jurisdiction = ANY" in sql) is not by_keys  # or nothing would keep the other places out


def test_small_scopes_are_compared_and_large_ones_walked():
    for in_scope, walked in ((COMPARED_UP_TO, False), (COMPARED_UP_TO + 1, True)):
        sql, _ = statement([], vector("a"), 9, EVERYWHERE, places=[Place(1, in_scope)], chunks=100_000, questions=0)
        assert ("SELECT row, vector <#>" in sql.split("UNION ALL")[0]) is walked
        assert ("+ 0.0" not in sql.split("UNION ALL")[0]) is walked
