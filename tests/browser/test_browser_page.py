"""What a person does on the page, and what the page must then look like."""

from __future__ import annotations

import re

import pytest
from browser.conftest import DESKTOP, PHONE
from interfaces.web.scripted import NOTICE

from assistant.interfaces.web.rendering import DISCLAIMER
from assistant.model import reading_text

pytestmark = [
    pytest.mark.browser,
    # Gradio's own queue statistics use options that pandas 3 has deprecated.
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]

ANSWER, DRAFT, REFUSAL, CLARIFY = "广州首席技师有什么待遇", "在湛江能落户吗", "广州技能津贴一个月多少钱", "那个怎么办"
BOX = "#question textarea"


def ask(page, text, by="Enter"):
    rows = page.locator("#chat .bot-row").count()
    page.fill(BOX, text)
    if by == "Enter":
        page.press(BOX, "Enter")
    else:
        page.click(by)
    answered(page, rows + 1)


def answered(page, rows):
    page.wait_for_function(
        "n => document.querySelectorAll('#chat .bot-row').length >= n && !document.querySelector('#chat .pending')",
        arg=rows,
    )
    page.wait_for_timeout(150)  # the script tidies in the next frame


def text_of(page, selector):
    return page.eval_on_selector_all(selector, "all => all.map(one => one.textContent)")


def test_ask_and_read_answer_and_cards(open_page, site):
    page = open_page()
    ask(page, ANSWER, by="#send")
    reply = site.answerer.plain_answer()
    said = text_of(page, "#chat .answer")[0]
    assert said.startswith(reply.draft.conclusion)
    assert said.endswith(DISCLAIMER)
    assert text_of(page, "#chat .asked") == [ANSWER]
    assert page.input_value(BOX) == ""
    assert text_of(page, ".card mark") == [cited.quote for cited in reply.draft.citations]
    assert text_of(page, "#evidence h2") == ["依据（3 条）"]


@pytest.mark.parametrize(
    ("question", "make"), [(ANSWER, "plain_answer"), (DRAFT, "draft_answer"), ("恶意", "hostile_answer")]
)
def test_clauses_stand_in_the_page_character_for_character(open_page, site, question, make):
    page = open_page()
    ask(page, question)
    cited = getattr(site.answerer, make)().draft.citations
    assert text_of(page, ".card .clause") == [reading_text(c.clause.span.of(c.policy.text)) for c in cited]
    assert text_of(page, ".card mark") == [c.quote for c in cited]
    assert text_of(page, ".card .title") == [c.policy.title for c in cited]
    for said, c in zip(text_of(page, "#chat .answer li"), cited, strict=True):
        assert c.quote in said


def test_hostile_text_stays_text(open_page):
    page = open_page()
    before = page.evaluate("getComputedStyle(document.body).display")
    ask(page, "恶意 <img src=x onerror=window.hacked=1> **粗** # 题")
    assert text_of(page, "#chat .asked") == ["恶意 <img src=x onerror=window.hacked=1> **粗** # 题"]
    assert page.evaluate("window.hacked") is None
    assert page.evaluate("getComputedStyle(document.body).display") == before
    assert page.locator("#desk img, #desk style:not(svg style), #desk script, #desk strong:not(.draft)").count() == 0


def test_mark_leads_to_its_card_and_the_card_back(open_page):
    page = open_page()
    ask(page, DRAFT)
    address = page.url
    page.click("#chat a.cite >> nth=1")
    page.wait_for_timeout(600)
    assert page.evaluate("document.activeElement.id") == "ev-1-2"
    assert page.locator("#ev-1-2 h3").is_visible()
    assert page.evaluate("document.getElementById('ev-1-2').getBoundingClientRect().top") < DESKTOP["height"] / 2
    page.click('#ev-1-2 .tools a[href="#question"]')
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    assert page.url == address
    assert page.locator("#chat .bot-row").count() == 1


