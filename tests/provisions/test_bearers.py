"""What kind of body a duty-bearer is."""

from __future__ import annotations

import pytest

from assistant.provisions.bearers import BEARER_LABELS, BearerKind, bearer_kind, bearer_kinds, bearer_names

NAMES = [
    ("企业", "enterprise"),
    ("用人单位", "enterprise"),
    ("国有企业", "state_enterprise"),
    ("有条件的国有企业", "state_enterprise"),  # the firm, not the condition
    ("龙头企业、大型企业", "leading_enterprise"),
    ("区内粤菜龙头餐饮企业", "leading_enterprise"),  # a trade between
    ("交通装备等行业龙头企业的企业培训中心或企业大学", "leading_enterprise"),  # the firm that has them
    ("重点产业领域企业", "enterprise"),  # 重点 belongs to the trade
    ("区高层次人才创办的企业", "enterprise"),  # 人才 founded it
    ("职业学校毕业学生", "person"),  # the noun that stands last
    ("取得职业技能等级证书的", "person"),
    ("技工院校", "school"),
    ("各类培训载体", "school"),
    ("社会培训评价组织", "evaluation_body"),
    ("行业主管部门", "industry_authority"),
    ("工业和信息化、人力资源社会保障部门", "government"),  # 和 inside a name
    ("市、县（市、区）人民政府", "government"),
    ("有条件的县（市、区）", "government"),
    ("各地各单位", "government"),
    ("不动产登记机构", "government"),
    ("产业联盟", "industry_body"),
    ("工会组织", "group"),
    ("第三方机构", "enterprise"),  # a body of no known kind
    ("", "none"),
]


@pytest.mark.parametrize(("words", "kind"), NAMES)
def test_kind_of_the_first_body(words: str, kind: str) -> None:
    assert bearer_kind(words) == kind


def test_all_kinds_in_order() -> None:
    assert bearer_kinds("企业、院校及行业组织") == (
        BearerKind.ENTERPRISE,
        BearerKind.SCHOOL,
        BearerKind.INDUSTRY_BODY,
    )


def test_short_names_are_spelled_out_and_dependents_left_out() -> None:
    assert bearer_names("校企") == (("院校", BearerKind.SCHOOL), ("企业", BearerKind.ENTERPRISE))
    assert bearer_names("龙头企业及其生态企业") == (("龙头企业", BearerKind.LEADING_ENTERPRISE),)


def test_every_kind_has_a_label() -> None:
    assert set(BEARER_LABELS) == set(BearerKind)
