"""Policy words for lay words: the two tables and what they add."""

from __future__ import annotations

import pytest

from assistant.errors import EncoderError, SettingsError
from assistant.retrieval.lay_wording import LEAST, MOST, policy_words, read_hand_wording, read_wording
from assistant.settings import BUNDLED_ENCODER, Settings
from assistant.tokenization import load_tokenizer

TABLE = {"户口": (("户籍", 0.3), ("落户", 0.2)), "孩子": (("子女", 0.7), ("户籍", 0.1)), "很少": (("罕见", LEAST / 2),)}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("户口",), (("户籍", 0.3), ("落户", 0.2))),
        (("户口", "落户"), (("户籍", 0.3),)),  # a word already there is not added
        (("户口", "孩子"), (("子女", 0.7), ("户籍", pytest.approx(0.4)), ("落户", 0.2))),  # two words for one add up
        (("户口", "户口"), (("户籍", 0.3), ("落户", 0.2))),  # said twice counts once
        (("很少",), ()),  # too light
        (("别的",), ()),
        ((), ()),
    ],
)
def test_what_is_added(words, expected):
    assert policy_words(TABLE, words) == expected


def test_not_more_than_a_few():
    table = {"词": tuple((f"甲{i}", 0.5) for i in range(3 * MOST))}
    assert len(policy_words(table, ("词",))) == MOST


def test_both_tables_of_the_product_can_be_read():
    learned = read_wording(BUNDLED_ENCODER / "translations.json")
    by_hand = read_hand_wording(Settings().lexicon_dir / "wording.tsv", load_tokenizer())
    assert "户籍" in dict(learned["户口"])
    assert {"入户", "户籍"} <= set(dict(by_hand["落户"]))
    assert all(0 < weight <= 1 for terms in by_hand.values() for _, weight in terms)


def test_a_damaged_table_is_named(tmp_path):
    broken = tmp_path / "translations.json"
    broken.write_text("{", encoding="utf-8")
    with pytest.raises(EncoderError, match=r"translations\.json"):
        read_wording(broken)
    table = tmp_path / "wording.tsv"
    table.write_text("lay\tpolicy\tweight\n户口\t落户\t很多\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"wording\.tsv"):
        read_hand_wording(table, load_tokenizer())
