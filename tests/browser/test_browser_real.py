"""The page over the real answerer and the real corpus: its examples, and every quotation against its file."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace

import pytest
from browser.conftest import DESKTOP, PHONE, served
from browser.test_browser_page import answered, ask, text_of
from interfaces.web.scripted import AS_OF

from assistant.answering.answerer import open_answerer
from assistant.interfaces.renewing import LiveAnswerer
from assistant.interfaces.web.introducing import EXAMPLES
from assistant.model import Question, reading_text
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


IN_VIEW = """mark => {
  const box = mark.getBoundingClientRect(), pane = mark.closest('#evidence').getBoundingClientRect();
  const top = Math.max(0, pane.top), bottom = Math.min(innerHeight, pane.bottom);
  return box.width > 0 && box.top >= top && box.bottom <= bottom;
}"""


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_mark_shows_its_words_in_the_clause(open_page, real, viewport):
    answerer, url = real
    page = open_page(viewport, url=url)
    ask(page, "我是高级技师，在湛江能落户吗，孩子读书呢")
    cited = answerer.answer(Question("我是高级技师，在湛江能落户吗，孩子读书呢"), AS_OF).draft.citations[0]
    page.click("#chat a.cite >> nth=0")
    page.wait_for_timeout(900)
    mark = page.locator("#ev-1-1 mark")
    assert mark.evaluate(IN_VIEW)
    assert mark.text_content() == cited.quote
    assert page.locator("#ev-1-1 .clause").text_content() == reading_text(cited.clause.span.of(cited.policy.text))


def test_a_follow_up_is_read_with_the_question_before(open_page, real):
    page = open_page(url=real[1])
    ask(page, "广州职工教育经费怎么规定")
    assert "湛江" not in "".join(text_of(page, ".newest .card .title"))
    ask(page, "那湛江呢")
    own = page.locator(".newest > .card", has_text="湛江")
    assert own.count() >= 1
    assert "职工教育经费" in own.first.locator("mark").text_content()
    last = page.locator("#chat .answer").last.locator(".notice").all_text_contents()
    assert last[0].startswith("注意：湛江的依据是征求意见稿")


def test_a_question_out_of_scope_does_not_spoil_the_next(open_page, real):
    page = open_page(url=real[1])
    ask(page, "今天天气怎么样")
    assert text_of(page, "#chat .reason") == ["超出本助手的范围"]
    ask(page, "我是高级技师，在湛江能落户吗，孩子读书呢")
    assert text_of(page, "#chat .reason") == ["超出本助手的范围"]  # the first one's
    assert "落户" in text_of(page, ".newest > .card mark")[0]


def test_the_place_chosen_decides_what_is_cited(open_page, real):
    page = open_page(url=real[1])
    places = {}
    for place, own in (("广东省湛江市", "湛江"), ("浙江省", "浙江")):
        page.click("#standing [role=combobox]")
        page.get_by_role("option", name=place, exact=True).click()
        ask(page, "职工教育经费怎么规定")
        places[own] = {origin.rpartition(" · ")[2] for origin in text_of(page, ".newest .card .origin")}
    assert "广东省湛江市" in places["湛江"]
    assert places["湛江"] <= {"广东省湛江市", "广东省"}
    assert places["浙江"] == {"浙江省"}


def test_an_unclear_question_is_asked_back_and_a_button_answers_it(open_page, real):
    page = open_page(url=real[1])
    ask(page, "政策")
    options = page.locator("#chat .option")
    assert options.count() >= 3
    button = options.filter(has_text="广州").first
    chosen = button.text_content()
    button.click()
    answered(page, 2)
    assert text_of(page, "#chat .asked")[-1] == chosen
    assert page.locator(".newest .card").count() >= 1


def test_a_place_taken_in_while_the_page_runs_can_be_chosen(open_page, tmp_path):
    """The page is built once; its list of places is that of the texts held when a visitor comes."""
    shutil.copytree(Settings().corpus_dir, tmp_path / "corpus", ignore=shutil.ignore_patterns("zhejiang"))
    rows = [json.loads(line) for line in (tmp_path / "corpus" / "metadata.jsonl").read_text("utf-8").splitlines()]
    kept = [json.dumps(row, ensure_ascii=False) for row in rows if not row["policy_id"].startswith("zhejiang")]
    (tmp_path / "corpus" / "metadata.jsonl").write_text("\n".join(kept) + "\n", encoding="utf-8")
    fewer = open_answerer(replace(Settings(), corpus_dir=tmp_path / "corpus", index_dir=tmp_path / "fewer"))
    live = LiveAnswerer(fewer)
    with served(live) as url:
        page = open_page(url=url)
        places = page.get_by_role("combobox", name="地区")
        places.click()
        assert "浙江省" not in page.get_by_role("option").all_inner_texts()
        page.keyboard.press("Escape")
        live.exchange(open_answerer(replace(Settings(), index_dir=tmp_path / "all")))
        page = open_page(url=url)
        places = page.get_by_role("combobox", name="地区")
        places.click()
        page.get_by_role("option", name="浙江省").click()
        ask(page, "首席技师有什么待遇")
        cards = text_of(page, ".card")
        assert cards
        assert all("浙江省" in card for card in cards)
