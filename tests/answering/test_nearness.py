"""Many texts against many passages give the scores of one against one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.nearness import compare
from assistant.indexing.static_encoder import load_static_encoder
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
