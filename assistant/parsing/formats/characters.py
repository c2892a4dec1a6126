"""Characters that no reader sees, taken out of an extracted text and reported.

Zero-width and tag characters can hide words from a reader or an instruction from a reviewer; direction marks can show
digits in another order; Kangxi radicals (⼊ for 入) look right and are found by no search.
"""

from __future__ import annotations

import re
import unicodedata

from assistant.parsing.formats.extraction import SetAside

UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    "\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
"""Zero-width, direction, joiner, variation and tag characters."""
CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_RADICAL = re.compile("[\u2e80-\u2fdf\uf900-\ufaff]")
# Unicode has no compatibility mapping for the supplement
_SIMPLIFIED = dict(
    zip(
        "⺠⺟⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳",
        "民母虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟麦黄齐齿龙龟",
        strict=True,
    )
)


def unseen_characters(text: str) -> tuple[SetAside, ...]:
    """The invisible characters of a text, one entry a kind, tag characters spelt out as the letters they stand for."""
    found: dict[str, list[int]] = {}
    for match in (*UNSEEN.finditer(text), *CONTROL.finditer(text)):
        found.setdefault(_name(match.group()), []).append(match.start())
    entries = []
    for name, places in found.items():
        words = name
        if name == "标签字符":
            letters = "".join(chr(ord(text[at]) - 0xE0000) for at in places[:80] if 0xE0020 <= ord(text[at]) <= 0xE007E)
            words = f"标签字符（写着“{letters}”）" if letters else name
        entries.append(SetAside("character", places[0], words, len(places)))
    return tuple(sorted(entries, key=lambda entry: entry.at))


def visible(text: str) -> str:
    r"""The text without invisible characters, with radicals as the characters they show and line ends as \n.

    Example:
        >>> visible("输⼊\u200b文\r\n字")
        '输入文\n字'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").replace("\v", "\n")
    text = CONTROL.sub("", UNSEEN.sub("", text))
    return _RADICAL.sub(lambda match: _shown(match.group()), text)


def _shown(radical: str) -> str:
    if radical in _SIMPLIFIED:
        return _SIMPLIFIED[radical]
    folded = unicodedata.normalize("NFKC", radical)
    return folded if len(folded) == 1 else radical


def _name(character: str) -> str:
    code = ord(character)
    if code >= 0xE0000:
        return "标签字符"
    if 0x202A <= code <= 0x202E or 0x2066 <= code <= 0x2069 or code in (0x200E, 0x200F, 0x061C):
        return "文字方向控制符"
    if code < 0x20 or 0x7F <= code <= 0x9F or 0xD800 <= code <= 0xDFFF:
        return "控制字符"
    return "零宽字符"
