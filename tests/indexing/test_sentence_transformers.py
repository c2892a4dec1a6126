"""A real sentence-transformers model, tiny and made here: needs the `encoder` extra, no network and no download."""

from __future__ import annotations

import shutil
import socket

import numpy as np
import pytest

from assistant.errors import EncoderError
from assistant.indexing.build import build_generation, encoder_record
from assistant.indexing.embedded import EmbeddedStore
from assistant.indexing.embedding import SentenceTransformerEmbedder
from assistant.indexing.store import open_generation
from assistant.model import Scope
from assistant.retrieval.retrievers import DenseRetriever, Query
from indexing.samples import GUANGZHOU, HAIZHU, SOURCES, TEXTS, ZHEJIANG, chunks, documents


@pytest.fixture(scope="module")
def model_folder(tmp_path_factory):
    """A static embedding: one random vector a character, summed. Questions get the prompt "问"."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Regex, Tokenizer, models, pre_tokenizers

    characters = sorted(set("".join(sentence for sentences in TEXTS.values() for sentence in sentences) + "问"))
    tokenizer = Tokenizer(models.WordLevel({char: row for row, char in enumerate(characters)}, unk_token=characters[0]))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex("."), "isolated")
    weights = np.random.default_rng(3).normal(size=(len(characters), 96)).astype(np.float32)
    model = SentenceTransformer(
        modules=[StaticEmbedding(tokenizer, embedding_weights=weights)], device="cpu", prompts={"query": "问"}
    )
    folder = tmp_path_factory.mktemp("models") / "tiny-static"
    model.save_pretrained(str(folder), create_model_card=False)
    return folder


@pytest.fixture(scope="module")
def embedder(model_folder):
    return SentenceTransformerEmbedder(model_folder)


def test_vectors_are_of_unit_length_and_questions_get_their_prompt(embedder):
    assert (embedder.name, embedder.dimension) == ("tiny-static", 96)
    passages = embedder.embed_passages(["首席技师可申领群贤卡。", "鼓励企业设立技能津贴。"])
    assert passages.dtype == np.float32
    assert np.allclose(np.linalg.norm(passages, axis=1), 1, atol=1e-6)
    assert np.allclose(embedder.embed_queries(["首席技师"]), embedder.embed_passages(["问首席技师"]), atol=1e-6)
    assert not np.allclose(embedder.embed_queries(["首席技师"]), embedder.embed_passages(["首席技师"]), atol=1e-3)
    assert embedder.embed_queries([""]).shape == (1, 96)


def test_it_retrieves(tmp_path, tokenizer, embedder, model_folder):
    made = documents()
    sentences = chunks(made)
    build_generation(made, sentences, {}, tokenizer, embedder, tmp_path, SOURCES)
    again = SentenceTransformerEmbedder(str(model_folder))
    store = EmbeddedStore(open_generation(tmp_path, encoder=encoder_record(again)))
    retriever = DenseRetriever(store, again)
    scope = Scope((frozenset({HAIZHU}), frozenset({GUANGZHOU, ZHEJIANG})))
    for chunk in sentences:
        assert retriever.retrieve(Query(chunk.text, ()), scope, 3)[0].chunk_id == chunk.chunk_id


def test_the_fingerprint_is_that_of_the_files(tmp_path, embedder, model_folder):
    copy = tmp_path / "tiny-static"
    shutil.copytree(model_folder, copy)
    (copy / "README.md").write_text("a model card", encoding="utf-8")
    assert SentenceTransformerEmbedder(copy).fingerprint == embedder.fingerprint
    path = copy / "tokenizer.json"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert SentenceTransformerEmbedder(copy).fingerprint != embedder.fingerprint


def test_a_damaged_or_absent_model_is_said_and_nothing_is_fetched(tmp_path, model_folder, monkeypatch):
    tried = []

    def refuse(_: socket.socket, address: object) -> None:
        tried.append(address)
        raise OSError("No network in this test.")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    with pytest.raises(EncoderError, match=r"找不到向量模型“nobody/nothing”.*不联网下载"):
        SentenceTransformerEmbedder("nobody/nothing")
    with pytest.raises(EncoderError, match="找不到向量模型"):
        SentenceTransformerEmbedder(tmp_path / "missing")
    shutil.copytree(model_folder, tmp_path / "damaged")
    weights = next((tmp_path / "damaged").rglob("*.safetensors"))
    weights.write_bytes(weights.read_bytes()[:100])
    with pytest.raises(EncoderError, match="加载失败"):
        SentenceTransformerEmbedder(tmp_path / "damaged")
    assert tried == []
