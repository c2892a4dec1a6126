"""What matter a sentence is about, by the table corpus/lexicon/topics.tsv."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from assistant.provisions.lexicon_rows import pattern, read_rows

OTHER = "其他"
MAX_TOPICS = 4
COLUMNS = ("topic", "pattern", "example")


@dataclass(frozen=True, slots=True)
class Topic:
    """A row of the table; rows stand from the special to the general."""

    name: str
    pattern: re.Pattern[str]
    example: str


def read_topics(path: Path) -> tuple[Topic, ...]:
    """Read the table.

    Raises:
        SettingsError: A row cannot be read; the message names the file.
    """
    return tuple(Topic(name, pattern(words, path), example) for name, words, example in read_rows(path, COLUMNS))


def topics_of(sentence: str, topics: tuple[Topic, ...]) -> tuple[Topic, ...]:
    """The topics of a sentence, the most special first, at most `MAX_TOPICS`; none where nothing of the table fits.

    Example: 「完善技能人才入户政策，引导高技能人才合理流动。」 → 落户, 人才流动.
    """
    return tuple(topic for topic in topics if topic.pattern.search(sentence))[:MAX_TOPICS]
