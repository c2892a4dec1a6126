"""The commands `ingest`, `remove`, `list`, `review`: call, then write the reports."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path

from assistant.answering.describing import dated, place_in_full
from assistant.errors import SettingsError
from assistant.indexing.pipeline import build_index, indexed_policies
from assistant.ingesting.filing import origins
from assistant.ingesting.gathering import files_in, listed
from assistant.ingesting.ingest import FileReport, ingest, remove, review
from assistant.ingesting.preparing import place_code
from assistant.ingesting.reviewing import Reading, clauses_in, cleaned, readings
from assistant.interfaces import spreading_verbs
from assistant.interfaces.contract import json_line
from assistant.interfaces.opening import is_up_to_date
from assistant.interfaces.progress import Progress
from assistant.interfaces.watching import watch
from assistant.jurisdictions import Gazetteer, load_gazetteer
from assistant.model import STATUS_LABELS
from assistant.parsing.status import status_on
from assistant.settings import Settings

Write = Callable[[str], object]
VERBS = ("ingest", "remove", "list", "review")
_FIELDS = {
    "title": "题名",
    "document_number": "文号",
    "issuers": "机关",
    "jurisdiction": "地区",
    "signed_on": "成文日期",
    "published_on": "发布日期",
    "effective_from": "施行日期",
    "valid_until": "有效期",
}


def add_parsers(add: Callable[..., argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """Add the four commands with `add` (the `add_parser` of the command line); returns that of `ingest`."""
    take = add("ingest", help="把文件（网页、Word、PDF、Markdown、文本、压缩包或文件夹）加进语料")
    take.add_argument("files", nargs="*", type=Path, metavar="FILE", help="文件、文件夹或 zip")
    take.add_argument("--list", type=Path, metavar="LIST", help="一行一个路径的清单，相对清单所在的文件夹")
    take.add_argument("--watch", type=Path, metavar="FOLDER", help="守着一个文件夹，有新文件就入库，Ctrl+C 停止")
    take.add_argument("--every", type=float, default=10.0, metavar="秒", help="隔多久看一次，默认 10 秒")
    take.add_argument("--place", help="这些文件是哪里的，如 武汉；不写就从文件里读")
    take.add_argument("--dry-run", action="store_true", help="只看会怎样，什么也不写")
    take.add_argument("--encoder")
    spreading_verbs.add_option(take)
    away = add("remove", help="从语料里移除一份文件")
    away.add_argument("policy", help="文件编号")
    away.add_argument("--encoder")
    away.add_argument("--store", help="共用的数据库；语料目录里没有的文件从那里移除")
    add("list", help="列出语料里的文件：题名、文号、日期、状态")
    look = add("review", help="列出读得不确定、需要人看一眼的文件")
    look.add_argument(
        "--suggest", action="store_true", help="只列拿不准的各项，写成 metadata.jsonl 的行，改好可以直接用"
    )
    return take


def run(args: argparse.Namespace, settings: Settings, as_of: date, write: Write, tell: Write) -> int:
    """Carry out one of the commands; returns the exit code."""
    gazetteer = _gazetteer(settings)
    match args.verb:
        case "ingest" if args.workers:
            return spreading_verbs.ingest(args, settings, write, tell)
        case "ingest":
            return _ingest(args, settings, gazetteer, as_of, write, tell)
        case "remove" if settings.store and args.policy not in origins(settings.corpus_dir):
            return spreading_verbs.remove(args.policy, settings, write)
        case "remove":
            text = remove(args.policy, settings.corpus_dir)
            write(f"已移除 {text.parent.name}/{text.name}。\n")
            write(f"索引 {build_index(settings)} 已更新。\n")
            return 0
        case "list":
            for report in review(settings.corpus_dir, gazetteer):
                write(_line(report, as_of))
            return 0
    if args.suggest:
        for report in review(settings.corpus_dir, gazetteer):
            for reading in readings(report.document, report.origin) if report.document else ():
                if reading.sure != "sure" and report.document is not None:
                    write(json_line(_suggestion(report.document.policy.policy_id, reading)))
        return 0
    doubtful = [report for report in review(settings.corpus_dir, gazetteer) if report.doubts]
    for report in doubtful:
        write(report_text(report, gazetteer, as_of))
    write(f"共 {len(doubtful)} 份需要看一眼。\n" if doubtful else "没有需要看的文件。\n")
    return 0


def _ingest(
    args: argparse.Namespace, settings: Settings, gazetteer: Gazetteer, as_of: date, write: Write, tell: Write
) -> int:
    place = place_code(args.place, gazetteer) if args.place else None
    if args.watch is not None:
        return watch(
            args.watch,
            args.every,
            settings,
            lambda paths: _take(paths, place, settings, gazetteer, as_of, write, tell),
            tell,
        )
    paths = [*args.files, *(listed(args.list) if args.list else ())]
    if not paths:
        raise SettingsError("没有写要入库的文件。例如：python -m assistant ingest 通知.docx，或 --list 清单.txt。")
    return _take(paths, place, settings, gazetteer, as_of, write, tell, dry_run=args.dry_run)


def _take(
    paths: Sequence[Path],
    place: str | None,
    settings: Settings,
    gazetteer: Gazetteer,
    as_of: date,
    write: Write,
    tell: Write,
    *,
    dry_run: bool = False,
) -> int:
    """Ingest, then bring the index up to date; what an interrupted run took in already is not read again."""
    counts = {"stored": 0, "present": 0, "refused": 0}
    progress = Progress(sum(1 for _ in files_in(paths)), tell)
    known = indexed_policies(settings)
    for report in ingest(paths, settings.corpus_dir, gazetteer, place, known=known, dry_run=dry_run):
        counts[report.outcome] += 1
        write(report_text(report, gazetteer, as_of))
        progress.step(clauses_in(report.document) if report.document and report.outcome == "stored" else 0)
    progress.end()
    verb = "可入库" if dry_run else "入库"
    write(f"{verb} {counts['stored']} 份，已在库中 {counts['present']} 份，未收 {counts['refused']} 份。\n")
    if not dry_run and (counts["stored"] or (counts["present"] and not is_up_to_date(settings))):
        write(f"索引 {build_index(settings)} 已更新。\n")
    return 1 if counts["refused"] else 0


def _suggestion(policy_id: str, reading: Reading) -> dict[str, object]:
    """A line for `metadata.jsonl`, to be checked by a person."""
    return {
        "policy_id": policy_id,
        "field": reading.field,
        "value": reading.value,
        "evidence": {"note": f"待核对：{reading.basis}"},
    }


def report_text(report: FileReport, gazetteer: Gazetteer, as_of: date) -> str:
    """One file's report, a paragraph."""
    if report.outcome == "refused":
        return f"✗ {report.name}\n  未收：{report.reason}\n\n"
    if report.document is None:
        return f"= {report.name}\n  已在库中，编号 {report.reason}，没有重复收。\n\n"
    policy = report.document.policy
    status = status_on(policy, as_of)
    effective = f"　施行：{policy.effective_from}" if policy.effective_from else ""
    until = [deadline.on for deadline in policy.deadlines if deadline.kind == "valid_until"]
    lines = [
        f"✓ {report.name}",
        f"  编号：{policy.policy_id}　地区：{place_in_full(policy, gazetteer)}",
        f"  题名：{policy.title}",
        f"  文号：{policy.document_number or '未标明'}　机关：{'、'.join(policy.issuers) or '未标明'}",
        f"  日期：{dated(policy)}{effective}" + (f"　有效期到：{max(until)}" if until else ""),
        f"  状态：{STATUS_LABELS[status.status]}（{status.explanation}）",
        f"  条款：{clauses_in(report.document)} 条，{len(report.document.sentences)} 句",
    ]
    if report.origin is not None:
        lines.append(f"  整理：{cleaned(report.origin)}")
    unsure = [
        f"{_FIELDS[r.field]}（{r.basis}）" for r in readings(report.document, report.origin) if r.sure == "likely"
    ]
    if unsure:
        lines.append(f"  把握较小：{'、'.join(unsure)}")
    lines += [f"  ？{doubt}" for doubt in report.doubts]
    return "\n".join(lines) + "\n\n"


def _line(report: FileReport, as_of: date) -> str:
    if report.document is None:
        return ""
    policy = report.document.policy
    cells: Iterable[str] = (
        policy.policy_id,
        policy.title,
        policy.document_number or "",
        str(policy.issued_on or ""),
        STATUS_LABELS[status_on(policy, as_of).status],
        str(clauses_in(report.document)),
    )
    return "\t".join(cells) + "\n"


def _gazetteer(settings: Settings) -> Gazetteer:
    path = settings.lexicon_dir / "divisions.tsv"
    try:
        return load_gazetteer(path)
    except (OSError, ValueError) as error:
        raise SettingsError(f"行政区划表 {path.name} 读不出来，无法判断文件是哪里的。请恢复该文件。") from error
