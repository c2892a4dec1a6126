"""The ladder of skill levels."""

from __future__ import annotations

import pytest

from assistant.provisions.levels import LEVEL_LABELS, LevelRange, SkillLevel, level_range, parse_level

RANGES = [
    ("加强高级工以上的高技能人才队伍建设", (4, 8)),
    ("评聘的技师以上高技能人才", (5, 8)),
    ("获得高级工和技师、高级技师职业资格(职业技能等级)证书", (4, 6)),
    ("具有高级技师（一级）任职资格人员", (6, 6)),
    ("聘任为特级技师、首席技师技术职务", (7, 8)),
    ("设置学徒工、初级工、中级工、高级工、技师、高级技师、特级技师、首席技师", (1, 8)),
    ("中级工及以下", (1, 3)),
    ("被评定为省“南粤首席技师”的企业首席技师", (8, 8)),
    ("支持技师学院按照高等职业院校规格设置", None),  # a school
    ("“首席技师工作室”", None),  # a studio
    ("推行“技师+工程师”团队合作模式", None),  # a scheme
    ("推动企业实行“新八级工”职业技能等级制度", None),  # a name
    ("三级医院", None),
]


@pytest.mark.parametrize(("sentence", "ends"), RANGES)
def test_level_range(sentence: str, ends: tuple[int, int] | None) -> None:
    found = level_range(sentence)
    assert (found and (int(found.low), int(found.high))) == ends


def test_the_ladder_decides() -> None:
    senior_up = level_range("高级工以上")
    assert senior_up
    assert SkillLevel.TECHNICIAN in senior_up
    assert SkillLevel.INTERMEDIATE not in senior_up


@pytest.mark.parametrize(
    ("said", "label"),
    [
        ("一级", "高级技师"),
        ("二级", "技师"),
        ("五级", "初级工"),
        ("八级工", "首席技师"),
        ("技师（二级）", "技师"),
        (" 高级工 ", "高级工"),
    ],
)
def test_what_a_person_says(said: str, label: str) -> None:
    level = parse_level(said)
    assert level is not None
    assert LEVEL_LABELS[level] == label


def test_what_is_no_level() -> None:
    assert parse_level("经理") is None


def test_ranges_are_said_shortly() -> None:
    assert LevelRange(SkillLevel.SENIOR, SkillLevel.CHIEF_TECHNICIAN).label == "高级工以上"
    assert LevelRange(SkillLevel.APPRENTICE, SkillLevel.CHIEF_TECHNICIAN).label == "各等级"
    assert LevelRange(SkillLevel.SENIOR, SkillLevel.SENIOR_TECHNICIAN).label == "高级工至高级技师"
