"""Conditions and consequences."""

from __future__ import annotations

import pytest

from assistant.provisions.conditions import conditions
from assistant.provisions.consequences import CONSEQUENCE_LABELS, ConsequenceKind, consequences

CONDITIONS = [
    ("符合条件的高技能人才可纳入人才绿卡申领范围", [("open", "符合条件", False)]),
    ("支持符合条件的企业自主确定评价范围", [("open", "符合条件", True)]),  # asked of a firm
    ("支持有条件的区提供生活补贴", [("open", "有条件的", True)]),
    ("积极推荐优秀高技能人才申报", [("merit", "优秀", False)]),
    ("在申报工作室同等条件下予以优先推荐", [("equal", "在申报工作室同等条件下", False)]),
    ("配偶、子女按照规定享受保障服务", [("rules", "按照规定", False)]),
    ("经认定为高层次人才，可享受优惠", [("procedure", "经认定为高层次人才", False)]),
    ("在获得学历证书的同时取得等级证书", []),  # what is to be gained
    ("加强组织领导", []),
]
CONSEQUENCES = [
    ("对于违规发放补贴的，予以追回", ["recovery"]),
    ("对落实不到位的地区将予以通报", ["report"]),
    ("经费提取情况与企业申请用地、用能挂钩", ["link"]),
    ("建立与薪酬待遇挂钩的激励机制", []),  # of a scheme, not of a duty
    ("应作为招投标、评优的重要因素", ["link"]),
    ("纳入国有企业考核评价体系", ["link"]),
    ("按规定限制其参加评价活动", ["limit"]),
    ("由人社部门责令限期改正，处五百元以上罚款", ["correction", "fine"]),
    ("建立诚信档案", ["credit"]),
    ("依法追究法律责任", ["liability"]),
    ("不受逐级评价的限制", []),
]


@pytest.mark.parametrize(("sentence", "expected"), CONDITIONS, ids=[row[0] for row in CONDITIONS])
def test_conditions(sentence: str, expected: list[tuple[str, str, bool]]) -> None:
    assert [(c.kind.value, c.text, c.of_body) for c in conditions(sentence)] == expected


@pytest.mark.parametrize(("sentence", "expected"), CONSEQUENCES, ids=[row[0] for row in CONSEQUENCES])
def test_consequences(sentence: str, expected: list[str]) -> None:
    assert [c.kind.value for c in consequences(sentence)] == expected


def test_every_consequence_has_a_label() -> None:
    assert set(CONSEQUENCE_LABELS) == set(ConsequenceKind)
