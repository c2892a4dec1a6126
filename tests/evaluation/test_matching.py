from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import BatchError, CorpusError, TextDecodeError
from assistant.evaluation.matching import Extent, MatchRule, cited_extent, first_match, gold_extents, overlap
from assistant.evaluation.runs import read_run
from assistant.evaluation.sources import SourceText, read_sources, source_text
from assistant.evaluation.topics import Gold

from .conftest import citation_line, make_topic, reply_line, write_lines

extents = st.builds(
    lambda doc, start, length: Extent(doc, start, start + length),
    st.sampled_from("ab"),
    st.integers(0, 40),
    st.integers(0, 30),
)


@pytest.mark.parametrize(
    ("cited", "coverage", "iou"),
    [
        (Extent("a", 10, 20), 1.0, 1.0),  # the same words
        (Extent("a", 0, 40), 10 / 10, 10 / 40),  # a whole clause around them
        (Extent("a", 14, 20), 6 / 10, 6 / 10),  # just enough
        (Extent("a", 15, 20), 5 / 10, 5 / 10),  # just not
        (Extent("a", 15, 25), 5 / 10, 5 / 15),  # half over the edge
        (Extent("a", 20, 30), 0.0, 0.0),  # next to them
        (Extent("b", 10, 20), 0.0, 0.0),  # another document
        (Extent("a", 12, 12), 0.0, 0.0),  # nothing
    ],
)
def test_overlap(cited: Extent, coverage: float, iou: float) -> None:
    gold = Extent("a", 10, 20)
    assert overlap(gold, cited, MatchRule.COVERAGE) == coverage
    assert overlap(gold, cited, MatchRule.IOU) == iou


@given(extents, extents)
def test_overlap_is_a_share_and_the_strict_rule_is_stricter(gold: Extent, cited: Extent) -> None:
    coverage, iou = (overlap(gold, cited, rule) for rule in (MatchRule.COVERAGE, MatchRule.IOU))
    assert 0 <= iou <= coverage <= 1
    assert overlap(cited, gold, MatchRule.IOU) == iou


@given(extents.filter(len))
def test_a_passage_overlaps_itself_wholly(extent: Extent) -> None:
    assert all(overlap(extent, extent, rule) == 1 for rule in MatchRule)


def test_first_match_counts_from_one_and_skips_citations_of_no_place() -> None:
    gold = (Extent("a", 0, 10), Extent("a", 50, 60))  # the words stand twice
    cited = (None, Extent("a", 0, 5), Extent("a", 40, 60))
    assert first_match(gold, cited, MatchRule.COVERAGE) == 3
    assert first_match(gold, cited, MatchRule.IOU) is None  # 10 of 20
    assert first_match(gold, (), MatchRule.COVERAGE) is None


def test_a_gold_is_found_across_white_space_and_at_each_of_its_places(sources: dict[str, SourceText]) -> None:
    broken = Gold("city", "二", "金额 由企业自定")  # the text breaks 企|业 over two lines
    (extent,) = gold_extents(make_topic(), broken, sources)
    assert sources["city"].dense[extent.start : extent.end] == "金额由企业自定"
    twice = gold_extents(make_topic(), Gold("city", "", "培训"), sources)
    assert len(twice) == 2


@pytest.mark.parametrize(("doc", "quote", "said"), [("none", "企业", "没有文件"), ("city", "补贴", "找不到“补贴”")])
def test_a_gold_that_is_not_there_is_an_error(sources: dict[str, SourceText], doc: str, quote: str, said: str) -> None:
    with pytest.raises(BatchError, match=f"题目 t：.*{said}"):
        gold_extents(make_topic(), Gold(doc, "", quote), sources)


def test_a_citation_is_where_its_offsets_say_if_its_words_stand_there(
    tmp_path: Path, sources: dict[str, SourceText]
) -> None:
    city = sources["city"]
    lines = [
        citation_line(city, "金额", "自定", "甲市"),
        citation_line(city, "金额", "自定", "甲市", n=2, end=len(city.text) + 1),
        citation_line(city, "金额", "自定", "甲市", n=3, start=9, end=9),
        citation_line(city, "金额", "自定", "甲市", n=4, policy_id="none"),
        citation_line(city, "金额", "自定", "甲市", n=5, quote="金额由企业决定"),
    ]
    (reply,) = read_run(write_lines(tmp_path / "a.jsonl", reply_line(citations=lines)))
    first, *others = (cited_extent(citation, sources) for citation in reply.citations)
    assert first is not None
    assert len(first) == len("金额由企业自定")
    assert others == [None] * 4


def test_sources_are_read_as_received(small_corpus: Path) -> None:
    sources = read_sources(small_corpus)
    assert sorted(sources) == ["city", "draft"]  # the lexicon is no policy
    assert sources["city"].is_named_by("corpus/jia/city.txt")
    assert sources["city"].is_named_by("jia/city.txt")
    assert not sources["city"].is_named_by("corpus/yi/city.txt")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_encodings_of_the_corpus(encoding: str) -> None:
    source = source_text(PurePosixPath("jia/x.txt"), "甲\r\n\u3000乙".encode(encoding))
    assert source.text == "甲\r\n\u3000乙"  # line ends are kept: offsets count them
    assert (source.dense, source.positions) == ("甲乙", (0, 4))
    assert [source.dense_offset(at) for at in range(6)] == [0, 1, 1, 1, 1, 2]


def test_a_corpus_that_cannot_be_checked_against(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="没有政策文本"):
        read_sources(tmp_path)
    for place in ("jia", "yi"):
        (tmp_path / place).mkdir()
        (tmp_path / place / "same.txt").write_bytes("字".encode())
    with pytest.raises(CorpusError, match="同名"):
        read_sources(tmp_path)
    with pytest.raises(TextDecodeError):
        source_text(PurePosixPath("x.txt"), b"\xff\x00")
