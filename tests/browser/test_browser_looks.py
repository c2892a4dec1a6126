"""How the page looks: widths, sizes, contrast, headings. Pictures to be looked at: test_browser_screens.py."""

from __future__ import annotations

import itertools

import pytest
from browser.conftest import DESKTOP, PHONE
from browser.test_browser_page import ANSWER, CLARIFY, DRAFT, REFUSAL, ask

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]

OPEN_ALL = "for (const fold of document.querySelectorAll('details')) fold.open = true"
SMALL_TEXT = """() => {
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode, owner = node.parentElement;
    if (!node.textContent.trim() || !owner.checkVisibility()) continue;
    if (owner.closest('.unseen, .sr-only, script, style')) continue;
    const style = getComputedStyle(owner), size = parseFloat(style.fontSize);
    const line = style.lineHeight === 'normal' ? 1.2 : parseFloat(style.lineHeight) / size;
    if (size < 16 || line < 1.5) found.push([node.textContent.trim().slice(0, 20), size, line]);
  }
  return found;
}"""
SMALL_CONTROLS = """() => [...document.querySelectorAll('button, a, summary, textarea, #standing :is(input, label)')]
  .filter(one => one.checkVisibility() && !one.closest('.unseen') && !one.matches('.skip, [type=radio]'))
  .map(one => [one.textContent.trim().slice(0, 12) || one.tagName, one.getBoundingClientRect()])
  .filter(([, box]) => box.height < 28 || box.width < 28).map(([name, box]) => [name, box.width, box.height])"""
LOW_CONTRAST = """() => {
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = (rgb) => {
    const linear = (v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    const [r, g, b] = rgb.slice(0, 3).map(v => linear(v / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode, owner = node.parentElement;
    if (!node.textContent.trim() || !owner.checkVisibility()) continue;
    if (owner.closest('.unseen, .sr-only, .skip, script, style')) continue;
    let at = owner, opacity = 1, back = null;
    for (; at; at = at.parentElement) {
      const style = getComputedStyle(at), color = parse(style.backgroundColor);
      opacity *= parseFloat(style.opacity);
      if (!back && (color.length < 4 || color[3] > 0.99)) back = color;
    }
    back = back || [255, 255, 255];
    const ink = parse(getComputedStyle(owner).color), a = light(ink), b = light(back);
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5 || opacity < 1) found.push([node.textContent.trim().slice(0, 20), ratio, opacity]);
  }
  return found;
}"""


@pytest.mark.parametrize("width", [390, 320])
def test_no_sideways_scrolling(open_page, width):
    page = open_page({"width": width, "height": 700})
    for question in (None, ANSWER, DRAFT, REFUSAL, CLARIFY, "恶意" + "长" * 200, "恶意" + "a" * 200):
        if question:
            ask(page, question)
        page.evaluate(OPEN_ALL)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        wide = page.eval_on_selector_all(
            "#desk *",
            "(all, width) => all.filter(one => one.checkVisibility() && !one.closest('.unseen') &&"
            " one.getBoundingClientRect().right > width + 1).map(one => one.className)",
            width,
        )
        assert wide == []


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_sizes_and_contrast(open_page, viewport, scheme):
    page = open_page(viewport, scheme=scheme)
    for question in (None, ANSWER, DRAFT, REFUSAL, CLARIFY, "出错"):
        if question:
            ask(page, question)
        page.evaluate(OPEN_ALL)
        page.wait_for_timeout(300)
        assert page.evaluate(SMALL_TEXT) == []
        assert page.evaluate(SMALL_CONTROLS) == []
        assert page.evaluate(LOW_CONTRAST) == []


def test_headings_do_not_jump(open_page):
    page = open_page()
    for question in (None, ANSWER):
        if question:
            ask(page, question)
        levels = page.eval_on_selector_all("h1,h2,h3,h4", "all => all.map(one => Number(one.tagName[1]))")
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_every_control_has_a_name(open_page):
    page = open_page()
    assert page.get_by_role("textbox", name="您的问题").count() == 1
    assert page.get_by_role("combobox", name="地区").count() == 1
    assert page.get_by_role("radio", name="企业人事").count() == 1
    assert page.get_by_role("button", name="提问").count() == 1
    assert page.get_by_role("log", name="问答记录").count() == 1


def test_phone_folds_cards_right_after_the_answer(open_page):
    page = open_page(PHONE)
    ask(page, ANSWER)
    assert page.locator(".card details[open]").count() == 0
    top = lambda selector: page.locator(selector).first.bounding_box()["y"]  # noqa: E731
    assert top("#chat") < top(".card") < top("#question")
    page.locator("#chat a.cite").first.click()
    assert page.locator("#ev-1-1 details[open]").count() == 1


def test_desktop_opens_cards_beside_the_answer_and_keeps_the_question_in_view(open_page):
    page = open_page()
    ask(page, DRAFT)
    assert page.locator(".card details[open]").count() == 2
    chat, card = page.locator("#chat").bounding_box(), page.locator(".card").first.bounding_box()
    assert card["x"] >= chat["x"] + chat["width"]
    page.click("#chat a.cite >> nth=1")
    page.wait_for_timeout(600)
    box = page.locator("#question textarea").bounding_box()
    assert 0 <= box["y"] <= DESKTOP["height"] - box["height"]
