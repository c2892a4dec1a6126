"""Web page → text: the main part by trafilatura, its paragraphs, lists and tables by us, the rest reported."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass, field, replace

from lxml import etree
from lxml import html as lxml_html

from assistant.errors import TextDecodeError
from assistant.parsing.facts import facts_in, label_of
from assistant.parsing.formats.elements import BLOCKS, FORM, SILENT
from assistant.parsing.formats.extraction import Extraction, RefusedFileError, SetAside, aside
from assistant.parsing.formats.hidden_elements import is_hidden, is_menu, words_in
from assistant.parsing.formats.main_part import main_lines
from assistant.parsing.formats.site_names import site_of
from assistant.parsing.formats.table_rows import Cell, table_lines
from assistant.parsing.headings import heading_of
from assistant.parsing.loading import decode

_BREAK = "\u2028"
_DEPTH = 400
"""Elements nested deeper are not a page but an attack."""


@dataclass(slots=True)
class _Reader:
    """Walks a page; collects its lines with the element each stands in, and what it passed over."""

    lines: list[tuple[str, etree._Element]] = field(default_factory=list)
    passed: list[tuple[int, str, str]] = field(default_factory=list)  # before which line, kind, words
    pieces: list[str] = field(default_factory=list)
    cells: int = 0

    def close(self, element: etree._Element) -> None:
        """End the open line."""
        for line in _collapsed("".join(self.pieces)).split(_BREAK):
            if line.strip():
                self.lines.append((line.strip(" \t\u3000"), element))
        self.pieces.clear()

    def read(self, element: etree._Element, depth: int = 0) -> None:
        """Take in an element with all it holds."""
        if depth > _DEPTH:
            raise RefusedFileError("网页的标签套了四百层以上，不是正常的网页，未读取。请用浏览器另存后再试。")
        tag = element.tag if isinstance(element.tag, str) else ""
        if not tag or tag in SILENT:
            return
        if is_hidden(element):
            if words := words_in(element):
                kind = "furniture" if is_menu(element, words) else "hidden"
                self.passed.append((len(self.lines), kind, words))
            return
        if tag in FORM:
            if words := words_in(element):
                self.passed.append((len(self.lines), "furniture", words))
            return
        if tag == "br":
            self.pieces.append(_BREAK)
            return
        if tag == "img":
            self.passed.append((len(self.lines), "image", element.get("alt") or element.get("title") or "图片"))
            return
        if _is_label(element):
            self.read_label(element)
            return
        if tag == "table" and _is_data(element):
            self.close(element)
            self._read_table(element, depth)
            return
        block = tag in BLOCKS
        if block:
            self.close(element)
        if tag == "li":
            self._number(element)
        self._read_inside(element, depth)
        if block:
            self.close(element)

    def read_label(self, element: etree._Element) -> None:
        """「发文字号」 in an element of its own, set apart from its value by style alone: a colon says so in text."""
        block = element.tag in BLOCKS
        if block:
            self.close(element)
        self.pieces.append(words_in(element) + "：")
        if block:
            self.close(element)

    def _read_inside(self, element: etree._Element, depth: int) -> None:
        printed = element.tag == "pre"
        self.pieces.append(_breaking(element.text) if printed else element.text or "")
        for child in element:
            self.read(child, depth + 1)
            self.pieces.append(_breaking(child.tail) if printed else child.tail or "")

    def _number(self, element: etree._Element) -> None:
        """「1.」 before an entry of a numbered list, which the browser prints and the file does not hold."""
        parent = element.getparent()
        if parent is None or parent.tag != "ol" or parent.get("type", "1") != "1":
            return
        words = "".join(element.itertext()).strip()
        if not words or heading_of(words) or facts_in(words):
            return
        start = parent.get("start", "1")
        before = sum(1 for other in element.itersiblings("li", preceding=True))
        self.pieces.append(f"{(int(start) if start.isdecimal() and len(start) < 4 else 1) + before}.")

    def _read_table(self, table: etree._Element, depth: int) -> None:
        rows: list[list[Cell]] = []
        last = table
        for row in table.iter("caption", "tr"):
            if row.tag == "caption":
                self._read_inside(row, depth + 1)
                self.close(row)
                continue
            if next(row.iterancestors("table"), None) is not table:
                continue
            rows.append([self._cell(cell, depth) for cell in row.iterchildren("td", "th")])
            last = row
        self.lines += [(line, last) for line in table_lines(rows)]

    def _cell(self, cell: etree._Element, depth: int) -> Cell:
        inner = _Reader()
        inner.read_cell(cell, depth + 1)
        self.passed += [(len(self.lines), kind, words) for _, kind, words in inner.passed]
        words = " ".join(line for line, _ in inner.lines)
        return Cell(words, _covers(cell, "rowspan"), _covers(cell, "colspan"), cell.tag == "th")

    def read_cell(self, cell: etree._Element, depth: int) -> None:
        """Take in a table cell, which may hold paragraphs."""
        if is_hidden(cell):
            self.passed.append((0, "hidden", words_in(cell)))
            return
        self._read_inside(cell, depth)
        self.close(cell)


def read_page(data: bytes, name: str) -> Extraction:
    """The main text of a saved web page.

    Raises:
        RefusedFileError: It cannot be decoded or holds no text.
    """
    source = _decoded(data, name)
    root = _parsed(source)
    reader = _Reader()
    reader.read(root)
    reader.close(root)
    if not reader.lines:
        raise RefusedFileError(
            "网页里没有文字（可能全是脚本或图片），没有可以引用的内容，未入库。请在浏览器里打开后另存。"
        )
    title = _title(root)
    found = _assembled(reader, main_lines(source, root, reader.lines, title), title)
    return replace(found, site=site_of(root))


def read_web_archive(data: bytes, name: str) -> Extraction:
    """The page inside a web archive (.mht), which sites also offer as `.doc`.

    Raises:
        RefusedFileError: There is no page in it.
    """
    message = email.message_from_bytes(data, policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                return read_page(content, name)
    raise RefusedFileError("网页存档里没有网页正文，没有可以引用的内容，未入库。请在浏览器里打开后另存为网页。")


def _decoded(data: bytes, name: str) -> str:
    try:
        return decode(data, name)[0]
    except TextDecodeError as error:
        raise RefusedFileError(str(error)) from error


def _parsed(source: str) -> etree._Element:
    parser = lxml_html.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=False, no_network=True)
    plain = re.sub(r"^\s*<\?xml[^>]*\?>", "", source)
    try:
        root = lxml_html.document_fromstring(plain, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise RefusedFileError("网页读不出内容（空文件或标签损坏），未入库。请重新保存网页。") from error
    return root


def _is_label(element: etree._Element) -> bool:
    """The name of a field (发文字号) without a colon, with its value in the element beside it."""
    value = element.getnext()
    if element.tag not in ("span", "div", "dt", "b", "strong", "em", "i", "label", "p") or value is None:
        return False
    if len(element) or (element.tail or "").strip() or not isinstance(value.tag, str) or value.tag in SILENT:
        return False
    words, shown = (element.text or "").strip(), words_in(value)
    known = len(words) >= 3 and words[-1] not in "：:" and label_of(words) is not None
    return known and 0 < len(shown) <= 80 and label_of(shown) is None


def _covers(cell: etree._Element, name: str) -> int:
    value = (cell.get(name) or "1").strip()
    return int(value) if value.isdecimal() and 1 <= len(value) <= 3 else 1


def _is_data(table: etree._Element) -> bool:
    """A table of data, not of layout: two columns or more, no table inside, no cell with a whole document."""
    if next(table.iterdescendants("table"), None) is not None:
        return False
    rows = [list(row.iterchildren("td", "th")) for row in table.iter("tr")]
    if not any(len(cells) > 1 for cells in rows):
        return False
    longest = max((len(list(cell.iter("p", "div", "br"))) for cells in rows for cell in cells), default=0)
    return longest <= 12


def _title(root: etree._Element) -> str:
    for name in ("ArticleTitle", "articletitle", "title"):
        for meta in root.iter("meta"):
            if meta.get("name") == name and (meta.get("content") or "").strip():
                return _collapsed(meta.get("content") or "").strip()
    found = root.find(".//title")
    words = _collapsed("".join(found.itertext())).strip() if found is not None else ""
    return re.split(r"\s*[_|｜]\s*|\s+[-–—]+\s*", words)[0] if words else ""


def _assembled(reader: _Reader, kept: list[bool], title: str) -> Extraction:
    text = ""
    left_out: list[SetAside] = []
    passed = iter(sorted(reader.passed, key=lambda entry: entry[0]))
    coming = next(passed, None)
    for at, ((line, _), keep) in enumerate(zip(reader.lines, kept, strict=True)):
        while coming is not None and coming[0] <= at:
            left_out.append(aside(coming[1], len(text), coming[2]))
            coming = next(passed, None)
        if keep:
            text += line + "\n"
        else:
            left_out.append(aside("furniture", len(text), line))
    while coming is not None:
        left_out.append(aside(coming[1], len(text), coming[2]))
        coming = next(passed, None)
    hidden = sum(entry.kind == "hidden" for entry in left_out)
    first = next((at for at, keep in enumerate(kept) if keep), 0)
    last = max((at for at, keep in enumerate(kept) if keep), default=0)
    pictures = sum(kind == "image" and first < at <= last + 1 for at, kind, _ in reader.passed)
    doubts = [f"网页里有 {hidden} 处看不见的文字，没有收入正文。"] if hidden else []
    if pictures:
        doubts.append(f"正文里有 {pictures} 张图片，图里的文字没有收入。")
    return Extraction(text, "html", (), tuple(left_out), tuple(doubts), title)


def _collapsed(words: str) -> str:
    """Blanks as a browser shows them; a line end between two Chinese characters is none."""
    words = words.replace("\xa0", " ")
    wide = r"[\u3000-\u9fff\uff00-\uffef]"
    words = re.sub(rf"(?<={wide})[ \t]*\r?\n[ \t\r\n]*(?={wide})", "", words)
    return re.sub(r"[ \t\r\n]+", " ", words)


def _breaking(words: str | None) -> str:
    return re.sub(r"\r\n?|\n", _BREAK, words or "")
