"""axe-core over every state of the page: no barrier for people who see, hear or move differently (WCAG 2.2 A, AA)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from browser.conftest import DESKTOP, PHONE, served_site
from browser.test_browser_page import ANSWER, CLARIFY, DRAFT, REFUSAL, ask
from sites import settings

from assistant.answering.answerer import open_answerer
from assistant.interfaces.web.laying_out import TABS
from assistant.settings import Settings

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")]
AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text(encoding="utf-8")
RUN = """async () => {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
  const found = await axe.run(document, { runOnly: { type: 'tag', values: tags } });
  const told = (node) => `${node.target}: ${node.html.slice(0, 120)}`;
  return found.violations.map(one => [one.id, one.nodes.slice(0, 4).map(told)]);
}"""
OPEN_ALL = "for (const fold of document.querySelectorAll('details')) fold.open = true"
LOOKS = [
    pytest.param(viewport, scheme, id=f"{name}-{scheme}")
    for viewport, name in ((DESKTOP, "desktop"), (PHONE, "phone"))
    for scheme in ("light", "dark")
]


def barriers(page):
    page.wait_for_timeout(200)
    page.evaluate(AXE)
    return page.evaluate(RUN)


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    answerer = open_answerer(replace(Settings(), index_dir=tmp_path_factory.mktemp("index")))
    with served_site(answerer, settings(tmp_path_factory.mktemp("state"), page=True)) as url:
        yield url


@pytest.mark.parametrize(("viewport", "scheme"), LOOKS)
def test_chat(open_page, viewport, scheme):
    page = open_page(viewport, scheme=scheme)
    for question in (None, ANSWER, DRAFT, REFUSAL, CLARIFY, "出错"):
        if question:
            ask(page, question)
            page.evaluate(OPEN_ALL)
        assert barriers(page) == [], question


@pytest.mark.parametrize(("viewport", "scheme"), LOOKS)
def test_tabs(open_page, real, viewport, scheme):
    for tab in TABS[1:]:
        page = open_page(viewport, scheme=scheme, url=real, path=tab.path)
        assert barriers(page) == [], tab.name
        if page.locator("main.tab form.asked-for").count():
            if page.locator("input[name=place][list]").count():
                page.fill("input[name=place]", "海珠")
            page.click("main.tab .asked-for button.primary")
            page.wait_for_selector("#result")
            page.evaluate(OPEN_ALL)
            assert barriers(page) == [], tab.name
        page.close()
    page = open_page(viewport, scheme=scheme, url=real, path="policies/guangzhou-2025-skilled-talent")
    page.evaluate(OPEN_ALL)
    assert barriers(page) == []


def test_a_barrier_is_found(open_page, real):
    page = open_page(url=real, path="about")
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<input><img src=data:,>')")
    assert {name for name, _ in barriers(page)} == {"label", "image-alt"}


def test_a_tab_inside_the_chat_page(open_page, real):
    page = open_page(url=real)
    page.click("header.site nav >> text=查待遇")
    page.fill("#panel input[name=place]", "海珠")
    page.click("#panel button.primary")
    page.wait_for_selector("#panel #result")
    assert barriers(page) == []
