"""查义务: whom words reach, and what a sentence is to an employer."""

from __future__ import annotations

import pytest

from assistant.registers.employers import Employer, parse_employer, reaches
from assistant.registers.lookups import look_up_obligations
from assistant.registers.obligations import Duty, Obligations
from assistant.registers.records import Register
from tests.registers.conftest import TODAY, Made

REACHES = [
    ("企业", Employer.PRIVATE, True),
    ("企业", Employer.SCHOOL, False),
    ("国有企业", Employer.STATE_ENTERPRISE, True),
    ("国有企业", Employer.PRIVATE, False),
    ("龙头企业、大型企业", Employer.LEADING_ENTERPRISE, True),
    ("龙头企业、大型企业", Employer.ENTERPRISE, False),
    ("规模以上工业企业", Employer.LARGE_ENTERPRISE, True),
    ("中小企业", Employer.LEADING_ENTERPRISE, False),
    ("用人单位", Employer.SCHOOL, True),
    ("任何单位和个人", Employer.INDUSTRY_BODY, True),
    ("各类培训载体", Employer.TRAINING_BODY, True),
    ("各类培训载体", Employer.SCHOOL, False),
    ("企业、院校及行业组织", Employer.SCHOOL, True),
    ("企业、院校及行业组织", Employer.INDUSTRY_BODY, True),
    ("宝钢湛江钢铁有限公司等企业", Employer.ENTERPRISE, False),  # those named and no other
    ("各级政府", Employer.OFFICE, True),
    ("各级政府", Employer.ENTERPRISE, False),
    ("第三方机构", Employer.ENTERPRISE, False),
]


@pytest.mark.parametrize(("bearer", "employer", "expected"), REACHES)
def test_whom_words_reach(bearer: str, employer: Employer, expected: bool) -> None:
    assert reaches(bearer, employer) is expected


def duties(found: Obligations) -> dict[str, Duty]:
    return {row.record.text[:12]: row.duty for row in found.rows}


def test_a_state_firm_in_guangzhou(register: Register) -> None:
    found = look_up_obligations(register, "国有企业", "广州", TODAY)
    told = duties(found)
    assert told["国有企业要结合实际将高技"] is Duty.MUST
    assert told["企业要按规定足额提取和使"] is Duty.MUST
    assert told["高技能人才配置状况应作为"] is Duty.LEVER
    assert told["鼓励企业开展首席技师、特"] is Duty.ENCOURAGED
    private = duties(look_up_obligations(register, "民营企业", "广州", TODAY))
    assert "国有企业要结合实际将高技" not in private


def test_offices_duties_are_shown_on_request_only(register: Register) -> None:
    firm = look_up_obligations(register, "企业", "广州", TODAY)
    assert not [row for row in firm.rows if row.record.text.startswith("各区政府要统筹用好")]
    assert any("政府部门的没有列出" in notice for notice in firm.notices)
    office = look_up_obligations(register, "政府部门", "广州", TODAY)
    assert [row for row in office.of(Duty.MUST) if row.record.text.startswith("各区政府要统筹用好")]


def test_pressing_is_no_duty(register: Register) -> None:
    found = look_up_obligations(register, "企业", "海珠", TODAY)
    (row,) = [r for r in found.rows if r.record.text.startswith("督促企业按规定足额提取")]
    assert row.duty is Duty.ENCOURAGED


def test_recovery_is_held_against_whoever_gets_money(register: Register) -> None:
    for employer in ("企业", "院校", "培训机构"):
        found = look_up_obligations(register, employer, "海珠", TODAY)
        assert any("予以追回" in row.record.text for row in found.of(Duty.LEVER)), employer


def test_nothing_of_other_places(register: Register) -> None:
    assert {r.record.place for r in look_up_obligations(register, "企业", "佛山", TODAY).rows} == {"440000"}
    nothing = look_up_obligations(register, "企业", "北京", TODAY)
    assert nothing.rows == ()
    assert "没有对北京市适用的文件" in nothing.notices[0]


def test_a_regulation(made: Made) -> None:
    register = made(
        "用人单位不得克扣学徒的生活补助。",
        "企业应当在三十日内签订培养协议。",
        "违反第一条规定的用人单位，由人力资源社会保障部门责令改正，处一万元以上三万元以下罚款。",
    )
    found = look_up_obligations(register, "企业", "深圳", TODAY)
    assert [row.duty for row in found.rows] == [Duty.MUST, Duty.MUST_NOT, Duty.LEVER]


def test_kinds_of_employer_from_words() -> None:
    assert parse_employer("规上工业企业") is Employer.LARGE_ENTERPRISE
    assert parse_employer("区人社局") is Employer.OFFICE
    assert parse_employer("培训学校") is Employer.TRAINING_BODY
