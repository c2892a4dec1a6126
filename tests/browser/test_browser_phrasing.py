"""A language model on the page: evidence and the documents' own words first, its words after, and a way out."""

from __future__ import annotations

import pytest
from browser.conftest import DESKTOP, PHONE, served
from browser.test_browser_barriers import barriers
from browser.test_browser_page import ANSWER, BOX, REFUSAL, ask, text_of
from interfaces.web.scripted import ScriptedAnswerer

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")]
TOLD = "广州鼓励企业开展首席技师、特级技师评聘工作。"


@pytest.fixture
def slow():
    """The page over a scripted answerer whose model speaks when it is released."""
    answerer = ScriptedAnswerer(model_name="模型甲")
    with served(answerer) as url:
        yield answerer, url
        answerer.released.set()


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_evidence_and_the_documents_words_come_first(open_page, shots, slow, viewport):
    answerer, url = slow
    page = open_page(viewport, url=url)
    assert "模型甲" in text_of(page, "#chat .intro .model")[0]
    ask(page, ANSWER)
    reply = answerer.plain_answer()
    assert not answerer.released.is_set()
    quotes = [cited.quote for cited in reply.draft.citations]
    assert text_of(page, ".card mark") == quotes
    assert all(quote in said for quote, said in zip(quotes, text_of(page, "#chat .answer li"), strict=True))
    assert "模型甲）正在摘写要点" in page.inner_text("#chat .phrasing")
    assert page.locator("#chat .rate").count() == 0  # nothing to judge yet
    assert barriers(page) == []
    page.screenshot(path=shots / f"phrasing-{'desktop' if viewport is DESKTOP else 'phone'}.png")
    page.click("#chat a.cite >> nth=1")  # a reader who has gone on to the evidence is not called back
    page.wait_for_timeout(600)
    place = page.evaluate("document.querySelector('#ev-1-2').getBoundingClientRect().top")
    answerer.released.set()
    page.wait_for_selector("#chat .phrasing", state="detached")
    page.wait_for_timeout(300)
    assert TOLD in text_of(page, "#chat .answer li")[0]
    assert text_of(page, ".card mark") == quotes
    assert text_of(page, "#chat .asked") == [ANSWER]
    assert page.evaluate("document.activeElement.id") == "ev-1-2"
    shift = page.evaluate("document.querySelector('#ev-1-2').getBoundingClientRect().top") - place
    assert abs(shift) < 60, shift
    page.wait_for_selector("#chat .rate")


def test_what_is_cleared_does_not_come_back(open_page, slow):
    answerer, url = slow
    page = open_page(url=url)
    ask(page, ANSWER)
    page.click("#clear")
    page.wait_for_selector("#chat .example")
    answerer.released.set()
    page.wait_for_timeout(1500)
    assert page.locator("#chat .message-row, .card").count() == 0
    answerer.asked.clear()
    ask(page, ANSWER)
    page.wait_for_selector("#chat .phrasing", state="detached")
    assert answerer.asked[0].history == ()
    assert page.locator("#chat .bot-row").count() == 1


def test_a_refusal_is_not_phrased_and_a_next_question_waits_in_its_box(open_page, slow):
    answerer, url = slow
    page = open_page(url=url)
    ask(page, REFUSAL)
    assert page.locator("#chat .phrasing").count() == 0
    ask(page, ANSWER)
    page.fill(BOX, "下一问")
    answerer.released.set()
    page.wait_for_selector("#chat .phrasing", state="detached")
    assert page.input_value(BOX) == "下一问"
    page.press(BOX, "Enter")
    page.wait_for_function("() => document.querySelectorAll('#chat .bot-row').length === 3")
