"""What every retriever must do. A test class inherits this and gives `retriever` and `own_score`."""

from __future__ import annotations

import pytest
from indexing.samples import GUANGZHOU, HAIZHU, ZHEJIANG, chunks, documents

from assistant.model import Chunk, Scope
from assistant.retrieval.retrievers import Query, Retriever
from assistant.tokenization import Tokenizer

EVERYWHERE = Scope((frozenset({HAIZHU}), frozenset({GUANGZHOU, ZHEJIANG})))
CHUNKS = {chunk.chunk_id: chunk for chunk in chunks(documents())}

SCOPES = [
    Scope((frozenset({HAIZHU}),)),
    Scope((frozenset({HAIZHU}), frozenset({GUANGZHOU}))),
    Scope((frozenset(), frozenset({ZHEJIANG}))),
    Scope((frozenset({GUANGZHOU, ZHEJIANG}),), policy_ids=frozenset({"zhejiang"})),
    Scope((frozenset({"999999"}),)),
    Scope((frozenset({HAIZHU}),), policy_ids=frozenset({"zhejiang"})),
    Scope((frozenset({HAIZHU}),), policy_ids=frozenset()),
    Scope((frozenset(),)),
    Scope(()),
]


def scope_name(scope: Scope) -> str:
    """The same name in every process: sets print in the order of a hash that differs from run to run."""
    tiers = " ".join("+".join(sorted(tier)) or "-" for tier in scope.tiers) or "none"
    return tiers if scope.policy_ids is None else f"{tiers} of {'+'.join(sorted(scope.policy_ids)) or 'none'}"


class RetrieverContract:
    """Inherited by a class per retriever."""

    @pytest.fixture
    def retriever(self) -> Retriever:
        raise NotImplementedError

    def own_score(self, chunk: Chunk) -> float:
        """The score of a chunk for its own text."""
        raise NotImplementedError

    @pytest.fixture
    def query(self, tokenizer: Tokenizer):
        return lambda text: Query(text, tokenizer.tokens(text))

    def test_an_item_finds_itself_with_the_known_score(self, retriever, query):
        for chunk in CHUNKS.values():
            best = retriever.retrieve(query(chunk.text), EVERYWHERE, 1)[0]
            assert best.chunk_id == chunk.chunk_id
            assert best.score == pytest.approx(self.own_score(chunk), rel=1e-5)

    @pytest.mark.parametrize("scope", SCOPES, ids=scope_name)
    def test_nothing_out_of_scope_comes_back(self, retriever, query, scope):
        # Words of all three places, and more seats than the scope can fill.
        text = "高技能人才股权激励，鼓励企业设立技能津贴，首席技师申领群贤卡，职工教育经费"
        admitted = {chunk_id for chunk_id, chunk in CHUNKS.items() if scope.admits(chunk)}
        found = {hit.chunk_id for hit in retriever.retrieve(query(text), scope, 100)}
        assert found <= admitted
        assert bool(found) == bool(admitted)

    def test_out_of_scope_takes_no_seat(self, retriever, query):
        # The sentence asked for is in Zhejiang; in Guangzhou one seat must still bring a hit.
        text = next(chunk.text for chunk in CHUNKS.values() if "股权激励" in chunk.text)
        found = retriever.retrieve(query(text), Scope((frozenset({GUANGZHOU}),)), 1)
        assert [CHUNKS[hit.chunk_id].jurisdiction for hit in found] == [GUANGZHOU]

    def test_k_is_a_cap_and_the_order_is_by_score(self, retriever, query):
        asked = query("鼓励企业设立技能津贴，高技能人才")
        everything = retriever.retrieve(asked, EVERYWHERE, 10_000)
        assert 2 < len(everything) <= len(CHUNKS)
        assert [hit.score for hit in everything] == sorted((hit.score for hit in everything), reverse=True)
        assert len({hit.chunk_id for hit in everything}) == len(everything)
        assert retriever.retrieve(asked, EVERYWHERE, 2) == everything[:2]
        assert retriever.retrieve(asked, EVERYWHERE, 0) == ()
        assert retriever.retrieve(asked, EVERYWHERE, -1) == ()

    @pytest.mark.parametrize("text", ["", " \n\u3000", "。！？，"])
    def test_a_question_without_words_finds_nothing_by_words(self, retriever, query, text):
        assert all(hit.score > 0 for hit in retriever.retrieve(query(text), EVERYWHERE, 5))
        if not text.strip():
            assert retriever.retrieve(query(text), EVERYWHERE, 5) == ()

    @pytest.mark.parametrize(
        "text",
        ["𠀀𠮷野家", "😀🎉", "ＡＩ　３．５万元", "\u202e卡贤群", "職工教育經費", "a:b AND (c) *?~^\"'\\", "啊" * 3000],
    )
    def test_any_text_is_taken(self, retriever, query, text):
        for hit in retriever.retrieve(query(text), EVERYWHERE, 5):
            assert hit.score > 0
            assert hit.chunk_id in CHUNKS
