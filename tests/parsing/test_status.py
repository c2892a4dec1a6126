"""The status ladder: what the text's own words bear on a day, with the words."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.model import Status
from assistant.parsing.status import status_on
from tests.parsing.conftest import ReadText

SIGNED = "\n甲市人民政府\n2022年3月1日\n"

LADDER = [
    # a draft stays one, whatever it says
    ("甲办法（征求意见稿）\n一、则\n本办法自2020年1月1日起施行。", "2026-01-01", Status.DRAFT, "甲办法（征求意见稿）"),
    # in force from its day on
    ("甲办法\n一、则\n本办法自2020年1月1日起施行。", "2020-01-01", Status.IN_FORCE, "自2020年1月1日起施行"),
    ("甲办法\n一、则\n本办法自2020年1月1日起施行。", "2019-12-31", Status.UNKNOWN, None),
    (
        "甲意见\n一、则\n本意见自2023年10月1日施行，有效期至2028年9月30日。",
        "2024-01-01",
        Status.IN_FORCE,
        "有效期至2028年9月30日",
    ),
    # the last day counts
    (
        "甲意见\n一、则\n本意见自2023年10月1日施行，有效期至2028年9月30日。",
        "2028-09-30",
        Status.IN_FORCE,
        "有效期至2028年9月30日",
    ),
    (
        "甲意见\n一、则\n本意见自2023年10月1日施行，有效期至2028年9月30日。",
        "2028-10-01",
        Status.EXPIRED,
        "有效期至2028年9月30日",
    ),
    # years counted from the day of issue
    ("甲意见\n一、则\n本意见自印发之日起施行，有效期5年。" + SIGNED, "2027-03-01", Status.IN_FORCE, "有效期5年"),
    ("甲意见\n一、则\n本意见自印发之日起施行，有效期五年。" + SIGNED, "2027-03-02", Status.EXPIRED, "有效期五年"),
    # 至…止
    (
        "甲意见\n一、则\n本意见自2021年5月1日起施行，至2026年4月30日止。",
        "2026-05-01",
        Status.EXPIRED,
        "施行，至2026年4月30日",
    ),
    # a certificate's validity is not the text's
    ("甲意见\n一、则\n证书有效期3年，有效期至2020年1月1日的应当换证。" + SIGNED, "2026-01-01", Status.UNKNOWN, None),
    # somebody else's start is not the text's
    ("甲意见\n一、则\n国家将自2019年1月1日起施行的办法纳入目录。" + SIGNED, "2026-01-01", Status.UNKNOWN, None),
    # targets: over the day after
    ("甲计划\n一、则\n到2021年底，培训6万人次。", "2021-12-31", Status.UNKNOWN, None),
    ("甲计划\n一、则\n到2021年底，培训6万人次。", "2022-01-01", Status.TARGET_PERIOD_OVER, "到2021年底"),
    # the last of several targets
    ("甲计划\n一、则\n到2025年达到5万人。到2035年达到8万人。", "2026-01-01", Status.UNKNOWN, None),
    # a look back is no target
    ("甲计划\n一、则\n到2019年，已建成10家。" + SIGNED, "2026-01-01", Status.UNKNOWN, None),
    # the page says it is void
    (
        "有效性：失效\n发布日期：2018-02-09\n甲通知\n一、则\n企业应当培训。",
        "2026-01-01",
        Status.REPEALED,
        "有效性：失效",
    ),
    ("有效性：失效\n失效日期：2023-05-01\n甲通知\n一、则\n企业应当培训。", "2023-04-30", Status.UNKNOWN, None),
    # nothing said
    ("甲通知\n一、则\n企业应当培训。" + SIGNED, "2026-01-01", Status.UNKNOWN, None),
]


@pytest.mark.parametrize(("text", "as_of", "status", "basis"), LADDER)
def test_ladder(text: str, as_of: str, status: Status, basis: str | None, read: ReadText) -> None:
    policy = read(text).policy
    reading = status_on(policy, date.fromisoformat(as_of))
    assert reading.status is status
    assert (reading.basis.of(policy.text) if reading.basis else None) == basis
    assert reading.explanation.endswith("。")


def test_years_from_a_leap_day(read: ReadText) -> None:
    policy = read("甲意见\n一、则\n本意见自2024年2月29日起施行，有效期1年。").policy
    assert status_on(policy, date(2025, 2, 28)).status is Status.IN_FORCE
    assert status_on(policy, date(2025, 3, 1)).status is Status.EXPIRED


FIVE = [
    ("guangzhou-2025-skilled-talent", "2026-11-20", Status.UNKNOWN),  # targets 2027 and 2035, no validity
    ("guangzhou-2025-skilled-talent", "2036-01-01", Status.TARGET_PERIOD_OVER),  # both over
    ("haizhu-2020-skill-upgrading", "2021-12-31", Status.UNKNOWN),  # the last day of its target
    ("haizhu-2020-skill-upgrading", "2022-01-01", Status.TARGET_PERIOD_OVER),  # 到2021年底
    ("guangdong-2022-industrial-workers", "2026-01-01", Status.TARGET_PERIOD_OVER),  # “十四五”期末
    ("zhanjiang-draft-skilled-talent", "2026-11-20", Status.DRAFT),  # 征求意见稿
    ("zhejiang-2023-skilled-talent", "2026-11-20", Status.UNKNOWN),  # to 2035
]


@pytest.mark.parametrize(("stem", "as_of", "status"), FIVE)
def test_the_five(stem: str, as_of: str, status: Status, five: dict) -> None:  # type: ignore[type-arg]
    assert status_on(five[stem].policy, date.fromisoformat(as_of)).status is status
