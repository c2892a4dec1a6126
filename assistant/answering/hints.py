"""What kind of thing a question asks for, and whether the sentences found hold one: hints, weighed by the judge.

Unlike the demands of `refusals.py`, no hint refuses by itself: it may be read wide, and how much it tells is learned.
The table is corpus/lexicon/hints.tsv; what cannot be a pattern (a counted noun, alternatives, a year) is read here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.model import Chunk
from assistant.provisions.lexicon_rows import pattern, read_rows
from assistant.retrieval.understanding import Understanding

COLUMNS = ("name", "question", "evidence", "example")
_DIGITS = r"(?:\d[\d,.]*|[一二两三四五六七八九十百千]+)\s*(?:余|多)?[万亿]?(?:余|多)?"
_COUNTED = re.compile(
    r"(?<![哪这近前好那没十])(?:多少|几多?|幾多?)(?:百|千|万|十)*(?P<noun>[个家名人所间项门科台条份位本张句次届批场节期档级类种轮处套])"
)
_SAME = {
    "家": "家所个间",
    "间": "家所个间",
    "所": "家所个间",
    "个": "个家所名人项位",
    "名": "名人位个",
    "人": "名人位个",
    "位": "名人位个",
}
_OR = re.compile(r"([^，,。；;？?！!\s]{1,8})还是([^，,。；;？?！!\s]{1,8})")
_YEAR = re.compile(r"(?:19|20)\d\d(?=\s*年|$|[^\d])")
_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_QUOTED = re.compile(r"[“「\"']([^”」\"']{2,12})[”」\"']")
_LEVEL = re.compile(r"学徒工?|初级工|中级工|高级工|(?:高级|特级|首席)?技师(?!学院)")
_EMPLOYER = re.compile(
    r"国企|国有|央企|民营|民企|私企|私人|私营|小微|中小|小厂|个体|龙头|上市|链主|规上|规模以上|外资|事业单位|民办|公办"
)
_SAME_EMPLOYER = {
    "国企": "国有",
    "民企": "民营",
    "私企": "民营",
    "私人": "民营",
    "私营": "民营",
    "小厂": "中小",
    "规上": "规模以上",
}
_BETWEEN = "■"
_HOW_MANY = re.compile(
    r"多少|幾多|几(?:多|成|百|千|万|年|个|天|月|号|岁|次|名|家|人)?|百分之几|多久|多长|几时|哪[年月天]"
)
_NUMBER = re.compile(rf"{_DIGITS}[^，,。；;、]{{0,4}}")
_BEFORE, _BEHIND = 14, 6
"""Characters beside a number in which what it counts is named; in a text the noun stands before or right behind."""


@dataclass(frozen=True, slots=True)
class Hint:
    """A kind of thing that may be asked for.

    Attributes:
        name: of the kind (金额).
        question: pattern of asking for it.
        evidence: pattern of text that holds one.
    """

    name: str
    question: re.Pattern[str]
    evidence: re.Pattern[str]


def read_hints(path: Path) -> tuple[Hint, ...]:
    """Read the table.

    Raises:
        SettingsError: It cannot be read, or a row is not as it should be.
    """
    rows = read_rows(path, COLUMNS)
    return tuple(Hint(name, pattern(question, path), pattern(evidence, path)) for name, question, evidence, _ in rows)


def hinted(asked: Understanding, chunks: Sequence[Chunk], hints: Sequence[Hint]) -> dict[str, float]:
    """For each kind: whether it is asked for, asked and not in the best sentence, asked and in none; and the rest.

    Args:
        asked: the question.
        chunks: the best sentences, best first; at least one.
        hints: the kinds.
    """
    question = f"{asked.carried_topic} {asked.matter}".strip()
    first, rest = chunks[0].text, " ".join(chunk.text for chunk in chunks)
    values: dict[str, float] = {}
    for hint in hints:
        wanted = bool(hint.question.search(question))
        values[f"asks_{hint.name}"] = float(wanted)
        values[f"lacks_{hint.name}"] = float(wanted and not hint.evidence.search(first))
        values[f"misses_{hint.name}"] = float(wanted and not hint.evidence.search(rest))
    return values | _read_words(asked.text, question, first, f"{rest} {chunks[0].context}")


def residue(asked: Understanding, best: Chunk) -> str:
    """The question with what it shares with the best sentence, its headings struck: what is left to be answered.

    Example: 「技能津贴一个月多少钱」 against 「支持企业设立技能津贴」 → 「^■一个月多少钱$」.
    """
    text, told = asked.text, best.placed
    shared = [False] * len(text)
    for at in range(len(text) - 1):
        if text[at : at + 2] in told:
            shared[at] = shared[at + 1] = True
    left = "".join(_BETWEEN if held else letter for letter, held in zip(text, shared, strict=True))
    return f"^{re.sub(f'{_BETWEEN}+', _BETWEEN, left)}$"


def _read_words(text: str, question: str, first: str, told: str) -> dict[str, float]:
    counted = [match["noun"] for match in _COUNTED.finditer(question)]
    uncounted = [noun for noun in counted if not re.search(f"{_DIGITS}[{_SAME.get(noun, noun)}]", first)]
    sides = [side for match in _OR.finditer(text) for side in match.groups()]
    unheld = [side for side in sides if not _shares_pair(side, first)]
    years = set(_YEAR.findall(text))
    figures = set(_FIGURE.findall(text)) - years
    quoted = _QUOTED.findall(text)
    levels = set(_LEVEL.findall(question))
    firms = {_SAME_EMPLOYER.get(word, word) for word in _EMPLOYER.findall(question)}
    letters = [text[at : at + 2] for at in range(len(text) - 1)]
    near = _number_near(question, first)
    return {
        "number_asked": float(near is not None),
        "number_far": 0.0 if near is None else 1 - near,
        "counts": float(bool(counted)),
        "counts_unheld": float(bool(uncounted)),
        "alternatives": float(bool(sides)),
        "alternatives_unheld": len(unheld) / max(1, len(sides)),
        "years": float(bool(years)),
        "years_unheld": float(any(year not in first for year in years)),
        "years_untold": float(any(year not in told for year in years)),
        "figures": float(bool(figures)),
        "figures_unheld": float(any(figure not in first for figure in figures)),
        "quoted_unheld": float(any(words not in told for words in quoted)),
        "levels_unheld": float(any(level not in first for level in levels)),
        "firms_unheld": float(any(firm not in first for firm in firms)),
        "pairs_left": sum(pair not in told for pair in letters) / max(1, len(letters)),
        "evidence_length": min(len(first), 200) / 100,
    }


def _number_near(question: str, sentence: str) -> float | None:
    """How much of the words around 「多少」 stands around a number of the sentence, 0 to 1; None without 「多少」."""
    asked = [
        question[max(0, m.start() - 8) : m.start()] + "，" + question[m.end() : m.end() + 4]
        for m in _HOW_MANY.finditer(question)
    ]
    if not asked:
        return None
    held = [sentence[max(0, m.start() - _BEFORE) : m.end() + _BEHIND] for m in _NUMBER.finditer(sentence)]
    return min(max((_share_of_pairs(words, window) for window in held), default=0.0) for words in asked)


def _share_of_pairs(words: str, text: str) -> float:
    pairs = [words[at : at + 2] for at in range(len(words) - 1) if "，" not in words[at : at + 2]]
    return sum(pair in text for pair in pairs) / len(pairs) if pairs else 0.0


def _shares_pair(words: str, text: str) -> bool:
    return any(words[at : at + 2] in text for at in range(len(words) - 1))
