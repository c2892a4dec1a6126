"""Packs as files: xlsx, csv, Markdown, printable HTML. What a spreadsheet could run is made harmless text."""

from __future__ import annotations

import csv
import html
import io
import re
from pathlib import Path

from assistant.errors import ExportError
from assistant.registers.packs import NOTICE, Pack, Sheet

FORMATS = (".xlsx", ".csv", ".md", ".html")

# A cell that begins so may be run by a spreadsheet, in half or full width (OWASP: CSV injection)
_RUNS = re.compile(r"^[\s\u3000\ufeff]*[=+\-@＝＋－＠|%]|^[\t\r\n]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def export(pack: Pack, path: Path) -> Path:
    """Write a pack in the format of the file name.

    Raises:
        ExportError: The ending is none of `FORMATS`, or the file cannot be written.
    """
    ending = path.suffix.lower()
    if ending not in FORMATS:
        raise ExportError(f"导出文件 {path.name} 的后缀不认识，没有写出。可用的有：{'、'.join(FORMATS)}。")
    try:
        path.write_bytes(export_bytes(pack, ending))
    except OSError as error:
        raise ExportError(f"导出文件 {path.name} 写不了（{error.strerror}）。请检查路径和权限。") from error
    return path


def export_bytes(pack: Pack, ending: str) -> bytes:
    """A pack as the bytes of a file, for a download.

    Args:
        pack: what to export.
        ending: one of `FORMATS`.
    """
    match ending:
        case ".xlsx":
            from assistant.registers.export_xlsx import xlsx_bytes  # a tenth of a second, and few want a workbook

            return xlsx_bytes(pack, harmless)
        case ".csv":
            return csv_text(pack).encode("utf-8-sig")
        case ".md":
            return markdown(pack).encode("utf-8")
        case ".html":
            return html_page(pack).encode("utf-8")
    raise ValueError(f"{ending!r} is none of {FORMATS}.")


def harmless(text: str) -> str:
    """A cell that no spreadsheet runs: one that begins like a formula gets an apostrophe; control characters go.

    Example:
        >>> harmless("=1+1"), harmless("＝cmd"), harmless("企业要按规定足额提取")
        ("'=1+1", "'＝cmd", '企业要按规定足额提取')
    """
    text = _CONTROL.sub("", text)
    return "'" + text if _RUNS.match(text) else text


def csv_text(pack: Pack) -> str:
    """The table, then what was asked, the documents and the notice, each under an empty line."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")

    def rows(*lines: tuple[str, ...]) -> None:
        writer.writerows([harmless(cell) for cell in line] for line in lines)

    rows(pack.sheet.columns, *pack.sheet.rows)
    rows((), (pack.title,), *pack.heads, *(("注意", notice) for notice in pack.notices))
    rows((), pack.sources.columns, *pack.sources.rows, (), (NOTICE,))
    return out.getvalue()


def markdown(pack: Pack) -> str:
    """A page of Markdown."""
    lines = [f"# {pack.title}", ""]
    lines += [f"- {name}：{_md(value)}" for name, value in pack.heads]
    lines += ["", *(f"> **注意**：{_md(notice)}" for notice in pack.notices), ""]
    for sheet in (pack.sheet, pack.sources):
        lines += [f"## {sheet.name}（{len(sheet.rows)}）", "", *_md_table(sheet), ""]
    return "\n".join([*lines, f"*{NOTICE}*", ""])


def _md_table(sheet: Sheet) -> list[str]:
    head = "| " + " | ".join(_md(column) for column in sheet.columns) + " |"
    rule = "|" + " --- |" * len(sheet.columns)
    return [head, rule, *("| " + " | ".join(_md(cell) for cell in row) + " |" for row in sheet.rows)]


def _md(text: str) -> str:
    escaped = re.sub(r"([\\`*_\[\]<>|#])", r"\\\1", _CONTROL.sub("", text))
    return re.sub(r"\s*\n\s*", "<br>", escaped)


_STYLE = (
    "body{font:14px/1.6 sans-serif;margin:2em;color:#111}table{border-collapse:collapse;width:100%;margin:1em 0}"
    "th,td{border:1px solid #999;padding:.3em .5em;text-align:left;vertical-align:top;white-space:pre-line}"
    "th{background:#eee}.notice{border-left:4px solid #b00;padding-left:.6em}tr{break-inside:avoid}"
    "@media print{body{margin:0;font-size:10px}thead{display:table-header-group}@page{size:A4 landscape;margin:12mm}}"
)


def html_page(pack: Pack) -> str:
    """A page that prints: no script, nothing loaded from anywhere."""
    facts = "".join(f"<tr><th>{_h(name)}</th><td>{_h(value)}</td></tr>" for name, value in pack.heads)
    notices = "".join(f'<p class="notice">{_h(notice)}</p>' for notice in pack.notices)
    tables = "".join(
        f"<h2>{_h(sheet.name)}（{len(sheet.rows)}）</h2>{_html_table(sheet)}" for sheet in (pack.sheet, pack.sources)
    )
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{_h(pack.title)}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{_h(pack.title)}</h1><table>{facts}</table>"
        f"{notices}{tables}<p>{_h(NOTICE)}</p></body></html>\n"
    )


def _html_table(sheet: Sheet) -> str:
    head = "".join(f"<th>{_h(column)}</th>" for column in sheet.columns)
    body = "".join("<tr>" + "".join(f"<td>{_h(cell)}</td>" for cell in row) + "</tr>" for row in sheet.rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _h(text: str) -> str:
    return html.escape(_CONTROL.sub("", text))
