"""Every endpoint: what it gives, what it refuses, and that no refusal repeats what was sent."""

from __future__ import annotations

import json
import re

import pytest
from fastapi.testclient import TestClient
from sites import AS_OF, settings

from assistant.interfaces.contract import to_json
from assistant.interfaces.guarding import HEADERS
from assistant.interfaces.http.assembling import build_site
from assistant.model import Question

QUESTION = "广州首席技师有什么待遇"
GUANGZHOU = "guangzhou-2025-skilled-talent"
CANARY = "13800138000"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("state")


@pytest.fixture(scope="module")
def client(real_answerer, folder):
    app = build_site(real_answerer, lambda: AS_OF, settings(folder))
    with TestClient(app, client=("127.0.0.1", 5)) as client:
        yield client


def ask(client, question=QUESTION, **keys):
    return client.post("/api/v1/ask", json={"question": question, **keys})


# --- asking ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "keys"),
    [
        (QUESTION, {"id": "a", "region": "广州", "role": "worker", "history": []}),
        (QUESTION, {"id": None, "region": None, "role": None, "history": None}),
        ("那湛江呢", {"history": [QUESTION], "id": 7}),
        ("广州技能津贴一个月多少钱", {"region": "440100"}),
        ("待遇", {"unknown": {"passed": "over"}}),
    ],
)
def test_the_answer_is_the_contracts_output_line(client, real_answerer, question, keys):
    reply = ask(client, question, **keys)
    assert reply.status_code == 200
    assert reply.headers["content-type"] == "application/json"
    gazetteer = real_answerer.holdings.gazetteer
    code = gazetteer.resolve(keys["region"]).code if keys.get("region") else None
    asked = Question(question, code, keys.get("role") or "other", tuple(keys.get("history") or ()))
    item_id = "" if keys.get("id") is None else str(keys["id"])
    expected = json.loads(json.dumps(to_json(real_answerer.answer(asked, AS_OF), item_id, gazetteer)))
    found = reply.json()
    assert found.pop("timing_ms")["total"] >= 0
    expected.pop("timing_ms")
    assert found == expected


def test_a_stream_brings_the_evidence_first_and_the_same_answer_in_parts(client):
    whole = ask(client, id="s").json()
    reply = client.post("/api/v1/ask/stream", json={"question": QUESTION, "id": "s"})
    assert reply.headers["content-type"].startswith("text/event-stream")
    events = [re.fullmatch(r"event: (\w+)\ndata: (.+)", part) for part in reply.text.strip().split("\n\n")]
    names = [event[1] for event in events]
    assert names == ["evidence", *["text"] * (len(names) - 2), "done"]
    parts = [json.loads(event[2]) for event in events]
    joined = {"answer": "".join(part["text"] for part in parts[1:-1]), **parts[0], **parts[-1]}
    assert joined.pop("timing_ms")
    whole.pop("timing_ms")
    assert joined == whole


def test_search_lists_sentences_of_the_texts(client, real_policies):
    found = client.post("/api/v1/search", json={"query": "技能津贴", "region": "广州", "limit": 3}).json()["results"]
    assert 1 <= len(found) <= 3
    texts = {policy.policy_id: policy.text for policy in real_policies.values()}
    for row in found:
        slice_ = texts[row["policy_id"]][row["start"] : row["end"]]
        assert "".join(slice_.split()) == "".join(row["text"].split())
        assert row["clause_id"].startswith(row["policy_id"])


# --- the library ----------------------------------------------------------------------------------


def test_policies_are_listed_with_their_status_on_the_day(client):
    found = {policy["policy_id"]: policy for policy in client.get("/api/v1/policies").json()["policies"]}
    assert len(found) == 5
    assert found[GUANGZHOU]["document_number"] == "穗府办〔2025〕7号"
    assert found["zhanjiang-draft-skilled-talent"]["policy_status"] == "draft"
    assert all(policy["status_basis"] for policy in found.values())


def test_a_policy_gives_the_text_that_quotations_point_into(client):
    policy = client.get(f"/api/v1/policies/{GUANGZHOU}").json()
    for citation in ask(client).json()["citations"]:
        if citation["policy_id"] == GUANGZHOU:
            raw = policy["text"][citation["start"] : citation["end"]]
            assert "".join(raw.split()) == "".join(citation["quote"].split())
    assert policy["ledger"]


def test_the_clause_tree_covers_the_text_without_overlap(client):
    tree = client.get(f"/api/v1/policies/{GUANGZHOU}/clauses").json()

    def check(node):
        at = node["start"]
        for child in node["children"]:
            assert at <= child["start"] <= child["end"] <= node["end"]
            at = child["end"]
            check(child)

    check(tree)
    assert tree["start"] == 0


