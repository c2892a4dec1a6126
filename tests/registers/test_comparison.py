"""比地区 and 时间与名额 over the real corpus."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.errors import JurisdictionError
from assistant.model import Force
from assistant.registers.calendar import Kind, Passed, calendar, targets_by_year
from assistant.registers.comparison import NO_DUTY, NOT_MENTIONED, Cell, compare
from assistant.registers.lookups import look_up_calendar, look_up_comparison
from assistant.registers.records import Register
from assistant.registers.tables import cell_text
from tests.registers.conftest import TODAY

ZHEJIANG, GUANGDONG, GUANGZHOU, HAIZHU, ZHANJIANG = "330000", "440000", "440100", "440105", "440800"


def badges(cell: Cell) -> list[str]:
    return [quote.badge for quote in cell.quotes]


def test_the_row_of_education_funds(register: Register) -> None:
    places = (GUANGZHOU, ZHANJIANG, GUANGDONG, HAIZHU, ZHEJIANG)
    (row,) = compare(register, ["职工教育经费"], places, TODAY).rows
    guangzhou, zhanjiang, guangdong, haizhu, zhejiang = row.cells
    assert badges(guangzhou) == ["必须（要）·企业·60%以上·挂钩"]
    assert badges(zhanjiang)[0] == "鼓励（引导）·企业·60%以上"
    assert badges(guangdong) == ["必须（要）·企业"]  # no percentage
    assert badges(haizhu) == ["陈述（督促）·企业·60%以上", "陈述·8%"]
    assert zhejiang.note == NO_DUTY
    assert zhejiang.quotes[0].act.force is Force.NONE
    assert row.difference == 5
    assert cell_text(zhejiang).startswith(NO_DUTY)


def test_silence_is_said(register: Register) -> None:
    (row,) = compare(register, ["疗养休假"], (GUANGZHOU, ZHEJIANG), TODAY).rows
    assert row.cells[0].quotes
    assert row.cells[1].note == NOT_MENTIONED
    assert cell_text(row.cells[1]) == NOT_MENTIONED


def test_rows_by_difference(register: Register) -> None:
    found = look_up_comparison(register, ["监督", "职工教育经费", "疗养休假"], [], TODAY)
    differences = [row.difference for row in found.rows]
    assert differences == sorted(differences, reverse=True)
    assert found.places == register.places


def test_a_place_without_its_own_text_is_spoken_for(register: Register) -> None:
    (row,) = look_up_comparison(register, ["职工教育经费"], ["深圳", "北京"], TODAY).rows
    assert (row.cells[0].speaks, badges(row.cells[0])) == (GUANGDONG, ["必须（要）·企业"])
    assert (row.cells[1].speaks, row.cells[1].quotes) == ("", ())


def test_free_words_go_through_the_search_handed_in(register: Register) -> None:
    wanted = next(r for r in register.records if r.text.startswith("高技能人才的配偶、子女"))
    asked: list[tuple[str, str]] = []

    def search(topic: str, place: str) -> list[str]:
        asked.append((topic, place))
        return [wanted.record_id, "no such record"]

    (row,) = compare(register, ["孩子上学怎么办"], (GUANGZHOU, ZHEJIANG), TODAY, search).rows
    assert [quote.record for quote in row.cells[0].quotes] == [wanted]
    assert row.cells[1].note == NOT_MENTIONED  # what is of another place is not shown
    assert asked == [("孩子上学怎么办", GUANGZHOU), ("孩子上学怎么办", ZHEJIANG)]
    (blank,) = compare(register, ["孩子上学怎么办"], (GUANGZHOU,), TODAY).rows
    assert blank.cells[0].note == NOT_MENTIONED


def test_more_than_fits_is_counted(register: Register) -> None:
    (row,) = compare(register, ["培训"], (HAIZHU,), TODAY).rows
    assert len(row.cells[0].quotes) == 3
    assert row.cells[0].more > 10
    assert f"另有 {row.cells[0].more} 句" in cell_text(row.cells[0])


def test_the_calendar_is_sorted_and_knows_what_is_over(register: Register) -> None:
    rows = calendar(register, TODAY)
    dated = [row.on for row in rows if row.on]
    assert dated == sorted(dated)
    assert [row.on is None for row in rows] == sorted(row.on is None for row in rows)
    haizhu = next(row for row in rows if row.record.text.startswith("到2021年底，在带徒"))
    assert (haizhu.on, haizhu.passed, haizhu.kind) == (date(2021, 12, 31), Passed.OVER, Kind.TARGET)
    assert haizhu.numbers == ("10名", "限入选1名")
    guangzhou = next(row for row in rows if row.record.text.startswith("到2027年,预计全市"))
    assert guangzhou.passed is Passed.AHEAD
    assert calendar(register, date(2021, 6, 1))[0].passed is Passed.AHEAD
    quota = next(row for row in rows if row.record.text.startswith("团代表大会代表"))
    assert (quota.kind, quota.passed) == (Kind.QUOTA, Passed.UNDATED)


def test_the_calendar_of_a_place_has_those_above_it(register: Register) -> None:
    assert {row.record.place for row in look_up_calendar(register, ["海珠"], TODAY)} == {HAIZHU, GUANGZHOU, GUANGDONG}
    with pytest.raises(JurisdictionError):
        look_up_calendar(register, ["火星"], TODAY)


def test_targets_for_a_chart(register: Register) -> None:
    counted = targets_by_year(calendar(register, TODAY))
    assert (2021, HAIZHU, 7) in counted
    assert (2027, GUANGZHOU, 1) in counted
    assert list(counted) == sorted(counted)
