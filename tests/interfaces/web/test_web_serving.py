"""Starting up: taken ports, wrong addresses, a closed environment."""

from __future__ import annotations

import os
import socket

import pytest
from interfaces.web.scripted import ScriptedAnswerer

from assistant.errors import SettingsError
from assistant.interfaces.web.serving import close_environment, listening_socket, serve


def test_taken_port_is_one_chinese_sentence():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=f"端口 {port} 已被占用"):
            serve(ScriptedAnswerer(), port=port)


@pytest.mark.parametrize(("host", "port"), [("no such host", 7860), ("127.0.0.1", 70000), ("203.0.113.1", 7860)])
def test_unusable_address(host, port):
    with pytest.raises(SettingsError, match="不能使用"):
        listening_socket(host, port).close()


def test_free_port_is_bound():
    with listening_socket("127.0.0.1", 0) as listener:
        assert listener.getsockname()[1] > 0


def test_environment_cannot_switch_anything_on(monkeypatch):
    for name in ("GRADIO_SHARE", "GRADIO_MCP_SERVER", "GRADIO_ALLOWED_PATHS", "GRADIO_ROOT_PATH", "HF_HUB_OFFLINE"):
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("GRADIO_ANALYTICS_ENABLED", "True")
    monkeypatch.setenv("HF_HUB_DISABLE_TELEMETRY", "0")
    close_environment()

    left = {name: value for name, value in os.environ.items() if name.startswith(("GRADIO_", "HF_HUB_"))}
    assert left == {"GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}
