"""The page on paper, printed by the browser itself: all that is quoted, nothing to press, every word black."""

from __future__ import annotations

import ctypes
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path

import pypdfium2
import pytest
from browser.conftest import PHONE, served_site
from browser.test_browser_page import ask, text_of
from playwright.sync_api import Page
from pypdfium2 import raw
from sites import settings

from assistant.answering.answerer import open_answerer
from assistant.settings import Settings

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")]
LIGHTEST = 0x70
BUTTONS = (
    "清空",
    "复制引文",
    "复制参考文献",
    "看全文",
    "返回提问",
    "导出",
    "字号",
    "列出来",
    "有用没用",
    "比地区时间与名额",
)


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    answerer = open_answerer(replace(Settings(), index_dir=tmp_path_factory.mktemp("index")))
    with served_site(answerer, settings(tmp_path_factory.mktemp("state"), page=True)) as url:
        yield url


@dataclass(frozen=True)
class Paper:
    """What came out of the printer."""

    words: str
    pale: str
    """The words too pale to read, whose colour is lighter than a dark grey."""


def plain(text: str) -> str:
    """Without white space; a PDF may name a character by its twin among the radicals."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def printed(page: Page, shots: Path, name: str) -> Paper:
    """The page on A4 without backgrounds, as browsers print; its first sheets are kept as pictures."""
    words, pale = "", ""
    pdf = pypdfium2.PdfDocument(page.pdf(format="A4", print_background=False))
    for number in range(len(pdf)):
        sheet = pdf[number]
        text = sheet.get_textpage()
        words += text.get_text_range()
        for at in range(text.count_chars()):
            parts = [ctypes.c_uint() for _ in range(4)]
            raw.FPDFText_GetFillColor(text.raw, at, *parts)
            if max(part.value for part in parts[:3]) > LIGHTEST:
                pale += text.get_text_range(at, 1)
        if number < 4:
            sheet.render(scale=1.2).to_pil().save(shots / f"print-{name}-{number + 1}.png")
    return Paper(plain(words), plain(pale))


@pytest.fixture
def on_screen(browser):
    """A phone in the dark, which shows cards closed: the hardest case for paper."""
    context = browser.new_context(viewport=PHONE, color_scheme="dark")
    yield context.new_page()
    context.close()


def check(paper: Paper, quotes: list[str]) -> None:
    assert quotes
    assert [quote for quote in quotes if plain(quote) not in paper.words] == []
    assert [button for button in BUTTONS if button in paper.words] == []
    assert paper.pale == ""


def test_a_conversation_with_all_its_evidence(on_screen, real, shots):
    page = on_screen
    page.goto(real)
    page.wait_for_selector(".skip", state="attached")
    for question in ("广州首席技师有什么待遇", "广州技能津贴一个月多少钱"):
        ask(page, question)
    closed = page.locator("#evidence details:not([open])").count()
    assert closed > 2
    paper = printed(page, shots, "chat")
    check(paper, [*text_of(page, ".card mark"), *text_of(page, ".card .origin"), *text_of(page, "#chat .asked")])
    assert paper.words.startswith(plain("政策问答助手：问答与依据"))
    assert "非官方答复" in paper.words
    assert page.locator("#evidence details:not([open])").count() == closed  # as it was, after printing


@pytest.mark.parametrize(
    ("path", "fields", "quoted"),
    [
        ("entitlements", {"place": "海珠"}, "main.tab .group blockquote"),
        ("obligations", {"place": "广州"}, "main.tab .group blockquote"),
        ("compare", {"words": "职工教育经费"}, "main.tab .cell blockquote"),
        ("calendar", {}, "main.tab .group blockquote"),
        ("policies/guangzhou-2025-skilled-talent", {}, ".whole .clause-text > p"),
    ],
)
def test_a_table_and_a_text(on_screen, real, shots, path, fields, quoted):
    page = on_screen
    page.goto(f"{real}/{path}")
    for name, value in fields.items():
        page.fill(f"main.tab [name={name}]", value)
    if fields:
        page.click("main.tab .asked-for button.primary")
        page.wait_for_selector("#result")
    paper = printed(page, shots, path.partition("/")[0])
    quotes = text_of(page, quoted)
    check(paper, quotes[:10] if path.startswith("policies") else quotes)
