"""Whether a sentence gives a person something (pay, 落户, a seat, a training), by corpus/lexicon/benefits.tsv."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from assistant.provisions.lexicon_rows import pattern, read_rows

COLUMNS = ("benefit", "asks", "pattern", "example")
CARRIER = "*"


@dataclass(frozen=True, slots=True)
class Benefit:
    """A row of the table.

    Attributes:
        name: what is given.
        asks: the group whose need it answers (落户 is for who lives elsewhere); "" for none.
        carrier: it only carries another benefit (「享受…政策」), and so does not count when needs are weighed.
        pattern: how a sentence gives it.
    """

    name: str
    asks: str
    carrier: bool
    pattern: re.Pattern[str]


def read_benefits(path: Path) -> tuple[Benefit, ...]:
    """Read the table.

    Raises:
        SettingsError: A row cannot be read; the message names the file.
    """
    return tuple(
        Benefit(name, "" if asks == CARRIER else asks, asks == CARRIER, pattern(words, path))
        for name, asks, words, _ in read_rows(path, COLUMNS)
    )


def benefits_of(sentence: str, benefits: tuple[Benefit, ...]) -> tuple[Benefit, ...]:
    """What a sentence gives a person; empty where it gives none.

    Example: 「鼓励企业为高技能人才建立企业年金」 → 年金保险; 「加强组织领导」 → nothing.
    """
    return tuple(benefit for benefit in benefits if benefit.pattern.search(sentence))


def needs(given: tuple[Benefit, ...]) -> tuple[str, ...]:
    """The groups of which one is needed for any of this to be of use; empty where something is for everybody.

    Example: 落户 and 子女 → 外地户籍, 有家属; 落户 and 奖励 → nothing.
    """
    weighed = [benefit for benefit in given if not benefit.carrier]
    return tuple(benefit.asks for benefit in weighed) if weighed and all(benefit.asks for benefit in weighed) else ()
