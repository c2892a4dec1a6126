from __future__ import annotations

import shutil

import numpy as np
import pytest

from assistant.errors import IndexCorruptError
from assistant.indexing.record_file import LineFile, LineWriter, RecordFile, offsets_path
from assistant.model import Span

SPANS = [Span(0, 3), Span(3, 3), Span(7, 21)]


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "spans.jsonl"
    with LineWriter(path) as writer:
        for span in SPANS:
            writer.record(span)
        assert writer.count == 3
    return path


def test_records_come_back_by_number_in_slices_and_in_order(path):
    records = RecordFile(path, Span)
    assert [records[2], records[0], records[-1]] == [SPANS[2], SPANS[0], SPANS[2]]
    assert list(records) == SPANS
    assert tuple(records[1:]) == tuple(SPANS[1:])
    assert len(records) == 3
    for number in (3, -4):
        with pytest.raises(IndexError):
            records[number]


def test_an_open_file_outlives_its_folder(path):
    records = RecordFile(path, Span)
    shutil.rmtree(path.parent)
    assert list(records) == SPANS


def test_lines_of_another_file_are_taken_over_as_they_are(path, tmp_path):
    copied = tmp_path / "copied.jsonl"
    with LineWriter(copied) as writer:
        writer.record(Span(90, 91))
        writer.lines(LineFile(path), 1, 3)
        writer.record(Span(92, 93))
    assert list(RecordFile(copied, Span)) == [Span(90, 91), *SPANS[1:], Span(92, 93)]


def test_an_empty_file_has_no_records(tmp_path):
    path = tmp_path / "none.jsonl"
    with LineWriter(path):
        pass
    assert list(RecordFile(path, Span)) == []


def test_offsets_of_another_file_are_refused(path):
    np.save(offsets_path(path), np.array([0, 5], dtype=np.uint64))
    with pytest.raises(IndexCorruptError, match=r"spans\.jsonl"):
        RecordFile(path, Span)


def test_a_line_that_is_no_such_record_is_named(tmp_path):
    path = tmp_path / "spans.jsonl"
    with LineWriter(path) as writer:
        writer.record(Span(0, 1))
        writer.line(b'{"start":5}\n')
    records = RecordFile(path, Span)
    assert records[0] == Span(0, 1)
    with pytest.raises(IndexCorruptError, match=r"spans\.jsonl 第 2 行"):
        records[1]
