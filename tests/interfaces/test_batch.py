from __future__ import annotations

import io
import json
from datetime import date

import pytest

from assistant.interfaces.batch import answer_batch

DAY = date(2026, 11, 20)


@pytest.fixture
def batch(real_answerer):
    def running(*lines: str):
        out, done = io.StringIO(), []
        faults = answer_batch(lines, out, real_answerer, DAY, done.append)
        return [json.loads(line) for line in out.getvalue().splitlines()], faults, done

    return running


def line(item_id, question="广州首席技师有什么待遇", **keys):
    return json.dumps({"id": item_id, "question": question, **keys}, ensure_ascii=False) + "\n"


def test_one_answer_per_line_in_order(batch):
    replies, faults, done = batch(line("a"), line("b", "湛江首席技师", region="湛江"), line("c", ""))
    assert [(reply["id"], reply["status"]) for reply in replies] == [
        ("a", "answered"),
        ("b", "answered"),
        ("c", "clarify"),
    ]
    assert faults == ()
    assert done == [1, 2, 3]


def test_blank_lines_are_passed_over_and_still_counted(batch):
    replies, faults, _ = batch("\n", line("a"), "  \n", "{\n", line("b"))
    assert [reply["id"] for reply in replies] == ["a", "b"]
    assert faults == ("第 4 行不是有效的 JSON，这一行没有作答。请检查引号和逗号。",)


BROKEN = [
    ("{not json}\n", "不是有效的 JSON"),
    ('{"id": 1, "question": "x"', "不是有效的 JSON"),  # cut off
    ("[" * 100_000 + "\n", "不是有效的 JSON"),  # nested too deep
    ('{"id": ' + "1" * 5_000 + ', "question": "x"}\n', "不是有效的 JSON"),  # a number too long to be one
    ('{"id": "\udcff\udcfe", "question": "x"}\n', "不是 UTF-8"),  # bytes that were no text
    ("5\n", "缺少文字形式的 question"),
    ('{"id": "x"}\n', "缺少文字形式的 question"),
    (line("x", region="广洲"), "广洲"),
    (line("x", role="boss"), "role 应为"),
]


@pytest.mark.parametrize(("broken", "message"), BROKEN)
def test_a_broken_line_is_reported_with_its_number_and_loses_no_other(batch, broken, message):
    replies, (fault,), _ = batch(line("a"), broken, line("b"))
    assert [reply["id"] for reply in replies] == ["a", "b"]
    assert fault.startswith("第 2 行")
    assert message in fault


def test_history_role_and_region_are_used(batch):
    (reply,), _, _ = batch(line("a", "那湛江呢", history=["广州首席技师有什么待遇"], role="hr", region="海珠"))
    assert reply["scope"]["jurisdictions"] == ["广东省湛江市", "广东省"]
    assert reply["answer"].startswith("注意：湛江的依据是征求意见稿")


def test_a_byte_order_mark_is_no_fault(batch):
    (reply,), faults, _ = batch("\ufeff" + line("a"))
    assert (reply["id"], faults) == ("a", ())


def test_characters_that_are_no_text_stay_escaped(batch):
    (reply,), faults, _ = batch('{"id": "\\ud800", "question": "\\udfff广州首席技师待遇"}\n')
    assert (reply["id"], reply["status"], faults) == ("\ud800", "answered", ())


def test_a_question_of_any_length_is_answered(batch):
    replies, faults, _ = batch(line("a", "技师" * 50_000), line("b", "\x00\u202e" * 1_000))
    assert [reply["id"] for reply in replies] == ["a", "b"]
    assert faults == ()


def test_an_empty_batch(batch):
    assert batch() == ([], (), [])
