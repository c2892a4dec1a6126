"""The results of a run → one Markdown report."""

from __future__ import annotations

import json
import platform
import statistics
import subprocess
from datetime import datetime
from pathlib import Path

import keeping

NAMES = {
    "answers": "本项目，整题作答",
    "search": "本项目，只检索",
    "langchain": "LangChain",
    "haystack": "Haystack",
    "llamaindex": "LlamaIndex",
    "txtai": "txtai",
}
ORDER = list(NAMES)
VECTOR_BYTES = {"Flat": 1024, "SQ8": 256}


def quantile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def write_report(out: Path, here: Path) -> None:
    """Read out/results and write RESULTS.md beside it."""
    rows = {}
    for path in sorted((out / "results").glob("*-*.json")):
        told = json.loads(path.read_text(encoding="utf-8"))
        rows[(told["system"], told["corpus"])] = told
    parts = [
        _head(rows, sorted((out / "results").glob("*-*.json"))),
        _five(rows),
        _statutes(rows),
        _sizes(rows),
        _laws(rows),
        keeping.section(rows),
        _crowd(rows),
        _floor(rows, out),
    ]
    text = "\n\n".join(part for part in parts if part) + "\n"
    (out / "RESULTS.md").write_text(text, encoding="utf-8")
    print(text)


def _of(rows: dict, corpus: str) -> list[dict]:
    found = [told for (_, name), told in rows.items() if name == corpus]
    return sorted(found, key=lambda told: ORDER.index(told["system"]))


def _head(rows: dict, results: list[Path]) -> str:
    cpu = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        platform.processor(),
    )
    cores = subprocess.run(["nproc"], capture_output=True, text=True, check=False).stdout.strip()
    memory = int(Path("/proc/meminfo").read_text().split("MemTotal:")[1].split()[0]) / 1e6
    load = Path("/proc/loadavg").read_text().split()[0]
    versions = {}
    for told in rows.values():
        versions |= told.get("build", {}).get("versions", {})
    listed = "、".join(f"{name} {version}" for name, version in sorted(versions.items()))
    # `--only` and `--systems` leave the results of earlier runs beside the new ones
    ran = "、".join(f"{path.stem} {datetime.fromtimestamp(path.stat().st_mtime):%m-%d %H:%M}" for path in results)
    return (
        "# 与同类的对比（生成的文件，不要手改）\n\n"
        "`make bench` 生成；办法和公平规则见 README.md。同一台机器、同样的向量（自带的静态向量），"
        "同类都用结巴分词。时间受机器忙闲影响，看比值。\n\n"
        f"- {datetime.now().date()}，{cpu}，{cores} 核，{memory:.0f} GB 内存，Python {platform.python_version()}，"
        f"写报告时一分钟负荷 {load}\n- 各项量于：{ran}\n- {listed}"
    )


def _cells(told: dict) -> list[str]:
    build, ask = told["build"], told.get("ask", {})
    if build.get("stopped"):
        return [f"停止（{build['stopped']}）", "–", "–", "–", "–", "–"]
    cells = [_seconds(build["build_s"]), f"{build['disk_mb']:.1f}", f"{build['peak_mb']:.0f}"]
    if "ms" not in ask:
        return [*cells, "–", f"停止（{ask.get('stopped', '')}）", "–"]
    return [
        *cells,
        f"{ask['resident_mb']:.0f}",
        f"{statistics.median(ask['ms']):.1f} / {quantile(ask['ms'], 0.95):.1f}",
        _seconds(told["cold_s"]) if told.get("cold_s") else "–",
    ]


def _seconds(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.0f}"


_COLUMNS = ["建索引 秒", "磁盘 MB", "建时内存峰值 MB", "问时内存 MB", "一问 p50 / p95 毫秒", "冷启动到答 秒"]


def _table(header: list[str], body: list[list[str]]) -> str:
    lines = ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in body)])


def _ratios(found: list[dict], ours: str) -> str:
    own = next((told for told in found if told["system"] == ours and "ms" in told.get("ask", {})), None)
    if own is None:
        return ""
    told = []
    for peer in found:
        if peer["system"] in ("answers", "search") or "ms" not in peer.get("ask", {}):
            continue
        query = statistics.median(peer["ask"]["ms"]) / statistics.median(own["ask"]["ms"])
        build = peer["build"]["build_s"] / own["build"]["build_s"]
        told.append(f"{NAMES[peer['system']]} 一问 {query:.2f}、建索引 {build:.2f}")
    return "同类的时间 ÷ 本项目的时间（大于 1 是本项目快）：" + "；".join(told) + "。" if told else ""


