"""The bundled encoder: its vectors, and that a damaged file is refused by name."""

from __future__ import annotations

import hashlib
import json
import shutil

import numpy as np
import pytest

from assistant.errors import EncoderError
from assistant.indexing.static_encoder import load_static_encoder
from assistant.settings import BUNDLED_ENCODER


@pytest.fixture(scope="module")
def encoder():
    return load_static_encoder(BUNDLED_ENCODER)


def test_vectors_have_length_one_and_the_stated_dimension(encoder):
    vectors = encoder.embed_passages(["高技能人才入户", "a", "职工教育经费" * 2000])
    assert vectors.shape == (3, encoder.dimension)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1, 1], abs=1e-5)


def test_a_vector_is_the_weighted_mean_of_its_pieces(encoder):
    pieces = encoder.pieces(["孩子读书"])[0]
    summed = (encoder.rows[pieces].astype(np.float64) * encoder.scales[pieces, None]).sum(axis=0)
    assert encoder.embed_queries(["孩子读书"])[0] == pytest.approx(summed / np.linalg.norm(summed), abs=1e-5)


def test_a_text_without_a_known_piece_matches_nothing(encoder):
    assert encoder.embed_passages(["", "\u0378\u0379"]).tolist() == np.zeros((2, encoder.dimension)).tolist()


def test_each_text_alone_gives_the_same_vector(encoder):
    texts = [f"第{i}条 企业应当为职工缴纳费用{i}" for i in range(1500)]  # more than one block
    together = encoder.embed_passages(texts)
    assert together[1234] == pytest.approx(encoder.embed_passages([texts[1234]])[0], abs=1e-6)


def test_the_manifest_names_every_file_of_the_folder_as_it_is():
    """Also those that only training or other libraries read: the program itself does not check them."""
    apart = ("manifest.json", "answerability.json")  # the latter carries a sum of its own
    files = {path.name: path for path in BUNDLED_ENCODER.iterdir() if path.name not in apart}
    recorded = json.loads((BUNDLED_ENCODER / "manifest.json").read_text(encoding="utf-8"))["sha256"]
    assert recorded == {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()}


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "tokenizer.json"])
def test_a_changed_file_is_refused_by_name(tmp_path, name):
    folder = tmp_path / "encoder"
    shutil.copytree(BUNDLED_ENCODER, folder)
    data = bytearray((folder / name).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / name).write_bytes(data)
    with pytest.raises(EncoderError, match=name.replace(".", r"\.")):
        load_static_encoder(folder)


def test_a_missing_folder_is_one_clear_sentence(tmp_path):
    with pytest.raises(EncoderError, match="自带向量模型"):
        load_static_encoder(tmp_path / "nothing")
