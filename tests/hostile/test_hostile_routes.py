"""B4: Gradio's open doors are shut, tried with its own client and by hand; and no host or origin opens one."""

from __future__ import annotations

import itertools
import json

import pytest
from fastapi.testclient import TestClient
from gradio_client import Client
from sites import AS_OF, running, settings

from assistant.interfaces.http.assembling import build_site

pytestmark = pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")
JOIN = "/ui/gradio_api/queue/join"
SHUT = [
    ("POST", "/ui/gradio_api/upload"),
    ("POST", "/ui/upload"),
    ("GET", "/ui/gradio_api/upload_progress?upload_id=x"),
    ("GET", "/ui/gradio_api/proxy=https://evil.example/"),
    ("HEAD", "/ui/gradio_api/proxy=https://evil.example/"),
    ("GET", "/ui/gradio_api/file=/etc/passwd"),
    ("GET", "/ui/gradio_api/file=https://evil.example/x"),
    ("GET", "/ui/file=app.py"),
    ("GET", "/ui/gradio_api/stream/a/b/c/playlist.m3u8"),
    ("POST", "/ui/gradio_api/stream/x"),
    ("POST", "/ui/gradio_api/run/predict"),
    ("POST", "/ui/gradio_api/api/predict"),
    ("POST", "/ui/gradio_api/call/ask"),
    ("GET", "/ui/gradio_api/call/ask/1"),
    ("POST", "/ui/gradio_api/component_server"),
    ("GET", "/ui/gradio_api/info"),
    ("GET", "/ui/gradio_api/openapi.json"),
    ("GET", "/ui/gradio_api/mcp/"),
    ("POST", "/ui/gradio_api/mcp/"),
    ("GET", "/ui/monitoring"),
    ("GET", "/ui/monitoring/summary"),
    ("GET", "/ui/gradio_api/deep_link?session_hash=x"),
    ("GET", "/ui/login"),
    ("POST", "/ui/login"),
    ("GET", "/ui/logout"),
    ("GET", "/ui/dev/reload"),
    ("POST", "/ui/gradio_api/process_recording"),
    ("GET", "/ui/custom_component/a/b/c/d"),
    ("GET", "/ui/..%2f..%2fetc/passwd"),
    ("GET", "/static/..%2f..%2fapp.py"),
    ("GET", "/static//etc/passwd"),
]


@pytest.fixture(scope="module")
def build(real_answerer, tmp_path_factory):
    return lambda: build_site(real_answerer, lambda: AS_OF, settings(tmp_path_factory.mktemp("state"), page=True))


@pytest.fixture(scope="module")
def client(build):
    with TestClient(build(), follow_redirects=False) as client:
        yield client


@pytest.mark.parametrize(("method", "path"), SHUT)
def test_shut(client, method, path):
    reply = client.request(method, path)
    assert reply.status_code == 404
    assert "root:" not in reply.text


def test_every_function_of_the_page_is_private_and_queued(client):
    dependencies = client.get("/ui/config").json()["dependencies"]
    assert dependencies
    assert {d["api_visibility"] for d in dependencies} == {"private"}
    # what is not queued has nothing to call on the server: it stops an answer in the browser
    assert {d["queue"] or not d["backend_fn"] for d in dependencies} == {True}


def test_gradios_own_client_finds_nothing_to_call(build):
    with running(build()) as url, pytest.raises(Exception, match=r"(?i)404|could not|not found"):
        Client(f"{url}/ui/", verbose=False, download_files=False)


ORIGINS = [None, "null", "https://evil.example", "http://127.0.0.1", "http://localhost:7860"]
HOSTS = ["testserver", "evil.example", "[::1]", "192.168.0.9:7860", "localhost"]


@pytest.mark.parametrize(("origin", "host"), list(itertools.product(ORIGINS, HOSTS)))
def test_no_origin_is_let_in_whatever_the_host(client, origin, host):
    headers = {"host": host} | ({"origin": origin} if origin else {})
    for method, path in (("GET", "/ui/config"), ("GET", "/api/v1/policies"), ("POST", "/api/v1/ask")):
        reply = client.request(method, path, headers=headers, json={"question": "问"} if method == "POST" else None)
        assert reply.status_code < 500
        assert "access-control-allow-origin" not in reply.headers
        assert "access-control-allow-credentials" not in reply.headers
    if origin:
        preflight = {**headers, "access-control-request-method": "POST"}
        assert client.options("/api/v1/ask", headers=preflight).status_code == 400


@pytest.mark.parametrize("fn_index", [-1, 0, 999, 2**63, "0", None, 1.5, [0], {"x": 1}])
@pytest.mark.parametrize("data", [[], None, ["x"] * 50, {"a": 1}, "data"])
def test_a_forged_call_is_refused_or_comes_to_nothing(client, fn_index, data):
    body = {"fn_index": fn_index, "data": data, "session_hash": "forged", "event_data": {"value": "13800138000"}}
    reply = client.post(JOIN, content=json.dumps(body), headers={"content-type": "application/json"})
    assert reply.status_code in (200, 400, 422, 500)
    assert "13800138000" not in reply.text
    assert client.get("/healthz").status_code == 200
