from __future__ import annotations

from dataclasses import replace

import pytest
from fakes import FakeEmbedder

from assistant.indexing.build import build_generation, encoder_record
from assistant.indexing.store import open_generation
from indexing.samples import SOURCES, chunks, document, documents


def test_questions_and_context_are_searched_as_fields_of_the_chunk(tmp_path, tokenizer):
    made = documents()
    sentences = chunks(made)
    sentences[0] = replace(sentences[0], context="第五章 罚则")
    questions = {sentences[1].chunk_id: ("师带徒给钱吗", "带徒弟有没有补助")}
    build_generation(made, sentences, questions, tokenizer, None, tmp_path, SOURCES)
    generation = open_generation(tmp_path)
    everywhere = frozenset(chunk.jurisdiction for chunk in sentences)

    def rows(word):
        return [row for row, _ in generation.lexical.search({word: 1.0}, 9, jurisdictions=everywhere)]

    assert rows("罚则") == [0]
    assert rows("徒弟") == [1]
    assert generation.manifest.questions == 2


def test_what_is_embedded_is_context_and_sentence(tmp_path, tokenizer):
    made = documents()
    sentences = [replace(chunk, context="广州市 待遇") for chunk in chunks(made)]
    embedder = FakeEmbedder()
    build_generation(made, sentences, {}, tokenizer, embedder, tmp_path, SOURCES)
    dense = open_generation(tmp_path, encoder=encoder_record(embedder)).dense
    vector = embedder.embed_queries([f"广州市 待遇。{sentences[3].text}"])[0]
    assert dense.search(vector, 1, range(len(sentences))) == ((3, pytest.approx(1.0)),)


def test_vectors_are_made_in_batches_and_progress_is_told(tmp_path, tokenizer):
    made = [document("long", "440100", [f"第{number}条。" for number in range(1300)])]
    embedder, told = FakeEmbedder(), []
    progress = lambda *call: told.append(call)  # noqa: E731
    build_generation(made, chunks(made), {}, tokenizer, embedder, tmp_path, SOURCES, progress=progress)
    assert embedder.batches == [1024, 276]
    assert told == [("rows", 1024, 1300), ("rows", 1300, 1300)]


def test_an_empty_corpus_makes_an_index_that_finds_nothing(tmp_path, tokenizer, embedder):
    build_generation([], [], {}, tokenizer, embedder, tmp_path, ())
    generation = open_generation(tmp_path, encoder=encoder_record(embedder), sources=())
    assert (len(generation.chunks), generation.lexical.count, generation.dense.count) == (0, 0, 0)


@pytest.mark.parametrize("wrong", ["chunk twice", "document twice", "orphan chunk", "orphan question"])
def test_ids_must_agree(tmp_path, tokenizer, wrong):
    made = documents()
    sentences, questions = chunks(made), {}
    if wrong == "chunk twice":
        sentences.append(sentences[0])
    elif wrong == "document twice":
        made.append(made[0])
    elif wrong == "orphan chunk":
        made.pop()
    else:
        questions = {"nowhere@0-1": ("问？",)}
    with pytest.raises(ValueError, match=r"unknown|same id"):
        build_generation(made, sentences, questions, tokenizer, None, tmp_path / "index", SOURCES)
    assert not (tmp_path / "index").exists()
