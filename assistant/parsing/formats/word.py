"""DOCX → text: paragraphs with their printed numbers, tables row by row; hidden and white words reported."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import docx
from docx.opc.exceptions import PackageNotFoundError
from lxml import etree

from assistant.parsing.formats.containers import check_parts
from assistant.parsing.formats.extraction import Extraction, RefusedFileError, SetAside, aside
from assistant.parsing.formats.numbering import Numbering, W, read_numbering
from assistant.parsing.formats.table_rows import Cell, table_lines
from assistant.parsing.headings import heading_of

_DAMAGED = "Word 文件已损坏，打不开，未入库。请在 Word 里打开后另存再试。"
_PASSED_OVER = frozenset(
    f"{W}{name}"
    for name in ("del", "moveFrom", "instrText", "delText", "pPr", "rPr", "sectPr", "tblPr", "trPr", "tcPr")
)
_DEPTH = 200


@dataclass(slots=True)
class _Writer:
    """Collects the lines of the body in order."""

    numbering: Numbering
    text: str = ""
    left_out: list[SetAside] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)

    def write(self, line: str) -> None:
        """Add a paragraph or row; blank ones are dropped."""
        for part in line.split("\n"):
            if part.strip():
                self.text += part.rstrip() + "\n"

    def read_block(self, element: etree._Element, depth: int = 0) -> None:
        """Take in what may stand in a body: paragraphs, tables, content controls."""
        if depth > _DEPTH:
            raise RefusedFileError("Word 文件的结构套了两百层以上，不是正常的文件，未读取。请在 Word 里另存后再试。")
        for child in element:
            if child.tag == f"{W}p":
                self.write(self.paragraph(child))
                boxes, self.boxes = self.boxes, []
                for box in boxes:
                    self.read_block(box, depth + 1)
            elif child.tag == f"{W}tbl":
                self._read_table(child, depth)
            elif isinstance(child.tag, str) and child.tag not in _PASSED_OVER:
                self.read_block(child, depth + 1)

    def paragraph(self, element: etree._Element) -> str:
        """A paragraph's words with the number printed before them."""
        words = "".join(self._words(element))
        if not words.strip():
            return ""
        label = self.numbering.label(element)
        if label and heading_of(words.strip()) is not None and heading_of(words.strip()) == heading_of(label):
            return words
        # a label such as 第一条 needs the blank that Word sets as a tab
        blank = "\u3000" if re.search(r"[条章节编]$", label) else ""
        return label + blank + (words.lstrip() if label else words)

    def _words(self, element: etree._Element, depth: int = 0) -> Iterator[str]:
        if depth > _DEPTH:
            raise RefusedFileError("Word 文件的结构套了两百层以上，不是正常的文件，未读取。请在 Word 里另存后再试。")
        for child in element:
            tag = child.tag
            if tag in _PASSED_OVER or not isinstance(tag, str):
                continue
            if tag == f"{W}t":
                yield child.text or ""
            elif tag == f"{W}tab":
                yield "\u3000"
            elif tag in (f"{W}br", f"{W}cr"):
                yield "\n"
            elif tag == f"{W}noBreakHyphen":
                yield "-"
            elif tag == f"{W}txbxContent":
                self.boxes.append(child)
            elif tag.endswith("}Fallback"):
                continue
            elif tag.endswith(("}blip", "}imagedata")):
                self.left_out.append(aside("image", len(self.text), "图片", 1))
            elif tag == f"{W}r" and _is_hidden(child):
                words = "".join(part.text or "" for part in child.iter(f"{W}t"))
                if words.strip():
                    self.left_out.append(aside("hidden", len(self.text), words))
            else:
                yield from self._words(child, depth + 1)

    def _read_table(self, table: etree._Element, depth: int) -> None:
        rows = list(table.iterchildren(f"{W}tr"))
        if all(len(list(row.iterchildren(f"{W}tc"))) <= 1 for row in rows):
            for cell in table.iterchildren(f"{W}tr"):
                self.read_block(cell, depth + 1)  # a frame around text
            return
        grid: list[list[Cell]] = []
        above: dict[int, tuple[int, int]] = {}  # column → row and place of the cell that covers it
        for at, row in enumerate(rows):
            cells: list[Cell] = []
            column = 0
            for cell in row.iterchildren(f"{W}tc", f"{W}sdt"):
                wide, joined = _merged(cell)
                if joined and column in above:
                    on, place = above[column]
                    grid[on][place] = replace(grid[on][place], rows=at - on + 1)
                else:
                    above[column] = (at, len(cells))
                    cells.append(Cell(self._cell_words(cell, depth), columns=wide))
                column += wide
            grid.append(cells)
        for line in table_lines(grid):
            self.write(line)

    def _cell_words(self, cell: etree._Element, depth: int) -> str:
        inner = _Writer(self.numbering)
        inner.read_block(cell, depth + 1)
        self.left_out += [aside(e.kind, len(self.text), e.words, e.length) for e in inner.left_out]
        return " ".join(inner.text.split("\n")).strip()


