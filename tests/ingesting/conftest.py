from __future__ import annotations

import pytest

from assistant.jurisdictions import Gazetteer, load_gazetteer
from assistant.settings import Settings


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return load_gazetteer(Settings().lexicon_dir / "divisions.tsv")


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    return folder
