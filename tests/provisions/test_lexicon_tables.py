"""The tables of topics, groups and benefits: each row reads its own example, and broken tables are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import SettingsError
from assistant.provisions.beneficiaries import COLUMNS as GROUP_COLUMNS
from assistant.provisions.beneficiaries import Reach, beneficiary, groups_of, read_groups
from assistant.provisions.benefits import COLUMNS as BENEFIT_COLUMNS
from assistant.provisions.benefits import benefits_of, needs, read_benefits
from assistant.provisions.lexicon_rows import read_rows
from assistant.provisions.topics import COLUMNS as TOPIC_COLUMNS
from assistant.provisions.topics import read_topics, topics_of

TABLES = [("topics.tsv", TOPIC_COLUMNS), ("groups.tsv", GROUP_COLUMNS), ("benefits.tsv", BENEFIT_COLUMNS)]


@pytest.fixture(scope="module")
def lexicon(corpus_dir: Path) -> Path:
    return corpus_dir / "lexicon"


def test_every_row_reads_its_example(lexicon: Path) -> None:
    for topic in read_topics(lexicon / "topics.tsv"):
        assert topic.pattern.search(topic.example), topic.name
    rows = read_rows(lexicon / "benefits.tsv", BENEFIT_COLUMNS)
    for benefit, row in zip(read_benefits(lexicon / "benefits.tsv"), rows, strict=True):
        assert benefit.pattern.search(row[-1]), benefit.name
    for group, row in zip(
        read_groups(lexicon / "groups.tsv"), read_rows(lexicon / "groups.tsv", GROUP_COLUMNS), strict=True
    ):
        assert group.in_text.search(row[-1]) or group.kind.value == "need", group.name


def test_names_come_once(lexicon: Path) -> None:
    for name, columns in TABLES:
        names = [row[0] for row in read_rows(lexicon / name, columns)]
        assert len(names) == len(set(names)), name


def test_the_readme_describes_each_table(lexicon: Path) -> None:
    readme = (lexicon / "README.md").read_text(encoding="utf-8")
    for name, columns in TABLES:
        assert f"## {name}" in readme
        assert all(f"| {column} |" in readme for column in columns)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "topic\twrong\n",
        "topic\tpattern\texample\n落户\tx\n",
        "topic\tpattern\texample\n落户\t(\tx\n",
    ],
    ids=["empty", "header", "cells", "pattern"],
)
def test_a_broken_table_is_refused_by_name(tmp_path: Path, content: str) -> None:
    path = tmp_path / "topics.tsv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"topics\.tsv"):
        read_topics(path)


def test_a_missing_table_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"groups\.tsv"):
        read_groups(tmp_path / "groups.tsv")


def test_topics_from_the_special_to_the_general(lexicon: Path) -> None:
    topics = read_topics(lexicon / "topics.tsv")
    told = [topic.name for topic in topics_of("完善技能人才入户政策,引导高技能人才合理流动。", topics)]
    assert told == ["落户", "人才流动"]
    assert topics_of("另行通知。", topics) == ()


def test_benefits_and_the_needs_they_answer(lexicon: Path) -> None:
    benefits = read_benefits(lexicon / "benefits.tsv")
    assert [b.name for b in benefits_of("鼓励企业为高技能人才建立企业年金", benefits)] == ["年金保险"]
    assert benefits_of("加强组织领导，将高技能人才工作纳入总体部署。", benefits) == ()
    assert needs(benefits_of("放宽中心城区入户条件；", benefits)) == ("外地户籍",)
    assert needs(benefits_of("提供购房补贴，放宽中心城区入户条件。", benefits)) == ()  # something for everybody


def test_who_a_sentence_is_for(lexicon: Path) -> None:
    groups = read_groups(lexicon / "groups.tsv")
    veterans = beneficiary("针对退役军人，积极开展培训。", groups)
    assert [group.name for group in veterans.groups] == ["退役军人"]
    assert veterans.required is None
    assert beneficiary("放宽中心城区入户条件；", groups, ("完善高技能人才引进交流机制",)).reach is Reach.HIGHLY_SKILLED
    assert beneficiary("鼓励劳动者参加线上培训", groups).required is None
    applied = beneficiary("对作出重大贡献的技能人才,可直接申报首席技师、特级技师。", groups)
    assert applied.levels is None  # a level one may come to


def test_what_a_person_says_puts_them_in_groups(lexicon: Path) -> None:
    groups = read_groups(lexicon / "groups.tsv")
    assert {"退役军人", "有家属"} <= groups_of(("退伍三年", "孩子上小学"), groups)
    assert groups_of((), groups) == frozenset()
