from __future__ import annotations

from math import log

import pytest

from assistant.errors import IndexCorruptError, IndexStoreError
from assistant.indexing.lexical import FieldWeights, LexicalEntry, LexicalIndex, write_lexical

ENTRIES = [
    LexicalEntry("A", "p1", "text", ("技能", "人才", "技能")),
    LexicalEntry("A", "p2", "text", ("a:b", "人才"), context=("技能",)),
    LexicalEntry("B", "p3", "duty", ("补贴", "人才", "x")),
    LexicalEntry("", "p4", "text", (), questions=("师带徒", "补贴")),
]
EVERYWHERE = frozenset({"A", "B", ""})


@pytest.fixture
def index(tmp_path):
    write_lexical(tmp_path, ENTRIES)
    return LexicalIndex.open(tmp_path)


def bm25(*, documents: int, holding: int, frequency: int, length: int, average: float) -> float:
    """The textbook formula with k1 = 1.2, b = 0.75 and the (k1 + 1) of Robertson et al."""
    idf = log(1 + (documents - holding + 0.5) / (holding + 0.5))
    return idf * 2.2 * frequency / (frequency + 1.2 * (0.25 + 0.75 * length / average))


def test_scores_by_hand(index):
    # text lengths 3, 2, 3, 0: 8 tokens in 4 rows
    def score(holding, frequency, length):
        return bm25(documents=4, holding=holding, frequency=frequency, length=length, average=2.0)

    text_only = FieldWeights(text=1.0, context=0.0, questions=0.0)
    found = index.search({"技能": 1.0}, 9, jurisdictions=EVERYWHERE, weights=text_only)
    assert found == ((0, pytest.approx(score(1, 2, 3), rel=1e-5)),)

    found = index.search({"人才": 1.0, "补贴": 2.0}, 9, jurisdictions=EVERYWHERE, weights=text_only)
    assert found == (
        (2, pytest.approx(score(3, 1, 3) + 2 * score(1, 1, 3), rel=1e-5)),  # asked for twice counts twice
        (1, pytest.approx(score(3, 1, 2), rel=1e-5)),
        (0, pytest.approx(score(3, 1, 3), rel=1e-5)),
    )


def test_fields_add_up_by_weight(index):
    in_text = bm25(documents=4, holding=1, frequency=2, length=3, average=2.0)
    in_context = bm25(documents=4, holding=1, frequency=1, length=1, average=0.25)
    found = index.search({"技能": 1.0}, 9, jurisdictions=EVERYWHERE, weights=FieldWeights(text=1.0, context=0.5))
    assert found == ((0, pytest.approx(in_text, rel=1e-5)), (1, pytest.approx(0.5 * in_context, rel=1e-5)))


SCOPES = [
    # jurisdictions, policies, kinds, rows that hold 人才 or 补贴
    ({"A"}, None, None, {0, 1}),
    ({"A", "B"}, None, None, {0, 1, 2}),
    ({""}, None, None, {3}),  # a policy of unknown place has a code of its own
    ({"C"}, None, None, set()),
    (set(), None, None, set()),
    ({"A", "B"}, {"p2", "p3"}, None, {1, 2}),
    ({"A"}, {"p3"}, None, set()),  # a policy outside the place
    ({"A"}, set(), None, set()),
    ({"A", "B"}, None, {"duty"}, {2}),
    ({"A", "B"}, None, set(), set()),
]


@pytest.mark.parametrize(("places", "policies", "kinds", "expected"), SCOPES)
def test_scope_is_inside_the_query(index, places, policies, kinds, expected):
    found = index.search(
        {"人才": 1.0, "补贴": 1.0},
        9,
        jurisdictions=frozenset(places),
        policy_ids=None if policies is None else frozenset(policies),
        kinds=None if kinds is None else frozenset(kinds),
    )
    assert {row for row, _ in found} == expected


def test_scope_does_not_change_scores(index):
    narrow = index.search({"人才": 1.0}, 9, jurisdictions=frozenset({"B"}))
    wide = index.search({"人才": 1.0}, 9, jurisdictions=EVERYWHERE)
    assert narrow[0] in wide


def test_what_is_out_of_scope_takes_no_seat(index):
    # Row 1 scores best of all; asked for one hit in B, its seat must go to row 2.
    assert index.search({"人才": 1.0}, 1, jurisdictions=EVERYWHERE)[0][0] == 1
    assert [row for row, _ in index.search({"人才": 1.0}, 1, jurisdictions=frozenset({"B"}))] == [2]


@pytest.mark.parametrize(
    "terms",
    [{}, {"不存在": 1.0}, {"人才": 0.0}, {"人才": -1.0}, {"": 1.0}, {"人才 技能": 1.0}, {"*": 1.0, "a": 1.0, '"': 1.0}],
)
def test_nothing_asked_nothing_found(index, terms):
    assert index.search(terms, 9, jurisdictions=EVERYWHERE) == ()


def test_signs_of_the_query_language_are_plain_tokens(index):
    assert [row for row, _ in index.search({"a:b": 1.0}, 9, jurisdictions=EVERYWHERE)] == [1]


@pytest.mark.parametrize(("k", "count"), [(-1, 0), (0, 0), (1, 1), (3, 3), (10_000, 3)])
def test_k_is_a_cap(index, k, count):
    assert len(index.search({"人才": 1.0}, k, jurisdictions=EVERYWHERE)) == count


def test_equal_scores_come_in_row_order(tmp_path):
    write_lexical(tmp_path, [LexicalEntry("A", "p", "text", ("同",))] * 50)
    found = LexicalIndex.open(tmp_path).search({"同": 1.0}, 20, jurisdictions=frozenset({"A"}))
    assert [row for row, _ in found] == list(range(20))


def test_an_empty_index_finds_nothing(tmp_path):
    write_lexical(tmp_path, [])
    index = LexicalIndex.open(tmp_path)
    assert index.count == 0
    assert index.search({"人才": 1.0}, 5, jurisdictions=EVERYWHERE) == ()


def test_a_folder_without_an_index_is_refused(tmp_path):
    with pytest.raises(IndexCorruptError, match=r"build"):
        LexicalIndex.open(tmp_path)


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    with pytest.raises(IndexStoreError, match="磁盘空间和权限"):
        write_lexical(tmp_path / "missing", ENTRIES)
