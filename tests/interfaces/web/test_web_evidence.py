"""Cards: every mark has one, every quotation stands in its clause, nothing of the text changes."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from interfaces.web.scripted import HOSTILE_CLAUSE, ScriptedAnswerer

from assistant.interfaces.web.asking import Trouble, Turn
from assistant.interfaces.web.evidence import clause_html, dates_of, evidence_html
from assistant.model import Clause, Level, Policy, Sentence, Span, reading_text


@pytest.fixture(scope="module")
def answerer():
    return ScriptedAnswerer()


def shown(markup):
    """The text a browser would show, line breaks left out."""
    return html.unescape(re.sub(r"<[^>]*>", "", markup))


def marked(markup):
    (mark,) = re.findall(r"<mark>(.*?)</mark>", markup)
    return shown(mark)


def parts(markup, tag, kind):
    return re.findall(rf'<{tag} class="{kind}"[^>]*>(.*?)</{tag}>', markup)


@pytest.mark.parametrize("make", ["plain_answer", "draft_answer", "refusal", "hostile_answer"])
def test_every_quotation_stands_in_its_whole_clause(answerer, make):
    reply = getattr(answerer, make)()
    markup = evidence_html(answerer, (Turn(1, "问", reply),))
    clauses = parts(markup, "p", "clause")
    assert len(clauses) == len(reply.draft.citations)
    for clause, cited in zip(clauses, reply.draft.citations, strict=True):
        whole = cited.clause.span.of(cited.policy.text)
        assert marked(clause) == cited.quote
        assert shown(clause) == reading_text(whole)


def test_markup_is_one_line_so_that_markdown_leaves_it_alone(answerer):
    markup = evidence_html(answerer, (Turn(1, "多\n行", answerer.hostile_answer()),))
    assert "\n" not in markup


def test_nothing_hostile_becomes_a_tag(answerer):
    markup = evidence_html(answerer, (Turn(1, "<script>", answerer.hostile_answer()),))
    tags = set(re.findall(r"<(\w+)", markup))
    allowed = "h2 div article details summary h3 span p mark br dl dt dd button a"
    assert tags <= set(allowed.split(" "))
    assert "<广东省技工学校办法>" in shown(markup)
    assert HOSTILE_CLAUSE.splitlines()[0].removeprefix("（一）") in shown(markup)


def test_card_ids_are_unique_over_the_conversation(answerer):
    turns = (Turn(1, "甲", answerer.plain_answer()), Turn(2, "乙", answerer.draft_answer()))
    ids = re.findall(r'id="(ev-[^"]+)"', evidence_html(answerer, turns))
    assert sorted(ids) == ["ev-1-1", "ev-1-2", "ev-1-3", "ev-2-1", "ev-2-2"]


def test_newest_cards_come_first_and_older_ones_are_folded(answerer):
    turns = (Turn(1, "甲", answerer.plain_answer()), Turn(2, "乙", answerer.draft_answer()))
    markup = evidence_html(answerer, turns)
    assert markup.index('id="ev-2-1"') < markup.index("前面的问题：甲（3 条）") < markup.index('id="ev-1-1"')
    assert markup.startswith('<h2 id="evidence-title">依据（2 条）</h2>')


def test_card_names_the_policy_its_origin_status_and_force(answerer):
    markup = evidence_html(answerer, (Turn(1, "甲", answerer.plain_answer()),))
    first = shown(markup.split("</article>")[0])
    for fact in (
        "[1]",
        "《广州市人民政府办公厅关于加强新时代高技能人才队伍建设的实施意见》",
        "穗府办〔2025〕7号",
        "广州市人民政府办公厅",
        "2025-04-10 成文、2025-04-14 印发、2025-04-21 发布",
        "广东省广州市",
        "三、（六）",
        "时效未标明：正文没有写有效期",
        "鼓励",
    ):
        assert fact in first
    third = markup.split("</article>")[2]
    assert "必须·企业" in third
    assert "（对象：企业）" in third


def test_citations_that_no_line_uses_are_folded_as_related(answerer):
    reply = answerer.plain_answer()
    shorter = replace(reply, text=reply.text.replace("[2]", "", 1))
    markup = evidence_html(answerer, (Turn(1, "甲", shorter),))
    assert markup.startswith('<h2 id="evidence-title">依据（2 条）</h2>')
    assert "相关条款（1 条，回答没有用到）" in markup
    assert re.findall(r'id="(ev-[^"]+)"', markup) == ["ev-1-1", "ev-1-3", "ev-1-2"]


def test_missing_facts_are_named_as_missing(answerer):
    markup = evidence_html(answerer, (Turn(1, "甲", answerer.draft_answer()),))
    assert "发文字号未标明 · 发文机关未标明 · 日期未标明 · 广东省湛江市" in shown(markup)
    assert "征求意见稿" in shown(markup)


@pytest.mark.parametrize(
    ("make", "title"),
    [
        ("refusal", "相关条款（1 条，没有直接回答）"),  # shown, but not as the answer's basis
        ("out_of_scope", "依据"),
        ("clarification", "依据"),
    ],
)
def test_title_says_what_the_cards_are(answerer, make, title):
    markup = evidence_html(answerer, (Turn(1, "甲", getattr(answerer, make)()),))
    assert f">{title}</h2>" in markup


def test_trouble_has_no_cards(answerer):
    assert "<article" not in evidence_html(answerer, (Turn(1, "甲", Trouble("不行")),))


def test_nothing_asked_yet(answerer):
    assert "<article" not in evidence_html(answerer, ())


TEXT = "甲乙。\n\n　　丙丁戊\f\n己庚。\n辛"


@pytest.mark.parametrize(
    ("quoted", "expected"),
    [
        (
            "丙丁戊\f\n己庚。",
            "甲乙。<br><mark>丙丁戊己庚。</mark><br>辛",
        ),  # a page break inside a sentence is read over
        ("\n\n　　丙丁", "甲乙。<br><mark>丙丁</mark>戊己庚。<br>辛"),  # blanks around the words are not marked
        ("甲乙。\n\n　　丙丁戊\f\n己庚。\n辛", "<mark>甲乙。<br>丙丁戊己庚。<br>辛</mark>"),
        ("辛", "甲乙。<br>丙丁戊己庚。<br><mark>辛</mark>"),
    ],
)
def test_line_breaks(quoted, expected):
    policy = Policy("p", "题", TEXT, "p.txt", "", None)
    clause = Clause("p", Level.ITEM, "", "", "", Span(0, len(TEXT)))
    start = TEXT.index(quoted)
    sentence_start = TEXT.index("丙")
    sentences = (Sentence("p", Span(0, 3)), Sentence("p", Span(sentence_start, TEXT.index("庚") + 2)))
    assert clause_html(policy, clause, Span(start, start + len(quoted)), sentences) == expected


@given(text=st.text(alphabet="甲乙 \u3000\t\n\r\f<*", min_size=1), data=st.data())
def test_marked_words_are_the_quotation_whatever_the_breaks(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    if not reading_text(text[start:end]):
        return
    policy = Policy("p", "题", text, "p.txt", "", None)
    markup = clause_html(policy, Clause("p", Level.ITEM, "", "", "", Span(0, len(text))), Span(start, end))
    assert marked(markup) == reading_text(text[start:end])
    assert shown(markup) == reading_text(text)


def test_dates():
    policy = Policy("p", "题", "文", "p.txt", "", None)
    assert dates_of(policy) == "日期未标明"
    assert dates_of(replace(policy, effective_from=date(2025, 5, 1))) == "2025-05-01 施行"
