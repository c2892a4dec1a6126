"""Golden trees of the five real texts and of twelve small ones of other kinds.

`pytest --update-golden` rewrites them; the difference is to be read against the originals before it is committed.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.jurisdictions import Gazetteer
from assistant.parsing.reading import read_policy
from tests.parsing.golden import render

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests" / "golden"
CORPUS = sorted((ROOT / "corpus").glob("*/*-*.txt"))
OTHERS = sorted((ROOT / "tests" / "fixtures" / "policies").glob("*.txt"))
CASES = [(path, GOLDEN / path.name) for path in CORPUS] + [(path, GOLDEN / "policies" / path.name) for path in OTHERS]


def test_the_cases_are_there() -> None:
    assert len(CORPUS) == 5
    assert len(OTHERS) >= 10


@pytest.mark.parametrize(("source", "golden"), CASES, ids=[source.stem for source, _ in CASES])
def test_golden_tree(source: Path, golden: Path, gazetteer: Gazetteer, request: pytest.FixtureRequest) -> None:
    found = render(read_policy(source, ROOT, gazetteer))
    if request.config.getoption("--update-golden"):
        if os.environ.get("CI") == "true":
            pytest.fail("--update-golden was left on: golden files are changed by a person, never by CI.")
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(found, encoding="utf-8")
    assert golden.exists(), f"{golden.name} is missing; run pytest --update-golden and read the new file."
    assert found == golden.read_text(encoding="utf-8")


def test_every_golden_file_has_its_source() -> None:
    assert set(GOLDEN.rglob("*.txt")) == {golden for _, golden in CASES}


def test_update_golden_fails_in_ci() -> None:
    """The switch itself: with CI=true the run fails instead of rewriting."""
    before = {path: path.read_bytes() for path in GOLDEN.rglob("*.txt")}
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "--update-golden",
            f"{__file__}::test_golden_tree",
            "-k",
            "faq",
            "-p",
            "no:cacheprovider",
        ],
        cwd=ROOT,
        env={**os.environ, "CI": "true"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "never by CI" in done.stdout
    assert before == {path: path.read_bytes() for path in GOLDEN.rglob("*.txt")}
