"""Rankings as arrays say the same as rankings as pairs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.indexing.ranked import RankedRows, first_seen
from assistant.model import Hit
from assistant.retrieval.fusion import fused_rows, reciprocal_rank_fusion

PAIRS = ((7, 2.5), (3, 2.5), (9, 0.5))


def test_pairs_and_arrays_are_one_ranking():
    ranked = RankedRows.of(PAIRS)
    assert tuple(ranked) == PAIRS
    assert (ranked[1], tuple(ranked[:2]), len(ranked)) == (PAIRS[1], PAIRS[:2], 3)
    assert RankedRows.of(ranked) is ranked


@pytest.mark.parametrize(("through", "left"), [((7, 9), (7, 9)), ((3,), (3,)), ((), ())])
def test_what_a_mask_shuts_out_is_left_out_in_order(through, left):
    mask = np.zeros(10, dtype=np.bool_)
    mask[list(through)] = True
    assert tuple(RankedRows.of(PAIRS).within(mask).rows.tolist()) == left


@given(st.lists(st.integers(0, 9)))
def test_rows_are_told_apart_as_they_are_met(rows):
    found, first, place = first_seen(np.array(rows, dtype=np.int64))
    assert found.tolist() == list(dict.fromkeys(rows))
    assert [rows[at] for at in first] == found.tolist()
    assert [int(found[at]) for at in place] == rows


@given(st.lists(st.lists(st.integers(0, 30), unique=True, max_size=12), min_size=1, max_size=3))
def test_rows_are_fused_like_hits(rankings):
    hits = [tuple(Hit(str(row), 1.0) for row in ranking) for ranking in rankings]
    assert fused_rows(rankings) == [int(hit.chunk_id) for hit in reciprocal_rank_fusion(hits)]
