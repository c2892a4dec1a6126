"""Chat messages for every kind of outcome."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
from interfaces.web.scripted import AS_OF, NOTICE, ScriptedAnswerer

from assistant.interfaces.web.asking import KEPT_TURNS, Trouble, Turn, keep
from assistant.interfaces.web.evidence import evidence_html
from assistant.interfaces.web.introducing import introduction_html, place_choices, role_choices
from assistant.interfaces.web.reading import body_lines
from assistant.interfaces.web.rendering import DISCLAIMER, messages


@pytest.fixture(scope="module")
def answerer():
    return ScriptedAnswerer()


def reply_to(reply, question="问"):
    return messages((Turn(1, question, reply),))[-1]


def shown(markup):
    return html.unescape(re.sub(r"<[^>]*>", "", markup))


@pytest.mark.parametrize("make", ["plain_answer", "draft_answer", "refusal", "hostile_answer"])
def test_every_mark_has_exactly_one_card(answerer, make):
    turns = (Turn(1, "甲", answerer.plain_answer()), Turn(2, "乙", getattr(answerer, make)()))
    cards = re.findall(r'id="(ev-[^"]+)"', evidence_html(answerer, turns))
    for number, message in ((1, messages(turns)[1]), (2, messages(turns)[3])):
        marks = re.findall(r'href="#(ev-[^"]+)">&#91;(\d+)&#93;', message["content"])
        assert marks
        for target, n in marks:
            assert target == f"ev-{number}-{n}"
            assert cards.count(target) == 1


def test_answer_shows_the_text_without_its_sources(answerer):
    reply = answerer.plain_answer()
    content = shown(reply_to(reply)["content"])
    assert content.startswith(reply.draft.conclusion)
    assert content.count("[1]") == 1
    assert content.endswith(DISCLAIMER)
    for cited in reply.draft.citations:
        assert f"「{cited.quote}」" in content


def test_a_number_without_a_citation_is_not_linked(answerer):
    content = reply_to(answerer.hostile_answer())["content"]
    assert "&#91;9&#93;" in content
    assert 'ev-1-9"' not in content


def test_draft_notice_is_first_and_said_once(answerer):
    content = reply_to(answerer.draft_answer())["content"]
    assert content.startswith(f'<div class="answer"><p class="notice">{NOTICE}')
    assert shown(content).count(NOTICE) == 1


def test_a_warning_further_down_is_still_marked_as_one(answerer):
    reply = answerer.plain_answer()
    content = reply_to(replace(reply, text=reply.text.replace("\n\n", "\n注意：目标期已经过了。\n\n")))["content"]
    assert '<p class="notice">注意：目标期已经过了。</p>' in content
    assert content.startswith('<div class="answer"><p class="conclusion">')


def test_refusal_names_reason_and_next_step(answerer):
    content = shown(reply_to(answerer.refusal())["content"])
    assert content.startswith("库内有相关文件，但没有写明文件没有写金额。")
    assert "下一步：可以问：本单位" in content


def test_next_step_is_not_said_twice(answerer):
    reply = answerer.out_of_scope()
    assert shown(reply_to(reply)["content"]).count(reply.next_step) == 1


def test_clarification_offers_its_choices(answerer):
    reply = answerer.clarification()
    message = reply_to(reply)
    assert [option["value"] for option in message["options"]] == list(reply.choices)
    assert shown(message["content"]) == "您想问哪一项？"


def test_trouble_is_shown_escaped():
    assert reply_to(Trouble("<b>不行</b>"))["content"] == '<p class="trouble">&#60;b&#62;不行&#60;&#47;b&#62;</p>'


def test_question_is_escaped(answerer):
    asked = messages((Turn(1, "<img src=x>\n# 甲", Trouble("")),))[0]["content"]
    assert set(re.findall(r"<(\w+)", asked)) == {"p", "br"}


def test_pending_question_is_shown_at_once():
    shown_now = messages((), pending="甲")
    assert [message["role"] for message in shown_now] == ["user", "assistant"]


def test_only_the_last_turns_are_kept_and_that_is_said():
    turns = keep(tuple(Turn(n, f"问{n}", Trouble("答")) for n in range(1, KEPT_TURNS + 3)))
    shown_now = messages(turns)
    assert len(turns) == KEPT_TURNS
    assert "更早的已移出本页" in shown_now[0]["content"]
    assert "问3" in shown_now[1]["content"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("结论。\n- 甲[1]\n\n[1] 《文》三", ["结论。", "- 甲[1]"]),
        ("结论。\n- 甲[1]\n来源：\n[1] 《文》三", ["结论。", "- 甲[1]"]),
        ("结论。", ["结论。"]),
        ("", []),
        ("结论 [1] 在句中\n  [1] 《文》", ["结论 [1] 在句中"]),
    ],
)
def test_body_lines(text, expected):
    assert body_lines(text) == expected


def test_introduction_counts_places_and_names_drafts(answerer):
    text = shown(introduction_html(answerer, AS_OF))
    assert "共 3 份：广东省广州市、广东省湛江市（征求意见稿，未正式印发）、广东省广州市海珠区。" in text
    assert "目标期已过" in text
    assert "穗府办〔2025〕7号" in text


def test_choices_carry_codes(answerer):
    assert place_choices(answerer) == [
        ("由问题决定", ""),
        ("广东省广州市", "440100"),
        ("广东省广州市海珠区", "440105"),
        ("广东省湛江市", "440800"),
    ]
    assert [code for _, code in role_choices()] == ["worker", "hr", "other"]
