from __future__ import annotations

from datetime import date

import pytest

from assistant.jurisdictions import load_gazetteer
from assistant.parsing.loading import LoadedText
from assistant.parsing.mentions import find_repeals
from assistant.parsing.reading import read_text
from assistant.parsing.supersession import Marks, link_versions, marked, unmarked
from assistant.settings import Settings


@pytest.fixture(scope="module")
def read():
    gazetteer = load_gazetteer(Settings().lexicon_dir / "divisions.tsv")
    return lambda text, name="x": read_text(name, LoadedText(text, "0" * 64, "utf-8"), "x", gazetteer)


@pytest.mark.parametrize(
    ("sentence", "ended"),
    [
        ("本办法自2024年8月1日起施行。《甲办法》（乙府〔2010〕3号）同时废止。", ["甲办法"]),
        ("《甲办法》同时废止。", ["甲办法"]),
        ("《甲办法》（乙府〔2010〕3号）、《丙规定》（乙府〔2011〕4号）同时废止。", ["甲办法", "丙规定"]),
        ("《甲办法》和《丙规定》等文件同时废止。", ["甲办法", "丙规定"]),
        ("经研究，决定废止《甲办法》（乙府〔2010〕3号）。", ["甲办法"]),
        ("《甲办法》自本办法施行之日起废止。", ["甲办法"]),
        # not repeals
        ("根据《关于公布废止和失效文件目录的通知》，制定本办法。", []),
        ("《甲办法》继续有效，不予废止。", []),
        ("按照《甲办法》的规定办理，过期的证书同时废止。", []),
        ("《甲办法》尚未废止。", []),
    ],
)
def test_repeals(read, sentence, ended):
    assert [repeal.reference.title for repeal in find_repeals(read(f"乙市办法\n第一条　{sentence}\n"))] == ended


def test_a_later_version_of_a_statute_ends_the_earlier(read):
    law = "丁省职业培训条例\n（{}丁省人民代表大会常务委员会通过）\n第一条　为了培训，制定本条例。\n"
    older, newer = read(law.format("2010年3月1日"), "a"), read(law.format("2020年3月1日"), "b")
    for order in ((older, newer), (newer, older)):
        linked = {d.policy.policy_id: d.policy for d in link_versions(order)}
        assert [d.kind for d in linked["a"].deadlines] == ["repealed"]
        assert linked["b"].deadlines == ()


def test_links_can_be_taken_off_again():
    """What `marked` adds, `unmarked` takes away, and nothing else."""
    gazetteer = load_gazetteer(Settings().lexicon_dir / "divisions.tsv")
    own = "广州市甲办法\n穗府〔2020〕1号\n第一条　本办法自2020年1月1日起施行，有效期5年。\n"
    policy = read_text("a", LoadedText(own, "0" * 64, "utf-8"), "a", gazetteer).policy
    day = date(2024, 1, 1)
    for marks in (
        Marks(ended=(day, "《乙》写明", "b")),
        Marks(until=(date(2030, 1, 1), "《乙》写明")),
        Marks(newer=(day, "《乙》", "b")),
        Marks((day, "《乙》写明", "b"), (date(2030, 1, 1), "《丙》写明"), (day, "《丁》", "d")),
    ):
        assert marked(policy, marks) != policy
        assert unmarked(marked(policy, marks)) == policy
    assert unmarked(policy) is policy
