"""PDF with a text layer → text: watermarks, page heads and numbers out, lines joined, the page of every line kept."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Sequence
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfplumber.page import Page as PdfPage
from pdfplumber.table import Table
from pdfplumber.utils.exceptions import PdfminerException

from assistant.parsing.formats.characters import visible
from assistant.parsing.formats.cut_edges import cut_lines, right_edge
from assistant.parsing.formats.extraction import (
    MAX_CHARACTERS,
    MAX_PAGES,
    Extraction,
    RefusedFileError,
    SetAside,
    aside,
)
from assistant.parsing.formats.printed_lines import (
    Glyph,
    Page,
    PrintedLine,
    continues,
    lines_of,
    margins,
    running_heads,
)
from assistant.parsing.formats.table_rows import Cell, table_lines

_FEW = 12
"""Fewer characters on a page with a picture: a scan."""
_UNMAPPED = re.compile(r"\(cid:\d+\)|[\ue000-\uf8ff\ufffd]")


def read_printed(data: bytes, name: str) -> Extraction:
    """The text of a PDF.

    Raises:
        RefusedFileError: It is locked, damaged, scanned, or its fonts do not say which characters they show.
    """
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    try:
        opened = pdfplumber.open(io.BytesIO(data))
    except (PdfminerException, PDFEncryptionError, PDFPasswordIncorrect) as error:
        cause = error.args[0] if error.args else error
        if isinstance(cause, (PDFEncryptionError, PDFPasswordIncorrect)):
            raise RefusedFileError("PDF 有密码，读不出文字，未入库。请去掉密码后另存再试。") from error
        raise RefusedFileError("PDF 已损坏，打不开，未入库。请重新下载或另存后再试。") from error
    with opened:
        if len(opened.pages) > MAX_PAGES:
            raise RefusedFileError(f"PDF 有 {len(opened.pages)} 页，超过 {MAX_PAGES} 页的上限，未读取。请拆分后再试。")
        pages: list[Page] = []
        left_out: list[tuple[int, str, str]] = []
        scanned: list[int] = []
        edges: list[float] = []
        characters = 0
        for at, page in enumerate(opened.pages):
            read, passed, has_picture = _read_page(page)
            edges.append(right_edge(page))
            page.close()
            count = sum(len(line.text) for line in read.lines)
            characters += count
            if characters > MAX_CHARACTERS:
                raise RefusedFileError(f"PDF 的文字超过 {MAX_CHARACTERS} 字的上限，未读取。请拆分后再试。")
            if has_picture and count < _FEW:
                scanned.append(at + 1)
            pages.append(read)
            left_out += [(at, kind, words) for kind, words in passed]
        browser = "Skia" in str(opened.metadata.get("Producer", ""))
    _refuse_unreadable(pages, scanned)
    _refuse_cut(pages, edges)
    return _assembled(pages, left_out, scanned, browser)


def _refuse_unreadable(pages: Sequence[Page], scanned: Sequence[int]) -> None:
    words = "".join(line.text for page in pages for line in page.lines)
    if scanned and (2 * len(scanned) >= len(pages) or not words.strip()):
        raise RefusedFileError(
            f"PDF 是扫描件（{len(pages)} 页里 {len(scanned)} 页只有图片），没有文字层，逐字引用无从核对，未入库。"
            "请向发文单位要文字版，或先做文字识别并校对。"
        )
    if not words.strip():
        raise RefusedFileError("PDF 里没有文字，没有可以引用的内容，未入库。请检查文件是否完整。")
    unmapped = sum(len(match) for match in _UNMAPPED.findall(words))
    if unmapped > 0.03 * len(words):
        raise RefusedFileError(
            "PDF 的字体没有写明对应哪些字，复制出来是乱码，引用会出错，未入库。请换一个来源或另存为文字版。"
        )


def _refuse_cut(pages: Sequence[Page], edges: Sequence[float]) -> None:
    cut, lines = cut_lines(pages, edges)
    if cut >= 3 and cut > 0.1 * lines:
        raise RefusedFileError(
            f"PDF 打印时右边被截掉了：{lines} 行里有 {cut} 行的行末缺字，数字和“不”字都可能缺，引用会出错，未入库。"
            "请直接保存网页（.html），或缩小比例重新打印。"
        )


def _read_page(page: PdfPage) -> tuple[Page, list[tuple[str, str]], bool]:
    passed: dict[str, list[str]] = {}
    seen: list[dict[str, Any]] = []
    dark = [rect for rect in page.rects if rect.get("fill") and not _is_white(rect.get("non_stroking_color"))]
    for char in page.dedupe_chars(tolerance=0.6, extra_attrs=()).chars:
        a, b = char["matrix"][0], char["matrix"][1]
        if char["text"].isspace() or (abs(b) < 0.02 * (abs(a) + abs(b)) or abs(a) < 0.02 * (abs(a) + abs(b))):
            outside = char["x1"] < 0 or char["x0"] > page.width or char["bottom"] < 0 or char["top"] > page.height
            white = _is_white(char.get("non_stroking_color")) and not any(_covers(rect, char) for rect in dark)
            if char["size"] < 1.5 or outside or white:
                passed.setdefault("hidden", []).append(char["text"])
            else:
                seen.append(char)
        else:
            passed.setdefault("watermark", []).append(char["text"])
    tables = [table for table in page.find_tables() if _is_table(table)]
    rows: list[PrintedLine] = []
    for table in tables:
        rows += _rows(table, seen)
    free = [char for char in seen if not any(_inside(char, table.bbox) for table in tables)]
    lines = sorted((*lines_of([_glyph(char) for char in free]), *rows), key=lambda line: line.top)
    area = float(page.width * page.height) or 1.0
    pictured = sum(abs(i["x1"] - i["x0"]) * abs(i["bottom"] - i["top"]) for i in page.images) > 0.3 * area
    left_out = [(kind, "".join(words)) for kind, words in passed.items() if "".join(words).strip()]
    return Page(float(page.width), float(page.height), tuple(lines)), left_out, pictured


def _glyph(char: dict[str, Any]) -> Glyph:
    return Glyph(visible(char["text"]), char["x0"], char["x1"], char["top"], char["bottom"], char["size"])


def _is_white(colour: object) -> bool:
    if not isinstance(colour, (tuple, list)) or not all(isinstance(part, (int, float)) for part in colour):
        return False
    if len(colour) == 4:
        return all(part <= 0.02 for part in colour)
    return len(colour) in (1, 3) and all(part >= 0.98 for part in colour)


def _covers(rect: dict[str, Any], char: dict[str, Any]) -> bool:
    return bool(
        rect["x0"] <= char["x0"] + 1
        and rect["x1"] >= char["x1"] - 1
        and rect["top"] <= char["top"] + 2
        and rect["bottom"] >= char["bottom"] - 2
    )


def _inside(char: dict[str, Any], box: tuple[float, float, float, float]) -> bool:
    x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    return bool(box[0] <= x <= box[2] and box[1] <= y <= box[3])


def _is_table(table: Table) -> bool:
    """Ruled, with two columns and two rows at least."""
    return len(table.rows) >= 2 and max((len(row.cells) for row in table.rows), default=0) >= 2


def _rows(table: Table, chars: Sequence[dict[str, Any]]) -> list[PrintedLine]:
    """The rows of a table, set evenly over its height; a merged cell stands in the first row that it covers."""
    rows = table.rows
    lefts = sorted({cell[0] for cell in table.cells})
    tops = [row.bbox[1] for row in rows]
    grid: list[list[Cell]] = []
    for row in rows:
        cells: list[Cell] = []
        for cell in row.cells:
            if cell is None:
                continue
            held = [_glyph(char) for char in chars if _inside(char, cell)]
            words = "".join(line.text for line in lines_of(held))
            down = sum(cell[1] <= top < cell[3] - 2 for top in tops)
            across = sum(cell[0] <= left < cell[2] - 2 for left in lefts)
            cells.append(Cell(words, down, across))
        grid.append(cells)
    lines = table_lines(grid)
    left, top, right, bottom = table.bbox
    high = (bottom - top) / max(1, len(lines))
    return [
        PrintedLine(line, left, right, top + at * high, top + (at + 1) * high, 0.0, table=True)
        for at, line in enumerate(lines)
    ]


def _assembled(
    pages: Sequence[Page], passed: list[tuple[int, str, str]], scanned: Sequence[int], browser: bool
) -> Extraction:
    heads = running_heads(pages)
    left, right = margins(pages, heads)
    text = ""
    starts: list[int] = []
    left_out: list[SetAside] = []
    before: PrintedLine | None = None
    for at, page in enumerate(pages):
        fresh = True
        starts.append(len(text))
        left_out += [aside(kind, len(text), words) for on, kind, words in passed if on == at]
        for number, line in enumerate(page.lines):
            if (at, number) in heads:
                left_out.append(aside("furniture", len(text), line.text))
                continue
            if before is not None and continues(before, line, left, right, same_page=not fresh):
                latin = text[-1].isascii() and text[-1].isalnum() and line.text[0].isascii() and line.text[0].isalpha()
                text += (" " if latin else "") + line.text
            else:
                text += ("\n" if text else "") + line.text
            if fresh:
                starts[-1] = len(text) - len(line.text)
            before, fresh = line, False
    doubts = []
    if browser:
        doubts.append(
            "PDF 是浏览器打印的网页，打印时可能截去了行末的字或后面的段落，请对着网页核对；能存网页时请用网页。"
        )
    if scanned:
        doubts.append(f"第 {'、'.join(map(str, scanned[:10]))} 页只有图片，没有文字，内容未收入。")
    if any(entry.kind == "hidden" for entry in left_out):
        doubts.append("PDF 里有看不见的文字（白色、极小或在页面之外），没有收入正文。")
    if _UNMAPPED.search(text):
        doubts.append("有几个字的字体没有写明是什么字，请对着原件核对。")
    return Extraction(text + "\n", "pdf", tuple(starts), tuple(left_out), tuple(doubts))
