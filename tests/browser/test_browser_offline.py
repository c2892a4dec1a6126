"""F9: in a network namespace without a route the whole program works, and asks nothing of anyone."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from browser.conftest import CHROMIUM

from assistant.interfaces.web.laying_out import TABS

pytestmark = pytest.mark.browser
BROWSERS_OWN = (".googleapis.com",)
"""Chromium's look-ups for itself (updates, autofill), whatever page is open; a page's own would show as `foreign`."""
ISOLATED = ["unshare", "--map-root-user", "--net", "--mount", "--"]


def why_not() -> str:
    """Why no namespace can be made here; "" where it can."""
    if CHROMIUM is None:
        return "no Chromium on this machine"
    if missing := [name for name in ("unshare", "ip", "mount") if shutil.which(name) is None]:
        return f"{'、'.join(missing)} not installed"
    tried = subprocess.run([*ISOLATED, "ip", "link", "set", "lo", "up"], capture_output=True, text=True)
    return f"namespaces are not permitted here: {tried.stderr.strip()}" if tried.returncode else ""


def test_no_route_no_look_up_no_foreign_request(root, tmp_path):
    if reason := why_not():
        pytest.skip(reason)
    search_path = os.pathsep.join((str(root), str(root / "tests")))
    state = {"POLICY_INDEX": str(tmp_path / "index"), "POLICY_STATE": str(tmp_path / "state")}
    done = subprocess.run(
        [*ISOLATED, sys.executable, str(Path(__file__).with_name("offline_walk.py"))],
        env={**os.environ, **state, "PYTHONPATH": search_path, "BROWSER_PATH": str(CHROMIUM)},
        cwd=root,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout)
    assert (found["lookups_served"], found["packets_served"]) == ([], 0)
    ours = [name for name in found["lookups"] if not name.endswith(BROWSERS_OWN)]
    assert (ours, found["foreign"], found["failed"]) == ([], [], [])
    assert {tab.path for tab in TABS[1:]} <= set(found["seen"])
    assert {f"panel {tab.path}" for tab in TABS[1:]} <= set(found["seen"])
    # the counters do count
    assert found["control_lookups"] > 0
    assert found["control_packets"] > 0
