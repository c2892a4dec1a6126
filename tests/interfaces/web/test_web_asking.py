"""Reading a question, and turning every outcome into a turn."""

from __future__ import annotations

import logging

import pytest
from interfaces.web.scripted import AS_OF, ScriptedAnswerer

from assistant.errors import QuestionError
from assistant.interfaces.web.asking import HISTORY, Trouble, Turn, read_question, take_turn


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("  广州有补贴吗 \n", "广州有补贴吗"),
        ("一\n二\t三", "一 二 三"),
        ("零\u200b宽\u202e反\x00向", "零宽反向"),  # zero width, direction and control characters
        ("标\U000e0041签", "标签"),  # Unicode tag characters
        ("孤\ud800代理", "孤代理"),
        ("全角１２，，", "全角１２，，"),  # the words are not folded
        ("字" * 300, "字" * 300),
    ],
)
def test_read_question(typed, expected):
    assert read_question(typed) == expected


@pytest.mark.parametrize("typed", ["", "  ", "\u200b\n", None, 7, {"a": 1}, []])
def test_empty_question_is_refused(typed):
    with pytest.raises(QuestionError, match="还没有写问题"):
        read_question(typed)


@pytest.mark.parametrize(
    ("typed", "length"),
    [
        ("字" * 301, 301),
        ("㍿" * 76, 304),  # one character that NFKC makes four
        ("字" * 100_000, 100_000),
    ],
)
def test_long_question_is_refused_with_both_numbers(typed, length):
    with pytest.raises(QuestionError, match=rf"{length} 个字，最多 300 个字"):
        read_question(typed)


def test_question_is_passed_on_with_place_role_and_history():
    answerer = ScriptedAnswerer()
    turns = (Turn(1, "前一问", answerer.plain_answer()), Turn(2, "没答成", Trouble("x")))
    (turn,) = take_turn(answerer, AS_OF, "这一问", "440100", "hr", turns)
    (asked,) = answerer.asked
    assert (asked.text, asked.jurisdiction, asked.role, asked.history) == ("这一问", "440100", "hr", ("前一问",))
    assert turn.number == 3


def test_no_place_and_unknown_role():
    answerer = ScriptedAnswerer()
    list(take_turn(answerer, AS_OF, "问", "", "root", ()))
    assert answerer.asked[0].jurisdiction is None
    assert answerer.asked[0].role == "other"


def test_history_is_bounded():
    answerer = ScriptedAnswerer()
    turns = tuple(Turn(n, str(n), answerer.plain_answer()) for n in range(1, 16))
    list(take_turn(answerer, AS_OF, "问", None, None, turns))
    assert answerer.asked[0].history == tuple(str(n) for n in range(16 - HISTORY, 16))


def test_a_question_out_of_scope_lends_nothing_to_the_next():
    answerer = ScriptedAnswerer()
    turns = (Turn(1, "前一问", answerer.plain_answer()), Turn(2, "今天天气怎么样", answerer.out_of_scope()))
    list(take_turn(answerer, AS_OF, "那之后呢", None, None, turns))
    assert answerer.asked[0].history == ("前一问",)


def test_expected_failure_is_shown_as_its_message():
    (turn,) = take_turn(ScriptedAnswerer(), AS_OF, "读不懂的", None, None, ())
    assert turn.reply == Trouble("问题读不懂，请换个说法。")


def test_unexpected_failure_shows_an_id_and_logs_no_question(caplog):
    with caplog.at_level(logging.DEBUG):
        (turn,) = take_turn(ScriptedAnswerer(), AS_OF, "出错13800138000", None, None, ())
    assert isinstance(turn.reply, Trouble)
    (record,) = caplog.records
    error_id = record.getMessage().split("：")[0].removeprefix("错误 ")
    assert error_id in turn.reply.message
    assert "RuntimeError" in record.getMessage()
    assert "scripted.py:" in record.getMessage()
    assert "13800138000" not in caplog.text
    assert "秘密" not in turn.reply.message


def test_a_language_model_is_named_while_it_is_waited_for():
    answerer = ScriptedAnswerer(model_name="模型甲")
    turns = take_turn(answerer, AS_OF, "问", None, None, ())
    first = next(turns)
    assert (first.phrasing, first.reply) == ("模型甲", answerer.plain_answer())
    answerer.released.set()
    (second,) = turns
    assert (second.phrasing, second.number) == ("", 1)
    assert second.reply.draft.citations == first.reply.draft.citations
    assert second.reply.text != first.reply.text


def test_refusals_and_questions_back_are_not_phrased():
    for question in ("广州技能津贴一个月多少钱", "那个"):
        (turn,) = take_turn(ScriptedAnswerer(model_name="模型甲"), AS_OF, question, None, None, ())
        assert turn.phrasing == ""


def test_a_failure_while_phrasing_leaves_what_was_shown(caplog):
    class Failing(ScriptedAnswerer):
        def stages(self, question, as_of):
            yield self.plain_answer()
            raise RuntimeError("秘密")

    first, second = take_turn(Failing(model_name="模型甲"), AS_OF, "问", None, None, ())
    assert (second.reply, second.phrasing) == (first.reply, "")
    assert "RuntimeError" in caplog.text
    assert "秘密" not in caplog.text
