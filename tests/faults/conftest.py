"""A corpus of our own in a folder that may be damaged, and the command line over it."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

NOTICE = """广州市技能补贴办法
穗府办规〔2024〕{number}号
第一条　为了鼓励提升技能，制定本办法。
第二条　取得技师证书的，给予补贴{amount}元。
第三条　企业应当组织职工培训，每年不少于{amount}小时。
第四条　本办法自2024年7月1日起施行，有效期5年。
广州市人民政府办公厅
2024年6月3日
"""


def notice(number: int) -> str:
    """A text like no other: its number stands in it four times."""
    return NOTICE.format(number=number, amount=1000 + number).replace("技能补贴办法", f"技能补贴办法之{number}")


@dataclass(frozen=True)
class Place:
    """A corpus with its index."""

    folder: Path

    @property
    def corpus(self) -> Path:
        return self.folder / "corpus"

    @property
    def index(self) -> Path:
        return self.folder / "index"

    @property
    def environment(self) -> dict[str, str]:
        paths = {"POLICY_CORPUS": str(self.corpus), "POLICY_INDEX": str(self.index), "POLICY_STATE": str(self.folder)}
        return {**os.environ, **paths, "PYTHONPATH": str(ROOT)}

    def run(self, *arguments: str, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        """The command line, in a process of its own."""
        return subprocess.run(
            [sys.executable, "-m", "assistant", *arguments],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def leftovers(self) -> list[str]:
        """What only an interrupted run leaves."""
        found = [*self.corpus.glob("*/.ingest-*"), *self.index.glob("tmp-*")]
        return [path.name for path in found]


def put(place: Place, name: str, text: str) -> Path:
    path = place.folder / "incoming" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def report():
    """Add a line of what was measured to out/faults.md and to the terminal."""
    path = ROOT / "out" / "faults.md"
    path.parent.mkdir(exist_ok=True)

    def add(line: str) -> None:
        with path.open("a", encoding="utf-8") as file:
            file.write(f"- {date.today()} {line}\n")
        sys.stderr.write(f"\n{line}\n")

    return add


@pytest.fixture
def place(tmp_path):
    """A corpus of one text, ingested and indexed."""
    made = Place(tmp_path)
    made.corpus.mkdir()
    done = made.run("ingest", str(put(made, "0.txt", notice(0))))
    assert done.returncode == 0, done.stderr
    return made
