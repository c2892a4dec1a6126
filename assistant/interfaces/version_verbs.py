"""The commands `replace` and `diff`: one version of a text for another, and what the newer one changes."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path

from assistant.indexing.pipeline import build_index
from assistant.ingesting.differing import Change, Comparison, Difference, Said, compare
from assistant.ingesting.ingest import open_version, replace_text
from assistant.ingesting.preparing import place_code
from assistant.interfaces.contract import json_line
from assistant.interfaces.ingest_verbs import report_text
from assistant.jurisdictions import Gazetteer
from assistant.model import FORCE_LABELS
from assistant.settings import Settings

Write = Callable[[str], object]
VERBS = ("replace", "diff")
_LABELS = {
    Change.ADDED: "新增",
    Change.REMOVED: "删去",
    Change.STRONGER: "加强",
    Change.WEAKER: "放松",
    Change.CHANGED: "改写",
}


def add_parsers(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Add the two commands with `add` (the `add_parser` of the command line)."""
    take = add("replace", help="用新版本换下库里的一份文件，并列出改了什么")
    take.add_argument("policy", help="要换下的文件编号")
    take.add_argument("file", type=Path, metavar="FILE", help="新版本的文件")
    take.add_argument("--place", help="新文件是哪里的；不写就从文件里读，读不出沿用旧的")
    take.add_argument("--encoder")
    differ = add("diff", help="比较两份文件：新增、删去、加强、放松、改写")
    differ.add_argument("old", help="旧的：编号或文件")
    differ.add_argument("new", help="新的：编号或文件")
    differ.add_argument("--json", action="store_true", help="输出 JSON，一行一处")


def run(args: argparse.Namespace, settings: Settings, gazetteer: Gazetteer, as_of: date, write: Write) -> int:
    """Carry out one of the commands; returns the exit code."""
    if args.verb == "diff":
        old, new = (open_version(name, settings.corpus_dir, gazetteer) for name in (args.old, args.new))
        found = compare(old, new)
        if args.json:
            for difference in found.differences:
                write(json_line(_row(difference)))
        else:
            write(f"旧：《{old.policy.title}》　新：《{new.policy.title}》\n\n{comparison_text(found)}")
        return 0
    place = place_code(args.place, gazetteer) if args.place else None
    report, found = replace_text(args.policy, args.file, settings.corpus_dir, gazetteer, place)
    write(f"已换下 {args.policy}。\n\n{report_text(report, gazetteer, as_of)}{comparison_text(found)}")
    write(f"索引 {build_index(settings)} 已更新。\n")
    return 0


def comparison_text(found: Comparison) -> str:
    """The changes, a paragraph each, with a summary."""
    counts = {change: sum(one.change is change for one in found.differences) for change in Change}
    parts = [_paragraph(difference) for difference in found.differences]
    told = "，".join(f"{_LABELS[change]} {count} 处" for change, count in counts.items() if count) or "没有改动"
    moved = f"（其中 {found.moved} 句换了条款号）" if found.moved else ""
    return "".join(parts) + f"共{told}；未变 {found.same} 句{moved}。\n"


def _paragraph(difference: Difference) -> str:
    old, new = difference.old, difference.new
    lines = [f"【{_LABELS[difference.change]}】{said.path if (said := new or old) else ''}"]
    if old is not None and new is not None:
        if old.path != new.path:
            lines[0] += f"（原 {old.path}）"
        if old.force is not new.force:
            lines[0] += f"　{FORCE_LABELS[old.force]} → {FORCE_LABELS[new.force]}"
        gone, come = difference.figures
        if gone or come:
            lines[0] += f"　数字：{'、'.join(gone) or '无'} → {'、'.join(come) or '无'}"
    if old is not None:
        lines.append(f"  - {old.words}")
    if new is not None:
        lines.append(f"  + {new.words}")
    return "\n".join(lines) + "\n\n"


def _row(difference: Difference) -> dict[str, object]:
    def side(said: Said | None) -> dict[str, str] | None:
        return {"clause": said.path, "text": said.words, "force": said.force.value} if said else None

    return {
        "change": difference.change.value,
        "old": side(difference.old),
        "new": side(difference.new),
        "figures_removed": list(difference.figures[0]),
        "figures_added": list(difference.figures[1]),
    }
