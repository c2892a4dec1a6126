"""The tables the register is read with, opened once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assistant.provisions.beneficiaries import Group, read_groups
from assistant.provisions.benefits import Benefit, read_benefits
from assistant.provisions.topics import Topic, read_topics


@dataclass(frozen=True, slots=True)
class Rules:
    """The tables of topics, groups of people and benefits."""

    topics: tuple[Topic, ...]
    groups: tuple[Group, ...]
    benefits: tuple[Benefit, ...]


def read_rules(lexicon_dir: Path) -> Rules:
    """Read the three tables.

    Raises:
        SettingsError: One cannot be read; the message names it.
    """
    return Rules(
        read_topics(lexicon_dir / "topics.tsv"),
        read_groups(lexicon_dir / "groups.tsv"),
        read_benefits(lexicon_dir / "benefits.tsv"),
    )
