"""F1: kill -9 while ingesting and building. Nothing unreadable, ever, and the next run succeeds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent


def killed(place, rounds: int, seed: int) -> dict:
    paths = os.pathsep.join([str(HERE), str(HERE.parent), place.environment["PYTHONPATH"]])
    done = subprocess.run(
        [sys.executable, str(HERE / "killed.py"), str(place.folder), str(rounds), str(seed)],
        env={**place.environment, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_killed_at_some_moments(place):
    found = killed(place, 6, 1)
    assert found["faults"] == []
    assert found["killed"] >= 2


@pytest.mark.fault
def test_killed_at_two_hundred_moments(place, report):
    found = killed(place, 200, 20261130)
    rounds, halfway, left, bad = found["rounds"], found["killed"], found["left"], len(found["faults"])
    report(f"F1：{rounds} 次里 {halfway} 次杀在半途，{left} 次留下半成品，{bad} 次读不出")
    assert found["faults"] == []
    assert found["killed"] >= 100
