"""Starting the server of page and API, or saying in one sentence why it cannot start."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import socket
import sys
import threading
from datetime import date

import uvicorn
from starlette.types import ASGIApp

from assistant.answering.answerer import Answerer
from assistant.errors import AssistantError, SettingsError
from assistant.interfaces.http.assembling import build_site
from assistant.interfaces.opening import open_live, patient
from assistant.interfaces.recording import start_log
from assistant.settings import ServingSettings, read_serving_settings, read_settings

# What the environment could switch on behind our back is taken out, and what calls home is switched off.
_OFFLINE = {"GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}


MOST_CONNECTIONS = 800
"""Connections at once, under the usual limit of 1,024 open files; an open page holds one."""


def serve(
    answerer: Answerer, host: str = "127.0.0.1", port: int = 7860, serving: ServingSettings | None = None
) -> None:
    """Serve page and API until interrupted or terminated; requests under way have three seconds to end.

    Raises:
        SettingsError: the address cannot be used, for instance because the port is taken.
    """
    serving = serving or ServingSettings()
    with listening_socket(host, port) as listener:
        close_environment()
        # Gradio loads the mcp library wherever it finds it, for a server that stays off: 0.4 s and 24 MB.
        sys.modules.setdefault("mcp", None)  # type: ignore[arg-type]
        start_log()
        app = build_site(answerer, date.today, serving)
        shown = f"[{host}]" if ":" in host else host
        what = "网页" if serving.page else "接口"
        path = "/" if serving.page else "/api/v1/docs"
        sys.stderr.write(f"{what}已就绪：http://{shown}:{listener.getsockname()[1]}{path} （按 Ctrl+C 停止）\n")
        sys.stderr.flush()
        run_server(app, listener, serving.trusted_proxies)


def run_server(app: ASGIApp, listener: socket.socket, trusted_proxies: str) -> None:
    """Run an application on a bound socket until Ctrl+C or SIGTERM."""
    config = uvicorn.Config(
        app,
        log_config=None,  # the JSON log takes what uvicorn has to say
        access_log=False,
        server_header=False,
        forwarded_allow_ips=trusted_proxies,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_graceful_shutdown=3,
    )
    if threading.current_thread() is threading.main_thread():
        # uvicorn ends gracefully and then raises the signal again; a stop that was asked for is no failure.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])


def main() -> int:
    """Open the index and serve the page with all defaults; 1 after a stated failure."""
    try:
        settings = read_settings()
        serve(open_live(settings), serving=patient(read_serving_settings(), settings))
    except AssistantError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def listening_socket(host: str, port: int) -> socket.socket:
    """A socket bound to the address, so that a taken port is noticed before anything is loaded.

    Raises:
        SettingsError: the address cannot be used.
    """
    try:
        if not 0 <= port <= 65535:
            raise OverflowError(port)
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
    except (OSError, OverflowError) as error:
        raise SettingsError(f"地址 {host} 端口 {port} 不能使用。请检查写法，例如 127.0.0.1 和 7860。") from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except (OSError, OverflowError) as error:
        listener.close()
        raise SettingsError(_why_not_bound(host, port, error)) from error
    return listener


def _why_not_bound(host: str, port: int, error: Exception) -> str:
    code = getattr(error, "errno", None)
    if code == errno.EADDRINUSE:
        return f"端口 {port} 已被占用，网页没有启动。请关掉占用它的程序，或换一个端口。"
    if code == errno.EACCES:
        return f"没有权限使用端口 {port}，网页没有启动。请换一个 1024 以上的端口。"
    return f"地址 {host} 端口 {port} 不能使用，网页没有启动。请检查写法，例如 127.0.0.1 和 7860。"


def close_environment() -> None:
    """Take Gradio's switches out of the environment and keep its libraries off the network."""
    for name in [name for name in os.environ if name.startswith("GRADIO_")]:
        del os.environ[name]
    os.environ.update(_OFFLINE)
