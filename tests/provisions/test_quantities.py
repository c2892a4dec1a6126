"""Numbers with units, and the traps among them."""

from __future__ import annotations

import pytest

from assistant.provisions.quantities import quantities

SENTENCES = [
    ("60%以上用于一线职工教育", ["percent 60%以上"]),
    ("提取比例为百分之八，其中三分之二以上用于一线", ["percent 百分之八", "percent 三分之二以上"]),
    ("全市技能人才总量达460万人以上", ["count 460万人以上"]),
    ("遴选建设50家市级基地和30家工作室", ["count 50家", "count 30家"]),  # 市级 is no city
    ("评定10名（每个企业限入选1名）", ["count 10名", "quota 限入选1名"]),
    ("至少有1名高技能人才代表", ["quota 至少有1名"]),
    ("可申请签发2-5年有效的签证", ["duration 2-5年"]),
    ("每两年至少得到1次培训", ["duration 两年", "quota 至少得到1次"]),
    ("建设一至两所本科层次职业院校", ["count 一至两所"]),
    ("处五百元以上二千元以下罚款", ["amount 五百元以上二千元以下"]),
    ("并处违法所得一倍以上五倍以下的罚款", ["count 一倍以上五倍以下"]),
    ("按工资总额的1.5%至2.5%提取", ["percent 1.5%至2.5%"]),
    ("给予每人5000元补贴", ["amount 5000元"]),
    ("拨款比例按1:1.2核定", ["ratio 1:1.2"]),
    ("在校生达到二十万人以上", ["count 二十万人以上"]),
    ("打造15分钟技能培训服务圈", []),  # a name
    ("围绕15个战略性产业集群", []),  # a field
    ("到2027年，2025年1月1日起，2021-2023年", []),  # dates
    ("粤人社规〔2014〕3号、《五年行动计划》", []),  # numbers of documents, names
    ("东部7省（市）扩大试点", []),
    ("应当在七日内书面告知", []),  # a time
    ("五年来取得成效", []),  # a look back
]


@pytest.mark.parametrize(("sentence", "expected"), SENTENCES, ids=[row[0] for row in SENTENCES])
def test_quantities(sentence: str, expected: list[str]) -> None:
    assert [f"{q.kind.value} {q.text}" for q in quantities(sentence)] == expected


def test_each_is_a_slice() -> None:
    for sentence, _ in SENTENCES:
        assert all(q.span.of(sentence).strip() == q.text for q in quantities(sentence))
