"""What a store must do for documents that several workers put in. A test class inherits this and gives `target`."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from fakes import FakeEmbedder
from indexing.samples import GUANGZHOU, HAIZHU, document

from assistant.chunking import chunks_of
from assistant.indexing.build import entries_of
from assistant.indexing.weighting import MeanLengths
from assistant.tokenization import load_tokenizer

TOKENIZER, EMBEDDER = load_tokenizer(), FakeEmbedder()
MEANS = MeanLengths(12.0, 4.0, 1.0)
CARD, SCHOOL = "首席技师可申领群贤卡。", "子女可按规定入学。"


def entries(of):
    return entries_of(list(chunks_of(of)), TOKENIZER, EMBEDDER)


def made(*sentences: str, policy_id: str = "haizhu"):
    return document(policy_id, HAIZHU, sentences)


def put(target, of, digest: str, gone=()) -> bool:
    return target.replace(of, entries(of), digest, gone)


class TargetContract:
    """`open_again()` gives another connection to the store of `target`; `texts(policy_id)` its chunks' texts."""

    def test_it_is_made_once(self, target):
        assert not target.exists()
        target.create(MEANS)
        put(target, made(CARD), "a")
        target.create(MeanLengths(99.0, 99.0, 99.0))
        assert target.exists()
        assert target.digests() == {"haizhu": "a"}

    def test_a_document_is_held_with_its_digest(self, target, texts):
        target.create(MEANS)
        assert put(target, made(CARD, SCHOOL), "a")
        assert target.digest("haizhu") == "a"
        assert target.digest("elsewhere") == ""
        assert texts("haizhu") == [CARD, SCHOOL]
        assert list(target.documents()) == [made(CARD, SCHOOL)]

    def test_the_same_digest_is_not_put_in_again(self, target, texts):
        target.create(MEANS)
        put(target, made(CARD), "a")
        assert not put(target, made(SCHOOL), "a")
        assert texts("haizhu") == [CARD]

    def test_stale_chunks_go_with_the_old_text(self, target, texts):
        target.create(MEANS)
        put(target, made(CARD, SCHOOL), "a")
        assert put(target, made(SCHOOL), "b")
        assert texts("haizhu") == [SCHOOL]
        assert target.digests() == {"haizhu": "b"}

    def test_a_policy_known_by_another_number_goes(self, target):
        target.create(MEANS)
        put(target, made(CARD, policy_id="000000-0000-aa"), "a")
        assert put(target, made(CARD, policy_id="440105-2025-aa"), "b", ["000000-0000-aa", "440105-2025-aa"])
        assert target.digests() == {"440105-2025-aa": "b"}

    def test_removing_takes_the_policy_out(self, target, texts):
        target.create(MEANS)
        put(target, made(CARD), "a")
        put(target, document("guangzhou", GUANGZHOU, [SCHOOL]), "b")
        target.remove(["haizhu", "elsewhere"])
        assert target.digests() == {"guangzhou": "b"}
        assert texts("guangzhou") == [SCHOOL]

    def test_a_new_label_keeps_chunks_and_digest(self, target, texts):
        target.create(MEANS)
        put(target, made(CARD), "a")
        renamed = made(CARD)
        renamed = replace(renamed, policy=replace(renamed.policy, title="别的题名"))
        target.relabel([renamed])
        assert [held.policy.title for held in target.documents()] == ["别的题名"]
        assert target.digest("haizhu") == "a"
        assert not put(target, made(CARD), "a")
        assert texts("haizhu") == [CARD]

    def test_documents_come_in_the_order_of_ids(self, target):
        target.create(MEANS)
        for policy_id in ("c", "a", "b"):
            put(target, made(CARD, policy_id=policy_id), policy_id)
        assert [held.policy.policy_id for held in target.documents()] == ["a", "b", "c"]

    @pytest.mark.parametrize("workers", [4])
    def test_many_workers_at_once(self, target, open_again, texts, workers):
        """Each puts the same documents in, in an order of its own: every one is held once and whole."""
        target.create(MEANS)
        policies = {f"p{number}": made(*(f"第{number}号第{i}句的补贴。" for i in range(6))) for number in range(8)}
        documents = [
            document(key, HAIZHU, [s.span.of(d.policy.text) for s in d.sentences]) for key, d in policies.items()
        ]
        failures: list[BaseException] = []
        stored: list[str] = []

        def work(turn: int) -> None:
            own = open_again()
            try:
                for item in [*documents[turn:], *documents[:turn]]:
                    if put(own, item, "same"):
                        stored.append(item.policy.policy_id)
            except BaseException as error:
                failures.append(error)
            finally:
                own.close()

        threads = [threading.Thread(target=work, args=(turn,)) for turn in range(workers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        assert sorted(stored) == sorted(policies)
        assert target.digests() == dict.fromkeys(policies, "same")
        for item in documents:
            assert len(texts(item.policy.policy_id)) == 6
