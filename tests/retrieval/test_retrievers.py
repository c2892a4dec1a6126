from __future__ import annotations

from collections import Counter
from math import log

import pytest
from fakes import FakeEmbedder
from indexing.samples import GUANGZHOU, HAIZHU, SOURCES, ZHEJIANG, build, chunks, documents

from assistant.indexing.build import build_generation, encoder_record
from assistant.indexing.embedded import EmbeddedStore
from assistant.indexing.lexical import FieldWeights
from assistant.indexing.store import open_generation
from assistant.model import Scope
from assistant.retrieval.retrievers import DenseRetriever, LexicalRetriever, Query
from assistant.tokenization import Tokenizer, load_tokenizer
from retrieval.contract import CHUNKS, EVERYWHERE, RetrieverContract


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return load_tokenizer()


@pytest.fixture(scope="module")
def store(tmp_path_factory, tokenizer) -> EmbeddedStore:
    folder = tmp_path_factory.mktemp("index")
    build(folder, tokenizer, FakeEmbedder())
    return EmbeddedStore(open_generation(folder, encoder=encoder_record(FakeEmbedder())))


class TestLexicalRetriever(RetrieverContract):
    @pytest.fixture
    def retriever(self, store):
        return LexicalRetriever(store)

    @pytest.fixture(autouse=True)
    def counted(self, tokenizer):
        self.tokens = {chunk_id: Counter(tokenizer.tokens(chunk.text)) for chunk_id, chunk in CHUNKS.items()}

    def own_score(self, chunk):
        """BM25 written out: the query is the sentence itself, so a word counts as often as it occurs there."""
        own, rows = self.tokens[chunk.chunk_id], len(CHUNKS)
        length, average = own.total(), sum(words.total() for words in self.tokens.values()) / rows
        score = 0.0
        for word, frequency in own.items():
            holding = sum(word in words for words in self.tokens.values())
            idf = log(1 + (rows - holding + 0.5) / (holding + 0.5))
            score += frequency * idf * 2.2 * frequency / (frequency + 1.2 * (0.25 + 0.75 * length / average))
        return score


class TestDenseRetriever(RetrieverContract):
    @pytest.fixture
    def retriever(self, store):
        return DenseRetriever(store, FakeEmbedder())

    def own_score(self, chunk):
        return 1.0


def test_expansions_count_by_their_weight(store):
    retriever = LexicalRetriever(store)

    def score(query):
        return retriever.retrieve(query, EVERYWHERE, 1)[0].score

    once = score(Query("", ("群贤",)))
    assert score(Query("", (), (("群贤", 0.5),))) == pytest.approx(once / 2)
    assert score(Query("", ("群贤",), (("群贤", 0.5),))) == pytest.approx(once * 1.5)
    assert score(Query("", ("群贤", "群贤"))) == pytest.approx(once * 2)
    assert retriever.retrieve(Query("", (), (("群贤", 0.0),)), EVERYWHERE, 1) == ()


@pytest.mark.parametrize("kinds", [frozenset({"duty"}), frozenset({"text"}), frozenset()])
def test_only_chunks_of_the_kinds_asked_for(store, kinds):
    query = Query("鼓励企业开展技能培训，由区人社局负责", ("企业", "技能", "负责", "技能", "万元"))
    expected = {chunk_id for chunk_id, chunk in CHUNKS.items() if chunk.kind in kinds}
    for retriever in (
        LexicalRetriever(store, kinds=kinds),
        DenseRetriever(store, FakeEmbedder(), kinds=kinds),
    ):
        found = {hit.chunk_id for hit in retriever.retrieve(query, EVERYWHERE, 100)}
        assert found <= expected
        assert bool(found) == bool(expected)


def test_field_weights_are_handed_on(store):
    blind = LexicalRetriever(store, weights=FieldWeights(text=0.0))
    assert blind.retrieve(Query("", ("技能",)), EVERYWHERE, 5) == ()


def test_a_policy_of_unknown_place_is_found_only_where_it_is_asked_for(tmp_path, tokenizer):
    made = documents()
    sentences = [
        type(chunk)(**{name: getattr(chunk, name) for name in chunk.__slots__} | {"jurisdiction": ""})
        for chunk in chunks(made)
    ]
    build_generation(made, sentences, {}, tokenizer, FakeEmbedder(), tmp_path, SOURCES)
    opened = EmbeddedStore(open_generation(tmp_path, encoder=encoder_record(FakeEmbedder())))
    query = Query("群贤卡", ("群贤",))
    for retriever in (LexicalRetriever(opened), DenseRetriever(opened, FakeEmbedder())):
        assert retriever.retrieve(query, Scope((frozenset({HAIZHU, GUANGZHOU, ZHEJIANG}),)), 5) == ()
        assert retriever.retrieve(query, Scope((frozenset({""}),)), 5)


def test_dense_needs_the_vectors_open(tmp_path, tokenizer):
    build(tmp_path, tokenizer)
    with pytest.raises(ValueError, match="no vectors"):
        DenseRetriever(EmbeddedStore(open_generation(tmp_path)), FakeEmbedder())


def test_a_document_nobody_wrote_questions_for_counts_more(tmp_path, tokenizer):
    """The one with questions keeps its score and its order, the others' is multiplied before the ranking is cut."""
    made = documents()
    build_generation(made, chunks(made), {chunks(made)[0].chunk_id: ("培训经费",)}, tokenizer, None, tmp_path, SOURCES)
    store = EmbeddedStore(open_generation(tmp_path))
    query = Query("企业职工教育经费 技能津贴", tokenizer.tokens("企业职工教育经费 技能津贴"))

    def ranked(unasked):
        return LexicalRetriever(store, unasked=unasked).retrieve(query, EVERYWHERE, 9)

    plain = {hit.chunk_id: hit.score for hit in ranked(1.0)}
    times = {CHUNKS[hit.chunk_id].policy_id: hit.score / plain[hit.chunk_id] for hit in ranked(50.0)}
    assert times == pytest.approx({"haizhu": 1.0, "guangzhou": 50.0, "zhejiang": 50.0})
    assert CHUNKS[ranked(1.0)[0].chunk_id].policy_id == "haizhu"
    assert CHUNKS[ranked(50.0)[0].chunk_id].policy_id != "haizhu"
    assert len(LexicalRetriever(store, unasked=50.0).retrieve(query, EVERYWHERE, 1)) == 1
