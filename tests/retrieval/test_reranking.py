"""Late interaction against the formula written out."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.indexing.static_encoder import load_static_encoder
from assistant.retrieval.reranking import late_interaction, passage_pieces
from assistant.settings import BUNDLED_ENCODER


@pytest.fixture(scope="module")
def encoder():
    return load_static_encoder(BUNDLED_ENCODER)


def test_the_score_is_the_weighted_mean_of_the_best_cosines(encoder):
    question, passage = "老师傅怎么落户", "放宽高技能人才入户条件"
    asked, held = encoder.pieces([question])[0], encoder.pieces([passage])[0]
    units = encoder.late_rows / np.linalg.norm(encoder.late_rows.astype(np.float64), axis=1, keepdims=True)
    weights = encoder.late_weights[asked]
    expected = sum(w * max(units[a] @ units[h] for h in held) for w, a in zip(weights, asked, strict=True))
    scores = late_interaction(encoder, question, passage_pieces(encoder, [passage]))
    assert scores == pytest.approx([expected / weights.sum()], abs=1e-5)


@pytest.mark.parametrize(
    ("question", "passage", "expected"),
    [
        ("入户条件", "放宽高技能人才入户条件", 1.0),  # a part of the passage
        ("入户条件", "", 0.0),  # nothing to compare with
        ("", "放宽高技能人才入户条件", 0.0),  # nothing asked
    ],
)
def test_the_ends_of_the_scale(encoder, question, passage, expected):
    assert late_interaction(encoder, question, passage_pieces(encoder, [passage])) == pytest.approx(
        [expected], abs=1e-5
    )


def test_no_passages_no_scores(encoder):
    assert late_interaction(encoder, "入户", []).shape == (0,)


def test_everyday_words_come_near_the_policys(encoder):
    passages = ["按规定落实住房、户籍、子女入学等优惠政策", "遴选建设市级高技能人才培训基地"]
    scores = late_interaction(encoder, "小孩读书户口", passage_pieces(encoder, passages))
    assert scores[0] > scores[1]


def test_cosines_kept_from_earlier_passages_are_the_same(encoder):
    passages = ["按规定落实住房、户籍、子女入学等优惠政策", "遴选建设市级高技能人才培训基地", "", "放宽入户条件"]
    pieces = passage_pieces(encoder, passages)
    together = late_interaction(encoder, "老师傅的孩子读书和户口", pieces)
    one_by_one = [float(late_interaction(encoder, "老师傅的孩子读书和户口", [one])[0]) for one in reversed(pieces)]
    np.testing.assert_allclose(together[::-1], one_by_one, atol=1e-6)