@pytest.mark.parametrize(
    "clause", ["三、（六）", "三（六）", "三、(六)", "chp_3__item_6", f"{GUANGZHOU}#chp_3__item_6"]
)
def test_a_clause_by_path_or_id(client, clause):
    found = client.get(f"/api/v1/policies/{GUANGZHOU}/clauses/{clause.replace('#', '%23')}").json()
    assert found["path"] == "三、（六）"
    assert "首席技师" in found["text"]
    assert found["lead_units"] == ["市人力资源社会保障局"]


def test_an_unchanged_policy_is_not_sent_again(client):
    for path in ("", f"/{GUANGZHOU}", f"/{GUANGZHOU}/clauses", f"/{GUANGZHOU}/clauses/六"):
        first = client.get(f"/api/v1/policies{path}")
        tag = first.headers["etag"]
        assert first.headers["cache-control"] == "no-cache"
        for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
            again = client.get(f"/api/v1/policies{path}", headers={"if-none-match": known})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert client.get(f"/api/v1/policies{path}", headers={"if-none-match": '"other"'}).status_code == 200


def test_the_tag_changes_with_what_is_said_of_the_policy(real_answerer, folder, client):
    earlier = build_site(real_answerer, lambda: AS_OF.replace(year=2021), settings(folder))
    with TestClient(earlier) as before:
        tags = [one.get("/api/v1/policies").headers["etag"] for one in (before, client)]
    assert tags[0] != tags[1]  # a target period ended in between


# --- feedback -------------------------------------------------------------------------------------


def rows(folder):
    return [
        json.loads(line) for file in sorted(folder.glob("*.jsonl")) for line in file.read_text("utf-8").splitlines()
    ]


def test_feedback_is_stored_without_the_question(client, folder):
    cited = {"policy_id": GUANGZHOU, "start": 1, "end": 5}
    disguised = {"policy_id": "我叫王小明", "start": 0, "end": 1}
    given = {"useful": False, "reason": "incomplete", "status": "answered", "citations": [cited, disguised]}
    reply = client.post("/api/v1/feedback", json={**given, "question": f"我的电话{CANARY}"})
    assert (reply.status_code, reply.json()) == (201, {"stored": True, "question_kept": False})
    row = rows(folder)[-1]
    assert row.pop("question_hash")
    assert row == {"on": "2026-11-20", **given, "citations": [cited]}


def test_a_question_allowed_to_be_kept_is_masked(client, folder):
    given = {"useful": True, "question": f"我的电话{CANARY}，技师有补贴吗", "keep_question": True}
    assert client.post("/api/v1/feedback", json=given).json()["question_kept"]
    assert rows(folder)[-1]["question"] == "我的电话[手机号],技师有补贴吗"


# --- how it is ------------------------------------------------------------------------------------


def test_health_readiness_and_figures(client):
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ready"}
    ask(client)
    text = client.get("/metrics").text
    assert re.search(r'policy_http_requests_total\{method="POST",route="/api/v1/ask",status="200"\} \d', text)
    assert re.search(r'policy_questions_total\{outcome="answered"\} \d', text)
    assert "process_resident_memory_bytes" in text
    assert "policy_answering_taken 0.0" in text
    assert client.get("/metrics").headers["content-type"].startswith("text/plain; version=0.0.4")


def test_figures_are_for_this_machine_only(real_answerer, folder):
    with TestClient(build_site(real_answerer, lambda: AS_OF, settings(folder)), client=("203.0.113.9", 5)) as stranger:
        assert stranger.get("/metrics").status_code == 403


# --- refusals -------------------------------------------------------------------------------------

REFUSED = [
    # method, path, what is sent, status, words, fields
    ("POST", "/api/v1/ask", {"json": {}}, 422, "question 没有写", ["question"]),
    ("POST", "/api/v1/ask", {"json": {"question": ""}}, 422, "question 是空的", ["question"]),
    ("POST", "/api/v1/ask", {"json": {"question": " \u3000"}}, 422, "问题是空的", ["question"]),
    ("POST", "/api/v1/ask", {"json": {"question": "问" * 301}}, 422, "最多 300 个字", ["question"]),
    ("POST", "/api/v1/ask", {"json": {"question": "㍿" * 76}}, 422, "超过 300 字", ["question"]),
    ("POST", "/api/v1/ask", {"json": {"question": CANARY, "role": CANARY}}, 422, "role 应为 worker", ["role"]),
    ("POST", "/api/v1/ask", {"json": {"question": "问", "region": CANARY}}, 422, "行政区划表里没有", ["region"]),
    ("POST", "/api/v1/ask", {"json": {"question": "问", "region": "鼓楼区"}}, 422, "不止一处", ["region"]),
    ("POST", "/api/v1/ask", {"json": {"question": "问", "history": ["x", 5]}}, 422, "第 2 项 应为文字", None),
    ("POST", "/api/v1/ask", {"json": {"question": "问", "id": {"x": CANARY}}}, 422, "id", None),
    ("POST", "/api/v1/ask", {"json": [CANARY]}, 422, "请求正文", None),
    ("POST", "/api/v1/ask", {"content": b'{"question": "' + CANARY.encode()}, 422, "请求", None),
    ("POST", "/api/v1/search", {"json": {"query": "问", "limit": 51}}, 422, "limit 不能大于 50", ["limit"]),
    ("POST", "/api/v1/search", {"json": {"query": "问", "limit": "5"}}, 422, "limit 应为整数", ["limit"]),
    ("POST", "/api/v1/feedback", {"json": {"useful": "yes"}}, 422, "useful 应为 true 或 false", ["useful"]),
    ("GET", f"/api/v1/policies/{CANARY}", {}, 404, "没有这个编号的文件", None),
    ("GET", f"/api/v1/policies/{GUANGZHOU}/clauses/{CANARY}", {}, 404, "没有这一条", None),
    ("GET", "/api/v1/policies/guangdong-2022-industrial-workers/clauses/（四）", {}, 409, "三、（四）", None),
    ("GET", f"/api/v1/{CANARY}", {}, 404, "没有这个地址", None),
    ("GET", "/api/v1/ask", {}, 405, "请求方法", None),
    ("DELETE", f"/api/v1/policies/{GUANGZHOU}", {}, 405, "请求方法", None),
]


