"""F7: feedback that cannot be kept stops no answer. F8: a model that is not the one stops the start, by name."""

from __future__ import annotations

import shutil
from datetime import date

import pytest
from sites import settings as serving
from starlette.testclient import TestClient

from assistant.errors import EncoderError
from assistant.indexing import pipeline
from assistant.indexing.pipeline import open_index
from assistant.interfaces.http.assembling import build_site
from assistant.settings import BUNDLED_ENCODER, Settings

TODAY = date(2026, 11, 20)
ASKED = {"question": "广州首席技师有什么待遇"}
GIVEN = {"useful": True, "question": "广州首席技师有什么待遇"}


def file_in_the_way(folder):
    folder.write_text("not a folder")


def damaged(folder):
    folder.mkdir()
    (folder / f"feedback-{TODAY.isoformat()}.jsonl").write_bytes(b"\xff\xfe{broken\n")


def a_folder_for_a_file(folder):
    (folder / f"feedback-{TODAY.isoformat()}.jsonl").mkdir(parents=True)


def full_for_today(folder):
    folder.mkdir()
    (folder / f"feedback-{TODAY.isoformat()}.jsonl").write_bytes(b" " * 1024 * 1024)


def gone(folder):
    """Nothing there at all."""


@pytest.mark.parametrize(
    ("trouble", "kept"),
    [(file_in_the_way, False), (damaged, True), (a_folder_for_a_file, False), (full_for_today, False), (gone, True)],
)
def test_answers_go_on(real_answerer, tmp_path, trouble, kept):
    folder = tmp_path / "state"
    trouble(folder)
    app = build_site(real_answerer, lambda: TODAY, serving(folder, page=False))
    with TestClient(app, base_url="http://127.0.0.1") as client:
        before = client.post("/api/v1/ask", json=ASKED)
        told = client.post("/api/v1/feedback", json=GIVEN)
        after = client.post("/api/v1/ask", json=ASKED)
    assert before.status_code == after.status_code == 200
    assert before.json()["answer"] == after.json()["answer"]
    assert (told.status_code < 300) is kept, told.text
    if not kept:
        assert "反馈" in told.json()["detail"]


@pytest.fixture
def encoder(tmp_path, monkeypatch):
    """A copy of the bundled model, used in its place."""
    shutil.copytree(BUNDLED_ENCODER, tmp_path / "encoder")
    monkeypatch.setattr(pipeline, "BUNDLED_ENCODER", tmp_path / "encoder")
    return tmp_path / "encoder"


def start(tmp_path):
    return open_index(Settings(index_dir=tmp_path / "index"))


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "tokenizer.json", "manifest.json"])
def test_a_missing_or_changed_file_of_the_model_stops_the_start(encoder, tmp_path, name):
    path = encoder / name
    intact = path.read_bytes()
    path.unlink()
    with pytest.raises(EncoderError):
        start(tmp_path)
    path.write_bytes(intact[:-1] + bytes([intact[-1] ^ 1]))
    with pytest.raises(EncoderError):
        start(tmp_path)
    path.write_bytes(intact)
    start(tmp_path)


def test_a_missing_model_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(pipeline, "BUNDLED_ENCODER", tmp_path / "nowhere")
    with pytest.raises(EncoderError, match="向量模型"):
        start(tmp_path)
