from __future__ import annotations

import json
import re
from datetime import date

import pytest

from assistant.errors import CorpusError, IndexCorruptError, JurisdictionError, QuestionError
from assistant.interfaces import asking, verbs
from assistant.interfaces.contract import check_question
from assistant.settings import MAX_QUESTION, Settings

DAY = date(2026, 11, 20)


@pytest.fixture
def written():
    return []


def test_ask_writes_text_or_one_json_line(real_settings, written):
    assert asking.ask(real_settings, "广州首席技师有什么待遇", None, "worker", DAY, False, written.append) == 0
    assert written[0].startswith("广州：")
    assert written[0].endswith("\n")
    assert asking.ask(real_settings, "首席技师有什么待遇", "广州", "hr", DAY, True, written.append) == 0
    assert written[1].count("\n") == 1
    assert json.loads(written[1])["citations"][0]["clause"] == "三、（六）"


def test_ask_refuses_an_unknown_place_with_a_suggestion(real_settings, written):
    with pytest.raises(JurisdictionError, match=r"没有“深圳是”.*是不是想说：广东省深圳市"):
        asking.ask(real_settings, "首席技师", "深圳是", "hr", DAY, False, written.append)
    assert written == []


@pytest.mark.parametrize("text", ["", "  \n", "\u200b\u202e", "\x00"])
def test_an_empty_question_is_refused(text):
    with pytest.raises(QuestionError, match="问题是空的"):
        check_question(text)


def test_a_question_may_be_as_long_as_the_limit():
    check_question("问" * MAX_QUESTION)
    check_question("\u200b" * 1_000 + "问" * MAX_QUESTION)  # what is not read does not count
    with pytest.raises(QuestionError, match=f"{MAX_QUESTION + 1} 个字，超过 {MAX_QUESTION} 字"):
        check_question("问" * (MAX_QUESTION + 1))


def test_show_writes_the_outline_or_a_clause(real_settings, real_policies, written):
    policy_id = real_policies["海珠"].policy_id
    verbs.show(real_settings, policy_id, None, written.append)
    verbs.show(real_settings, policy_id, "二、（二）", written.append)
    assert "二、（二）　建立“海珠首席技师”制度　牵头：区人社局" in written[0]
    assert "评定10名（每个企业限入选1名）“海珠首席技师”" in written[1]


def test_show_names_what_is_held(real_settings, real_policies, written):
    with pytest.raises(CorpusError, match="没有编号为“nope”的文件") as caught:
        verbs.show(real_settings, "nope", None, written.append)
    assert all(policy.policy_id in str(caught.value) for policy in real_policies.values())
    assert written == []


def test_search_writes_hits_best_first_and_none_out_of_scope(real_settings, written):
    assert verbs.search(real_settings, "首席技师有什么待遇", "海珠", 8, True, written.append) == 0
    rows = [json.loads(line) for line in written]
    assert len(rows) == 8
    assert all(list(row) == ["score", "policy_id", "clause", "text"] for row in rows)
    assert {row["policy_id"].split("-")[0] for row in rows} <= {"haizhu", "guangzhou", "guangdong"}
    # the nearest place is never below third, and every level has a seat
    assert "haizhu" in {row["policy_id"].split("-")[0] for row in rows[:3]}
    assert {"guangzhou", "guangdong"} <= {row["policy_id"].split("-")[0] for row in rows}


def test_search_writes_lines_for_people_too(real_settings, written):
    verbs.search(real_settings, "评定10名海珠首席技师", None, 0, False, written.append)
    (line,) = written  # at least one is shown
    assert re.match(r" *\d+\.\d\d  haizhu-2020-skill-upgrading 二、（二）  ", line)


def test_search_of_a_place_without_texts_finds_nothing(real_settings, written):
    assert verbs.search(real_settings, "首席技师", "北京", 5, True, written.append) == 0
    assert written == []


def test_verify_counts_what_it_checked(real_settings, real_policies, written):
    assert verbs.verify(real_settings, written.append) == 0
    assert {line.split("：")[0] for line in written[:-1]} == {p.policy_id for p in real_policies.values()}
    assert re.fullmatch(r"索引 gen-\S+ 完好，共 \d+ 句。\n", written[-1])


def test_verify_names_a_damaged_file(real_settings, tmp_path, written):
    settings = Settings(index_dir=tmp_path / "index")
    assert verbs.build(settings, written.append, lambda told: None) == 0
    assert re.fullmatch(r"gen-\S+：5 份文件，\d+ 句，\d+ 条问法。\n", written[0])
    (chunks,) = settings.index_dir.glob("gen-*/chunks.jsonl")
    chunks.write_bytes(chunks.read_bytes().replace("首席".encode(), "次席".encode(), 1))
    with pytest.raises(IndexCorruptError, match=r"chunks\.jsonl"):
        verbs.verify(settings, written.append)
