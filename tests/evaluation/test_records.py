from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assistant.errors import BatchError
from assistant.evaluation.records import read_records
from assistant.evaluation.runs import ReplyStatus, read_run
from assistant.evaluation.topics import Role, read_topics
from assistant.model import Force, RefusalReason

from .conftest import citation_line, reply_line, topic_line, write_lines


def test_topics_are_read_in_order_with_their_golds(tmp_path: Path, topic_lines: list[dict[str, Any]]) -> None:
    topics = read_topics(write_lines(tmp_path / "q.jsonl", *topic_lines))
    assert [topic.topic_id for topic in topics] == ["must-train", "allowance-draft", "no-amount", "no-leave"]
    assert topics[0].role is Role.HR
    assert topics[1].golds[1].force is Force.ENCOURAGED
    assert not topics[1].golds[1].alt


def test_unknown_keys_blank_lines_and_a_byte_order_mark_are_no_matter(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "q.jsonl", topic_line(style=["short"]))
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes() + b"\r\n\n")
    assert len(read_topics(path)) == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"force": "should"}, "“force”的值“should”"),  # not on the ladder
        ({"role": None}, "“role”应为字符串"),
        ({"answerable": 1}, "“answerable”应为 true 或 false"),  # 1 is not true
        ({"gold": []}, "至少要有一条 gold"),  # answerable, but nothing to find
        ({"gold": [{"doc": "city", "clause": "", "quote": " "}]}, "gold 第 1 项：“quote”不能为空"),
        ({"gold": ["一"]}, "“gold”的第 1 项应为对象"),
        ({"must": ["|"]}, "空的要点"),
        ({"history": "上一问"}, "“history”应为列表"),
        ({"history": [1]}, "“history”应为字符串的列表"),
    ],
)
def test_a_broken_topic_is_named_by_line_and_key(tmp_path: Path, line: dict[str, Any], said: str) -> None:
    path = write_lines(tmp_path / "q.jsonl", topic_line(id="fine"), topic_line(**line))
    with pytest.raises(BatchError, match="第 2 行") as caught:
        read_topics(path)
    assert str(caught.value).startswith("q.jsonl 第 2 行")
    assert said in str(caught.value)


@pytest.mark.parametrize("key", sorted(topic_line()))
def test_every_key_of_a_topic_is_needed(tmp_path: Path, key: str) -> None:
    line = topic_line()
    del line[key]
    with pytest.raises(BatchError, match=f"第 1 行：缺少“{key}”"):
        read_topics(write_lines(tmp_path / "q.jsonl", line))


@pytest.mark.parametrize("key", sorted(reply_line()))
def test_every_key_of_the_contract_is_needed(tmp_path: Path, key: str) -> None:
    line = reply_line()
    del line[key]
    with pytest.raises(BatchError, match=f"缺少“{key}”"):
        read_run(write_lines(tmp_path / "a.jsonl", line))


def test_every_key_of_a_citation_is_needed(tmp_path: Path, sources: dict[str, Any]) -> None:
    whole = citation_line(sources["city"], "企业应当", "技师", "甲市")
    for key in whole:
        part = {name: value for name, value in whole.items() if name != key}
        with pytest.raises(BatchError, match=f"citations 第 1 项：缺少“{key}”"):
            read_run(write_lines(tmp_path / "a.jsonl", reply_line(citations=[part])))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"status": "ok"}, "“status”的值“ok”"),
        ({"status": "refused"}, "没有写“reason”"),
        ({"reason": "not_stated"}, "应为 null"),  # answered, and yet a reason
        ({"timing_ms": {}}, "timing_ms：缺少“total”"),
        ({"timing_ms": {"total": True}}, "“total”应为非负数"),
        ({"statements": [{"text": "甲", "force": "may", "citations": [1]}]}, "不存在的依据编号"),
        ({"answer": ""}, "“answer”不能为空"),
    ],
)
def test_a_reply_that_breaks_the_contract_is_an_error(tmp_path: Path, line: dict[str, Any], said: str) -> None:
    with pytest.raises(BatchError) as caught:
        read_run(write_lines(tmp_path / "a.jsonl", reply_line(**line)))
    assert said in str(caught.value)


def test_citations_are_numbered_from_one(tmp_path: Path, sources: dict[str, Any]) -> None:
    second = citation_line(sources["city"], "企业应当", "技师", "甲市", n=2)
    with pytest.raises(BatchError, match="从 1 起"):
        read_run(write_lines(tmp_path / "a.jsonl", reply_line(citations=[second])))


def test_a_reply_is_read_whole(tmp_path: Path, reply_lines: list[dict[str, Any]]) -> None:
    answered, _, refused, _ = read_run(write_lines(tmp_path / "a.jsonl", *reply_lines))
    assert answered.status is ReplyStatus.ANSWERED
    assert not answered.declined
    assert answered.citations[0].quote == "企业应当每年培训技师"
    assert refused.declined
    assert refused.reason is RefusalReason.NOT_STATED


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"id": 1}\n{"id"\n', "第 2 行：不是合法的 JSON"),
        (b"[1]\n", "第 1 行：应为一个 JSON 对象"),
        (b'{"total": NaN}\n', "不接受 NaN"),
        (b"\xff\xfe\x00", "不是 UTF-8"),
    ],
)
def test_a_file_that_is_not_json_lines(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "x.jsonl").write_bytes(content)
    with pytest.raises(BatchError, match=said):
        read_records(tmp_path / "x.jsonl")


def test_a_missing_file_an_empty_one_and_a_repeated_id(tmp_path: Path) -> None:
    with pytest.raises(BatchError, match="无法读取"):
        read_records(tmp_path / "none.jsonl")
    with pytest.raises(BatchError, match="没有题目"):
        read_topics(write_lines(tmp_path / "empty.jsonl"))
    with pytest.raises(BatchError, match="第 2 行：编号“must-train”重复"):
        read_topics(write_lines(tmp_path / "q.jsonl", topic_line(), topic_line()))
    with pytest.raises(BatchError, match="第 2 行：编号“must-train”重复"):
        read_run(write_lines(tmp_path / "a.jsonl", reply_line(), reply_line()))
