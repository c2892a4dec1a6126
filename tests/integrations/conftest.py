from __future__ import annotations

import asyncio
import inspect
from importlib.util import find_spec

import pytest

from assistant.answering.citations import cite
from assistant.answering.gate import Measure
from tests.conftest import TODAY

from .scripted_server import ScriptedServer

_NEEDED = ("langchain", "langchain_openai", "langchain_text_splitters", "langchain_tests")
# LangChain is an extra: without it there is nothing to test here
collect_ignore_glob = [] if all(find_spec(name) for name in _NEEDED) else ["test_*.py"]


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    """Run async tests, LangChain's and ours, without a plugin that changes how all others are run."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    wanted = pyfuncitem._fixtureinfo.argnames
    asyncio.run(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in wanted}))
    return True


@pytest.fixture(scope="session")
def measure_of(real_answerer):
    """The sentence of a place that holds some words, ready to measure a statement against."""
    holdings = real_answerer.holdings

    def measure(place, words):
        code = holdings.gazetteer.resolve(place).code
        found = [c for c in holdings.chunks.values() if words in c.text and c.jurisdiction == code and c.kind == "text"]
        assert len(found) == 1, (place, words, [c.text for c in found])
        return Measure(cite(holdings.document(found[0].policy_id), found[0], TODAY), holdings.gazetteer)

    return measure


@pytest.fixture
def server():
    with ScriptedServer() as running:
        yield running
