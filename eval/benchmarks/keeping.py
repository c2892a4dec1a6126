"""The part `ingest` of the race: a folder of laws indexed whole, then one of its files changed and taken in again.

Sizes count articles (条). The first 58,491 are the national laws; beyond, the same with other numbers in other cities.
"""

from __future__ import annotations

import json
import re
import shutil
import statistics
from collections.abc import Callable, Sequence
from pathlib import Path

import corpora

SCRIPTS = {"answers": "assistant_keeping.py", "langchain": "langchain_keeping.py"}
NAMES = {"answers": "本项目", "langchain": "LangChain"}
CHANGES = 3
_ARTICLE = re.compile(r"^第[^\s\u3000]+条", re.MULTILINE)
RunJob = Callable[[str, str, dict, float | None], dict]


def run(stard: Path, out: Path, sizes: Sequence[int], pythons: dict[str, str], limit_s: float, run_job: RunJob) -> None:
    """Measure every system of `pythons` (name → interpreter) at every size; a peer has `limit_s` for each job."""
    articles = corpora.read_articles(stard)
    for size in sizes:
        for name in SCRIPTS:
            if not pythons.get(name):
                continue
            folder = out / "work" / f"{name}-keeping-{size}"
            shutil.rmtree(folder, ignore_errors=True)
            texts = write_laws(articles, size, folder / "corpus")
            print(f"{name}, {size} articles in {len(texts)} files: ", end="", flush=True)
            told = _measured(
                pythons[name], SCRIPTS[name], folder, texts, None if name == "answers" else limit_s, run_job
            )
            row = {"system": name, "corpus": f"keeping-{size}", "articles": size, **told}
            path = out / "results" / f"{name}-keeping-{size}.json"
            path.write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
            print({key: value.get("stopped") or f"{value['cpu_s']:.1f} s of processor" for key, value in told.items()})
            shutil.rmtree(folder, ignore_errors=True)


def write_laws(articles: list[dict[str, str]], size: int, corpus: Path) -> list[Path]:
    """Laws as files of a corpus until they hold `size` articles; returns the files."""
    shutil.copytree(corpora.ROOT / "corpus" / "lexicon", corpus / "lexicon")
    whole = corpus.parent / "laws.jsonl"
    corpora.write_laws(articles, -(-size // len(articles)), whole)
    texts: list[Path] = []
    with whole.open(encoding="utf-8") as rows:
        for row in map(json.loads, rows):
            if size <= 0:
                break
            size -= len(_ARTICLE.findall(row["text"]))
            texts.append(corpus / f"{row['id']}.txt")
            texts[-1].parent.mkdir(exist_ok=True)
            texts[-1].write_text(row["text"], encoding="utf-8", newline="")
    whole.unlink()
    return texts


def _measured(
    python: str, script: str, folder: Path, texts: list[Path], limit_s: float | None, run_job: RunJob
) -> dict[str, dict]:
    job = {"corpus": str(folder / "corpus"), "folder": str(folder), "out": str(folder / "told.json")}
    told = {"build": run_job(python, script, {**job, "action": "build", "changed": ""}, limit_s)}
    changes = []
    for turn in range(CHANGES):
        if told["build"].get("stopped"):
            break
        changed = texts[len(texts) * (turn + 1) // (CHANGES + 1)]
        with changed.open("a", encoding="utf-8") as file:
            file.write(f"第九百九十{'七八九'[turn]}条　本法修改的部分自2026年{turn + 1}月1日起施行。\n")
        changes.append(run_job(python, script, {**job, "action": "change", "changed": str(changed)}, limit_s))
        if changes[-1].get("stopped"):
            break
    if changes:
        whole = [change for change in changes if not change.get("stopped")]
        middle = sorted(whole, key=lambda change: change["cpu_s"])[len(whole) // 2] if whole else changes[0]
        told["change"] = {**middle, "wall_s": statistics.median(c["wall_s"] for c in whole)} if whole else middle
    return told


def section(rows: dict) -> str:
    """The table of the report; "" where nothing was measured."""
    found = sorted(
        (told for (_, corpus), told in rows.items() if corpus.startswith("keeping-")),
        key=lambda told: (told["articles"], list(SCRIPTS).index(told["system"])),
    )
    if not found:
        return ""
    lines = [
        "## 入库：整批建索引，改一份再入库\n\n"
        "每一格是整个进程（含启动和子进程）：秒，括号里是处理器秒。改一份取三次的中位数；内存是进程和最大的子进程之和。\n",
        "| 条 | | 单位 | 整批 | 每处理器秒的条 | 内存峰值 | 改一份 | 内存峰值 |",
        "| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for told in found:
        build, change = told["build"], told.get("change", {"stopped": "–"})
        cells = [f"{told['articles']:,}", NAMES[told["system"]], f"{build['units']:,}" if "units" in build else "–"]
        rate = f"{told['articles'] / build['cpu_s']:,.0f}" if "cpu_s" in build else "–"
        cells += [_time(build), rate, _memory(build), _time(change), _memory(change)]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _time(told: dict) -> str:
    return told["stopped"] if told.get("stopped") else f"{told['wall_s']:.1f}（{told['cpu_s']:.1f}）"


def _memory(told: dict) -> str:
    return f"{told['peak_mb']:,.0f} MB" if "peak_mb" in told else "–"
