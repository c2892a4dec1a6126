"""Many questions in one process: JSON lines in, JSON lines out, one loaded index."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import TextIO

from assistant.answering.answerer import Answerer
from assistant.errors import BatchError
from assistant.interfaces.contract import BatchItem, json_line, read_item, to_json

_UNDECODED = re.compile(r"[\udc80-\udcff]")
"""How bytes that are not UTF-8 come in (`errors="surrogateescape"`)."""


def answer_batch(
    lines: Iterable[str], out: TextIO, answerer: Answerer, as_of: date, progress: Callable[[int], None]
) -> tuple[str, ...]:
    """Answer every line of `lines` into `out`.

    A line that cannot be read is reported and passed over, so that one bad line loses no other answer.

    Returns:
        The reports, empty when every line was answered.
    """
    faults: list[str] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            item = _item(line, number, answerer)
        except BatchError as error:
            faults.append(str(error))
            continue
        reply = answerer.answer(item.question, as_of)
        out.write(json_line(to_json(reply, item.item_id, answerer.holdings.gazetteer)))
        progress(number)
    return tuple(faults)


def _item(line: str, number: int, answerer: Answerer) -> BatchItem:
    where = f"第 {number} 行"
    if _UNDECODED.search(line):
        raise BatchError(f"{where}不是 UTF-8 文本，这一行没有作答。请另存为 UTF-8。")
    try:
        row = json.loads(line.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:  # ValueError: also a number of thousands of digits
        raise BatchError(f"{where}不是有效的 JSON，这一行没有作答。请检查引号和逗号。") from error
    return read_item(row, answerer.holdings.gazetteer, where)
