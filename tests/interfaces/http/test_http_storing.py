"""The feedback store: appended, bounded by day and in days, and a failure that is said and survived."""

from __future__ import annotations

import json
import threading
from datetime import date, timedelta

import pytest

from assistant.interfaces.http.storing import FeedbackStore, FeedbackStoreError

TODAY = date(2026, 11, 20)


def test_rows_are_appended_by_day_for_the_owner_only(tmp_path):
    store = FeedbackStore(tmp_path / "state")
    for number in range(3):
        store.keep({"n": number}, TODAY)
    store.keep({"n": 3}, TODAY + timedelta(1))
    files = sorted((tmp_path / "state").iterdir())
    assert [file.name for file in files] == ["feedback-2026-11-20.jsonl", "feedback-2026-11-21.jsonl"]
    assert [json.loads(line)["n"] for line in files[0].read_text().splitlines()] == [0, 1, 2]
    assert (files[0].stat().st_mode & 0o777, files[0].parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_days_file_is_bounded(tmp_path):
    store = FeedbackStore(tmp_path, largest_day=200)
    for _ in range(5):  # 37 bytes each
        store.keep({"useful": True}, TODAY)
    with pytest.raises(FeedbackStoreError, match="已到上限"):
        store.keep({"useful": True}, TODAY)
    assert (tmp_path / "feedback-2026-11-20.jsonl").stat().st_size <= 200
    store.keep({"useful": True}, TODAY + timedelta(1))


def test_days_past_keeping_are_removed_and_nothing_else(tmp_path):
    store = FeedbackStore(tmp_path, kept_days=30)
    for back in (31, 30, 29):
        store.keep({}, TODAY - timedelta(back))
    (tmp_path / "other.jsonl").touch()
    store.keep({}, TODAY)
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "feedback-2026-10-21.jsonl",
        "feedback-2026-10-22.jsonl",
        "feedback-2026-11-20.jsonl",
        "other.jsonl",
    ]


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path):
    (tmp_path / "state").write_text("a file where the folder should be")
    with pytest.raises(FeedbackStoreError, match="没有保存成"):
        FeedbackStore(tmp_path / "state").keep({}, TODAY)


def test_threads_do_not_mix_their_lines(tmp_path):
    store = FeedbackStore(tmp_path)

    def write():
        for _ in range(50):
            store.keep({"text": "甲" * 100}, TODAY)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = (tmp_path / "feedback-2026-11-20.jsonl").read_text("utf-8").splitlines()
    assert len([json.loads(line) for line in lines]) == 200


def test_hashes_count_equal_questions_within_a_run_only(tmp_path):
    one, other = FeedbackStore(tmp_path), FeedbackStore(tmp_path)
    assert one.hash_of("问") == one.hash_of("问") != one.hash_of("答")
    assert one.hash_of("问") != other.hash_of("问")
    assert one.hash_of("\ud800")
