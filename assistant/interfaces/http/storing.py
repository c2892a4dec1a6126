"""Where feedback goes: one JSON-lines file a day, appended to, bounded in size and in days.

The question is not stored unless the person allows it; in its place stands a salted hash. The salt lives as long as
the process, so equal questions can be counted within a run and not be guessed from a word list afterwards.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import threading
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from assistant.errors import AssistantError
from assistant.interfaces.contract import json_line

LARGEST_DAY = 1024 * 1024
KEPT_DAYS = 30


class FeedbackStoreError(AssistantError):
    """The feedback could not be kept; answers are not affected."""


class FeedbackStore:
    """Append-only; safe between threads, and between processes because a line is written in one piece."""

    def __init__(self, folder: Path, largest_day: int = LARGEST_DAY, kept_days: int = KEPT_DAYS) -> None:
        self._folder = folder
        self._largest_day = largest_day
        self._kept_days = kept_days
        self._salt = secrets.token_bytes(16)
        self._lock = threading.Lock()

    def keep(self, row: Mapping[str, object], today: date) -> None:
        """Append one line.

        Raises:
            FeedbackStoreError: The day's file is full, or the folder cannot be written to.
        """
        line = json_line({"on": today.isoformat(), **row}).encode()
        path = self._folder / f"feedback-{today.isoformat()}.jsonl"
        try:
            with self._lock:
                self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                if not path.exists():
                    self.forget_old(today)
                elif path.stat().st_size + len(line) > self._largest_day:
                    raise FeedbackStoreError("今天收到的反馈已到上限，这一条没有保存，不影响继续提问。请明天再来。")
                handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
                try:
                    os.write(handle, line)
                finally:
                    os.close(handle)
        except OSError as error:
            raise FeedbackStoreError(
                "反馈没有保存成（服务器写不了文件），不影响继续提问。请稍后再试，或告诉维护人员。"
            ) from error

    def forget_old(self, today: date) -> None:
        """Remove the files of days that are past keeping."""
        oldest = f"feedback-{(today - timedelta(days=self._kept_days)).isoformat()}.jsonl"
        for path in self._folder.glob("feedback-????-??-??.jsonl"):
            if path.name < oldest:
                path.unlink(missing_ok=True)

    def hash_of(self, question: str) -> str:
        """A hash of a question, good for this process only."""
        return hashlib.blake2b(question.encode("utf-8", "surrogatepass"), key=self._salt, digest_size=8).hexdigest()