def _merged(cell: etree._Element) -> tuple[int, bool]:
    """How many columns a cell covers, and whether it goes on from the cell above."""
    properties = cell.find(f"{W}tcPr")
    if properties is None:
        return 1, False
    span, merge = properties.find(f"{W}gridSpan"), properties.find(f"{W}vMerge")
    wide = span.get(f"{W}val", "1") if span is not None else "1"
    joined = merge is not None and merge.get(f"{W}val", "continue") == "continue"
    return max(1, int(wide) if wide.isdecimal() and len(wide) <= 3 else 1), joined


def read_word(data: bytes, name: str) -> Extraction:
    """The text of a DOCX file; macros, embedded files and links are not looked at.

    Raises:
        RefusedFileError: It is damaged, too large when unpacked, or empty.
    """
    check_parts(data)
    try:
        opened = docx.Document(io.BytesIO(data))
        body = opened.element.body
        numbering = _part(opened, "/word/numbering.xml")
        writer = _Writer(read_numbering(numbering, opened.styles.element))
        writer.read_block(body)
    except (PackageNotFoundError, etree.XMLSyntaxError, KeyError, ValueError, AttributeError, OSError) as error:
        raise RefusedFileError(_DAMAGED) from error
    if not writer.text.strip():
        pictures = any(entry.kind == "image" for entry in writer.left_out)
        raise RefusedFileError(
            "Word 文件里只有图片，没有文字，逐字引用无从核对，未入库。请要文字版。"
            if pictures
            else "Word 文件里没有文字，没有可以引用的内容，未入库。请检查是否保存完整。"
        )
    left_out = [*writer.left_out, *_margins(opened, len(writer.text))]
    return Extraction(writer.text, "docx", (), tuple(left_out), tuple(_doubts(left_out)), _own_title(opened))


def _part(opened: docx.document.Document, name: str) -> etree._Element | None:
    for part in opened.part.package.iter_parts():
        if str(part.partname) == name:
            parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
            return etree.fromstring(part.blob, parser)
    return None


def _margins(opened: docx.document.Document, end: int) -> Iterator[SetAside]:
    """Page heads and feet, notes: they stand beside the text."""
    for part in opened.part.package.iter_parts():
        found = re.fullmatch(r"/word/(header|footer|footnotes|endnotes)\d*\.xml", str(part.partname))
        if found:
            parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
            root = etree.fromstring(part.blob, parser)
            words = "".join(node.text or "" for node in root.iter(f"{W}t")).strip()
            if words:
                yield aside("note" if "notes" in found.group(1) else "furniture", end, words)


def _doubts(left_out: list[SetAside]) -> Iterator[str]:
    counts = {kind: sum(entry.kind == kind for entry in left_out) for kind in ("hidden", "image", "note")}
    if counts["hidden"]:
        yield f"有 {counts['hidden']} 处隐藏或白色的文字，没有收入正文。"
    if counts["image"]:
        yield f"有 {counts['image']} 张图片，图里的文字没有收入。"
    if counts["note"]:
        yield "有脚注或尾注，没有收入正文。"


def _is_hidden(run: etree._Element) -> bool:
    properties = run.find(f"{W}rPr")
    if properties is None:
        return False
    vanish = properties.find(f"{W}vanish")
    if vanish is not None and vanish.get(f"{W}val", "true") not in ("0", "false", "off"):
        return True
    size = properties.find(f"{W}sz")
    if size is not None and size.get(f"{W}val", "") in ("0", "1", "2"):
        return True
    colour = properties.find(f"{W}color")
    if colour is None or colour.get(f"{W}val", "").upper() not in ("FFFFFF", "FEFEFE", "FFFFFE"):
        return False
    grounds = [properties.find(f"{W}highlight"), properties.find(f"{W}shd")]
    for around in run.iterancestors(f"{W}p", f"{W}tc", f"{W}tbl"):
        grounds += list(around.iterfind(f"./{W}pPr/{W}shd")) + list(around.iterfind(f"./{W}tcPr/{W}shd"))
    return not any(
        ground is not None and ground.get(f"{W}fill", ground.get(f"{W}val", "")).lower() not in ("", "auto", "ffffff")
        for ground in grounds
    )


def _own_title(opened: docx.document.Document) -> str:
    return (opened.core_properties.title or "").strip()
