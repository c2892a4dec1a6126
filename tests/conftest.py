"""Shared fixtures: the five real policies, paths, and the golden-file switch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest

from assistant.answering.answerer import Answerer, open_answerer
from assistant.model import Policy, Question, Reply
from assistant.settings import Settings

TODAY = date(2026, 11, 20)
Ask = Callable[..., Reply]
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository's top folder."""
    return ROOT


@pytest.fixture(scope="session")
def corpus_dir(root: Path) -> Path:
    return root / "corpus"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="rewrite tests/golden from what the parser reads now; look at the difference before committing it",
    )


@pytest.fixture(scope="session")
def real_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """The real corpus with an index of its own, built on first use. A test that changes settings names another one."""
    settings = Settings(index_dir=tmp_path_factory.mktemp("real-index"))
    yield settings
    generations = sorted(path.name for path in settings.index_dir.iterdir() if path.is_dir())
    assert generations in ([], ["gen-000001"]), "a test has built into the index that all tests share"


@pytest.fixture(scope="session")
def real_answerer(real_settings: Settings) -> Answerer:
    """The real assistant over the five policies, opened once; it is stateless."""
    return open_answerer(real_settings)


@pytest.fixture(scope="session")
def real_policies(real_answerer: Answerer) -> dict[str, Policy]:
    """The five policies by place: 广州, 湛江, 广东, 海珠, 浙江."""
    gazetteer = real_answerer.holdings.gazetteer
    return {gazetteer.place(d.policy.jurisdiction or "").short_name: d.policy for d in real_answerer.documents}


@pytest.fixture(scope="session")
def ask(real_answerer: Answerer) -> Ask:
    """Ask the real assistant; the day is 2026-11-20 unless told."""

    def asking(
        text: str, region: str | None = None, *, role: str = "other", history: Sequence[str] = (), as_of: date = TODAY
    ) -> Reply:
        code = real_answerer.holdings.gazetteer.resolve(region).code if region else None
        return real_answerer.answer(Question(text, code, role, tuple(history)), as_of)

    return asking
