"""The house keeps its walls: imports point down, modules stay small, nothing is unpickled."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

MAX_LINES = 300
FORBIDDEN_NAMES = {"utils", "helpers", "common", "util", "helper", "misc"}
FORBIDDEN_MODULES = {"pickle", "cPickle", "_pickle", "joblib", "dill", "cloudpickle", "shelve", "marshal"}
NETWORK = {"requests", "httpx", "aiohttp", "urllib.request", "http.client", "socket", "ftplib"}


def sources(root: Path) -> list[Path]:
    return [*sorted((root / "assistant").rglob("*.py")), root / "app.py"]


@pytest.fixture(scope="module")
def trees(root):
    found = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sources(root)}
    assert len(found) > 50
    return found


def imported(tree: ast.Module):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_import_contracts_hold(root, tmp_path):
    pytest.importorskip("importlinter")
    found = subprocess.run(
        [sys.executable, "-c", "import sys; from importlinter.cli import lint_imports_command as run; sys.exit(run())"],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "0 broken" in found.stdout, found.stdout + found.stderr
    assert "5 kept" in found.stdout
    assert found.returncode == 0


def test_every_module_is_small(root):
    long = {p.name: n for p in sources(root) if (n := len(p.read_text(encoding="utf-8").splitlines())) > MAX_LINES}
    assert long == {}


def test_app_is_a_door_without_logic(root):
    assert len((root / "app.py").read_text(encoding="utf-8").splitlines()) < 15


def test_no_module_is_named_for_nothing(root):
    assert [path for path in sources(root) if path.stem in FORBIDDEN_NAMES] == []
    assert [path for path in (root / "assistant").rglob("*") if path.is_dir() and path.name in FORBIDDEN_NAMES] == []


def test_nothing_is_unpickled(trees):
    for path, tree in trees.items():
        assert not FORBIDDEN_MODULES.intersection(imported(tree)), path
        assert "allow_dangerous_deserialization" not in path.read_text(encoding="utf-8"), path
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == "allow_pickle"]
        assert all(isinstance(call.value, ast.Constant) and call.value.value is False for call in calls), path


def test_nothing_calls_out(trees):
    for path, tree in trees.items():
        if "web" not in path.parts:  # the page server binds a local port
            assert not NETWORK.intersection(imported(tree)), path


def test_the_clock_is_read_at_the_edge_only(root, trees):
    readers = {
        path.relative_to(root).parts[:2]
        for path, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("today", "now", "utcnow")
    }
    assert readers <= {("assistant", "interfaces"), ("assistant", "evaluation")}


def test_errors_are_not_swallowed(trees):
    for path, tree in trees.items():
        for node in ast.walk(tree):
            assert not (isinstance(node, ast.ExceptHandler) and node.type is None), f"{path}:{node.lineno}"
            assert not isinstance(node, ast.Assert), f"{path}:{getattr(node, 'lineno', 0)}"


def test_our_own_files_name_no_machine(root):
    """No absolute path of a machine in what is shipped."""
    for path in [*sources(root), *(root / "tests").rglob("*.py"), root / "Makefile", root / "pyproject.toml"]:
        text = path.read_text(encoding="utf-8")
        assert "/" + "home/" not in text, path
        assert "/" + "work/" not in text, path
