"""What a document says of itself, over texts of many kinds."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.parsing.conftest import ReadText

BODY = "\n\n一、总则\n企业应当培训。\n\n二、附则\n由甲局解释。\n"

HEADERS: list[tuple[str, dict[str, Any]]] = [
    # the plainest
    (
        "广州市人民政府办公厅关于加强人才的意见\n穗府办〔2025〕7号" + BODY,
        {
            "title": "广州市人民政府办公厅关于加强人才的意见",
            "issuers": ("广州市人民政府办公厅",),
            "document_number": "穗府办〔2025〕7号",
            "jurisdiction": "440100",
            "notice_title": None,
        },
    ),
    # the number in brackets under the title
    (
        "江苏省人民政府办公厅关于省交通重点工程\n征地补偿的实施意见\n（苏政办规〔2023〕10号）" + BODY,
        {
            "title": "江苏省人民政府办公厅关于省交通重点工程征地补偿的实施意见",
            "document_number": "苏政办规〔2023〕10号",
            "jurisdiction": "320000",
        },
    ),
    # a forwarded text: the issuer forwards, the title is the text's own
    (
        "海珠区人民政府办公室转发区人社局关于学徒制意见的通知\n海府办〔2020〕4号\n各街道：\n现转发给你们。\n"
        "关于学徒制的意见" + BODY,
        {
            "title": "关于学徒制的意见",
            "notice_title": "海珠区人民政府办公室转发区人社局关于学徒制意见的通知",
            "issuers": ("海珠区人民政府办公室",),
            "jurisdiction": "440105",
        },
    ),
    # 印发 without 关于
    (
        "北京市经济和信息化局印发《关于推进数据专区建设的指导意见》的通知\n现印发给你们。\n"
        "北京市经济和信息化局\n2022年11月21日\n关于推进数据专区建设的指导意见" + BODY,
        {
            "title": "关于推进数据专区建设的指导意见",
            "issuers": ("北京市经济和信息化局",),
            "signed_on": date(2022, 11, 21),
            "jurisdiction": "110000",
        },
    ),
    # an organ's name with quotation marks, longer than most
    (
        "安徽省推进“三地一区”建设领导小组办公室关于印发安徽省对接方案的通知\n现印发给你们。\n安徽省对接方案" + BODY,
        {"issuers": ("安徽省推进“三地一区”建设领导小组办公室",), "title": "安徽省对接方案", "jurisdiction": "340000"},
    ),
    # a ministry is everywhere's
    (
        "人力资源社会保障部 财政部关于技能提升的通知\n人社部发〔2021〕30号" + BODY,
        {"issuers": ("人力资源社会保障部", "财政部"), "jurisdiction": "100000"},
    ),
    # a national statute
    (
        "中华人民共和国就业促进法\n（2007年8月30日第十届全国人民代表大会常务委员会第二十九次会议通过）" + BODY,
        {"title": "中华人民共和国就业促进法", "jurisdiction": "100000", "signed_on": date(2007, 8, 30)},
    ),
    # an order on one line of its note
    (
        "广州市工资支付办法\n（2019年12月1日广州市人民政府令第179号公布）" + BODY,
        {
            "document_number": "广州市人民政府令第179号",
            "issuers": ("广州市人民政府",),
            "signed_on": date(2019, 12, 1),
        },
    ),
    # the site's table: values beside and below their labels
    (
        "索引号：\nK1\n发文机构：\n广州市财政局\n发文字号：\n穗财规[2018]2号\n成文日期：\n2018年2月1日\n"
        "发布日期：2018-02-09\n有效性：有效\n\n关于培训补贴的通知" + BODY,
        {
            "title": "关于培训补贴的通知",
            "issuers": ("广州市财政局",),
            "document_number": "穗财规〔2018〕2号",
            "signed_on": date(2018, 2, 1),
            "published_on": date(2018, 2, 9),
        },
    ),
    # the title set twice
    ("甲市关于乙的通知\n\n甲市关于乙的通知\n甲府〔2020〕1号" + BODY, {"title": "甲市关于乙的通知"}),
    # a draft says so in brackets of its own
    ("广州市乙办法\n（2021版）（征求意见稿）" + BODY, {"title": "广州市乙办法（2021版）（征求意见稿）"}),
    # nothing but clauses: nothing is made up
    (
        "一、总则\n企业应当培训。",
        {"title": "t", "issuers": (), "document_number": None, "signed_on": None, "jurisdiction": None},
    ),
    # running text at the top is no title
    ("技工教育是现代职业教育体系的重要组成\n部分。" + BODY, {"title": "t"}),
]


@pytest.mark.parametrize(("text", "facts"), HEADERS, ids=[row[0][:18] for row in HEADERS])
def test_headers(text: str, facts: dict[str, Any], read: ReadText) -> None:
    policy = read(text).policy
    assert {name: getattr(policy, name) for name in facts} == facts


def test_every_fact_read_has_its_evidence(read: ReadText) -> None:
    for text, _ in HEADERS:
        policy = read(text).policy
        shown = {entry.field: entry for entry in policy.evidence}
        for name in ("document_number", "issuers", "signed_on", "published_on", "jurisdiction", "draft_mark"):
            assert bool(getattr(policy, name)) is (name in shown), (policy.title, name)
        assert all(entry.span is None or entry.span.end <= len(text) for entry in policy.evidence)


def test_a_repeated_title_is_noted(read: ReadText) -> None:
    document = read("甲市关于乙的通知\n\n甲市关于乙的通知" + BODY)
    assert [entry.kind for entry in document.ledger] == ["repeated_title"]


def test_dates_of_a_document_are_kept_apart(read: ReadText) -> None:
    document = read(
        "来源: 广州市财政局 2025-04-21\n广州市财政局关于乙的意见"
        + BODY
        + "\n广州市财政局\n2025年4月10日\n公开方式：主动公开\n抄送：市委。\n广州市财政局办公室 2025年4月14日印发\n"
    )
    policy = document.policy
    assert (policy.signed_on, policy.printed_on, policy.published_on) == (
        date(2025, 4, 10),
        date(2025, 4, 14),
        date(2025, 4, 21),
    )
    assert policy.issued_on == date(2025, 4, 10)
    assert (policy.disclosure, policy.copied_to) == ("主动公开", "市委")
