"""The official client against the MCP server, over standard streams and over HTTP: a whole session of each kind."""

from __future__ import annotations

import asyncio
import json
import os
import sys

import pytest
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.shared.exceptions import MCPError
from sites import AS_OF, Wrapped, running, settings

from assistant.interfaces import mcp as server
from assistant.interfaces.http.service import Service

GUANGZHOU = "guangzhou-2025-skilled-talent"
QUESTION = "广州首席技师有什么待遇"
CANARY = "13800138000"
MODES = ["legacy", "auto"]  # the handshake of older clients, and the one without


@pytest.fixture
def stdio(real_settings, real_answerer, root, tmp_path):
    """Parameters of a server over standard streams, and its log."""
    log = tmp_path / "log"
    environment = {**os.environ, "POLICY_INDEX": str(real_settings.index_dir), "PYTHONPATH": str(root)}
    program = StdioServerParameters(command=sys.executable, args=["-m", "assistant", "mcp"], env=environment)
    return program, log


@pytest.fixture
def service(real_answerer, tmp_path):
    return Service.over(real_answerer, lambda: AS_OF, settings(tmp_path))


@pytest.fixture
def url(service, tmp_path):
    with running(server.http_app(service, "127.0.0.1", settings(tmp_path))) as address:
        yield f"{address}/mcp"


async def session(where, mode):
    """What an agent does: look at the tools, ask, search, fetch the clause it was pointed to, and make mistakes."""
    async with Client(where, mode=mode) as agent:
        tools = {tool.name: tool for tool in (await agent.list_tools()).tools}
        assert list(tools) == ["ask", "search", "get_clause", "entitlements", "obligations"]
        for tool in tools.values():
            assert tool.annotations.read_only_hint
            assert tool.input_schema["type"] == tool.output_schema["type"] == "object"
            assert any("\u4e00" <= char <= "\u9fff" for char in tool.description)

        asked = await agent.call_tool("ask", {"question": QUESTION, "id": "m"})
        reply = asked.structured_content
        assert (asked.is_error, reply["id"], reply["status"]) == (False, "m", "answered")
        assert asked.content[0].text == reply["answer"]
        cited = reply["citations"][0]

        found = await agent.call_tool("search", {"query": "技能津贴", "limit": 2})
        assert len(found.structured_content["results"]) == 2

        wanted = {"policy_id": cited["policy_id"], "clause": cited["clause"]}
        clause = (await agent.call_tool("get_clause", wanted)).structured_content
        assert cited["quote"] in clause["text"]

        profile = {"region": "海珠", "level": "技师", "situation": ["有子女"]}
        entitled = await agent.call_tool("entitlements", profile)
        rows = entitled.structured_content["rows"]
        assert {row["jurisdiction"] for row in rows} <= {"广东省", "广东省广州市", "广东省广州市海珠区"}
        assert rows[0]["quote"] in entitled.content[0].text
        obliged = await agent.call_tool("obligations", {"region": "广州", "employer": "国有企业"})
        assert obliged.structured_content["rows"][0]["duty"] == "must"
        assert "必须做" in obliged.content[0].text

        for name, arguments, said in MISTAKES:
            failed = await agent.call_tool(name, arguments)
            assert failed.is_error
            assert said in failed.content[0].text
            assert CANARY not in failed.content[0].text
        with pytest.raises(MCPError, match="没有这个工具"):
            await agent.call_tool("entitle" + CANARY, {})


MISTAKES = [
    ("ask", {}, "question 没有写"),
    ("ask", {"question": 13800138000}, "question 应为文字"),
    ("ask", {"question": " "}, "问题是空的"),
    ("ask", {"question": CANARY * 100}, "最多 300 个字"),
    ("ask", {"question": "问", "region": CANARY}, "行政区划表里没有"),
    ("search", {"query": "问", "limit": 1_000}, "limit 不能大于 50"),
    ("get_clause", {"policy_id": CANARY, "clause": "一"}, "没有这个编号"),
    ("get_clause", {"policy_id": GUANGZHOU, "clause": CANARY}, "没有这一条"),
    ("entitlements", {"region": "海珠", "level": CANARY}, "level 或 employer 写的不认识"),
    ("obligations", {"region": CANARY, "employer": "企业"}, "行政区划表里没有"),
]


@pytest.mark.parametrize("mode", MODES)
def test_a_session_over_standard_streams(stdio, mode):
    program, log = stdio
    with log.open("w+", encoding="utf-8") as errors:
        asyncio.run(session(stdio_client(program, errlog=errors), mode))
        errors.seek(0)
        told = errors.read()
    assert CANARY not in told
    assert "Traceback" not in told
    assert all(json.loads(line) for line in told.splitlines())


@pytest.mark.parametrize("mode", MODES)
def test_a_session_over_http(url, mode):
    asyncio.run(session(url, mode))


def test_an_unforeseen_failure_is_an_id(real_answerer, tmp_path, caplog):
    def fail(question):
        raise RuntimeError(question.text)

    service = Service.over(Wrapped(real_answerer, fail), lambda: AS_OF, settings(tmp_path))

    async def ask():
        async with Client(server.build_server(service)) as agent:
            return await agent.call_tool("ask", {"question": CANARY})

    failed = asyncio.run(ask())
    assert failed.is_error
    assert "错误编号" in failed.content[0].text
    assert CANARY not in failed.content[0].text + caplog.text


def test_other_hosts_and_origins_are_turned_away(url):
    import httpx

    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    kinds = {"accept": "application/json, text/event-stream"}
    assert httpx.post(url, json=body, headers={**kinds, "host": "evil.example"}).status_code == 421
    assert httpx.post(url, json=body, headers={**kinds, "origin": "https://evil.example"}).status_code == 403
    assert httpx.post(url, json=body, headers={**kinds, "sec-fetch-site": "cross-site"}).status_code == 403
    assert httpx.post(url, content=b"x" * 300_000, headers=kinds).status_code == 413
    assert httpx.get(url, headers={**kinds, "mcp-protocol-version": CANARY}).status_code in (400, 405, 406)


def test_a_port_in_use_is_one_sentence(real_settings, capsys, monkeypatch):
    import socket

    from assistant.interfaces.cli import main

    monkeypatch.setenv("POLICY_INDEX", str(real_settings.index_dir))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert main(["mcp", "--http", "--port", str(taken.getsockname()[1])]) == 1
    error = capsys.readouterr().err
    assert "已被占用" in error
    assert error.count("\n") == 1
