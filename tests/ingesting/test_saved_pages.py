"""Saved pages of many sites (tests/fixtures/sites): each fact, status and clause against what a person wrote down."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from assistant.errors import ExtractionError
from assistant.ingesting.preparing import Prepared, prepare, read_again
from assistant.ingesting.reviewing import doubts_of
from assistant.model import Level
from assistant.parsing.formats.extracting import extract_or_refuse
from assistant.parsing.formats.extraction import Extraction
from assistant.parsing.status import status_on

SITES = Path(__file__).parents[1] / "fixtures" / "sites"
EXPECTED = [json.loads(line) for line in (SITES / "expected.jsonl").read_text(encoding="utf-8").splitlines()]
DAY = date(2026, 11, 20)


def extract_here(data: bytes, name: str) -> Extraction:
    """As `FileReader.extract`, without a process of its own."""
    found = extract_or_refuse(data, name)
    if isinstance(found, str):
        raise ExtractionError(found)
    return found


@pytest.fixture
def read(gazetteer):
    def reading(name: str) -> Prepared:
        return prepare((SITES / name).read_bytes(), name, gazetteer, extract=extract_here)

    return reading


def rows_of(prepared: Prepared, name: str) -> list[tuple[str, str, str]]:
    text = prepared.document.policy.text
    return [
        (node.path, node.heading, node.span.of(text))
        for node in prepared.document.root.walk()
        if node.level is Level.ROW
    ]


def test_every_page_has_its_answer():
    assert {row["file"] for row in EXPECTED} == {path.name for path in SITES.glob("*.html")}
    assert len(EXPECTED) == 54


@pytest.mark.parametrize("row", EXPECTED, ids=[row["file"].removesuffix(".html") for row in EXPECTED])
def test_a_saved_page(row, read):
    if "refused" in row:
        with pytest.raises(ExtractionError, match=row["refused"]):
            read(row["file"])
        return
    document = read(row["file"]).document
    policy = document.policy
    until = [deadline.on for deadline in policy.deadlines if deadline.kind == "valid_until"]
    found = {
        name: None if value is None else str(value)
        for name, value in (
            ("title", policy.title),
            ("document_number", policy.document_number),
            ("jurisdiction", policy.jurisdiction),
            ("signed_on", policy.signed_on),
            ("published_on", policy.published_on),
            ("effective_from", policy.effective_from),
            ("valid_until", max(until) if until else None),
            ("status", status_on(policy, DAY).status.value),
        )
    }
    assert found == {name: row[name] for name in found}
    assert list(policy.issuers) == row["issuers"]
    assert row.get("notice_title", policy.notice_title) == policy.notice_title
    assert set(row["paths"]) <= {node.path for node in document.root.walk()}
    read_again(document)


def test_menus_and_feet_are_left_out(read):
    for row in EXPECTED:
        if "refused" not in row:
            prepared = read(row["file"])
            said = "\n".join(s.span.of(prepared.document.policy.text) for s in prepared.document.sentences)
            for word in ("首页", "ICP备", "网站标识码", "公网安备", "版权所有", "上一篇", "扫一扫"):
                assert word not in said, (row["file"], word)


def test_a_row_is_quoted_by_itself_with_its_heads(read):
    rows = rows_of(read("subsidy-table.html"), "subsidy-table.html")
    assert rows[2:5] == [
        ("附件、表第1行", HEADS, "1 | 焊工 | 1200 | 1800 | 2600 | 3500"),
        ("附件、表第2行", HEADS, "2 | 电工 | 1100 | 1700 | 2400 | 3300"),
        ("附件、表第3行", HEADS, "3 | 养老护理员 | 1500 | 2000 | 2800 | —"),
    ]
    # a cell over three rows is said in each
    found = rows_of(read("guangdong-department.html"), "guangdong-department.html")
    assert [words for _, _, words in found] == [
        "等级 | 补贴标准（元/人） | 备注",
        "初级工（五级） | 1000 | 同一职业不重复享受",
        "中级工（四级） | 1500 | 同一职业不重复享受",
        "高级工（三级） | 2000 | 同一职业不重复享受",
    ]
    assert found[1][0] == "第四条表第1行"


COLUMNS = ("初级工", "中级工", "高级工", "技师")
HEADS = " | ".join(["序号", "职业（工种）", *(f"补贴标准 {column}（元/人）" for column in COLUMNS)])


def test_questions_and_service_guides_have_clauses_of_their_own(read):
    prepared = read("faq-inline.html")
    text = prepared.document.policy.text
    nodes = {node.path: node for node in prepared.document.root.walk()}
    assert nodes["问2"].heading == "配偶和子女可以随迁吗？"
    assert "配偶、未成年子女可以随迁" in nodes["问2"].span.of(text)
    guide = {node.path: node for node in read("service-guide.html").document.root.walk()}
    assert [path for path in guide if "、" not in path and path not in ("", "首部")] == [
        "基本信息",
        "受理条件",
        "申请材料",
        "办理流程",
        "办理地点和时间",
        "咨询电话",
    ]
    assert guide["申请材料、表第2行"].heading == "序号 | 材料名称 | 材料形式 | 份数"


def test_two_documents_on_one_page_are_said(read):
    prepared = read("two-documents.html")
    (doubt,) = doubts_of(prepared.document, prepared.origin)
    assert "银教发〔2025〕41号、银教发〔2025〕42号" in doubt
    for name in ("beijing-notice.html", "multi-annex.html", "repeal-decision.html"):
        prepared = read(name)
        assert not any("单独成行的文号" in doubt for doubt in doubts_of(prepared.document, prepared.origin)), name


def test_a_note_under_a_table_lacks_no_entry(read):
    """「注：1.…」 and 「2.…」: the first stands behind the colon."""
    prepared = read("annex-table.html")
    assert doubts_of(prepared.document, prepared.origin) == ()


def test_a_text_in_traditional_characters_is_said(gazetteer):
    words = "橫琴粵澳深度合作區支持澳門青年就業創業辦法\n第一條　為支持澳門青年就業創業，制定本辦法。\n"
    document = prepare(words.encode(), "a.txt", gazetteer, extract=extract_here)
    assert any("繁体字" in doubt for doubt in doubts_of(document.document, document.origin))


def test_fields_set_apart_by_style_alone_have_a_colon(read):
    text = read("modern-widgets.html").document.policy.text
    assert "发文字号：湖政办发〔2024〕29号\n" in text
    assert "有效性：有效\n" in text


def test_links_to_files_are_no_attachments(read):
    prepared = read("attachment-list.html")
    text = prepared.document.policy.text
    nodes = {node.path: node.span.of(text) for node in prepared.document.root.walk()}
    assert "附件1" not in nodes
    assert "申请书.docx" in nodes["附随"]
    assert "附件：1.专精特新中小企业申请书" in nodes["尾部"]
