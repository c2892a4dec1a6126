from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.errors import IndexCorruptError
from assistant.indexing.records import RecordError, decode, encode, read_records, write_records
from assistant.model import Chunk, Clause, Deadline, Policy, PolicyDocument, Span
from indexing.samples import chunks, documents

spans = st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)).map(lambda pair: Span(min(pair), max(pair)))
st.register_type_strategy(Span, spans)
leaves = st.builds(Clause, children=st.just(()))
clauses = st.recursive(leaves, lambda nodes: st.builds(Clause, children=st.lists(nodes, max_size=3).map(tuple)))
st.register_type_strategy(Clause, clauses)


@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(st.from_type(PolicyDocument))
def test_document_round_trip(document):
    line = json.dumps(encode(document), ensure_ascii=False)
    assert "\n" not in line
    assert decode(PolicyDocument, json.loads(line)) == document


@given(st.from_type(Chunk))
def test_chunk_round_trip(chunk):
    assert decode(Chunk, json.loads(json.dumps(encode(chunk)))) == chunk


def test_files_round_trip_with_line_separators_in_the_text(tmp_path):
    made = chunks(documents())
    odd = Chunk("a@0-1", "a", "a#", "", Span(0, 1), "text", "一\u2028二\u0085三\r四\f五\n六\ufeff", '"\\')
    assert write_records(tmp_path / "c.jsonl", [*made, odd]) == len(made) + 1
    assert list(read_records(tmp_path / "c.jsonl", Chunk)) == [*made, odd]
    # Types are what they were: tuples, not lists; members, not strings.
    write_records(tmp_path / "d.jsonl", documents())
    read = list(read_records(tmp_path / "d.jsonl", PolicyDocument))
    assert read == documents()
    assert [type(value) for value in (read[0].root.level, read[0].sentences, read[0].policy.signed_on)] == [
        type(documents()[0].root.level),
        tuple,
        date,
    ]


SPAN = {"start": 1, "end": 2}


@pytest.mark.parametrize(
    ("record_type", "data"),
    [
        (Span, {"start": 1}),  # missing
        (Span, {**SPAN, "more": 0}),  # unknown
        (Span, {"start": "1", "end": 2}),  # text for a number
        (Span, {"start": True, "end": 2}),  # true is no number here
        (Span, {"start": 1.0, "end": 2}),
        (Span, {"start": 2, "end": 1}),  # refused by the type itself
        (Span, None),
        (Span, [1, 2]),
        (Deadline, {"kind": "target", "on": "20271231", "span": SPAN}),  # a date, but not as we write it
        (Deadline, {"kind": "target", "on": "2027-02-30", "span": SPAN}),
        (Clause, {**encode(documents()[0].root), "level": "verse"}),  # no such member
        (Clause, {**encode(documents()[0].root), "children": [{}]}),  # nested
        (Clause, {**encode(documents()[0].root), "children": {}}),
    ],
)
def test_a_wrong_record_is_refused(record_type, data):
    with pytest.raises(ValueError, match=r".") as caught:
        decode(record_type, data)
    assert not isinstance(caught.value, KeyError)


@pytest.mark.parametrize("line", ["{}", "", "[]", "null", '{"start": 1', '{"start": 1, "end": 2, "x": 3}', "\ud800"])
def test_a_wrong_line_names_file_and_line(tmp_path, line):
    path = tmp_path / "spans.jsonl"
    path.write_bytes(b'{"start":1,"end":2}\n' + line.encode("utf-8", "surrogatepass") + b"\n")
    with pytest.raises(IndexCorruptError, match=r"spans\.jsonl.*build"):
        list(read_records(path, Span))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(IndexCorruptError, match=r"spans\.jsonl"):
        list(read_records(tmp_path / "spans.jsonl", Span))


def test_only_known_types_are_written():
    for value in (1.5, True, [1], {"a": 1}, b"", object()):
        with pytest.raises(TypeError):
            encode(value)
    with pytest.raises(TypeError):
        decode(float, 1.5)


def test_policy_fields_that_are_none_stay_none():
    policy = documents()[0].policy
    assert policy.effective_from is None
    assert decode(Policy, encode(policy)) == policy
    assert issubclass(RecordError, ValueError)
