"""Every state of every tab as a picture in out/screens, to be looked at by a person (make screens); and on paper.

What can be told without looking is asserted on the way: nothing wider than the window, no error, no call outside.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from browser.conftest import PHONE, served, served_site
from browser.test_browser_page import ANSWER, ask
from interfaces.web.scripted import ScriptedAnswerer
from playwright.sync_api import Page
from sites import settings

from assistant.answering.answerer import open_answerer
from assistant.settings import Settings

pytestmark = [pytest.mark.screens, pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")]
LAPTOP = {"width": 1280, "height": 800}
LOOKS = [
    pytest.param(viewport, scheme, id=f"{name}-{scheme}")
    for viewport, name in ((LAPTOP, "desktop"), (PHONE, "phone"))
    for scheme in ("light", "dark")
]
CHAT = (
    ("chat-answer", "广州首席技师有什么待遇"),
    ("chat-follow-up", "那湛江呢"),
    ("chat-refusal", "广州技能津贴一个月多少钱"),
    ("chat-out-of-scope", "今天天气怎么样"),
    ("chat-clarify", "政策"),
    ("chat-draft", "我是高级技师，在湛江能落户吗，孩子读书呢"),
    ("chat-comparison", "职工教育经费各地怎么规定"),
    ("chat-handover", "我是技师，在海珠符合哪些待遇"),
)
POLICY = "guangzhou-2025-skilled-talent"


@dataclass(frozen=True)
class Camera:
    """Takes pictures of a page under the name of its look."""

    page: Page
    look: str
    folder: Path

    def take(self, name: str, whole: bool = False) -> None:
        self.page.wait_for_timeout(300)
        wide = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, (name, wide)
        tall = {"x": 0, "y": 0, "width": self.page.viewport_size["width"], "height": 2600}
        self.page.screenshot(
            path=self.folder / f"{name}-{self.look}.png", full_page=whole, clip=tall if whole else None
        )


@pytest.fixture(scope="module")
def folder(root) -> Path:
    made = root / "out" / "screens"
    made.mkdir(parents=True, exist_ok=True)
    return made


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    answerer = open_answerer(replace(Settings(), index_dir=tmp_path_factory.mktemp("index")))
    with served_site(answerer, settings(tmp_path_factory.mktemp("state"), page=True)) as url:
        yield url


@pytest.fixture
def camera(open_page, real, folder, request):
    def holding(viewport, scheme, url=real, path="") -> Camera:
        look = request.node.callspec.id
        return Camera(open_page(viewport, scheme=scheme, url=url, path=path), look, folder)

    return holding


@pytest.mark.parametrize(("viewport", "scheme"), LOOKS)
def test_chat(camera, viewport, scheme):
    camera_ = camera(viewport, scheme)
    page = camera_.page
    camera_.take("chat-empty", whole=True)
    page.click("#send")
    page.wait_for_selector("#problem [role=alert]")
    camera_.take("chat-no-question")
    for name, question in CHAT:
        ask(page, question)
        camera_.take(name)
        if name == "chat-answer":
            page.click("#chat a.cite >> nth=0")
            page.wait_for_timeout(700)
            camera_.take("chat-card")
            page.click("#chat .rate >> text=没用")
            page.locator("#chat .rate").scroll_into_view_if_needed()
            camera_.take("chat-rating")
    page.click("#size")
    page.click("#size")
    camera_.take("chat-large-type")


@pytest.mark.parametrize(("viewport", "scheme"), LOOKS)
def test_phrasing(camera, viewport, scheme):
    answerer = ScriptedAnswerer(model_name="ollama:qwen3")
    with served(answerer) as url:
        camera_ = camera(viewport, scheme, url)
        ask(camera_.page, ANSWER)
        camera_.take("chat-phrasing")
        answerer.released.set()
        camera_.page.wait_for_selector("#chat .phrasing", state="detached")
        camera_.take("chat-phrased")
        ask(camera_.page, "出错")
        camera_.take("chat-trouble")


@pytest.mark.parametrize(("viewport", "scheme"), LOOKS)
def test_tabs(camera, browser, real, viewport, scheme):
    def send(page, **fields):
        for name, value in fields.items():
            box = page.locator(f"main.tab [name={name}]")
            box.select_option(value) if box.evaluate("one => one.tagName") == "SELECT" else box.fill(value)
        page.click("main.tab .asked-for button.primary")
        page.wait_for_selector("#result, main.tab [role=alert]")

    for tab, fields in {
        "entitlements": {"place": "海珠", "level": "技师"},
        "obligations": {"place": "广州", "employer": "国有企业"},
        "compare": {"words": "职工教育经费、落户"},
        "calendar": None,
        "policies": None,
        f"policies/{POLICY}": None,
        "about": None,
    }.items():
        name = tab.replace("/", "-").replace(POLICY, "text")
        camera_ = camera(viewport, scheme, path=tab)
        camera_.take(name, whole=True)
        if fields:
            send(camera_.page, **fields)
            camera_.take(f"{name}-result", whole=True)
        camera_.page.close()
    page = browser.new_page(viewport=viewport, color_scheme=scheme)  # a refusal is an error to the other pages' watch
    page.goto(f"{real}/entitlements")
    send(page, place="没有这个地方")
    Camera(page, camera_.look, camera_.folder).take("entitlements-trouble")
    page.close()
