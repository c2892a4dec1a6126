"""Words written with a wrong character of the same sound (入沪 for 入户, 津帖 for 津贴), as typing by sound produces.

Only words of the lexicon are recognised, and only where at least half of their characters are right. What is taken to
be meant is searched beside what was written, and shown to the person.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from assistant.errors import SettingsError

LONGEST = 6
"""Characters of the longest word looked for."""
_UNKEPT = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ing", "in"), ("eng", "en"))
"""Sounds that many speakers do not keep apart."""

_PARTICLES = "的地得了着过是在有和不吗呢吧啊嘅"
"""Characters that stand anywhere, and with any neighbour sound like some word of two (拿的, 拿地)."""

Readings = Mapping[str, tuple[str, ...]]


def read_readings(path: Path) -> Readings:
    """Read the table of sounds: character → its sounds, those that many do not keep apart made one.

    Raises:
        SettingsError: The file is missing or is not the table.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = [(row["reading"], row["characters"]) for row in csv.DictReader(file, delimiter="\t")]
    except (OSError, ValueError, KeyError, csv.Error) as error:
        raise SettingsError(f"读音表 {path.name} 读不出来（{error}），认不出同音错字。请恢复该文件。") from error
    found: dict[str, dict[str, None]] = {}
    for reading, characters in rows:
        sound = _folded(reading)
        for character in characters:
            found.setdefault(character, {})[sound] = None
    return {character: tuple(sounds) for character, sounds in found.items()}


@dataclass(frozen=True, slots=True)
class Homophones:
    """Finds the words of a list behind their homophones.

    Attributes:
        readings: the sounds of each character.
        words: the words by their sounds.
    """

    readings: Readings
    words: Mapping[tuple[str, ...], tuple[str, ...]]

    @classmethod
    def of(cls, words: Iterable[str], readings: Readings) -> Homophones:
        """Prepare the words of two to `LONGEST` characters whose sounds are known."""
        found: dict[tuple[str, ...], dict[str, None]] = {}
        for word in words:
            if 2 <= len(word) <= LONGEST:
                for sounds in _sounds(word, readings):
                    found.setdefault(sounds, {})[word] = None
        return cls(readings, {sounds: tuple(named) for sounds, named in found.items()})

    def meant(self, text: str, tokens: Collection[str]) -> tuple[str, ...]:
        """The words meant by stretches of a question that are no words themselves, in the order in which they stand.

        Args:
            text: the question.
            tokens: its tokens, of the dictionary only. A stretch that cuts through one of two characters or more is no
                word; nor is one of two characters that is, or overlaps, such a token.
        """
        covered, cut = [False] * len(text), [False] * (len(text) + 1)
        for token in {token for token in tokens if len(token) > 1}:
            at = text.find(token)
            while at >= 0:
                end = at + len(token)
                covered[at:end] = [True] * len(token)
                cut[at + 1 : end] = [True] * (len(token) - 1)
                at = text.find(token, end)
        sounds = [self.readings.get(character, ()) for character in text]
        found: dict[str, None] = {}
        for start in range(len(text) - 1):
            if cut[start]:
                continue
            for end in range(start + 2, min(len(text), start + LONGEST) + 1):
                if not sounds[end - 1]:
                    break  # a sign of no known sound is in no word
                if cut[end] or (end - start == 2 and (covered[start] or covered[start + 1])):
                    continue
                for word in self._sounding(sounds[start:end]):
                    if word not in text and _half_right(text[start:end], word):
                        found[word] = None
        return tuple(found)

    def _sounding(self, sounds: Sequence[tuple[str, ...]]) -> Iterable[str]:
        for each in product(*sounds):
            yield from self.words.get(each, ())


def _half_right(stretch: str, word: str) -> bool:
    wrong = [one for one, other in zip(stretch, word, strict=True) if one != other]
    return 0 < 2 * len(wrong) <= len(word) and not (len(word) == 2 and wrong[0] in _PARTICLES)


def _sounds(word: str, readings: Readings) -> Iterable[tuple[str, ...]]:
    if not all(character in readings for character in word):
        return ()
    return product(*(readings[character] for character in word))


def _folded(reading: str) -> str:
    for unkept, kept in _UNKEPT:
        reading = reading.replace(unkept, kept)
    return reading
