"""Evidence packs: what is in them, and that no spreadsheet runs any of it."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from assistant.errors import ExportError
from assistant.model import Answer
from assistant.registers.calendar import calendar
from assistant.registers.export import FORMATS, csv_text, export, export_bytes, harmless, html_page, markdown
from assistant.registers.lookups import choices, look_up_comparison, look_up_entitlements, look_up_obligations
from assistant.registers.packs import NOTICE, Pack, Sheet
from assistant.registers.records import Register
from assistant.registers.tables import (
    answer_pack,
    calendar_pack,
    comparison_pack,
    entitlement_pack,
    obligation_pack,
)
from tests.registers.conftest import TODAY

DANGEROUS = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＋1", "－1", "＠x"]
DANGEROUS += [" =1", "\ufeff=1", "|x", "%0A"]
HOSTILE = "<script>alert(1)</script>|`x`\n第二行"


def pack_of(cells: list[str]) -> Pack:
    rows = tuple((cell, "x") for cell in cells)
    sources = Sheet("文件", ("文件", "sha256"), (("某文件", "0" * 64),))
    return Pack(
        "查待遇", (("地区", "=HYPERLINK()"),), ("注意一",), Sheet("行", ("甲", "乙"), rows), sources, TODAY, "f" * 16
    )


@pytest.fixture(scope="module")
def packs(register: Register) -> list[Pack]:
    found = look_up_entitlements(register, "海珠", TODAY, level="技师", employer="国企", situation=["有子女"])
    compared = look_up_comparison(register, ["职工教育经费"], ["广州", "深圳", "北京"], TODAY)
    return [
        entitlement_pack(register, found, TODAY, with_excluded=True),
        obligation_pack(register, look_up_obligations(register, "国有企业", "广州", TODAY), TODAY),
        comparison_pack(register, compared, TODAY),
        calendar_pack(register, calendar(register, TODAY), TODAY),
    ]


@pytest.mark.parametrize("cell", DANGEROUS)
def test_no_cell_begins_like_a_formula(cell: str) -> None:
    assert harmless(cell).startswith("'")
    read = list(csv.reader(io.StringIO(csv_text(pack_of([cell])))))
    assert read[1][0].startswith("'")


def test_workbook_cells_are_text_never_formulas() -> None:
    book = load_workbook(io.BytesIO(export_bytes(pack_of([*DANGEROUS, "a\x00b\x1b"]), ".xlsx")))
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in ("s", "n"), cell.value
                assert cell.value is None or isinstance(cell.value, str)
                assert not (cell.value or "").startswith(("=", "+", "-", "@"))


def test_ordinary_words_stay_as_they_are() -> None:
    assert harmless("企业要按规定足额提取,60%以上") == "企业要按规定足额提取,60%以上"
    assert harmless("") == ""


def test_csv_opens_in_a_spreadsheet_with_its_characters() -> None:
    data = export_bytes(pack_of(["甲，乙\n丙"]), ".csv")
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert rows[:2] == [["甲", "乙"], ["甲，乙\n丙", "x"]]


def test_pages_run_nothing() -> None:
    page = html_page(pack_of([HOSTILE]))
    assert "<script" not in page
    assert "http" not in page
    assert "&lt;script&gt;" in page
    text = markdown(pack_of([HOSTILE]))
    assert "<script" not in text.replace("\\<", "")
    assert "<br>第二行" in text


def test_every_pack_carries_its_proof(packs: list[Pack]) -> None:
    for pack in packs:
        assert pack.sheet.rows
        assert pack.sources.rows
        for ending in (".csv", ".md", ".html"):
            text = export_bytes(pack, ending).decode("utf-8-sig").replace("\\", "")
            assert NOTICE.replace("|", "") in text.replace("|", "")
            assert pack.as_of.isoformat() in text
            assert pack.corpus in text
            for source in pack.sources.rows:
                assert source[-1] in text  # sha256
        book = load_workbook(io.BytesIO(export_bytes(pack, ".xlsx")))
        assert book.sheetnames == [pack.sheet.name, "说明", "文件"]
        assert book[pack.sheet.name].max_row == len(pack.sheet.rows) + 1


def test_quotes_are_exported_verbatim(packs: list[Pack], register: Register) -> None:
    texts = {record.text for record in register.records}
    for pack in (packs[0], packs[1], packs[3]):
        column = pack.sheet.columns.index("原文")
        assert {row[column] for row in pack.sheet.rows} <= texts


def test_heads_of_a_comparison_tell_whose_text_speaks(packs: list[Pack]) -> None:
    assert packs[2].sheet.columns[1:] == (
        "广州［时效未标明］",
        "深圳（库里没有自己的文件，用广东的）［目标期已过］",
        "北京（库里没有适用的文件）",
    )


def test_files_are_written_by_their_ending(tmp_path: Path) -> None:
    for ending in FORMATS:
        path = export(pack_of(["甲"]), tmp_path / f"x{ending.upper()}")
        assert path.stat().st_size > 100
    with pytest.raises(ExportError, match="后缀"):
        export(pack_of(["甲"]), tmp_path / "x.doc")
    with pytest.raises(ExportError, match="写不了"):
        export(pack_of(["甲"]), tmp_path / "none" / "x.csv")
    with pytest.raises(ValueError, match="none of"):
        export_bytes(pack_of(["甲"]), ".doc")


def test_a_row_of_another_length_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="cells"):
        Sheet("x", ("甲",), (("乙", "丙"),))


def test_an_answer_is_exported_with_its_citations(ask, real_answerer) -> None:
    reply = ask("广州首席技师有什么待遇")
    assert isinstance(reply, Answer)
    holdings = real_answerer.holdings
    policies = [document.policy for document in holdings.documents]
    pack = answer_pack("广州首席技师有什么待遇", reply, policies, holdings.gazetteer, date(2026, 11, 20))
    assert pack.facts[0] == ("问题", "广州首席技师有什么待遇")
    assert len(pack.sheet.rows) == len(reply.draft.citations)
    assert "同等待遇" in pack.sheet.rows[0][3]


def test_what_a_form_offers(register: Register) -> None:
    offered = choices(register)
    assert "广东省广州市海珠区" in offered.places
    assert offered.levels[0] == "学徒工"
    assert ("退役军人", "您是否退役军人？") in offered.facts
    assert "落户" in offered.topics
    assert "国有企业" in offered.employers
