"""查待遇: the ladder, groups, needs, employers, statuses, and the places whose texts apply."""

from __future__ import annotations

import time

import pytest

from assistant.errors import JurisdictionError, ProfileError
from assistant.jurisdictions import Gazetteer
from assistant.registers.applicability import Applies
from assistant.registers.entitlements import EntitlementRow, Entitlements, Grouping, grouped
from assistant.registers.lookups import look_up_entitlements
from assistant.registers.profile import profile_facts, read_profile
from assistant.registers.records import Register
from tests.registers.conftest import TODAY


def row(found: Entitlements, begins: str) -> EntitlementRow:
    (held,) = [r for r in (*found.rows, *found.excluded) if r.record.text.startswith(begins)]
    return held


def asked(register: Register, place: str, level: str | None = "无", **told: object) -> Entitlements:
    told.setdefault("situation", [])
    return look_up_entitlements(register, place, TODAY, level=level, **told)  # type: ignore[arg-type]


def test_a_senior_technician_gets_no_treatment_of_the_chief(register: Register) -> None:
    found = asked(register, "广州", "高级技师", employer="民营企业")
    chief = row(found, "鼓励企业开展首席技师、特级技师评聘工作")
    assert chief.applies is Applies.NOT
    assert chief.reason == "只对特级技师以上，您是高级技师。"
    assert row(asked(register, "广州", "首席技师"), chief.record.text).applies is Applies.EMPLOYER_DECIDES


def test_senior_and_above_includes_the_technician(register: Register) -> None:
    found = asked(register, "广州", "技师", situation=["外地户籍"])
    assert row(found, "完善技能人才入户政策").applies is Applies.DIRECT
    assert row(asked(register, "广州", "中级工", situation=["外地户籍"]), "完善技能人才入户政策").applies is Applies.NOT


def test_grade_one_is_a_senior_technician(register: Register) -> None:
    found = asked(register, "湛江", "一级")
    assert row(found, "将经人力资源社会保障部门鉴定具有高级技师").applies is Applies.NOT_IN_FORCE


def test_nothing_of_a_draft_is_in_force(register: Register) -> None:
    found = asked(register, "湛江", "高级技师", employer="国有企业")
    own = [r for r in found.rows if r.record.place == "440800"]
    assert own
    assert {r.applies for r in own} == {Applies.NOT_IN_FORCE}
    assert "征求意见稿" in found.notices[0]


def test_a_passed_date_is_over(register: Register) -> None:
    found = asked(register, "海珠", "首席技师", employer="民营企业")
    over = row(found, "到2021年底，在带徒传技")
    assert over.applies is Applies.PERIOD_OVER
    assert "到2021年底" in over.reason


def test_groups_decide(register: Register) -> None:
    veteran = "针对退役军人，积极开展全员适应性培训"
    assert row(asked(register, "海珠", "中级工", situation=["退役军人"]), veteran).applies is Applies.DIRECT
    assert row(asked(register, "海珠", "中级工"), veteran).applies is Applies.NOT
    untold = row(asked(register, "海珠", "中级工", situation=None), veteran)
    assert (untold.applies, untold.reason) == (Applies.NEEDS_CONDITION, "您是否退役军人？")


def test_needs_decide(register: Register) -> None:
    family = "高技能人才的配偶、子女按照规定享受"
    assert row(asked(register, "广州", "技师", situation=["有子女"]), family).applies is Applies.DIRECT
    assert row(asked(register, "广州", "技师"), family).applies is Applies.NOT


def test_a_firms_urging_is_for_its_own_people(register: Register) -> None:
    pension = "鼓励企业为高技能人才建立企业年金、人才年金"
    firm = row(asked(register, "广州", "技师", employer="民营企业"), pension)
    assert (firm.applies, firm.reason) == (
        Applies.EMPLOYER_DECIDES,
        "原文是鼓励企业去做，做不做、做多少由单位决定。",
    )
    assert row(asked(register, "广州", "技师", employer="院校"), pension).applies is Applies.NOT
    state = "鼓励国有企业对评聘的技师以上"
    assert row(asked(register, "广州", "技师", employer="民营企业"), state).applies is Applies.NOT
    assert row(asked(register, "广州", "技师", employer="国企"), state).applies is Applies.EMPLOYER_DECIDES


def test_an_open_condition_is_asked_for(register: Register) -> None:
    card = row(asked(register, "广州", "高级工"), "符合条件的高技能人才可纳入广州市人才绿卡")
    assert card.applies is Applies.NEEDS_CONDITION
    assert "您是否“符合条件”" in card.reason
    assert "市" in card.reason  # whom to ask


def test_own_place_first_then_those_above_and_no_other(register: Register) -> None:
    found = asked(register, "海珠", "技师", employer="国企")
    tiers = [r.tier for r in found.rows]
    assert tiers == sorted(tiers)
    assert list(dict.fromkeys(r.record.place for r in found.rows)) == ["440105", "440100", "440000"]


def test_a_place_without_a_text_gets_what_applies_there_and_is_told(register: Register) -> None:
    found = asked(register, "深圳", "高级工")
    assert {r.record.place for r in found.rows} == {"440000"}
    assert "没有广东省深圳市自己的文件" in found.notices[0]
    beijing = asked(register, "北京", "技师")
    assert beijing.rows == ()
    assert "不等于没有政策" in beijing.notices[0]


def test_an_unknown_level_is_asked_for(register: Register) -> None:
    found = asked(register, "广州", None)
    assert "您的技能等级是什么？" in row(found, "符合条件的高技能人才可纳入").reason


def test_grouping(register: Register) -> None:
    found = asked(register, "广州", "技师")
    by_topic = grouped(found.rows, Grouping.TOPIC)
    assert sum(len(rows) for _, rows in by_topic) == len(found.rows)
    assert {name for name, _ in grouped(found.rows, Grouping.APPLIES)} <= {applies.label for applies in Applies}


def test_profiles_from_words(gazetteer: Gazetteer) -> None:
    profile = read_profile(gazetteer, "海珠", "二级", ["全国技术能手"], "链主企业", ["有子女", " "])
    assert profile_facts(profile, gazetteer) == (
        ("地区", "广东省广州市海珠区"),
        ("技能等级", "技师"),
        ("荣誉、职称", "全国技术能手"),
        ("单位", "龙头企业"),
        ("情况", "有子女"),
    )
    assert dict(profile_facts(read_profile(gazetteer, "海珠"), gazetteer))["技能等级"] == "未填"
    with pytest.raises(ProfileError, match="经理"):
        read_profile(gazetteer, "海珠", "经理")
    with pytest.raises(ProfileError, match="火车站"):
        read_profile(gazetteer, "海珠", employer="火车站")
    with pytest.raises(JurisdictionError):
        read_profile(gazetteer, "火星")


def test_one_profile_is_answered_in_time(register: Register) -> None:
    asked(register, "海珠", "技师")
    started = time.perf_counter()
    for _ in range(5):
        asked(register, "海珠", "技师", employer="国企", situation=["有子女"])
    assert (time.perf_counter() - started) / 5 < 0.1  # 0.02 on free cores
