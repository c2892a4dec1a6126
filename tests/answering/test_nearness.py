"""Many texts against many passages give the scores of one against one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.nearness import compare
from assistant.indexing.static_encoder import AskedPieces, UnitRows, load_static_encoder
from assistant.retrieval.reranking import late_interaction, passage_pieces
from assistant.settings import BUNDLED_ENCODER

TEXTS = st.lists(st.text(alphabet="首席技师有什么待遇广州补贴多少钱，。 a1㐀", max_size=12), min_size=1, max_size=4)


@pytest.fixture(scope="module")
def encoder():
    return load_static_encoder(BUNDLED_ENCODER)


@given(questions=TEXTS, passages=TEXTS)
def test_scores_are_those_of_late_interaction(encoder, questions, passages):
    pieces = passage_pieces(encoder, passages)
    near = compare(encoder, questions, pieces)
    for at, question in enumerate(questions):
        expected = late_interaction(encoder, question, pieces)
        np.testing.assert_allclose(near.late(at, range(len(passages))), expected, atol=1e-5)
        one = np.unique(np.concatenate(pieces))
        np.testing.assert_allclose(
            near.union(at, range(len(passages))), late_interaction(encoder, question, [one])[0], atol=1e-5
        )


def test_a_piece_that_is_there_matches_fully(encoder):
    near = compare(encoder, ["首席技师"], passage_pieces(encoder, ["首席技师有待遇", "天气"]))
    best, weights = near.matched(0, (0, 1))
    assert best.min() == pytest.approx(1.0, abs=1e-5)
    assert len(best) == len(weights)


def test_unit_rows_are_those_of_the_table_in_whatever_order_they_are_asked_for():
    table = np.random.default_rng(7).integers(-127, 127, (60, 8), dtype=np.int8)
    expected = table / np.linalg.norm(table.astype(np.float64), axis=1, keepdims=True)
    units = UnitRows(table)
    for asked in ([5, 5, 59], [0, 7, 5], [], [59, 30, 1, 0]):
        np.testing.assert_allclose(units[np.array(asked, dtype=np.int32)], expected[asked], atol=1e-6)
    assert units.met == 6


def test_the_nearest_pieces_are_found_though_pieces_come_in_turns():
    table = np.random.default_rng(8).integers(-127, 127, (60, 8), dtype=np.int8)
    unit = table / np.linalg.norm(table.astype(np.float64), axis=1, keepdims=True)
    own = np.array([3, 9, 11], dtype=np.int32)
    asked = AskedPieces(np.full(3, 1 / 3, dtype=np.float32), own, UnitRows(table))
    for passages in ([[1, 2], [3]], [[40], [2, 41, 1], [9, 9]]):
        flat = np.array([piece for passage in passages for piece in passage], dtype=np.int32)
        starts = np.cumsum([0, *(len(passage) for passage in passages[:-1])])
        expected = [(unit[passage] @ unit[own].T).max(axis=0) for passage in passages]
        np.testing.assert_allclose(asked.nearest(flat, starts), expected, atol=1e-5)
