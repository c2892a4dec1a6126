from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.indexing.lexical import FieldWeights, LexicalEntry, LexicalIndex, write_lexical
from assistant.indexing.weighting import FIELDS, MeanLengths, query_weights, rarity, stored_length, word_weights


@pytest.mark.parametrize(
    ("tokens", "stored"),
    # exact up to 40, then in steps of 2, 4, 8, …: tantivy's table
    [
        (0, 0),
        (1, 1),
        (40, 40),
        (41, 40),
        (42, 42),
        (57, 56),
        (59, 56),
        (60, 60),
        (95, 88),
        (1000, 984),
        (10**9, 939_524_120),
    ],
)
def test_lengths_are_rounded_as_tantivy_rounds_them(tokens, stored):
    assert stored_length(tokens) == stored


def test_a_field_that_is_always_empty_divides_nothing_by_zero():
    means = MeanLengths.of([LexicalEntry("", "p", "text", ("a", "b")), LexicalEntry("", "p", "text", ())])
    assert means == MeanLengths(1.0, 1.0, 1.0)
    assert MeanLengths.of([]) == MeanLengths(1.0, 1.0, 1.0)
    assert list(word_weights(LexicalEntry("", "p", "text", ()), means)) == []


words = st.lists(st.sampled_from("甲乙丙丁戊"), max_size=60).map(tuple)
weights = st.floats(0.0, 2.0, width=32)


@settings(deadline=None, max_examples=40)  # each writes an index
@given(
    rows=st.lists(st.tuples(words, words, words), min_size=1, max_size=8),
    terms=st.dictionaries(st.sampled_from("甲乙丙丁戊己"), st.floats(0.5, 3, width=32), min_size=1),
    chosen=st.tuples(weights, weights, weights),
)
def test_inner_products_are_tantivys_scores(tmp_path_factory, rows, terms, chosen):
    entries = [LexicalEntry("A", "p", "text", *row) for row in rows]
    folder = tmp_path_factory.mktemp("index")
    write_lexical(folder, entries)
    index = LexicalIndex.open(folder)
    expected = dict(index.search(terms, 99, jurisdictions=None, weights=FieldWeights(*chosen)))
    found = {
        field: {term: sum(term in getattr(entry, field) for entry in entries) for term in terms} for field in FIELDS
    }
    idf = {field: {term: rarity(len(rows), count) for term, count in found[field].items()} for field in FIELDS}
    fields = {field: weight for field, weight in zip(FIELDS, chosen, strict=True) if weight > 0}
    query = {(word, field): weight for word, field, weight in query_weights(terms, fields, idf)}
    means = MeanLengths.of(entries)
    scores = [
        sum(weight * query.get((word, field), 0.0) for word, field, weight in word_weights(entry, means))
        for entry in entries
    ]
    assert {row: score for row, score in enumerate(scores) if score > 0} == pytest.approx(expected, rel=1e-4)
    assert np.isfinite(scores).all()
