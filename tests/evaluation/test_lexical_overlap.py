from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation.lexical_overlap import bigrams, compare, nearest

questions = st.text(alphabet="广州湛江补贴多少ABab，？ ", max_size=12)


def test_bigrams_fold_width_case_punctuation_and_white_space() -> None:
    assert bigrams("ＡＢ，c 1") == bigrams("abc1") == {"ab", "bc", "c1"}
    assert bigrams("补") == bigrams("？") == bigrams("") == frozenset()


def test_a_copy_inside_a_longer_question_is_found_by_containment() -> None:
    overlap = compare("技师补贴多少钱", "我在广州上班，请问技师补贴多少钱，在哪里领")
    pairs_longer = len("我在广州上班请问技师补贴多少钱在哪里领") - 1
    assert overlap.containment == 6 / 6
    assert overlap.jaccard == 6 / pairs_longer
    assert overlap.too_close


def test_a_very_short_question_is_judged_by_jaccard() -> None:
    overlap = compare("湛江的呢", "湛江的企业要给技师哪些津贴")
    assert overlap.containment == 2 / 3  # 湛江, 江的 of 湛江, 江的, 的呢
    assert not overlap.too_close
    assert compare("那湛江呢", "那湛江呢？").too_close


def test_without_pairs_nothing_is_alike() -> None:
    overlap = compare("？", "")
    assert (overlap.containment, overlap.jaccard, overlap.too_close) == (0.0, 0.0, False)


@given(questions, questions)
def test_both_numbers_are_shares_and_symmetric(one: str, other: str) -> None:
    overlap, back = compare(one, other), compare(other, one)
    assert 0 <= overlap.jaccard <= overlap.containment <= 1
    assert (overlap.jaccard, overlap.containment, overlap.too_close) == (
        back.jaccard,
        back.containment,
        back.too_close,
    )


def test_nearest_names_the_closest() -> None:
    (found,) = nearest(["技师补贴多少钱"], ["入户要什么条件", "高级技师补贴多少"])
    assert found.other == "高级技师补贴多少"
    with pytest.raises(ValueError, match="at least one"):
        nearest(["甲"], [])
