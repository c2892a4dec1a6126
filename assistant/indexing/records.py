"""The frozen dataclasses as JSON lines, and back exactly as they were.

A record is written with all its fields and read with exactly those: a missing, unknown or ill-typed one means that the
file is not the one that was written. Types are read from the dataclasses themselves, so there is no second schema.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import types
import typing
from collections.abc import Callable, Hashable, Iterable, Iterator
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar, cast

from assistant.errors import IndexCorruptError

T = TypeVar("T")
Decoder = Callable[[object], Any]


class RecordError(ValueError):
    """A value that is not of the type its field declares; `read_records` adds file and line."""


def encode(value: object) -> object:
    """A value as plain JSON types: dataclasses as objects, tuples as arrays, dates in ISO form, enums by value.

    Raises:
        TypeError: a type no record may hold.

    Example:
        >>> from assistant.model import Span
        >>> encode(Span(3, 8))
        {'start': 3, 'end': 8}
    """
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: encode(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [encode(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    if value is None or type(value) in (str, int):
        return value
    raise TypeError(f"{type(value).__name__} has no form in the index files.")


def decode(record_type: type[T], data: object) -> T:
    """The inverse of `encode`.

    Raises:
        RecordError: the data do not have exactly the fields of `record_type`, each of its declared type.

    Example:
        >>> from assistant.model import Span
        >>> decode(Span, {"start": 3, "end": 8})
        Span(start=3, end=8)
    """
    record: T = _decoder(cast(Hashable, record_type))(data)
    return record


def decoder_of(record_type: Hashable) -> Decoder:
    """What `decode` uses for this type, to be called many times."""
    return _decoder(record_type)


def write_records(path: Path, records: Iterable[object]) -> int:
    """Write one record a line in UTF-8 and return their number.

    Raises:
        OSError: the file cannot be written.
    """
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for record in records:
            file.write(json.dumps(encode(record), ensure_ascii=False, separators=(",", ":")) + "\n")
            count += 1
    return count


def read_records(path: Path, record_type: type[T]) -> Iterator[T]:
    """Read what `write_records` wrote.

    Raises:
        IndexCorruptError: a line is not such a record; the message names file and line.
    """
    decoder = _decoder(cast(Hashable, record_type))
    try:
        with path.open(encoding="utf-8", newline="\n") as file:
            for number, line in enumerate(file, start=1):
                try:
                    yield decoder(json.loads(line))
                except ValueError as error:
                    raise IndexCorruptError(
                        f"索引文件 {path.name} 第 {number} 行不是完整的 {record_type.__name__} 记录，"
                        "据此回答可能出错。请运行 python -m assistant build 重建索引。"
                    ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise IndexCorruptError(
            f"索引文件 {path.name} 读不出来（{error}），没有它无法作答。请运行 python -m assistant build 重建索引。"
        ) from error


@functools.cache
def _decoder(declared: Hashable) -> Decoder:
    """The function that checks and converts a JSON value for a declared type."""
    if declared in (str, int):
        return functools.partial(_plain, declared)
    if declared is date:
        return _date
    if isinstance(declared, type) and issubclass(declared, StrEnum):
        return declared
    if isinstance(declared, type) and dataclasses.is_dataclass(declared):
        return _dataclass_decoder(declared)
    origin, arguments = typing.get_origin(declared), typing.get_args(declared)
    if origin is tuple and arguments[1:] == (Ellipsis,):
        return _tuple_decoder(_decoder(arguments[0]))
    if origin in (types.UnionType, typing.Union) and len(arguments) == 2 and type(None) in arguments:
        return _optional_decoder(_decoder(next(item for item in arguments if item is not type(None))))
    raise TypeError(f"{declared!r} has no form in the index files.")


def _plain(expected: type[T], data: object) -> T:
    if type(data) is not expected:  # isinstance would take true for an int
        raise RecordError(f"{data!r:.40} is not of type {expected.__name__}.")
    return data


def _date(data: object) -> date:
    read = date.fromisoformat(_plain(str, data))
    if read.isoformat() != data:  # fromisoformat also takes 20250421
        raise RecordError(f"{data!r:.40} is not a date as written by us.")
    return read


def _tuple_decoder(item: Decoder) -> Decoder:
    return lambda data: tuple(map(item, _plain(list, data)))


def _optional_decoder(some: Decoder) -> Decoder:
    return lambda data: None if data is None else some(data)


def _dataclass_decoder(record_type: type) -> Decoder:
    # Field decoders are found at the first use, not here: a Clause holds Clauses.
    @functools.cache
    def decoders() -> dict[str, Decoder]:
        hints = typing.get_type_hints(record_type)
        return {field.name: _decoder(hints[field.name]) for field in dataclasses.fields(record_type)}

    def read(data: object) -> object:
        fields, values = decoders(), _plain(dict, data)
        if values.keys() != fields.keys():
            raise RecordError(f"{record_type.__name__} has the fields {sorted(fields)}, not {sorted(values)}.")
        return record_type(**{name: decoder(values[name]) for name, decoder in fields.items()})

    return read
