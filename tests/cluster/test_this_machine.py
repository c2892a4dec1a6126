"""Several workers of one machine, as `--workers 2` starts them."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from ingesting.made_corpora import write_corpus

from .nodes import ROOT

pytestmark = pytest.mark.cluster
pytest.importorskip("ray")


def test_a_file_that_kills_its_workers_is_named_and_takes_no_other_with_it(tmp_path):
    corpus, home = write_corpus(tmp_path / "corpus", 12), tmp_path / "home"
    home.mkdir()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RAY_")}
    environment |= {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}", "HOME": str(home)}
    command = [sys.executable, str(ROOT / "tests" / "cluster" / "local_run.py"), str(corpus), str(tmp_path / "held")]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["counts"] == {"stored": 11, "present": 0, "same": 0, "refused": 1}
    assert [report["name"] for report in found["refused"]] == ["made-0003.txt"]
    assert "反复中断" in found["refused"][0]["reason"]
    assert len(list((tmp_path / "held").glob("*.json"))) == 11
    # nothing of another machine could have come near, and no dashboard, no token in the home folder
    assert len(found["listening"]) > 3
    assert {address.rpartition(":")[0] for address in found["listening"]} == {"127.0.0.1"}
    assert list(home.rglob("*")) == []