def test_marks_of_an_earlier_answer_open_its_folded_cards(open_page):
    page = open_page()
    ask(page, ANSWER)
    ask(page, DRAFT)
    page.locator('#chat a[href="#ev-1-3"]').click()
    page.wait_for_timeout(600)
    assert page.locator("#ev-1-3 .clause").is_visible()


def test_draft_notice_is_seen_first(open_page):
    for viewport in (DESKTOP, PHONE):
        page = open_page(viewport)
        for _ in range(2):
            ask(page, DRAFT)
        assert text_of(page, "#chat .answer > *:first-child")[-1] == NOTICE
        box = page.locator("#chat .notice").last.bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= viewport["height"]


def test_refusal_shows_reason_next_step_and_related_clause(open_page):
    page = open_page()
    ask(page, REFUSAL)
    assert text_of(page, "#chat .reason") == ["库内有相关文件，但没有写明"]
    assert text_of(page, "#chat .next-step")[0].startswith("下一步：可以问")
    assert text_of(page, "#evidence h2") == ["相关条款（1 条，没有直接回答）"]


def test_clarification_is_answered_by_a_button(open_page, site):
    page = open_page()
    ask(page, CLARIFY)
    choices = page.locator("#chat .option")
    assert choices.all_text_contents() == list(site.answerer.clarification().choices)
    choices.first.click()
    answered(page, 2)
    assert text_of(page, "#chat .asked")[-1] == ANSWER
    assert page.locator(".newest .card").count() == 3
    assert page.locator("#chat .option").count() == 0


def test_example_is_asked_with_one_click(open_page):
    page = open_page()
    page.locator("#chat .example").first.click()
    answered(page, 1)
    assert text_of(page, "#chat .asked") == [ANSWER]


def test_place_role_and_history_reach_the_answerer(open_page, site):
    page = open_page()
    site.answerer.asked.clear()
    page.click("#standing [role=combobox]")
    page.get_by_role("option", name="广东省湛江市").click()
    page.get_by_label("企业人事").check()
    ask(page, ANSWER)
    ask(page, "那之后呢")
    first, second = site.answerer.asked
    assert (first.jurisdiction, first.role, first.history) == ("440800", "hr", ())
    assert second.history == (ANSWER,)


def test_clear_empties_both_panels_and_the_history(open_page, site):
    page = open_page()
    ask(page, ANSWER)
    page.click("#clear")
    page.wait_for_selector("#chat .example")
    assert page.locator("#chat .message-row, .card, .earlier").count() == 0
    assert text_of(page, "#evidence h2") == ["依据"]
    site.answerer.asked.clear()
    ask(page, DRAFT)
    assert site.answerer.asked[0].history == ()
    assert page.locator("#ev-1-1").count() == 1


def test_two_visitors_do_not_mix(open_page, site):
    one, two = open_page(), open_page()
    ask(one, ANSWER)
    site.answerer.asked.clear()
    ask(two, DRAFT)
    assert site.answerer.asked[0].history == ()
    assert text_of(one, "#chat .asked") == [ANSWER]
    assert text_of(two, "#chat .asked") == [DRAFT]


@pytest.mark.parametrize(("text", "told"), [("字" * 301, "问题有 301 个字，最多 300 个字"), ("  ", "还没有写问题")])
def test_bad_question_is_told_and_kept_for_editing(open_page, text, told):
    page = open_page()
    page.fill(BOX, text)
    page.press(BOX, "Enter")
    alert = page.locator("#problem [role=alert]")
    alert.wait_for()
    assert told in alert.text_content()
    assert page.input_value(BOX) == text
    assert page.locator("#chat .message-row").count() == 0
    ask(page, ANSWER)
    assert page.locator("#problem [role=alert]").count() == 0


def test_failures_are_one_sentence(open_page):
    page = open_page()
    ask(page, "出错了")
    assert "错误编号" in text_of(page, "#chat .trouble")[0]
    ask(page, "读不懂的")
    assert text_of(page, "#chat .trouble")[1] == "问题读不懂，请换个说法。"
    ask(page, ANSWER)
    assert page.locator(".newest .card").count() == 3


