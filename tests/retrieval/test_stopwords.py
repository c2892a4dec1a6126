from __future__ import annotations

import pytest

from assistant.answering.refusals import read_demands
from assistant.errors import SettingsError
from assistant.retrieval.stopwords import read_stopwords


def test_one_word_a_line_comments_and_blanks_apart(tmp_path):
    path = tmp_path / "stopwords.txt"
    path.write_text("# 疑问词\n吗\n\n 多少 \n", encoding="utf-8")
    assert read_stopwords(path) == {"吗", "多少"}


@pytest.mark.parametrize("content", [None, b"\xff\xfe\xfa\x00"])
def test_a_list_that_cannot_be_read_is_named(tmp_path, content):
    path = tmp_path / "stopwords.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SettingsError, match=r"词表 stopwords\.txt 读不出来.*请恢复该文件"):
        read_stopwords(path)


def test_the_real_list_keeps_the_words_of_the_matter(root, real_answerer):
    words = read_stopwords(root / "corpus" / "lexicon" / "stopwords.txt")
    assert {"吗", "多少", "什么"} <= words  # what a question is asked with
    assert not words & {"补贴", "待遇", "技师", "首席技师", "入户", "落户", "牵头", "职工教育经费"}
    assert set(real_answerer.holdings.tokens("请问首席技师有什么待遇吗")) == {"首席", "技师", "首席技师", "待遇"}


HEADER = "name\tquestion\tevidence\treason\tdepth\n"


@pytest.mark.parametrize(
    "content",
    [
        None,  # missing
        b"\xff\xfe\xfa\x00",  # not text
        "name\tquestion\n金额\t多少\n".encode(),  # columns missing
        (HEADER + "金额\t多少(\t元\tnot_stated\n").encode(),  # a broken pattern
        (HEADER + "金额\t多少\t元\tperhaps\n").encode(),  # an unknown reason
        (HEADER + "金额\t多少\n").encode(),  # a short row
    ],
)
def test_a_table_of_demands_that_cannot_be_used_is_named(tmp_path, content):
    path = tmp_path / "demands.tsv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SettingsError, match=r"词表 demands\.tsv 读不出来.*请恢复该文件"):
        read_demands(path)


def test_demands_are_read_with_quotation_marks_as_they_stand(tmp_path):
    path = tmp_path / "demands.tsv"
    path.write_text(HEADER + '名单\t"名单"\t名单\tnot_stated\t3\n', encoding="utf-8")
    (demand,) = read_demands(path)
    assert demand.question.pattern == '"名单"'
