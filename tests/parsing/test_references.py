"""《…》 mentions and document numbers."""

from __future__ import annotations

import pytest

from assistant.parsing.references import DOCUMENT_NUMBER, find_references, fold_title, normal_number

NUMBERS = [
    ("穗府办〔2025〕7号", "穗府办〔2025〕7号"),  # the official brackets
    ("穗府办规〔2024〕13号", "穗府办规〔2024〕13号"),  # a normative document
    ("海府办[2020]4号", "海府办〔2020〕4号"),  # square brackets
    ("粤人社规（2023）13号", "粤人社规〔2023〕13号"),  # round, full width
    ("粤人社规(2023)013号", "粤人社规〔2023〕13号"),  # round, half width, zeros
    ("国办发【2022】5号", "国办发〔2022〕5号"),  # lenticular
    ("京经信发〔2022〕第87号", "京经信发〔2022〕87号"),  # with 第
    ("国 办 发〔2022〕5号", None),  # set wide: not read
    ("根据穗府办〔2025〕7号", "穗府办〔2025〕7号"),  # a word before it
    ("按照国办发〔2022〕5号", "国办发〔2022〕5号"),  # another
    ("苏政办规 〔 2023 〕 10 号", "苏政办规〔2023〕10号"),  # blanks
]


@pytest.mark.parametrize(("words", "number"), NUMBERS)
def test_document_numbers(words: str, number: str | None) -> None:
    found = DOCUMENT_NUMBER.search(words)
    if number is None:
        assert found is None or normal_number(*found.groups()) != "国办发〔2022〕5号"
        return
    assert found is not None
    assert normal_number(*found.groups()) == number


REFERENCES = [
    ("按《办法》（粤人社规〔2014〕3号）执行", [("办法", "粤人社规〔2014〕3号")]),  # the number after
    ("按《办法》粤人社规〔2014〕3号执行", [("办法", "粤人社规〔2014〕3号")]),  # without brackets
    ("《关于办法的通知（粤人社规〔2014〕3号）》", [("关于办法的通知", "粤人社规〔2014〕3号")]),  # the number inside
    ("《甲印发〈乙意见〉的通知》", [("甲印发〈乙意见〉的通知", None)]),  # nested marks
    ("《甲印发《乙意见》的通知》", [("甲印发《乙意见》的通知", None)]),  # nested marks of one kind
    ("《甲》《乙》和《丙》", [("甲", None), ("乙", None), ("丙", None)]),  # several
    ("《甲⏎意见》".replace("⏎", ""), [("甲意见", None)]),  # plain
    ("《没有右半边。第二句《甲》", [("甲", None)]),  # an opening mark never closed
    ("没有左半边》", []),  # a closing mark alone
    ("", []),  # nothing
]


@pytest.mark.parametrize(("text", "expected"), REFERENCES)
def test_references(text: str, expected: list[tuple[str, str | None]]) -> None:
    found = find_references(text)
    assert [(reference.title, reference.document_number) for reference in found] == expected
    assert all(reference.span.of(text)[0] == "《" and reference.span.of(text)[-1] == "》" for reference in found)


def test_a_text_of_the_corpus_is_marked_present() -> None:
    titles = {fold_title("技能人才奖励办法（试行）"): "reward"}
    present, absent = find_references("《技能人才奖励办法》和《其他办法》", titles)
    assert (present.policy_id, absent.policy_id) == ("reward", None)
