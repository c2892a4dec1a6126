"""The tabs beside the chat, as a person uses them: over the real texts, from the chat page and as plain pages."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest
from browser.conftest import PHONE, served_site
from browser.test_browser_page import ask, text_of
from openpyxl import load_workbook
from playwright.sync_api import expect
from sites import settings

from assistant.answering.answerer import open_answerer
from assistant.interfaces.web.laying_out import TABS
from assistant.model import reading_text
from assistant.settings import Settings

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")]
QUESTION = "我是技师，在海珠符合哪些待遇"
POLICY = "guangzhou-2025-skilled-talent"


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    """The whole site over the real texts, and the folder of its feedback."""
    folder = tmp_path_factory.mktemp("state")
    answerer = open_answerer(replace(Settings(), index_dir=tmp_path_factory.mktemp("index")))
    with served_site(answerer, settings(folder, page=True)) as url:
        yield answerer, url, folder


@pytest.fixture
def chat(open_page, real):
    """The chat page, in a fresh profile."""
    return lambda **given: open_page(url=real[1], **given)


def go(page, tab):
    page.click(f"header.site nav >> text={tab}")
    page.wait_for_selector("#panel h1")
    page.wait_for_function("tab => document.querySelector('#panel h1').textContent.includes(tab)", arg=tab)


def listed(page, button="列出来"):
    page.click(f"main.tab button.primary:has-text('{button}')")
    page.wait_for_selector("main.tab #result")


def entitlements(page, place="海珠", level="技师"):
    page.fill("main.tab input[name=place]", place)
    page.select_option("main.tab select[name=level]", level)
    listed(page)


def downloaded(page, selector):
    with page.expect_download() as waiting:
        page.click(selector)
    return waiting.value.suggested_filename, waiting.value.path().read_bytes()


def test_entitlements_from_form_to_table_to_workbook(chat, real):
    page = chat()
    go(page, "查待遇")
    page.check("main.tab input[value=有家属]")
    entitlements(page)
    groups = text_of(page, "main.tab .group h3")
    assert [group.split("（")[0] for group in groups] == ["直接适用", "需补充条件", "由单位决定"]
    assert page.locator("main.tab .folded summary").first.text_content().startswith("不适用的")
    quotes = text_of(page, "main.tab .group blockquote")
    everything = {reading_text(d.policy.text) for d in real[0].documents}
    assert quotes
    assert all(any(quote in text for text in everything) for quote in quotes)
    assert not {"湛江", "浙江"} & {place.strip()[:2] for place in text_of(page, "main.tab .group td:last-child")}
    name, content = downloaded(page, ".export button[value='.xlsx']")
    assert name == "查待遇-2026-11-20.xlsx"
    sheet = load_workbook(io.BytesIO(content))["查待遇"]
    assert sheet.max_row == len(quotes) + 1
    assert {row[4].value for row in sheet.iter_rows(min_row=2)} == set(quotes)
    for ending, begins in ((".csv", b"\xef\xbb\xbf"), (".md", "# 查待遇".encode())):
        assert downloaded(page, f".export button[value='{ending}']")[1].startswith(begins)


def test_what_was_not_said_is_asked(chat):
    page = chat()
    go(page, "查待遇")
    entitlements(page, level="")
    assert "您的技能等级是什么？" in page.inner_text(".asked-back")


def test_an_unknown_place_is_told_and_kept_for_editing(browser, real):
    page = browser.new_page()
    page.goto(f"{real[1]}/entitlements")
    page.fill("main.tab input[name=place]", "没有这个地方")
    page.click("main.tab button.primary")
    page.wait_for_selector("main.tab [role=alert]")
    assert "没有这个地名" in page.inner_text("main.tab [role=alert]")
    assert page.input_value("main.tab input[name=place]") == "没有这个地方"
    page.close()


def test_obligations_and_the_offices_own(chat):
    page = chat()
    go(page, "查义务")
    page.fill("main.tab input[name=place]", "广州")
    page.select_option("main.tab select[name=employer]", "国有企业")
    listed(page)
    assert text_of(page, "main.tab .group h3")[0].startswith("必须做")
    assert "只约束政府部门的没有列出" in page.inner_text("#result")
    firms = text_of(page, "main.tab blockquote")
    page.check("main.tab input[name=office]")
    listed(page)
    page.wait_for_function("() => document.querySelector('#result h2').textContent.startsWith('政府部门')")
    assert text_of(page, "main.tab blockquote") != firms


def test_comparison_shows_force_and_silence(chat):
    page = chat()
    go(page, "比地区")
    page.fill("main.tab input[name=words]", "职工教育经费、班组长津贴")
    listed(page, "对比")
    row = page.locator("main.tab .group", has_text="职工教育经费").first
    cells = {cell.split()[0]: cell for cell in row.locator(".cell").all_inner_texts()}
    assert len(cells) == 5
    assert "必须（要）·企业·60%以上·挂钩" in cells["广东省广州市"]
    assert "没有对企业提要求" in cells["浙江省"]
    assert "未提及" in page.locator("main.tab .group", has_text="班组长津贴").last.inner_text()
    name, content = downloaded(page, ".export button[value='.xlsx']")
    assert load_workbook(io.BytesIO(content))["比地区"].max_column == 6
    assert name.startswith("比地区")


def test_calendar_tells_past_from_future(chat):
    page = chat()
    go(page, "时间与名额")
    assert text_of(page, "main.tab .group h3")[1].startswith("已过")
    dates = page.locator("main.tab .group", has_text="已过（").locator("tbody td:first-child").all_text_contents()
    assert dates == sorted(dates)
    assert all(on < "2026-11-20" for on in dates)
    assert page.locator("main.tab .chart li").count() > 3


def test_library_opens_the_text_at_the_clause(open_page, chat, real):
    page = chat()
    ask(page, "广州首席技师有什么待遇")
    mark = page.locator(".card mark").first.text_content()
    page.locator(".card .to-text").first.click()
    page.wait_for_selector("#panel mark")
    assert text_of(page, "#panel mark") == [mark]
    address = page.url
    assert f"/policies/{POLICY}?mark=" in address
    assert page.locator("#panel mark").is_visible()
    page.click("header.site nav >> text=提问")
    assert page.locator("#chat .bot-row").count() == 1  # the conversation is still there
    page.go_back()
    page.wait_for_selector("#panel mark")
    plain = page.context.new_page()
    plain.goto(address)  # the same address as a page of its own
    assert text_of(plain, "main mark") == [mark]
    clause = plain.locator(f"[id='{address.partition('#')[2]}']")
    assert 0 <= clause.bounding_box()["y"] < 860
    assert mark in clause.text_content()


def test_whole_text_is_whole_and_is_searched(open_page, real):
    answerer, url, _ = real
    page = open_page(url=url, path="policies")
    for document in answerer.documents:
        page.goto(f"{url}/policies/{document.policy.policy_id}")
        shown = "".join("".join(text_of(page, ".whole p")).split())
        assert shown == "".join(document.policy.text.split())
        clauses = [node.clause_id.partition("#")[2] for node in document.root.walk() if node is not document.root]
        ids = page.eval_on_selector_all(".clause-text", "all => all.map(one => one.id)")
        assert set(clauses) == set(ids)
    page.goto(f"{url}/policies/{POLICY}")
    page.fill(".search input", "津贴")
    page.click(".search button")
    hits = text_of(page, ".found blockquote")
    assert hits
    assert all("津贴" in hit for hit in hits)
    original = page.request.get(f"{url}/policies/{POLICY}/original").text()
    assert original == next(d.policy.text for d in answerer.documents if d.policy.policy_id == POLICY)
    page.goto(f"{url}/policies")
    page.fill(".search input", "孩子上学")
    page.click(".search button")
    assert page.locator(".found li").count() > 3


def test_chat_hands_over_with_place_and_level(chat):
    page = chat()
    ask(page, QUESTION)
    page.click("#chat .handover a")
    page.wait_for_selector("#panel form")
    assert page.input_value("main.tab input[name=place]") == "广东省广州市海珠区"
    assert page.input_value("main.tab select[name=level]") == "技师"
    assert "我是" not in page.url


def test_feedback_is_stored_without_the_question(chat, real):
    folder = real[2]
    page = chat()
    ask(page, "广州首席技师有什么待遇")
    page.click("#chat .rate >> text=没用")
    page.click("#chat .rate >> text=不全")
    page.wait_for_selector("#chat .rate [role=status]")
    rows = [json.loads(line) for path in folder.glob("*.jsonl") for line in path.read_text("utf-8").splitlines()]
    assert (rows[-1]["useful"], rows[-1]["reason"], rows[-1]["status"]) == (False, "incomplete", "answered")
    assert rows[-1]["citations"][0]["policy_id"] == POLICY
    assert "首席" not in json.dumps(rows[-1], ensure_ascii=False)
    ask(page, "海珠首席技师怎么评，我的电话13800138000")
    page.locator("#chat .rate input").last.check()
    page.locator("#chat .rate >> text=有用").last.click()
    page.wait_for_function("() => document.querySelectorAll('#chat .rate [role=status]').length === 2")
    kept = [json.loads(line) for path in folder.glob("*.jsonl") for line in path.read_text("utf-8").splitlines()][-1]
    assert kept["question"].startswith("海珠首席技师怎么评")
    assert "13800138000" not in json.dumps(kept)


def test_conversation_is_exported_with_its_evidence(chat):
    page = chat()
    ask(page, "广州首席技师有什么待遇")
    ask(page, "广州技能津贴一个月多少钱")
    name, content = downloaded(page, "#exports button:has-text('Excel')")
    assert name == "问答记录-2026-11-20.xlsx"
    book = load_workbook(io.BytesIO(content))
    assert {row[0].value for row in book["问答记录"].iter_rows(min_row=2)} == {"1", "2"}
    assert set(text_of(page, ".newest .card mark")) <= {row[4].value for row in book["问答记录"].iter_rows()}
    assert "广州首席技师有什么待遇" in {row[1].value for row in book["说明"].iter_rows()}
    assert "# 问答记录" in downloaded(page, "#exports button:has-text('Markdown')")[1].decode()


def test_place_role_size_and_shade_are_remembered_in_the_browser(chat, real):
    page = chat()
    page.click("#standing [role=combobox]")
    page.get_by_role("option", name="广东省湛江市").click()
    page.get_by_label("企业人事").check()
    page.click("#size")
    page.click("#shade")
    page.wait_for_timeout(2500)  # what is under way when a page is left is reported as an error by Gradio
    page.reload()
    page.wait_for_function("() => document.querySelector('#standing [role=combobox]')?.value === '广东省湛江市'")
    expect(page.get_by_label("企业人事")).to_be_checked()  # what is remembered is put in field by field
    assert page.evaluate("document.documentElement.dataset.size") == "1"
    page.wait_for_function("() => document.body.classList.contains('dark')")
    page.wait_for_timeout(2500)
    page.goto(f"{real[1]}/about")
    assert page.evaluate("document.documentElement.className") == "dark"
    page.goto(f"{real[1]}/entitlements")
    page.fill("input[name=place]", "海珠")
    with page.expect_navigation():
        page.click("button.primary")
    page.goto(f"{real[1]}/obligations")
    assert page.input_value("input[name=place]") == "海珠"


@pytest.mark.parametrize("tab", TABS[1:], ids=lambda tab: tab.path)
@pytest.mark.parametrize("width", [320, 390])
def test_no_sideways_scrolling_on_any_tab(open_page, real, tab, width):
    page = open_page(url=real[1], path=tab.path, viewport={"width": width, "height": 700})
    if page.locator("main.tab form.asked-for").count():
        if page.locator("input[name=place][list]").count():
            page.fill("input[name=place]", "海珠")
        with page.expect_navigation():  # a form that is sent
            page.click("main.tab .asked-for button.primary")
    page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if tab.path == "policies":
        page.goto(f"{real[1]}/policies/{POLICY}")
        page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("locale", ["zh-TW", "en-US"])
def test_tabs_are_chinese_in_every_browser(open_page, real, locale):
    page = open_page(url=real[1], locale=locale)
    for tab in TABS[1:]:
        go(page, tab.name)
        assert text_of(page, "#panel h1") == [tab.name]
        assert page.evaluate("document.documentElement.lang") == "zh-CN"
        assert page.get_attribute(f"header.site nav >> text={tab.name}", "aria-current") == "page"


def test_keyboard_alone_from_load_to_an_answer(chat):
    page = chat()
    presses = ["Tab", "Enter", None, "Enter"]  # the skip link, to the box, words, sent
    for key in presses:
        page.keyboard.press(key) if key else page.keyboard.type("广州首席技师有什么待遇")
    page.wait_for_selector("#chat .answer")
    assert len(presses) <= 12


def test_tabs_work_without_script(browser, real):
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    page.goto(f"{real[1]}/entitlements")
    page.fill("input[name=place]", "海珠")
    with page.expect_navigation():
        page.click("button.primary")
    assert page.locator("#result .group").count() > 2
    context.close()
