"""Policy words for lay words (户口 → 户籍、落户). What they add to a query is shown to the person.

Two tables, one on top of the other: one learned from lay questions and the sentences that answer them (IBM model 1,
`eval/encoder/translation.py`), one written by hand (`corpus/lexicon/wording.tsv`), which goes before it.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from assistant.errors import EncoderError, SettingsError
from assistant.tokenization import Tokenizer

MOST, LEAST = 8, 0.05
"""Words added to one query at most, and the least weight of one."""
SHOWN = 0.08
"""From this weight an added word is named to the person."""

Wording = Mapping[str, tuple[tuple[str, float], ...]]


def read_wording(path: Path) -> Wording:
    """Read the table: lay word → (policy word, probability that it stands in the answering sentence).

    Raises:
        EncoderError: The file is not the table.
    """
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))["table"]
        return {word: tuple([(term, float(p)) for term, p in terms]) for word, terms in stored.items()}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EncoderError(
            f"词语对照表 {path.name} 读不出来（{error}），口语词无法对应到政策用语。请从仓库恢复该文件。"
        ) from error


def read_hand_wording(path: Path, tokenizer: Tokenizer) -> Wording:
    """Read the table written by hand: lay, policy words separated by 、, weight of all of them.

    Policy words of several tokens are cut as the sentences are, so that each token can be found.

    Raises:
        SettingsError: The file is missing or a row cannot be used.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
        found: dict[str, tuple[tuple[str, float], ...]] = {}
        for row in rows:
            tokens = dict.fromkeys(t for word in row["policy"].split("、") for t in tokenizer.tokens(word))
            found[row["lay"]] = tuple((token, float(row["weight"])) for token in tokens if len(token) > 1)
        return found
    except (OSError, KeyError, ValueError, TypeError, AttributeError, csv.Error) as error:
        raise SettingsError(
            f"词表 {path.name} 读不出来（{error}），口语词无法对应到政策用语。请恢复该文件。"
        ) from error


def policy_words(wording: Wording, words: Sequence[str]) -> tuple[tuple[str, float], ...]:
    """The policy words to add for a question's words, heaviest first.

    Example:
        >>> policy_words({"户口": (("户籍", 0.09), ("落户", 0.08))}, ("户口", "落户"))
        (('户籍', 0.09),)
    """
    added: dict[str, float] = {}
    for word in dict.fromkeys(words):
        for term, probability in wording.get(word, ()):
            if term not in words:
                added[term] = added.get(term, 0.0) + probability
    ranked = sorted(added.items(), key=lambda item: -item[1])[:MOST]
    return tuple((term, weight) for term, weight in ranked if weight >= LEAST)
