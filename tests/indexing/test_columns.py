from __future__ import annotations

import numpy as np
import pytest

from assistant.errors import IndexCorruptError
from assistant.indexing.columns import ColumnWriter, open_columns

ROWS = [  # place, policy, kind, start, end, lay questions
    ("440100", "guangzhou", "text", 0, 5, 2),
    ("440100", "guangzhou", "duty", 5, 9, 0),
    ("330000", "zhejiang", "text", 0, 7, 1),
    ("440100", "again", "text", 3, 4, 0),
    ("440100", "again", "text", 0, 3, 3),  # put in later, stands earlier in the text
]


@pytest.fixture
def columns(tmp_path):
    writer = ColumnWriter()
    for row in ROWS:
        writer.add(*row)
    assert writer.questions == 6
    writer.save(tmp_path / "columns")
    return open_columns(tmp_path / "columns")


@pytest.mark.parametrize(
    ("places", "policies", "kinds", "rows"),
    [
        (None, None, None, [0, 1, 2, 3, 4]),
        ({"440100"}, None, None, [0, 1, 3, 4]),
        ({"440100", "330000"}, None, {"text"}, [0, 2, 3, 4]),
        ({"440100"}, {"again", "zhejiang"}, None, [3, 4]),
        (set(), None, None, []),
        ({"110000"}, None, None, []),  # a place without a text
        (None, None, {"front"}, []),
    ],
)
def test_a_filter_lets_through_just_its_rows(columns, places, policies, kinds, rows):
    wanted = (None if values is None else frozenset(values) for values in (places, policies, kinds))
    assert np.flatnonzero(columns.admitted(*wanted)).tolist() == rows


def test_rows_are_found_by_policy_and_by_span(columns):
    assert columns.rows_of("again") == [4, 3]
    assert columns.rows_of("nobody") == ()
    assert columns.row_of("again", 3, 4) == 3
    assert columns.row_of("again", 3, 5) is None
    assert columns.row_of("again", 9, 10) is None
    assert columns.row_of("nobody", 0, 5) is None


def test_lay_questions_are_numbered_through(columns):
    assert columns.owner.tolist() == [0, 0, 2, 4, 4, 4]
    assert columns.questions_of(np.array([4, 1, 0])).tolist() == [3, 4, 5, 0, 1]
    assert columns.questions_of(np.array([], dtype=np.int64)).tolist() == []


def test_rows_taken_over_are_the_same_behind_others(columns, tmp_path):
    writer = ColumnWriter()
    writer.add("330000", "zhejiang", "text", 50, 60, 4)
    writer.copy(columns, 1, 5)
    writer.save(tmp_path / "copied")
    copied = open_columns(tmp_path / "copied")
    names = [(copied.places[p], copied.policies[d]) for p, d in zip(copied.place, copied.policy, strict=True)]
    assert names == [("330000", "zhejiang"), *((place, policy) for place, policy, *_ in ROWS[1:])]
    assert copied.first_question.tolist() == [0, 4, 4, 5, 5, 8]
    assert copied.start.tolist() == [50, 5, 0, 3, 0]


def test_without_rows_nothing_is_found(tmp_path):
    ColumnWriter().save(tmp_path / "columns")
    columns = open_columns(tmp_path / "columns")
    assert columns.count == 0
    assert columns.admitted(frozenset({"440100"}), None, None).tolist() == []


def test_a_missing_column_is_damage(columns, tmp_path):
    (tmp_path / "columns" / "kind.npy").unlink()
    with pytest.raises(IndexCorruptError, match="columns"):
        open_columns(tmp_path / "columns")
