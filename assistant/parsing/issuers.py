"""Issuing organs: joint names apart, and the whole name of one that a title shortens."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.model import Span

_RELATIVE = re.compile(r"^[省市区县州](?!人大)")


def split_organs(text: str) -> tuple[str, ...]:
    """The names in a line of organs, each once; the word 文件 of a printed head is none."""
    names = re.split(r"[\s\u3000、]+", re.sub(r"\s*文件$", "", text.replace(" 文件", "")))
    return tuple(dict.fromkeys(name for name in names if name and name != "文件"))


def is_relative(name: str) -> bool:
    """「市人社局」: an office of a place that the name does not give."""
    return _RELATIVE.match(name) is not None


def whole_issuer(short: str, organs: Iterable[tuple[tuple[str, ...], Span]]) -> tuple[str, Span] | None:
    """「市人民政府关于…」 signed 武汉市人民政府: the signature, or the site's table, tells which city.

    None where the name is whole, or nothing tells.
    """
    if not _RELATIVE.match(short):
        return None
    for names, span in organs:
        if len(names) == 1 and names[0] != short and names[0].endswith(short):
            return names[0], span
    return None
