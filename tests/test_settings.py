from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from assistant.errors import SettingsError
from assistant.settings import ROOT, Settings, read_settings


def test_without_an_environment_the_bundled_folders_are_used(root):
    settings = read_settings({})
    assert settings == Settings()
    assert root == ROOT
    assert (settings.corpus_dir, settings.index_dir) == (root / "corpus", root / "index")
    assert settings.lexicon_dir == root / "corpus" / "lexicon"
    assert settings.questions_dir == root / "corpus" / "questions"


def test_every_folder_can_be_named(tmp_path):
    for name in ("corpus", "lexicon", "questions"):
        (tmp_path / name).mkdir()
    environment = {
        "POLICY_CORPUS": str(tmp_path / "corpus"),
        "POLICY_LEXICON": str(tmp_path / "lexicon"),
        "POLICY_QUESTIONS": str(tmp_path / "questions"),
        "POLICY_INDEX": str(tmp_path / "index"),  # made on first use
        "POLICY_ENCODER": "some/model",
        "UNRELATED": "x",
    }
    expected = Settings(
        tmp_path / "corpus", tmp_path / "lexicon", tmp_path / "questions", tmp_path / "index", "some/model"
    )
    assert read_settings(environment) == expected


def test_a_corpus_of_ones_own_brings_its_own_questions(tmp_path):
    settings = read_settings({"POLICY_CORPUS": str(tmp_path)})
    assert settings.questions_dir == tmp_path / "questions"
    assert settings.lexicon_dir == Settings().lexicon_dir


def test_an_empty_value_is_no_value():
    environment = dict.fromkeys(("POLICY_CORPUS", "POLICY_LEXICON", "POLICY_QUESTIONS", "POLICY_INDEX"), "")
    assert read_settings(environment | {"POLICY_ENCODER": ""}) == Settings()


def test_an_encoder_given_goes_before_the_environments():
    assert read_settings({"POLICY_ENCODER": "other"}, encoder="given").encoder == "given"


def test_a_relative_folder_is_read_from_here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert read_settings({"POLICY_INDEX": "own-index"}).index_dir == tmp_path / "own-index"


@pytest.mark.parametrize("name", ["POLICY_CORPUS", "POLICY_LEXICON"])
def test_a_folder_that_is_not_there_is_named(tmp_path, name):
    with pytest.raises(SettingsError, match=f"{name} 指的目录「nowhere」不存在"):
        read_settings({name: str(tmp_path / "nowhere")})


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match="「file」不存在"):
        read_settings({"POLICY_CORPUS": str(tmp_path / "file")})


def test_settings_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        Settings().encoder = "other"  # type: ignore[misc]
