"""The tabs over the real texts, without a browser: figures, handing over, what is refused."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient
from sites import AS_OF, settings

from assistant.interfaces.http.assembling import build_site
from assistant.interfaces.web.about_tab import QUALITY
from assistant.interfaces.web.asking import Turn
from assistant.interfaces.web.handing_over import handover_html


@pytest.fixture(scope="module")
def client(real_answerer, tmp_path_factory):
    app = build_site(real_answerer, lambda: AS_OF, settings(tmp_path_factory.mktemp("state"), page=True, api=False))
    with TestClient(app) as client:
        yield client


def test_the_figures_shown_are_those_of_the_readme(root):
    readme = (root / "README.md").read_text(encoding="utf-8")
    for _, figures in QUALITY:
        for figure in re.findall(r"[\d.]{3,}", figures):
            assert figure in readme


@pytest.mark.parametrize(
    ("question", "address"),
    [
        ("我是技师，在海珠符合哪些待遇", "../entitlements?place=440105&level=技师"),
        ("我能享受什么补贴", "../entitlements"),
        ("广州的公司有哪些义务", "../obligations?place=440100"),
        ("职工教育经费各地怎么规定", "../compare"),
        ("广州技能津贴一个月多少钱", None),
    ],
)
def test_questions_for_a_whole_list_are_handed_over(ask, question, address):
    from html import unescape
    from urllib.parse import unquote

    markup = handover_html(Turn(1, question, ask(question)))
    found = re.search(r'href="([^"]+)"', markup)
    assert (unquote(unescape(found[1])) if found else None) == address


def test_hostile_fields_stay_text(client):
    words = "<script>alert(1)</script>\"'"
    for path, field in (
        ("entitlements", "place"),
        ("obligations", "place"),
        ("compare", "words"),
        ("policies", "words"),
    ):
        page = client.post(f"/{path}", data={field: words, "level": words, "honour": words}).text
        assert "<script>alert" not in page
    assert client.post("/entitlements", content=b"\xff\xfe&&==" * 100).status_code == 422
    assert client.get("/policies/nowhere").status_code == 404
    assert client.get("/policies/guangzhou-2025-skilled-talent?mark=9-1").status_code == 200


def test_an_export_of_nothing_known_is_refused_in_words(client):
    answer = client.post("/entitlements/export", data={"place": "没有这个地方", "format": ".xlsx"})
    assert answer.status_code == 422
    assert "没有这个地名" in answer.text
    assert (
        client.post("/calendar/export", data={"format": ".nonsense"})
        .headers["content-type"]
        .startswith("application/vnd")
    )


def test_the_page_takes_feedback_where_the_api_is_off(client):
    assert client.post("/api/v1/feedback", json={"useful": True}).status_code == 503
    assert client.post("/feedback", json={"useful": True, "question": "秘密"}).json()["question_kept"] is False
