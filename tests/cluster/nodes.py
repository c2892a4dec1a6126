"""Two Ray nodes on this machine, each on a loopback address of its own, and nothing left of them afterwards."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
HEAD, SECOND = "127.0.0.2", "127.0.0.3"
START_S = 120
OBJECT_STORE = 200 * 1024 * 1024


@dataclass(frozen=True)
class Cluster:
    """What is needed to work on it, and to harm it.

    Attributes:
        client: its address for a driver outside, ray://…
        address: that for a driver on one of its nodes.
        environment: of everything that speaks to it.
        groups: process groups of its nodes.
    """

    client: str
    address: str
    environment: dict[str, str]
    groups: tuple[int, ...]

    def workers(self) -> dict[int, int]:
        """The processes that ingest, with the process group of their node."""
        running = dict(_processes())
        found = {}
        for pid, (parent, name) in running.items():
            if name.startswith("ray::MapWorker") and parent in running:
                group = _group(parent)
                if group in self.groups:
                    found[pid] = group
        return found


def _processes() -> Iterator[tuple[int, tuple[int, str]]]:
    """Process id → its parent and its command line."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                yield int(folder.name), (parent, (folder / "cmdline").read_text(errors="replace"))
            except (OSError, ValueError):
                continue  # it has just ended


def _group(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return -1


@contextmanager
def two_nodes(folder: Path) -> Iterator[Cluster]:
    """Start them, one processor each; stop them with every process they started, whatever happens."""
    port, client = free_ports(2)
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_AUTH_MODE": "token",
        "RAY_AUTH_TOKEN": secrets.token_hex(32),
        "RAY_BACKEND_LOG_LEVEL": "fatal",
    }
    common = ["--num-cpus=1", f"--object-store-memory={OBJECT_STORE}", "--disable-usage-stats", "--block"]
    head = ["--head", f"--node-ip-address={HEAD}", f"--port={port}", f"--ray-client-server-port={client}"]
    head += ["--include-dashboard=false", f"--temp-dir={folder}"]
    with ExitStack() as stack:
        first = stack.enter_context(_node([*head, *common], environment))
        _wait_for(HEAD, port)
        _wait_for(HEAD, client)
        second = stack.enter_context(
            _node([f"--address={HEAD}:{port}", f"--node-ip-address={SECOND}", *common], environment)
        )
        cluster = Cluster(f"ray://{HEAD}:{client}", f"{HEAD}:{port}", environment, (first, second))
        _wait_for_nodes(cluster)
        yield cluster


@contextmanager
def _node(arguments: list[str], environment: dict[str, str]) -> Iterator[int]:
    """A node in a process group of its own; the group is killed at the end."""
    command = [sys.executable, "-m", "ray.scripts.scripts", "start", *arguments]
    with subprocess.Popen(
        command, env=environment, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield process.pid
        finally:
            with suppress(ProcessLookupError):  # a test may have killed it
                os.killpg(process.pid, signal.SIGKILL)


def free_ports(count: int) -> list[int]:
    """Ports nobody listens on now."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind((HEAD, 0))
        return [each.getsockname()[1] for each in sockets]


def _wait_for(host: str, port: int) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex((host, port)) == 0:
                return
        time.sleep(0.2)
    raise TimeoutError(f"Nothing listens on {host}:{port}.")


def _wait_for_nodes(cluster: Cluster) -> None:
    """Until both have joined."""
    code = (
        "import logging, ray, sys, time\n"
        "ray.init(sys.argv[1], log_to_driver=False, logging_level=logging.CRITICAL)\n"
        f"until = time.monotonic() + {START_S}\n"
        "while ray.cluster_resources().get('CPU', 0) < 2 and time.monotonic() < until: time.sleep(0.2)\n"
        "sys.exit(ray.cluster_resources().get('CPU', 0) < 2)\n"
    )
    subprocess.run([sys.executable, "-c", code, cluster.address], env=cluster.environment, check=True)


def listening() -> set[str]:
    """Addresses that this process and all below it listen on, as "127.0.0.1:7860"."""
    running = dict(_processes())
    below = {os.getpid()}
    while more := {pid for pid, (parent, _) in running.items() if parent in below} - below:
        below |= more
    sockets = {link for pid in below for link in _links(pid) if link.startswith("socket:[")}
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and f"socket:[{fields[9]}]" in sockets:
                host, port = fields[1].split(":")
                found.add(f"{_address(host)}:{int(port, 16)}")
    return found


def _links(pid: int) -> list[str]:
    try:
        return [os.readlink(link) for link in Path(f"/proc/{pid}/fd").iterdir()]
    except OSError:
        return []


def _address(digits: str) -> str:
    """Of the kernel's table: words of four bytes, each in the machine's order."""
    words = [bytes.fromhex(digits[at : at + 8])[::-1] for at in range(0, len(digits), 8)]
    packed = b"".join(words)
    if packed.startswith(b"\0" * 10 + b"\xff\xff"):
        packed = packed[12:]
    return socket.inet_ntop(socket.AF_INET if len(packed) == 4 else socket.AF_INET6, packed)
