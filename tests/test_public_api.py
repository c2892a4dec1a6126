from __future__ import annotations

import doctest
import importlib
import pkgutil
from datetime import date

import pytest

import assistant
from assistant import errors

NEEDS_A_MODEL = {"assistant.interfaces.web"}  # the pages load gradio; they have their own tests


def modules():
    names = [module.name for module in pkgutil.walk_packages(assistant.__path__, "assistant.")]
    return ["assistant", *(n for n in names if not n.startswith(tuple(NEEDS_A_MODEL)) and not n.endswith("__main__"))]


def test_the_public_names():
    assert assistant.__all__ == [
        "Answer",
        "Answerer",
        "AssistantError",
        "Citation",
        "Clarification",
        "Policy",
        "Question",
        "Refusal",
        "Settings",
        "build_index",
        "open_answerer",
        "verify_quote",
    ]
    assert all(hasattr(assistant, name) for name in assistant.__all__)


def test_the_readme_example_of_the_package(tmp_path):
    settings = assistant.Settings(index_dir=tmp_path)
    assert assistant.build_index(settings).startswith("gen-")
    reply = assistant.open_answerer(settings).answer(assistant.Question("广州首席技师有什么待遇"), date(2026, 11, 20))
    assert isinstance(reply, assistant.Answer)
    citation = reply.draft.citations[0]
    assert isinstance(citation, assistant.Citation)
    assert assistant.verify_quote(citation.quote, citation.policy) == citation.span


@pytest.mark.parametrize("name", modules())
def test_the_examples_in_docstrings(name, root, monkeypatch):
    monkeypatch.chdir(root)  # examples name files of the repository
    found = doctest.testmod(importlib.import_module(name), verbose=False)
    assert found.failed == 0


def test_there_are_examples():
    finder = doctest.DocTestFinder()
    counted = sum(bool(test.examples) for name in modules() for test in finder.find(importlib.import_module(name)))
    assert counted >= 30


def test_every_error_is_in_the_tree_that_its_module_draws():
    drawn = {line.strip("│├└─ ").split(" ")[0] for line in (errors.__doc__ or "").splitlines() if "Error" in line}
    named = {name for name, value in vars(errors).items() if isinstance(value, type) and value is not Exception}
    assert named <= drawn
    assert all(issubclass(getattr(errors, name), errors.AssistantError) for name in named)
