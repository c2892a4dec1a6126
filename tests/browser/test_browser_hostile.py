"""B3: payloads in title, clause, file name and question, in a real browser: nothing runs, nothing is fetched."""

from __future__ import annotations

import pytest
from browser.conftest import served
from hostile.hostile_words import PAYLOADS

from assistant.answering.answerer import open_answerer
from assistant.settings import Settings

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")]
FILE_NAME = "<img src=x onerror=window.hacked=1>.txt"


def policy(payloads) -> str:
    """A notice whose title and clauses carry the payloads between ordinary words."""
    clauses = [
        f"（{number}）对{name}给予技能津贴{payload}，企业应当按月发放。"
        for number, name, payload in zip("一二三四五六七八九", "甲乙丙丁戊己庚辛壬", payloads, strict=False)
    ]
    return (
        f"广州市关于{payloads[0]}发放技能津贴{payloads[1]}的通知\n\n一、总则{payloads[2]}\n" + "\n".join(clauses) + "\n"
    )


@pytest.fixture(scope="module")
def hostile_site(tmp_path_factory):
    corpus = tmp_path_factory.mktemp("corpus")
    (corpus / "guangzhou").mkdir()
    (corpus / "guangzhou" / FILE_NAME).write_text(policy(PAYLOADS[:9]), encoding="utf-8")
    (corpus / "guangzhou" / "second.txt").write_text(policy(PAYLOADS[3:]), encoding="utf-8")
    index = tmp_path_factory.mktemp("index")
    answerer = open_answerer(Settings(corpus_dir=corpus, questions_dir=corpus / "questions", index_dir=index))
    with served(answerer) as url:
        yield answerer, url


def test_nothing_runs_and_nothing_is_fetched(browser, hostile_site):
    answerer, url = hostile_site
    page, foreign = browser.new_page(), []
    page.on("request", lambda request: request.url.startswith((url, "data:", "blob:")) or foreign.append(request.url))
    page.on("dialog", lambda dialog: foreign.append(dialog.message))
    page.goto(url)
    page.wait_for_selector("#question textarea")
    style = "getComputedStyle(document.body).cssText"
    before = page.evaluate(style)
    shown = ""
    for row, question in enumerate(["技能津贴", *(f"技能津贴 {payload}" for payload in PAYLOADS)], 1):
        page.fill("#question textarea", question)
        page.press("#question textarea", "Enter")
        page.wait_for_function(
            "n => document.querySelectorAll('#chat .bot-row').length >= n && !document.querySelector('#chat .pending')",
            arg=row,
        )
        page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
        page.wait_for_timeout(100)
        assert page.evaluate("window.hacked") is None, question
        asked = page.eval_on_selector_all("#chat .asked", "all => all.map(one => one.textContent)")
        assert asked[-1] == question
        shown += page.inner_text("#evidence")
    assert foreign == []
    assert page.evaluate(style) == before
    assert page.locator("#desk :is(script, iframe, form, base, input[autofocus], img)").count() == 0
    assert page.url.startswith(url)
    # The payloads were there: as text, character for character.
    assert {document.policy.policy_id for document in answerer.documents} == {FILE_NAME.removesuffix(".txt"), "second"}
    for payload in PAYLOADS[3:9]:
        assert payload in shown
