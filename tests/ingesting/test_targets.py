"""Stores that workers put documents into, each by the one contract."""

from __future__ import annotations

import pytest
from fakes import FakeEmbedder
from servers import postgres

from assistant.errors import EncoderError, IndexStoreError
from assistant.indexing.build import encoder_record
from assistant.indexing.protocol import EVERYWHERE
from ingesting.fake_target import FileTarget
from ingesting.target_contract import CARD, EMBEDDER, MEANS, SCHOOL, TOKENIZER, TargetContract, entries, made, put


class TestFileTarget(TargetContract):
    """The stand-in of other tests does what the real one does."""

    @pytest.fixture
    def open_again(self, tmp_path):
        return lambda: FileTarget(tmp_path / "held", TOKENIZER.fingerprint, None)

    @pytest.fixture
    def target(self, open_again):
        return open_again()

    @pytest.fixture
    def texts(self, target):
        return lambda policy_id: [chunk.text for chunk in target.chunks(policy_id)]


@pytest.fixture(scope="module")
def database():
    with postgres() as new:
        yield new


@pytest.fixture
def url(database):
    return database()


class TestPostgresTarget(TargetContract):
    @pytest.fixture
    def open_again(self, url):
        from assistant.indexing.postgres.taking import PostgresTarget

        return lambda: PostgresTarget(url, TOKENIZER.fingerprint, encoder_record(EMBEDDER))

    @pytest.fixture
    def target(self, open_again):
        opened = open_again()
        yield opened
        opened.close()

    @pytest.fixture
    def texts(self, url):
        return lambda policy_id: [chunk.text for chunk in searched(url).chunks_of(policy_id)]

    def test_what_is_put_in_is_found(self, target, url):
        target.create(MEANS)
        put(target, made(CARD, SCHOOL), "a")
        target.finish()
        store = searched(url)

        best, score = store.search_vectors(
            EMBEDDER.embed_queries([entries(made(SCHOOL))[0].chunk.placed])[0], 1, EVERYWHERE
        )[0]
        assert (store.records([best])[best].text, round(score, 4)) == (SCHOOL, 1.0)
        store.close()

    def test_a_change_by_other_means_takes_the_digest_away(self, target, url):
        target.create(MEANS)
        put(target, made(CARD, SCHOOL), "a")
        store = searched(url)
        store.delete([entries(made(CARD, SCHOOL))[0].chunk.chunk_id])
        store.close()
        assert target.digests() == {"haizhu": ""}
        assert put(target, made(CARD, SCHOOL), "a")
        assert target.digests() == {"haizhu": "a"}

    def test_another_encoder_is_refused(self, target, url):
        from assistant.indexing.postgres.taking import PostgresTarget

        target.create(MEANS)
        for encoder in (encoder_record(FakeEmbedder(32, "other")), None):
            stranger = PostgresTarget(url, TOKENIZER.fingerprint, encoder)
            with pytest.raises(EncoderError, match=r"不是同一个|没有向量"):
                stranger.exists()
            stranger.close()

    def test_a_rebuild_from_the_corpus_takes_no_received_document_out(self, target, url):
        from assistant.indexing.postgres.building import build_store

        target.create(MEANS)
        put(target, made(CARD), "received:a:b:c")
        with pytest.raises(IndexStoreError, match="--workers 1"):
            build_store(url, [], [], tokenizer=TOKENIZER.fingerprint, encoder=encoder_record(EMBEDDER))
        assert target.digests() == {"haizhu": "received:a:b:c"}


def searched(url: str):
    from assistant.indexing.postgres.shelf import PostgresStore

    return PostgresStore(url, tokenizer=TOKENIZER.fingerprint, encoder=encoder_record(EMBEDDER))
