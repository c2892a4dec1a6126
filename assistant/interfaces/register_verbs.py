"""The commands `entitlements`, `obligations`, `compare`, `calendar`: a table, `--json`, or `--export FILE`."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cache
from pathlib import Path

from assistant.answering.answerer import open_answerer
from assistant.answering.searching import topic_search
from assistant.interfaces.contract import Json, json_line
from assistant.interfaces.register_json import calendar_json, comparison_json, entitlement_json, obligation_json
from assistant.registers.calendar import targets_by_year
from assistant.registers.comparison import Search
from assistant.registers.entitlements import Grouping, grouped
from assistant.registers.export import export
from assistant.registers.lookups import (
    look_up_calendar,
    look_up_comparison,
    look_up_entitlements,
    look_up_obligations,
)
from assistant.registers.obligations import Duty
from assistant.registers.packs import Pack
from assistant.registers.records import Record, Register
from assistant.registers.register import open_register
from assistant.registers.tables import (
    calendar_pack,
    cell_text,
    comparison_pack,
    entitlement_pack,
    obligation_pack,
)
from assistant.settings import Settings

Write = Callable[[str], object]
VERBS = ("entitlements", "obligations", "compare", "calendar")


def add_parsers(add: Callable[..., argparse.ArgumentParser], day: Callable[[str], date]) -> None:
    """Add the four commands with `add` (the `add_parser` of the command line); `day` reads a date."""
    worker = add("entitlements", help="查待遇：按地区、等级和情况，列出可能适用的每一句")
    worker.add_argument("place", help="地区，如 海珠区")
    worker.add_argument("--level", help="技能等级，如 技师、二级；没有就写 无")
    worker.add_argument("--honour", action="append", default=[], metavar="荣誉", help="荣誉或称号，可以写多次")
    worker.add_argument("--employer", help="单位的种类，如 国有企业、民营企业、院校")
    worker.add_argument(
        "--situation", action="append", metavar="情况", help="如 外地户籍、有子女、退役军人，可以写多次"
    )
    worker.add_argument("--all", action="store_true", help="不适用的也列出，附理由")
    firm = add("obligations", help="查义务：一种单位在一个地区要做、不得做、鼓励做、可以做什么")
    firm.add_argument("employer", help="单位的种类，如 国有企业、龙头企业、院校；写 政府部门 看政府自己的")
    firm.add_argument("place", help="地区，如 广州")
    places = add("compare", help="比地区：事项 × 地区")
    places.add_argument("topics", nargs="*", metavar="事项", help="如 职工教育经费 落户；不写就是全部事项")
    times = add("calendar", help="时间与名额：期限、目标、名额，已过还是未到")
    for parser in (places, times):
        parser.add_argument("--regions", nargs="+", default=[], metavar="地区", help="不写就是全部有文件的地区")
    for parser in (worker, firm, places, times):
        parser.add_argument("--as-of", type=day, help="按哪一天判断时效，默认今天")
        parser.add_argument("--json", action="store_true", help="输出 JSON，一行一条")
        parser.add_argument("--export", type=Path, metavar="FILE", help="导出 .xlsx、.csv、.md 或 .html")


def run(args: argparse.Namespace, settings: Settings, as_of: date, write: Write) -> int:
    """Run one of the four."""
    register = open_register(settings)
    match args.verb:
        case "entitlements":
            return _entitlements(args, register, as_of, write)
        case "obligations":
            return _obligations(args, register, as_of, write)
        case "compare":
            return _compare(args, register, settings, as_of, write)
    return _calendar(args, register, as_of, write)


def _entitlements(args: argparse.Namespace, register: Register, as_of: date, write: Write) -> int:
    found = look_up_entitlements(
        register,
        args.place,
        as_of,
        level=args.level,
        honours=args.honour,
        employer=args.employer,
        situation=args.situation,
    )
    rows = (*found.rows, *(found.excluded if args.all else ()))
    pack = entitlement_pack(register, found, as_of, with_excluded=args.all)
    lines = [f"{name}：{value}" for name, value in pack.facts]
    for tier in dict.fromkeys(row.tier for row in rows):
        held = tuple(row for row in rows if row.tier == tier)
        lines += ["", f"■ {register.gazetteer.full_name(held[0].record.place)}（{len(held)} 句）"]
        for topic, group in grouped(held, Grouping.TOPIC):
            lines.append(f"{topic}")
            lines += [f"  〔{row.applies.label}〕{_quoted(row.record)}\n      {row.reason}" for row in group]
    return _put(args, pack, lines, (entitlement_json(row, register, as_of) for row in rows), write)


def _obligations(args: argparse.Namespace, register: Register, as_of: date, write: Write) -> int:
    found = look_up_obligations(register, args.employer, args.place, as_of)
    pack = obligation_pack(register, found, as_of)
    lines = [f"{name}：{value}" for name, value in pack.facts]
    for duty in Duty:
        if held := found.of(duty):
            lines += ["", f"■ {duty.label}（{len(held)} 句）"]
            lines += [f"  {_quoted(row.record)}{'（期限已过）' if row.over else ''}" for row in held]
    return _put(args, pack, lines, (obligation_json(row, register, as_of) for row in found.rows), write)


def _compare(args: argparse.Namespace, register: Register, settings: Settings, as_of: date, write: Write) -> int:
    found = look_up_comparison(register, args.topics, args.regions, as_of, searcher(settings))
    pack = comparison_pack(register, found, as_of)
    lines = []
    for row in found.rows:
        lines += ["", f"■ {row.topic}（{row.difference} 种写法）"]
        for head, cell in zip(pack.sheet.columns[1:], row.cells, strict=True):
            lines += [f"  {head}", *(f"    {line}" for line in cell_text(cell).splitlines())]
    return _put(args, pack, lines, (comparison_json(row, register, as_of) for row in found.rows), write)


def _calendar(args: argparse.Namespace, register: Register, as_of: date, write: Write) -> int:
    rows = look_up_calendar(register, args.regions, as_of)
    pack = calendar_pack(register, rows, as_of)
    lines = []
    for row in rows:
        when = row.on.isoformat() if row.on else (row.due.text if row.due else "—")
        lines.append(f"{when:12} {row.passed.label} {row.kind.label} {'、'.join(row.numbers)} {_quoted(row.record)}")
    lines += ["", "各年到期的目标和期限："]
    for year, code, count in targets_by_year(rows):
        lines.append(f"  {year} {register.gazetteer.place(code).short_name} {'■' * count} {count}")
    return _put(args, pack, lines, (calendar_json(row, register, as_of) for row in rows), write)


def _quoted(record: Record) -> str:
    number = record.policy.document_number or record.policy.title
    return f"「{record.text}」{number} {record.clause.path}"


def _put(args: argparse.Namespace, pack: Pack, lines: Sequence[str], rows: Iterable[Json], write: Write) -> int:
    if args.export is not None:
        export(pack, args.export)
        write(f"已写出 {args.export.name}：{len(pack.sheet.rows)} 行，{len(pack.sources.rows)} 份文件。\n")
    elif args.json:
        for row in rows:
            write(json_line(row))
    else:
        notices = [f"注意：{notice}" for notice in pack.notices]
        write("\n".join([*notices, *lines]) + "\n")
    return 0


def searcher(settings: Settings) -> Search:
    """Look-up of a topic in free words; the index is opened when it is first needed."""
    return topic_search(cache(lambda: open_answerer(settings)))
