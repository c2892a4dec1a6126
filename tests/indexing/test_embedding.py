from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeEmbedder

from assistant.errors import EncoderError
from assistant.indexing.embedding import Embedder, SentenceTransformerEmbedder

ROOT = Path(__file__).resolve().parents[2]


def test_the_fake_is_an_embedder_of_unit_vectors():
    embedder: Embedder = FakeEmbedder(dimension=32)
    vectors = embedder.embed_passages(["职工教育经费", "职工教育经费", ""])
    assert vectors.shape == (3, 32)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), [1, 1, 0])
    assert embedder.embed_queries([]).shape == (0, 32)


def test_a_missing_package_is_said(tmp_path, monkeypatch):
    (tmp_path / "model.safetensors").write_bytes(b"x")
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(EncoderError, match=r"没有安装 sentence-transformers.*pip install"):
        SentenceTransformerEmbedder(tmp_path)
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(EncoderError, match="没有安装"):
        SentenceTransformerEmbedder("some/model")


@pytest.mark.parametrize(
    "files",
    [
        [],
        ["config.json"],
        ["pytorch_model.bin"],
        ["model.safetensors", "2_Dense/pytorch_model.bin"],  # one module's weights are pickled
    ],
)
def test_weights_that_are_not_safetensors_are_refused(tmp_path, files):
    for name in files:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    with pytest.raises(EncoderError, match="safetensors"):
        SentenceTransformerEmbedder(tmp_path)


def test_importing_the_search_path_loads_no_heavy_library():
    heavy = "{'torch', 'transformers', 'sentence_transformers', 'huggingface_hub', 'jieba', 'rjieba'}"
    code = f"import sys, assistant.retrieval.retrievers, assistant.indexing.build; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "set()\n"
