"""Questions of which it is known whether a sentence answers them."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.answering.known_questions import KnownQuestions
from assistant.indexing.static_encoder import load_static_encoder
from assistant.settings import BUNDLED_ENCODER

KNOWN = (
    # question, sentences found for it, whether the text is silent on it
    ("人才公寓租金一个月多少", ("zj@1", "zj@2"), True),
    ("人才公寓平时能不能申请", ("zj@1",), False),
    ("人才公寓能住几年", ("zj@1", "zj@3"), True),
    ("高级工入户放宽年龄吗", ("gz@7",), False),
)


@pytest.fixture(scope="module")
def encoder():
    return load_static_encoder(BUNDLED_ENCODER)


@pytest.fixture(scope="module")
def known(encoder):
    questions, chunks, silent = zip(*KNOWN, strict=True)
    return KnownQuestions(tuple(encoder.pieces(questions)), chunks, np.array(silent), encoder)


def pieces(encoder, text):
    return encoder.pieces([text])[0]


@pytest.mark.parametrize(
    ("found", "rows"),
    [
        (["zj@1"], [0, 1, 2]),  # their best sentence is the best one here
        (["zj@2", "gz@7"], [0, 3]),  # one that found the best here, one whose best is the second here
        (["zj@3", "zj@1"], [0, 1, 2]),
        (["zj@9"], []),  # a sentence without known questions, as in a new document
        ([], []),
    ],
)
def test_only_questions_of_the_sentences_found_are_near(known, encoder, found, rows):
    assert known.near(pieces(encoder, "人才公寓租金"), found).rows.tolist() == rows


def test_a_question_is_most_like_itself(known, encoder):
    near = known.near(pieces(encoder, KNOWN[0][0]), ["zj@1"])
    assert near.likeness[0] == pytest.approx(1, abs=1e-5)
    assert near.likeness[0] == near.likeness.max()
    assert (near.likeness <= 1 + 1e-5).all()


def test_likeness_is_the_same_both_ways(encoder):
    one, other = "人才公寓租金一个月多少", "公寓房租要几多钱"

    def likeness(asked, held):
        alone = KnownQuestions((pieces(encoder, held),), (("a",),), np.array([True]), encoder)
        return float(alone.near(pieces(encoder, asked), ["a"]).likeness[0])

    assert likeness(one, other) == pytest.approx(likeness(other, one), abs=1e-5)
    assert 0 < likeness(one, other) < 1


def test_the_nearest_of_each_kind_are_signs(known, encoder):
    near = known.near(pieces(encoder, "人才公寓的租金是多少"), ["zj@1"])
    signs = known.signs(near)
    rent, apply, years = near.likeness.tolist()
    assert signs["known_silent"] == pytest.approx(max(rent, years))
    assert signs["known_silent_several"] == pytest.approx((rent + years) / 3)  # the third counts as 0
    assert signs["known_answered"] == pytest.approx(apply)
    assert signs["known_lead"] == pytest.approx(max(rent, years) - apply)
    assert signs["known_lead"] > 0


def test_what_is_left_out_is_not_looked_at(known, encoder):
    near = known.near(pieces(encoder, "人才公寓的租金是多少"), ["zj@1"])
    signs = known.signs(near, np.array([True, False, True, False]))
    assert signs["known_silent"] == signs["known_silent_several"] == 0
    assert signs["known_answered"] == pytest.approx(float(near.likeness[1]))


def test_a_question_without_pieces_is_near_nothing(known, encoder):
    assert len(known.near(pieces(encoder, ""), ["zj@1"]).rows) == 0
    blank = KnownQuestions((pieces(encoder, ""),), (("a",),), np.array([True]), encoder)
    assert len(blank.near(pieces(encoder, "落户"), ["a"]).rows) == 0
