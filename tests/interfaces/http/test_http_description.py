"""The description of the API, and schemathesis over it: every request it can think of gets what is described."""

from __future__ import annotations

import re

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from schemathesis import GenerationMode
from sites import AS_OF, running, settings

from assistant.interfaces.http.assembling import build_site

OPERATIONS = [
    ("post", "/api/v1/ask"),
    ("post", "/api/v1/ask/stream"),
    ("post", "/api/v1/search"),
    ("get", "/api/v1/policies"),
    ("get", "/api/v1/policies/{policy_id}"),
    ("get", "/api/v1/policies/{policy_id}/clauses"),
    ("get", "/api/v1/policies/{policy_id}/clauses/{clause}"),
    ("post", "/api/v1/entitlements"),
    ("post", "/api/v1/obligations"),
    ("post", "/api/v1/compare"),
    ("get", "/api/v1/calendar"),
    ("post", "/api/v1/feedback"),
    ("get", "/healthz"),
    ("get", "/readyz"),
]
EXAMPLES = 25
"""Requests per operation; derandomized, so that a run repeats."""


@pytest.fixture(scope="module")
def app(real_answerer, tmp_path_factory):
    return build_site(real_answerer, lambda: AS_OF, settings(tmp_path_factory.mktemp("state")))


@pytest.fixture(scope="module")
def api(app):
    """The description as a client reads it, from a running server."""
    config = schemathesis.Config.from_dict(
        {
            "generation": {"deterministic": True},
            # A question or a place may be well formed and still be none: blanks only, a place that does not exist.
            "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "404", "409", "422"]}},
        }
    )
    with running(app) as url:
        yield schemathesis.openapi.from_url(f"{url}/api/v1/openapi.json", config=config)


@pytest.mark.parametrize(
    ("method", "path", "mode"),
    [
        *((method, path, GenerationMode.POSITIVE) for method, path in OPERATIONS),
        *((method, path, GenerationMode.NEGATIVE) for method, path in OPERATIONS if method == "post" or "{" in path),
    ],
)
def test_everything_described_holds(api, method, path, mode):
    @given(case=api[path][method].as_strategy(generation_mode=mode))
    @hypothesis_settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def check(case):
        case.call_and_validate()

    check()


def test_the_page_shows_every_operation_and_loads_nothing(app):
    with TestClient(app) as client:
        page = client.get("/api/v1/docs").text
        document = client.get("/api/v1/openapi.json").json()
        assert client.get("/docs").status_code == client.get("/openapi.json").status_code == 404
    for path in document["paths"]:
        assert path in page
    assert not re.search(r"<(?:script|link|img|iframe)|https?://|@import|url\(", page)
    targets, anchors = set(re.findall(r'href="#(\w+)"', page)), set(re.findall(r'id="(\w+)"', page))
    assert targets <= anchors


def test_the_operations(app):
    paths = {(method, path) for path, found in app.openapi()["paths"].items() for method in found}
    assert paths == set(OPERATIONS)