def test_quotation_is_copied_with_its_origin(open_page, site):
    page = open_page()
    ask(page, ANSWER)
    cited = site.answerer.plain_answer().draft.citations[0]
    for form, words in {
        "sentence": f"“{cited.quote}”（《{cited.policy.title}》三、（六） （标题）；穗府办〔2025〕7号 · "
        "广州市人民政府办公厅 · 2025-04-10 成文、2025-04-14 印发、2025-04-21 发布 · 广东省广州市；"
        "时效未标明：正文没有写有效期）",
        "list": f"广州市人民政府办公厅. {cited.policy.title}：穗府办〔2025〕7号[Z]. 2025-04-10：三、（六）.",
    }.items():
        button = page.locator(f"#ev-1-1 .copy.as-{form}")
        named = button.text_content()
        button.click()
        page.wait_for_function(
            "form => document.querySelector(`#ev-1-1 .copy.as-${form}`).textContent === '已复制'", arg=form
        )
        assert page.evaluate("navigator.clipboard.readText()") == words
        page.wait_for_timeout(2200)
        assert button.text_content() == named


def test_keyboard_alone(open_page):
    page = open_page()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到提问框"
    page.keyboard.press("Enter")
    page.keyboard.type(ANSWER)
    page.keyboard.press("Enter")
    answered(page, 1)
    presses = ["Tab", "Enter"]  # from the answer to its first mark, and to the card
    for key in presses:
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.id") == "ev-1-1"
    while page.evaluate("document.activeElement.textContent") != "返回提问":
        presses.append("Tab")
        page.keyboard.press("Tab")
        assert len(presses) < 11
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"


def test_focus_stays_with_a_question_being_typed(open_page):
    page = open_page()
    page.fill(BOX, ANSWER)
    page.press(BOX, "Enter")
    page.wait_for_function("() => document.querySelector('#question textarea').value === ''")
    page.keyboard.type("下一问")
    answered(page, 1)
    assert page.input_value(BOX) == "下一问"


def test_choosing_a_word_in_an_input_method_does_not_send(open_page):
    page = open_page()
    page.focus(BOX)
    keys = page.context.new_cdp_session(page)
    keys.send("Input.imeSetComposition", {"text": "guang", "selectionStart": 5, "selectionEnd": 5})
    for kind in ("rawKeyDown", "keyUp"):
        keys.send(
            "Input.dispatchKeyEvent", {"type": kind, "windowsVirtualKeyCode": 229, "key": "Enter", "code": "Enter"}
        )
    keys.send("Input.insertText", {"text": "广州"})
    page.wait_for_timeout(500)
    assert page.input_value(BOX) == "广州"
    assert page.locator("#chat .message-row").count() == 0


def test_shift_enter_is_a_new_line(open_page):
    page = open_page()
    page.fill(BOX, "一")
    page.press(BOX, "Shift+Enter")
    page.keyboard.type("二")
    assert page.input_value(BOX) == "一\n二"
    assert page.locator("#chat .message-row").count() == 0


@pytest.mark.parametrize("locale", ["zh-CN", "zh-TW", "zh", "en-US"])
def test_only_chinese_is_shown(open_page, locale):
    page = open_page(locale=locale)
    for question in (None, ANSWER, CLARIFY, DRAFT, REFUSAL):
        if question:
            ask(page, question)
        seen = page.evaluate("document.body.innerText")
        labels = page.eval_on_selector_all(
            "body *",
            """all => all.filter(one => one.checkVisibility()).flatMap(one =>
                 ['aria-label', 'title', 'placeholder', 'alt'].map(name => one.getAttribute(name) || ''))""",
        )
        # the scripted bullets name the force by its English code
        words = set(re.findall(r"[A-Za-z]{2,}", seen + "\n" + "\n".join(labels))) - {
            "must",
            "may",
            "encouraged",
            "none",
        }
        assert words == set()
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    assert page.title() == "政策问答助手"
