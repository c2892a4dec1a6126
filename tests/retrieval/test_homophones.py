"""Words behind a wrong character of the same sound: which are found, and which stretches are left alone."""

from __future__ import annotations

import csv

import pytest

from assistant.errors import SettingsError
from assistant.retrieval.homophones import Homophones, read_readings
from assistant.settings import Settings
from assistant.tokenization import load_tokenizer

LEXICON = Settings().lexicon_dir
WORDS = ("入户", "落户", "职代会", "高级工", "技能竞赛", "职业技能竞赛", "技师", "用地", "津贴", "拿地", "特级技师")


@pytest.fixture(scope="module")
def homophones():
    return Homophones.of(WORDS, read_readings(LEXICON / "readings.tsv"))


@pytest.fixture(scope="module")
def tokenizer():
    return load_tokenizer(LEXICON / "user_dictionary.txt")


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("高计工入沪还限工种吗", ("高级工", "入户")),
        ("职带会里技工多吗", ("职代会",)),
        ("技能竟赛怎么报名", ("技能竞赛",)),
        ("津帖有多少", ("津贴",)),
        ("特极技师", ("特级技师",)),
        ("市里的积师", ("技师",)),
        ("高级工也说入沪", ("入户",)),
    ],
)
def test_what_is_meant(homophones, tokenizer, question, meant):
    assert homophones.meant(question, tokenizer.dictionary_tokens(question)) == meant


@pytest.mark.parametrize(
    "question",
    [
        "高级工入户还限工种吗",  # nothing is wrong
        "入户别写成入沪",  # the right word is there
        "技士和技师",  # a word of its own
        "技术大拿的工作室",  # 拿的 is no word but a particle's neighbour
        "试点用的是哪个文件",
        "入",
        "",
    ],
)
def test_what_is_left_alone(homophones, tokenizer, question):
    assert homophones.meant(question, tokenizer.dictionary_tokens(question)) == ()


def test_more_than_half_wrong_is_another_word(homophones):
    assert homophones.meant("计能井赛", ()) == ("技能竞赛",)
    assert homophones.meant("计嫩井赛", ()) == ()
    assert homophones.meant("如沪", ()) == ()


def test_a_stretch_that_cuts_through_a_word_is_none(homophones):
    """级工 of 高级工 sounds like 技工, but is no word there."""
    own = Homophones.of(("技工",), homophones.readings)
    assert own.meant("高级工", ("高级工", "高级")) == ()
    assert own.meant("级工", ()) == ("技工",)


def test_accents_are_folded(homophones):
    assert homophones.readings["师"] == homophones.readings["思"]
    assert homophones.readings["竞"] == homophones.readings["进"]
    assert homophones.readings["会"] == ("hui", "kuai")


def test_the_table_names_each_character_once_a_sound_and_all_words_can_be_read():
    with (LEXICON / "readings.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert len({row["reading"] for row in rows}) == len(rows)
    assert all(len(set(row["characters"])) == len(row["characters"]) > 0 for row in rows)
    known = {character for row in rows for character in row["characters"]}
    with (LEXICON / "wording.tsv").open(encoding="utf-8", newline="") as file:
        words = [row["lay"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]
    assert {c for word in words for c in word if "\u4e00" <= c <= "\u9fd5"} <= known


def test_a_table_that_is_none_is_named(tmp_path):
    broken = tmp_path / "readings.tsv"
    broken.write_text("nothing\there\n1\t2\n", encoding="utf-8")
    for path in (broken, tmp_path / "missing.tsv"):
        with pytest.raises(SettingsError, match=path.name):
            read_readings(path)
