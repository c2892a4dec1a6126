"""A library exchanged under its users: each answer from one, a bad index left alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from assistant.answering.answerer import Answerer
from assistant.errors import IndexCorruptError
from assistant.interfaces.http.service import Service
from assistant.interfaces.renewing import AGAIN_AFTER, LiveAnswerer, Renewer, in_use
from assistant.model import Question
from assistant.settings import ServingSettings

DAY = date(2026, 11, 20)
ASKED = Question("广州首席技师有什么待遇")


@pytest.fixture
def other(real_answerer):
    """The same library, opened a second time as far as its users can tell."""
    return replace(real_answerer)


def test_a_live_answerer_answers_as_the_one_it_holds(real_answerer, other):
    live = LiveAnswerer(real_answerer)
    assert isinstance(live, Answerer)
    assert in_use(live) is real_answerer
    assert in_use(real_answerer) is real_answerer
    assert live.answer(ASKED, DAY).text == real_answerer.answer(ASKED, DAY).text
    assert live.documents == real_answerer.documents
    assert live.holdings is real_answerer.holdings
    name = live.documents[0].policy.policy_id
    assert live.status_of(name, DAY) == real_answerer.status_of(name, DAY)
    live.exchange(other)
    assert in_use(live) is other


def test_an_answer_begun_ends_with_its_own_library(real_answerer, other):
    live = LiveAnswerer(real_answerer)
    stages = live.stages(ASKED, DAY)
    live.exchange(replace(other, holdings=None))  # would fail if it were asked
    assert next(stages).text


def test_the_index_is_taken_up_when_it_changes(real_answerer, other, tmp_path):
    (tmp_path / "CURRENT").write_text("one")
    live = LiveAnswerer(real_answerer)
    coming = [None, other]
    renewer = Renewer(live, tmp_path, lambda: coming.pop(0))
    assert not renewer.look()
    (tmp_path / "CURRENT").write_text("two")
    assert not renewer.look()  # the texts are being changed: it waits
    assert renewer.look()
    assert in_use(live) is other
    assert not renewer.look()
    (tmp_path / "CURRENT").unlink()
    assert not renewer.look()


def test_a_bad_index_is_tried_again_after_a_while_only(real_answerer, tmp_path):
    (tmp_path / "CURRENT").write_text("one")
    live, tries = LiveAnswerer(real_answerer), []

    def broken():
        tries.append(1)
        raise IndexCorruptError("坏了")

    renewer = Renewer(live, tmp_path, broken)
    (tmp_path / "CURRENT").write_text("two")
    for _ in range(AGAIN_AFTER):
        assert not renewer.look()
    assert len(tries) == 1
    renewer.look()
    assert len(tries) == 2
    assert in_use(live) is real_answerer


def test_the_register_is_of_the_library_in_use(real_answerer, other, tmp_path):
    live = LiveAnswerer(real_answerer)
    service = Service.over(live, lambda: DAY, ServingSettings(state_dir=tmp_path))
    first = service.register()
    assert service.register() is first
    live.exchange(other)
    assert service.register() is not first
    service.stop()
