"""Hybrid retrieval over the bundled encoder: the contract of every retriever, and what each sign adds."""

from __future__ import annotations

from dataclasses import replace

import pytest
from indexing.samples import SOURCES, chunks, documents

from assistant.indexing import dense, embedded
from assistant.indexing.build import build_generation, encoder_record
from assistant.indexing.embedded import EmbeddedStore
from assistant.indexing.static_encoder import load_static_encoder
from assistant.indexing.store import open_generation
from assistant.model import Scope
from assistant.retrieval.hybrid import HybridRetriever
from assistant.retrieval.retrievers import Query
from assistant.retrieval.weights import DEFAULT, HybridWeights
from assistant.settings import BUNDLED_ENCODER
from assistant.tokenization import load_tokenizer
from retrieval.contract import CHUNKS, EVERYWHERE, RetrieverContract

NOTHING = HybridWeights(0, 0, 0, 0, 0, 0, 0, 0)


@pytest.fixture(scope="module")
def tokenizer():
    return load_tokenizer()


@pytest.fixture(scope="module")
def encoder():
    return load_static_encoder(BUNDLED_ENCODER)


@pytest.fixture(scope="module")
def store(tmp_path_factory, tokenizer, encoder):
    folder = tmp_path_factory.mktemp("index")
    made = documents()
    asked = {chunks(made)[0].chunk_id: ("老师傅有没有额外的钱",)}
    build_generation(made, chunks(made), asked, tokenizer, encoder, folder, SOURCES)
    return EmbeddedStore(open_generation(folder, encoder=encoder_record(encoder)))


class TestHybridRetriever(RetrieverContract):
    @pytest.fixture
    def retriever(self, store, encoder):
        return HybridRetriever(store, encoder)

    def test_an_item_finds_itself_with_the_known_score(self, retriever, query):
        """Its own words score the most BM25 allows of them, and 1 by vector and by late interaction."""
        for chunk in CHUNKS.values():
            best = retriever.retrieve(query(chunk.text), EVERYWHERE, 1)[0]
            assert best.chunk_id == chunk.chunk_id
            certain = DEFAULT.dense + DEFAULT.dense_questions * 0.2 + DEFAULT.late
            ceiling = sum(getattr(DEFAULT, name) for name in DEFAULT.__slots__)
            assert certain <= best.score <= ceiling


def test_a_sentence_is_like_itself(store, encoder, tokenizer):
    chunk = list(store.chunks.values())[1]  # without lay questions
    query = Query(chunk.text, tokenizer.tokens(chunk.text))
    for name in ("dense", "dense_questions", "late"):
        weights = replace(NOTHING, **{name: 1.0})
        best = HybridRetriever(store, encoder, weights=weights).retrieve(query, EVERYWHERE, 1)[0]
        assert best.chunk_id == chunk.chunk_id
        assert best.score == pytest.approx(1.0, abs=1e-5)


def test_a_lay_question_finds_its_sentence(store, encoder):
    text = "老师傅有没有额外的钱"
    for name in ("dense_questions", "late_questions"):
        weights = replace(NOTHING, **{name: 1.0})
        best = HybridRetriever(store, encoder, weights=weights).retrieve(Query(text, ()), EVERYWHERE, 1)[0]
        assert best.chunk_id == next(iter(store.chunks))
        assert best.score == pytest.approx(1.0, abs=1e-5)


def test_policy_words_of_lay_words_are_searched(store, encoder):
    retriever = HybridRetriever(store, encoder, weights=replace(NOTHING, wording=1.0))
    plain = Query("给徒弟讲课", ("徒弟", "讲课"))
    assert retriever.retrieve(plain, EVERYWHERE, 5) == ()
    found = retriever.retrieve(replace(plain, wording=(("津贴", 0.5),)), EVERYWHERE, 5)
    texts = {chunk_id: chunk.text for chunk_id, chunk in store.chunks.items()}
    assert found
    assert all("津贴" in texts[hit.chunk_id] for hit in found)


def test_a_generation_without_vectors_is_refused(tmp_path, tokenizer, encoder):
    made = documents()
    build_generation(made, chunks(made), {}, tokenizer, None, tmp_path, SOURCES)
    with pytest.raises(ValueError, match="no vectors"):
        HybridRetriever(EmbeddedStore(open_generation(tmp_path)), encoder)


@pytest.mark.parametrize("place", [None, "440100", "440105", "330000"])
def test_a_large_store_ranks_as_a_small_one_does(real_answerer, monkeypatch, place):
    """Of a small store every row is scored once; of a large one the filter goes into the search. The same comes out."""
    holdings = real_answerer.holdings
    small, encoder = holdings.library.store, holdings.library.embedder
    tiers = (frozenset({place}),) if place else (frozenset({"440100", "440105", "330000", "440000", "440800"}),)
    questions = ("首席技师有什么待遇", "职工教育经费怎么提取", "孩子读书户口", "师带徒补贴多少钱", "谁牵头")
    queries = [Query(text, holdings.tokens(text)) for text in questions]
    expected = [HybridRetriever(small, encoder).retrieve(query, Scope(tiers), 30) for query in queries]
    monkeypatch.setattr(embedded, "_SMALL", 0)
    monkeypatch.setattr(dense, "_IN_NUMPY_UP_TO", 0)
    large = EmbeddedStore(small._held)
    found = [HybridRetriever(large, encoder).retrieve(query, Scope(tiers), 30) for query in queries]
    for ranking, wanted in zip(found, expected, strict=True):
        assert [hit.score for hit in ranking] == pytest.approx([hit.score for hit in wanted], abs=1e-4)
        assert {hit.chunk_id for hit in ranking[:10]} == {hit.chunk_id for hit in wanted[:10]}