def _five(rows: dict) -> str:
    found = _of(rows, "five")
    if not found:
        return ""
    body = [[NAMES[t["system"]], str(t["build"].get("units", "–")), *_cells(t)] for t in found]
    sets = list(next((t["gold"] for t in found if t.get("gold")), {}))
    quality = []
    for told in found:
        cells = [NAMES[told["system"]]]
        for name in sets:
            score = told.get("gold", {}).get(name)
            cells.append(f"{score['first']:.1%} / {score['three']:.1%}" if score else "–")
        shown = [s["shown"] for s in told.get("gold", {}).values()]
        cells.append(f"{sum(shown) / len(shown):.0f}" if shown else "–")
        quality.append(cells)
    counts = {name: next(t["gold"][name]["topics"] for t in found if t.get("gold")) for name in sets}
    header = ["", *(f"{name}（{counts[name]} 题）首条 / 前三" for name in sets), "前三条共几字"]
    return (
        "## 五份文件\n\n本项目读问题、定范围、检索、判断有没有写、起草、措辞；"
        "同类只返回原文块（500 字一块，重叠 50 字）。\n\n"
        + _table(["", "单位数", *_COLUMNS], body)
        + "\n\n"
        + _ratios(found, "answers")
        + "\n\n标准依据的六成以上落在返回的文字里即算命中；只用有标准依据、没有前文的题。\n\n"
        + _table(header, quality)
    )


def _statutes(rows: dict) -> str:
    found = _of(rows, "stard")
    if not found:
        return ""
    body = []
    for told in found:
        score = told.get("statutes", {})
        asked = score.get("topics")
        quality = [f"{score['ndcg_10']:.3f} / {score['recall_100']:.3f}（{asked} 题）"] if asked else ["–"]
        body.append([NAMES[told["system"]], *quality, *_cells(told)])
    return (
        "## STARD：58,491 条法律条文，308 个咨询\n\n每条一个单位，谁也不再切；本项目这里也只检索，不作答。\n\n"
        + _table(["", "nDCG@10 / R@100", *_COLUMNS], body)
        + "\n\n"
        + _ratios(found, "search")
    )


def _sizes(rows: dict) -> str:
    sizes = sorted({int(name.split("-")[1]) for _, name in rows if name.startswith("passages-")})
    if not sizes:
        return ""
    body = []
    for size in sizes:
        for told in _of(rows, f"passages-{size}"):
            body.append([f"{size:,}", NAMES[told["system"]], *_cells(told)])
    return "## 规模：条文反复抽取、改动数字和地名\n\n" + _table(["条数", "", *_COLUMNS], body)


def _laws(rows: dict) -> str:
    found = sorted((t for (_, name), t in rows.items() if name.startswith("laws-")), key=lambda t: t["corpus"])
    if not found:
        return ""
    body = []
    for told in found:
        build = told["build"]
        units = build.get("units")
        rate = f"{units / build['build_s']:.0f}" if units else "–"
        body.append([f"{units:,}" if units else "–", rate, *_cells(told)])
    return "## 从文本到回答：整部法律，整题作答\n\n分条、分句、文头、向量、两种索引都算在内；单位是句。\n\n" + _table(
        ["句数", "句/秒", *_COLUMNS], body
    )


def _crowd(rows: dict) -> str:
    body = []
    for corpus in ("five", "stard", "passages-1000000"):
        for told in _of(rows, corpus):
            for clients, figures in told.get("ask", {}).get("clients", {}).items():
                per_s, spread = f"{figures['per_s']:.0f}", f"{figures['p50']:.1f} / {figures['p95']:.1f}"
                body.append([corpus, NAMES[told["system"]], clients, per_s, spread])
    if not body:
        return ""
    header = ["语料", "", "同时几个", "问/秒", "p50 / p95 毫秒"]
    return "## 几个人同时问（一个进程里的线程）\n\n" + _table(header, body)


def _floor(rows: dict, out: Path) -> str:
    path = out / "results" / "floor.json"
    if not path.exists():
        return ""
    speed = json.loads(path.read_text())["bytes_per_s"]
    body = []
    for (system, corpus), told in rows.items():
        if system != "search" or "ms" not in told.get("ask", {}):
            continue
        count = told["build"]["units"]
        exact = count * 1024 / speed * 1000
        packed = count * 256 / speed * 1000
        p50 = statistics.median(told["ask"]["ms"])
        body.append([corpus, f"{count:,}", f"{exact:.2f}", f"{packed:.2f}", f"{p50:.1f}", f"{p50 / packed:.1f}"])
    if not body:
        return f"## 离下限多远\n\n一个线程读内存 {speed / 1e9:.1f} GB/秒；这次没有量检索。"
    header = ["语料", "向量数", "读完 float32 毫秒", "读完一字节一维 毫秒", "一次检索 p50", "后者的几倍"]
    return (
        f"## 离下限多远\n\n一个线程读内存 {speed / 1e9:.1f} GB/秒（本次量的）。精确检索至少要把向量读一遍。"
        "一次检索还包括四个字段的 BM25、一百条候选的逐片比对。\n\n"
        + _table(header, sorted(body, key=lambda r: float(r[2])))
    )