@pytest.mark.parametrize(("method", "path", "sent", "status", "words", "fields"), REFUSED)
def test_a_refusal_is_a_chinese_problem_that_repeats_nothing(client, method, path, sent, status, words, fields):
    reply = client.request(method, path, **sent)
    assert reply.status_code == status
    assert reply.headers["content-type"] == "application/problem+json"
    problem = reply.json()
    assert {"type", "title", "status", "detail"} <= problem.keys() <= {"type", "title", "status", "detail", "fields"}
    assert problem["status"] == status
    assert words in problem["detail"]
    assert CANARY not in reply.text
    if fields is not None:
        assert problem["fields"] == fields
    if status == 405:
        assert reply.headers["allow"]


@pytest.mark.parametrize("body", [b"{", b'{"question": "' + b"[" * 100_000, b"\xff\xfe", b"[" * 100_000])
def test_a_body_that_is_no_json_is_refused(client, body):
    reply = client.post("/api/v1/ask", content=body, headers={"content-type": "application/json"})
    assert reply.status_code == 400
    assert "不是有效的 JSON" in reply.json()["detail"]


def test_every_reply_carries_the_security_headers_and_an_id(client):
    seen = set()
    for path in ("/healthz", "/api/v1/policies", "/api/v1/docs", "/nothing", "/ui/"):
        reply = client.get(path)
        for name, value in HEADERS.items():
            assert reply.headers[name] == value
        seen.add(reply.headers["x-request-id"])
        assert "access-control-allow-origin" not in client.get(path, headers={"origin": "https://evil.example"}).headers
    assert len(seen) == 5


def test_cross_site_posts_and_preflights_are_refused(client):
    reply = client.post("/api/v1/ask", json={"question": QUESTION}, headers={"sec-fetch-site": "cross-site"})
    assert reply.status_code == 403
    headers = {"origin": "https://evil.example", "access-control-request-method": "POST"}
    assert client.options("/api/v1/ask", headers=headers).status_code == 400


def test_the_register_answers_with_quotes_of_the_right_places(client):
    profile = {"region": "海珠", "level": "技师", "situation": ["有家属"], "excluded": True}
    found = client.post("/api/v1/entitlements", json=profile).json()
    assert {row["applies"] for row in found["rows"]} >= {"direct", "needs_condition", "not_applicable"}
    assert {row["jurisdiction"] for row in found["rows"]} <= {"广东省", "广东省广州市", "广东省广州市海珠区"}
    firms = client.post("/api/v1/obligations", json={"region": "广州", "employer": "国有企业"}).json()
    assert firms["rows"][0]["duty"] == "must"
    table = client.post("/api/v1/compare", json={"topics": ["职工教育经费"], "regions": ["广州", "浙江"]}).json()
    assert [cell["note"] for cell in table["rows"][0]["cells"]] == ["", "没有对企业提要求"]
    days = client.get("/api/v1/calendar", params={"region": "海珠"}).json()["rows"]
    assert days[0]["passed"] == "over"
    for row in (*found["rows"], *firms["rows"], *days):
        text = client.get(f"/api/v1/policies/{row['policy_id']}").json()["text"]
        assert "".join(text[row["start"] : row["end"]].split()) == "".join(row["quote"].split())


def test_an_unknown_level_is_not_repeated(client):
    told = client.post("/api/v1/entitlements", json={"region": "海珠", "level": "甲乙丙丁"})
    assert told.status_code == 422
    assert "甲乙丙丁" not in told.text
    assert told.json()["fields"] == ["level", "employer"]
