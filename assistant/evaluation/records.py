"""Reading JSON lines strictly: one object a line, and every key asked for is there with its type.

Question files and answer files are written by others; what is wrong with a line is said once, in Chinese, with the
file and the line number, instead of surfacing later as a strange figure.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NoReturn, TypeVar

from assistant.errors import BatchError

_Member = TypeVar("_Member", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Record:
    """A JSON object, read key by key.

    Attributes:
        where: file, line and path inside the line, for messages.
        values: the object itself.
    """

    where: str
    values: dict[str, object]

    def broken(self, problem: str) -> NoReturn:
        """Raise the error for this line."""
        raise BatchError(f"{self.where}：{problem}。请改正这一行后重试。")

    def get(self, key: str) -> object:
        """The value as it stands; a missing key is an error, a null is not."""
        if key not in self.values:
            self.broken(f"缺少“{key}”")
        return self.values[key]

    def optional_text(self, key: str) -> str | None:
        """A string, or null."""
        value = self.get(key)
        if value is not None and not isinstance(value, str):
            self.broken(f"“{key}”应为字符串或 null")
        return value

    def text(self, key: str) -> str:
        """A string, which may be empty."""
        value = self.get(key)
        if not isinstance(value, str):
            self.broken(f"“{key}”应为字符串")
        return value

    def filled_text(self, key: str) -> str:
        """A string with something in it."""
        value = self.text(key)
        if not value.strip():
            self.broken(f"“{key}”不能为空")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of strings."""
        values = self._list(key)
        if not all(isinstance(value, str) for value in values):
            self.broken(f"“{key}”应为字符串的列表")
        return tuple(str(value) for value in values)

    def flag(self, key: str) -> bool:
        """True or false."""
        value = self.get(key)
        if not isinstance(value, bool):
            self.broken(f"“{key}”应为 true 或 false")
        return value

    def integer(self, key: str) -> int:
        """A whole number, not negative."""
        value = self.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            self.broken(f"“{key}”应为非负整数")
        return value

    def integers(self, key: str) -> tuple[int, ...]:
        """A list of whole numbers."""
        values = self._list(key)
        if not all(isinstance(value, int) and not isinstance(value, bool) for value in values):
            self.broken(f"“{key}”应为整数的列表")
        return tuple(value for value in values if isinstance(value, int))

    def number(self, key: str) -> float:
        """A number, not negative."""
        value = self.get(key)
        if not isinstance(value, int | float) or isinstance(value, bool) or value < 0:
            self.broken(f"“{key}”应为非负数")
        return float(value)

    def choice(self, key: str, kind: type[_Member]) -> _Member:
        """A member of an enumeration, by its value."""
        value = self.text(key)
        if value not in {member.value for member in kind}:
            self.broken(f"“{key}”的值“{value}”不在 {'、'.join(member.value for member in kind)} 之中")
        return kind(value)

    def optional_choice(self, key: str, kind: type[_Member]) -> _Member | None:
        """A member of an enumeration, or null."""
        return None if self.get(key) is None else self.choice(key, kind)

    def record(self, key: str) -> Record:
        """An object inside this one."""
        value = self.get(key)
        if not isinstance(value, dict):
            self.broken(f"“{key}”应为对象")
        return Record(f"{self.where}，{key}", value)

    def records(self, key: str) -> tuple[Record, ...]:
        """A list of objects; messages count them from 1."""
        values = self._list(key)
        found = []
        for number, value in enumerate(values, start=1):
            if not isinstance(value, dict):
                self.broken(f"“{key}”的第 {number} 项应为对象")
            found.append(Record(f"{self.where}，{key} 第 {number} 项", value))
        return tuple(found)

    def _list(self, key: str) -> list[object]:
        value = self.get(key)
        if not isinstance(value, list):
            self.broken(f"“{key}”应为列表")
        return value


def read_records(path: Path) -> tuple[Record, ...]:
    """The objects of a JSON lines file, in order; blank lines are skipped.

    Raises:
        BatchError: the file cannot be read, or a line is not a JSON object.
    """
    try:
        content = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise BatchError(f"无法读取 {path}：{error.strerror}。请检查路径。") from error
    except UnicodeDecodeError as error:
        raise BatchError(f"{path} 不是 UTF-8 文本，无法评测。请转存为 UTF-8。") from error
    records = []
    for number, line in enumerate(content.split("\n"), start=1):
        if not line.strip():
            continue
        where = f"{path.name} 第 {number} 行"
        try:
            value = json.loads(line, parse_constant=_reject_constant)
        except ValueError as error:
            raise BatchError(f"{where}：不是合法的 JSON（{error}）。请改正这一行后重试。") from error
        if not isinstance(value, dict):
            raise BatchError(f"{where}：应为一个 JSON 对象。请改正这一行后重试。")
        records.append(Record(where, value))
    return tuple(records)


def read_distinct(path: Path) -> Iterator[Record]:
    """As `read_records`, for files whose lines have an `id` of their own.

    Raises:
        BatchError: as `read_records`, or an id is missing, empty or comes twice; the message names the line.
    """
    seen: set[str] = set()
    for record in read_records(path):
        topic_id = record.filled_text("id")
        if topic_id in seen:
            record.broken(f"编号“{topic_id}”重复")
        seen.add(topic_id)
        yield record


def _reject_constant(name: str) -> NoReturn:
    raise ValueError(f"不接受 {name}")
