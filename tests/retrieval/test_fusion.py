from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.model import Hit
from assistant.retrieval.fusion import reciprocal_rank_fusion

rankings = st.lists(
    st.lists(st.sampled_from("abcdefgh"), unique=True).map(lambda ids: tuple(Hit(i, 1.0) for i in ids)), max_size=4
)


def fused_ids(*rankings: str) -> str:
    return "".join(hit.chunk_id for hit in reciprocal_rank_fusion([[Hit(i, 0.0) for i in ids] for ids in rankings]))


@pytest.mark.parametrize(
    ("rankings", "expected"),
    [
        (("ab", "b"), "ba"),  # found twice beats found first
        (("ab", "cd"), "acbd"),  # ties in first-seen order
        (("ab", ""), "ab"),  # an empty ranking says nothing
        ((), ""),
        (("", ""), ""),
        (("ab", "ba"), "ab"),
    ],
)
def test_order(rankings, expected):
    assert fused_ids(*rankings) == expected


def test_scores_by_hand():
    fused = reciprocal_rank_fusion([(Hit("a", 9.1), Hit("b", 4.0), Hit("c", 0.0)), (Hit("c", 0.8),)], k=10)
    assert fused == (
        Hit("c", pytest.approx(1 / 13 + 1 / 11)),
        Hit("a", pytest.approx(1 / 11)),
        Hit("b", pytest.approx(1 / 12)),
    )


@given(rankings)
def test_the_fused_ranking_is_the_union_of_its_inputs_in_order_of_score(rankings):
    fused = reciprocal_rank_fusion(rankings)
    ids = [hit.chunk_id for hit in fused]
    assert len(set(ids)) == len(ids)
    assert set(ids) == {hit.chunk_id for ranking in rankings for hit in ranking}
    assert [hit.score for hit in fused] == sorted((hit.score for hit in fused), reverse=True)


@given(rankings)
def test_the_order_of_the_rankings_changes_no_score(rankings):
    forward = {hit.chunk_id: hit.score for hit in reciprocal_rank_fusion(rankings)}
    backward = {hit.chunk_id: hit.score for hit in reciprocal_rank_fusion(rankings[::-1])}
    assert forward == pytest.approx(backward)


@given(st.lists(st.sampled_from("abcdefgh"), unique=True))
def test_a_ranking_alone_keeps_its_order(ids):
    assert fused_ids("".join(ids), "".join(ids)) == "".join(ids) == fused_ids("".join(ids))


def test_wrong_arguments():
    with pytest.raises(ValueError, match="positive"):
        reciprocal_rank_fusion([], k=0)
    with pytest.raises(ValueError, match="twice"):
        reciprocal_rank_fusion([(Hit("a", 1.0), Hit("a", 0.5))])
