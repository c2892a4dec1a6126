"""What every store must do. A test class inherits this and gives `make`, which fills a new one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from fakes import FakeEmbedder

from assistant.indexing.build import entries_of
from assistant.indexing.lexical import FieldWeights
from assistant.indexing.protocol import EVERYWHERE, Entry, Filter, Store, WordSearch, level_of
from assistant.jurisdictions import PlaceLevel
from assistant.model import Chunk, PolicyDocument, Span
from assistant.tokenization import load_tokenizer
from indexing.samples import GUANGZHOU, HAIZHU, ZHEJIANG, chunks, document, documents

TOKENIZER, EMBEDDER = load_tokenizer(), FakeEmbedder()
CHUNKS = chunks(documents())
TEXT = FieldWeights(1, 0, 0)
Make = Callable[[list[PolicyDocument], list[Entry]], Store]


def entries(of: Iterable[Chunk]) -> list[Entry]:
    return entries_of(list(of), TOKENIZER, EMBEDDER)


def words(text: str, weights: FieldWeights = TEXT) -> WordSearch:
    return WordSearch(dict.fromkeys(TOKENIZER.tokens(text), 1.0), weights)


def vector(text: str) -> np.ndarray:
    return EMBEDDER.embed_queries([text])[0]


def ids(store: Store, found) -> list[str]:
    records = store.records([row for row, _ in found])
    return [records[row].chunk_id for row, _ in found]


def added(text: str, questions: tuple[str, ...] = (), policy: str = "haizhu", place: str = HAIZHU) -> Chunk:
    """A sentence no sample holds, in a policy that is held."""
    return Chunk(
        f"{policy}@900-{900 + len(text)}",
        policy,
        f"{policy}#",
        place,
        Span(900, 900 + len(text)),
        "text",
        text,
        "",
        questions,
    )


FILTERS = [
    Filter(frozenset({HAIZHU})),
    Filter(frozenset({HAIZHU, GUANGZHOU})),
    Filter(frozenset({GUANGZHOU, ZHEJIANG}), frozenset({"zhejiang"})),
    Filter(frozenset({GUANGZHOU, ZHEJIANG}), kinds=frozenset({"duty"})),
    Filter(None, frozenset({"haizhu", "nowhere"})),
    Filter(None, levels=frozenset({PlaceLevel.CITY, PlaceLevel.PROVINCE})),
    Filter(None, drafts=True),
    Filter(None, drafts=False),
    Filter(None, issued_from=date(2025, 4, 10)),
    Filter(None, issued_from=date(2025, 1, 1), issued_until=date(2025, 4, 9)),
    Filter(frozenset({"999999"})),
    Filter(frozenset({HAIZHU}), frozenset({"zhejiang"})),
    Filter(frozenset()),
    Filter(frozenset({HAIZHU}), frozenset()),
    Filter(frozenset({HAIZHU}), kinds=frozenset()),
]


def samples() -> list[PolicyDocument]:
    """The three policies, of which one is no draft and one bears no date."""
    haizhu, guangzhou, zhejiang = documents()
    return [
        haizhu,
        replace(guangzhou, policy=replace(guangzhou.policy, draft_mark=None)),
        replace(zhejiang, policy=replace(zhejiang.policy, signed_on=None)),
    ]


class StoreContract:
    """Inherited by a class per store."""

    @pytest.fixture
    def make(self) -> Make:
        raise NotImplementedError

    @pytest.fixture
    def store(self, make: Make) -> Store:
        return make(samples(), entries(CHUNKS))

    def test_what_was_put_in_is_there(self, store):
        assert (store.counts.documents, store.counts.chunks, store.counts.questions) == (3, 8, 0)
        assert store.dimension == EMBEDDER.dimension
        assert dict(store.documents) == {d.policy.policy_id: d for d in samples()}
        assert dict(store.chunks) == {chunk.chunk_id: chunk for chunk in CHUNKS}
        assert [store.chunks[chunk.chunk_id] for chunk in CHUNKS] == CHUNKS
        assert store.chunks_of("haizhu") == tuple(c for c in CHUNKS if c.policy_id == "haizhu")
        assert store.chunks_of("nowhere") == ()
        with pytest.raises(KeyError):
            store.chunks["haizhu@1-2"]

    def test_the_nearest_vector_is_its_own_with_the_known_score(self, store):
        for chunk in CHUNKS:
            found = store.search_vectors(vector(chunk.placed), 3, EVERYWHERE)
            assert ids(store, found)[0] == chunk.chunk_id
            assert found[0][1] == pytest.approx(1.0, abs=1e-5)
            expected = sorted((float(vector(c.placed) @ vector(chunk.placed)) for c in CHUNKS), reverse=True)
            assert [score for _, score in found] == pytest.approx(expected[:3], abs=1e-5)

    def test_words_score_as_bm25_reckons(self, store):
        """By the textbook formula: k1 = 1.2, b = 0.75, frequency and mean length over all eight sentences."""
        lengths = {chunk.chunk_id: len(TOKENIZER.tokens(chunk.text)) for chunk in CHUNKS}
        mean = sum(lengths.values()) / len(lengths)
        holding = [c.chunk_id for c in CHUNKS if "人才" in TOKENIZER.tokens(c.text)]
        idf = np.log(1 + (len(CHUNKS) - len(holding) + 0.5) / (len(holding) + 0.5))
        counts = {c.chunk_id: TOKENIZER.tokens(c.text).count("人才") for c in CHUNKS}
        expected = {
            key: idf * counts[key] * 2.2 / (counts[key] + 1.2 * (0.25 + 0.75 * lengths[key] / mean)) for key in holding
        }
        found = store.search_words(WordSearch({"人才": 1.0}, TEXT), 9, EVERYWHERE)
        assert dict(zip(ids(store, found), (score for _, score in found), strict=True)) == pytest.approx(expected, 1e-5)
        assert len(found) >= 2
        doubled = store.search_words(WordSearch({"人才": 2.0, "没有的词": 1.0}, FieldWeights(0.5, 1, 1)), 9, EVERYWHERE)
        assert [row for row, _ in doubled] == [row for row, _ in found]
        assert [score for _, score in doubled] == pytest.approx([score for _, score in found], 1e-5)
        assert store.idf(["人才", "没有的词"]) == pytest.approx({"人才": idf, "没有的词": np.log(1 + 8.5 / 0.5)}, 1e-6)

    @pytest.mark.parametrize("where", FILTERS, ids=str)
    def test_nothing_out_of_scope_is_found_also_when_fewer_than_k_remain(self, store, where):
        policies = {d.policy.policy_id: d.policy for d in samples()}
        admitted = {
            c.chunk_id
            for c in CHUNKS
            if where.admits(policies[c.policy_id]) and (where.kinds is None or c.kind in where.kinds)
        }
        everything = "".join(chunk.text for chunk in CHUNKS)
        assert set(ids(store, store.search_vectors(vector(everything), 100, where))) == admitted
        assert set(ids(store, store.search_words(words(everything), 100, where))) == admitted
        found = store.search([words(everything)], vector(everything), 100, where)
        assert set(ids(store, found.words[0])) == set(ids(store, found.vectors)) == admitted

    def test_out_of_scope_takes_no_seat(self, store):
        text = next(chunk.text for chunk in CHUNKS if "股权激励" in chunk.text)  # of Zhejiang
        for found in (
            store.search_vectors(vector(text), 1, Filter(frozenset({GUANGZHOU}))),
            store.search_words(words(text), 1, Filter(frozenset({GUANGZHOU}))),
        ):
            assert [store.records([row])[row].jurisdiction for row, _ in found] == [GUANGZHOU]

    def test_k_is_a_cap(self, store):
        asked, near = words("鼓励企业设立技能津贴"), vector("鼓励企业设立技能津贴")
        assert [len(store.search_vectors(near, k, EVERYWHERE)) for k in (-1, 0, 2, 999)] == [0, 0, 2, 8]
        assert [len(store.search_words(asked, k, EVERYWHERE)) for k in (-1, 0, 1)] == [0, 0, 1]
        assert store.search_words(WordSearch({}, TEXT), 5, EVERYWHERE) == ()
        assert store.search_words(words("没有的词"), 5, EVERYWHERE) == ()

    def test_all_searches_at_once_find_what_each_finds(self, store):
        asked = [words("鼓励企业设立技能津贴"), words("高技能人才"), words("没有的词")]
        near, where = vector("鼓励企业"), Filter(frozenset({GUANGZHOU, ZHEJIANG}))
        found = store.search(asked, near, 4, where)
        assert [ids(store, r) for r in found.words] == [ids(store, store.search_words(a, 4, where)) for a in asked]
        assert ids(store, found.vectors) == ids(store, store.search_vectors(near, 4, where))
        assert found.questions == ()

    def test_a_fresh_row_that_says_just_that_comes_first(self, store):
        text = "外卖骑手参加月嫂培训的发放𠮷祥补贴😀。"
        chunk = added(text, ("骑手学月嫂有钱拿吗",))
        before = store.generation
        after = store.upsert([], entries([chunk]))
        assert after.generation != before
        assert after.counts.chunks == 9
        assert after.counts.questions == 1
        assert after.chunks[chunk.chunk_id] == chunk
        asked = [words("骑手参加月嫂培训"), words("骑手学月嫂", FieldWeights(0, 0, 1))]
        found = after.search(asked, vector("骑手学月嫂有钱拿吗"), 3, EVERYWHERE)
        assert [ids(after, ranking)[0] for ranking in found.words] == [chunk.chunk_id] * 2
        assert ids(after, found.questions) == [chunk.chunk_id]
        assert found.questions[0][1] == pytest.approx(1.0, abs=1e-5)
        assert ids(after, after.search_vectors(vector(text), 1, EVERYWHERE)) == [chunk.chunk_id]
        assert after.search_words(words("骑手月嫂"), 3, Filter(frozenset({GUANGZHOU, ZHEJIANG}))) == ()

    def test_the_same_once_more_changes_nothing(self, store):
        batch = entries([added("外卖骑手的补贴。"), CHUNKS[0]])
        once = store.upsert([], batch)
        counts, found = once.counts, ids(once, once.search_words(words("外卖骑手补贴"), 9, EVERYWHERE))
        idf = dict(once.idf(["补贴", "骑手"]))
        twice = once.upsert([], batch)
        assert twice.counts == counts
        assert ids(twice, twice.search_words(words("外卖骑手补贴"), 9, EVERYWHERE)) == found
        assert dict(twice.idf(["补贴", "骑手"])) == idf

    def test_a_changed_row_is_found_by_its_new_words_only(self, store):
        old = CHUNKS[1]
        after = store.upsert([], entries([replace(old, text="外卖骑手的补贴。")]))
        assert after.counts.chunks == 8
        assert after.chunks[old.chunk_id].text == "外卖骑手的补贴。"
        assert ids(after, after.search_words(words("骑手"), 9, EVERYWHERE)) == [old.chunk_id]
        assert old.chunk_id not in ids(after, after.search_words(words("群贤卡"), 9, EVERYWHERE))

    def test_what_is_deleted_is_gone(self, store):
        gone = CHUNKS[1]
        after = store.delete([gone.chunk_id, "haizhu@1-2"])
        assert after.counts.chunks == 7
        assert gone.chunk_id not in after.chunks
        assert gone.chunk_id not in ids(after, after.search_vectors(vector(gone.text), 100, EVERYWHERE))
        assert gone.chunk_id not in ids(after, after.search_words(words(gone.text), 100, EVERYWHERE))
        assert after.idf(["群贤卡"])["群贤卡"] == pytest.approx(np.log(1 + 7.5 / 0.5), 1e-6)
        assert len(after.chunks_of("haizhu")) == 2

    def test_a_policy_goes_with_all_its_chunks(self, store):
        after = store.delete(policy_ids=["guangzhou"])
        assert sorted(after.documents) == ["haizhu", "zhejiang"]
        assert after.counts.documents == 2
        assert after.counts.chunks == len(after.chunks) == 5
        assert store.search_vectors(vector("高技能人才"), 9, Filter(None, frozenset({"guangzhou"}))) == () or (
            after is not store  # a store of one generation keeps what it had
        )
        assert after.search_vectors(vector("高技能人才"), 9, Filter(frozenset({GUANGZHOU}))) == ()

    def test_a_new_policy_comes_with_its_chunks(self, store):
        new = document("panyu", "440113", ("番禺的骑手有补贴。",))
        after = store.upsert([new], entries(chunks([new])))
        assert after.documents["panyu"] == new
        assert ids(after, after.search_words(words("番禺骑手"), 3, Filter(frozenset({"440113"})))) == ["panyu@5-14"]
        assert level_of("440113") is PlaceLevel.DISTRICT

    def test_an_entry_that_cannot_be_is_refused(self, store):
        orphan = replace(CHUNKS[0], chunk_id="nowhere@0-9", policy_id="nowhere")
        for batch in (entries([orphan]), entries([CHUNKS[0], CHUNKS[0]])):
            with pytest.raises(ValueError, match=r"neither held nor given|same id"):
                store.upsert([], batch)
        with pytest.raises(ValueError, match="vector"):
            store.upsert([], [replace(entry, vector=None) for entry in entries([added("新的一句。")])])
        with pytest.raises(ValueError, match="shape"):
            store.search_vectors(np.ones(3, np.float32), 1, EVERYWHERE)
        assert store.counts.chunks == 8

    @pytest.mark.parametrize(
        "text",
        [
            "𠀀𠮷野家",
            "😀🎉",
            "ＡＩ　３．５万元",
            "\u202e卡贤群",
            "職工教育經費",
            "a:b AND (c) *?~^\"'\\%s",
            "啊" * 3000,
        ],
    )
    def test_any_text_is_kept_and_found(self, store, text):
        chunk = added(text, (f"{text}？",))
        after = store.upsert([], entries([chunk]))
        assert after.chunks[chunk.chunk_id] == chunk
        assert ids(after, after.search_vectors(vector(chunk.placed), 1, EVERYWHERE)) == [chunk.chunk_id]
        if TOKENIZER.tokens(text):
            assert chunk.chunk_id in ids(after, after.search_words(words(text), 9, EVERYWHERE))

    def test_candidates_come_with_what_they_are_scored_by(self, store):
        asked = added("外卖骑手的补贴。", ("骑手有钱吗", "跑腿有钱吗"))
        after = store.upsert([], entries([asked]))
        rows = [row for row, _ in after.search_vectors(vector(asked.text), 9, EVERYWHERE)]
        held = after.candidates(rows)
        assert list(held.rows) == rows
        assert {chunk.chunk_id for chunk in held.chunks} == {*(c.chunk_id for c in CHUNKS), asked.chunk_id}
        assert held.vectors == pytest.approx(np.stack([vector(chunk.placed) for chunk in held.chunks]), abs=1e-6)
        assert held.question_counts.tolist() == [len(chunk.questions) for chunk in held.chunks]
        assert held.question_vectors == pytest.approx(np.stack([vector(q) for q in asked.questions]), abs=1e-6)
        assert after.candidates([]).chunks == ()

    def test_readers_are_not_disturbed_by_a_writer(self, store):
        """While rows come and go, every reader sees its own sentence first and never a chunk without a record."""
        stop, faults = threading.Event(), []

        def read() -> None:
            try:
                while not stop.is_set():
                    for chunk in CHUNKS[:3]:
                        found = store.search([words(chunk.text)], vector(chunk.text), 5, EVERYWHERE)
                        rows = [row for row, _ in found.vectors]
                        held = store.candidates(rows)
                        if held.chunks[0].chunk_id != chunk.chunk_id or len(held.rows) < len(rows) - 1:
                            faults.append((chunk.chunk_id, held.chunks[0].chunk_id))
            except Exception as error:  # a thread's error would be lost
                faults.append(error)

        readers = [threading.Thread(target=read) for _ in range(3)]
        for reader in readers:
            reader.start()
        now = store
        for number in range(6):
            now = now.upsert([], entries([added(f"第{number}次写入的骑手补贴。")]))
        now = now.delete([added("第0次写入的骑手补贴。").chunk_id])
        stop.set()
        for reader in readers:
            reader.join(20)
        assert faults == []
        assert now.counts.chunks == 8
