"""The page over the real answerer and the real corpus: its examples, and every quotation against its file."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from browser.conftest import PHONE, served
from browser.test_browser_page import ask, text_of

from assistant.answering.answerer import open_answerer
from assistant.interfaces.web.introducing import EXAMPLES
from assistant.model import reading_text
from assistant.settings import Settings

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    answerer = open_answerer(replace(Settings(), index_dir=tmp_path_factory.mktemp("index")))
    with served(answerer) as url:
        yield answerer, url


@pytest.mark.parametrize("question", EXAMPLES)
def test_examples_are_answered_from_the_texts(open_page, shots, real, question):
    answerer, url = real
    texts = {d.policy.title: reading_text(d.policy.text) for d in answerer.documents}
    page = open_page(url=url)
    ask(page, question)
    assert page.locator("#chat .trouble, #chat .option").count() == 0
    for title, mark, clause in zip(
        text_of(page, ".card .title"), text_of(page, ".card mark"), text_of(page, ".card .clause"), strict=True
    ):
        assert mark in clause
        assert clause in texts[title]
    ids = page.eval_on_selector_all(".card", "all => all.map(one => one.id)")
    marks = page.eval_on_selector_all("#chat a.cite", "all => all.map(one => one.getAttribute('href').slice(1))")
    assert marks
    assert all(ids.count(mark) == 1 for mark in marks)
    page.screenshot(path=shots / f"real-desktop-{EXAMPLES.index(question) + 1}.png")


def test_no_source_list_or_unlinked_mark_is_left_in_the_answer(open_page, shots, real):
    _, url = real
    page = open_page(PHONE, url=url)
    ask(page, EXAMPLES[1])
    said = text_of(page, "#chat .answer")[0]
    assert "来源：" not in said
    linked = "".join(text_of(page, "#chat a.cite"))
    assert re.findall(r"\[\d+\]", said) == re.findall(r"\[\d+\]", linked)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.screenshot(path=shots / "real-phone.png")


def test_introduction_names_every_place_and_the_draft(open_page, real):
    answerer, url = real
    page = open_page(url=url)
    said = text_of(page, "#chat .intro")[0]
    assert f"共 {len(answerer.documents)} 份" in said
    assert "广东省湛江市（征求意见稿，未正式印发）" in said
