"""Files of each format, made here: a PDF with Chinese text, Word files with numbering and tables, ZIP parcels."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

RULES = """乙市城市绿地管理办法
（乙府规〔2024〕12号）
第一章　总则
第一条　为了加强城市绿地管理，保护和改善生态环境，根据有关法律、法规的规定，结合本市实际情况，制定本办法。
第二条　本办法适用于本市行政区域内城市绿地的规划、建设、保护和管理活动；法律、法规另有规定的，从其规定。
本办法所称城市绿地，包括公园绿地、防护绿地、广场用地、附属绿地和区域绿地。
第二章　建设
第三条　新建居住区的绿地面积不得低于用地总面积的30%，旧城改建区不得低于25%。
（一）居住区内应当按照规划设置集中绿地，人均面积不少于0.5平方米；
（二）集中绿地应当与住宅同时交付使用。
第四条　鼓励单位和个人以投资、捐资、认养等形式参与城市绿地的建设和养护。
第五条　本办法自2024年8月1日起施行，有效期5年。《乙市绿化管理规定》（乙府〔2010〕3号）同时废止。
"""

PAGE_WIDTH, PAGE_HEIGHT = 595.0, 842.0


@dataclass(frozen=True)
class Words:
    x: float
    y: float  # from the upper edge
    size: float
    text: str
    colour: str = "0 g"
    matrix: tuple[float, float, float, float] | None = None


def laid_out(text: str, *, size: float = 14, columns: int = 32, lines: int = 24) -> list[list[Words]]:
    """A text set like an official document: title centred, paragraphs indented by two, a page number at the foot."""
    rows: list[tuple[float, str]] = []
    left = 70.0
    for at, paragraph in enumerate(text.splitlines()):
        if at < 2:
            rows.append((left + (columns - len(paragraph)) * size / 2, paragraph))
            continue
        room, row, first = columns - 2.0, "", True
        for char in paragraph:
            width = 0.5 if char.isascii() else 1.0
            if width > room:
                rows.append((left + (2 * size if first else 0), row))
                room, row, first = float(columns), "", False
            row, room = row + char, room - width
        rows.append((left + (2 * size if first else 0), row))
    pages = []
    for start in range(0, len(rows), lines):
        page = [Words(left, 40, 9, "乙市人民政府公报 2024年第8期")]
        page += [Words(x, 90 + at * 28, size, words) for at, (x, words) in enumerate(rows[start : start + lines])]
        page.append(Words(280, 810, 9, f"— {len(pages) + 1} —"))
        pages.append(page)
    return pages


def make_pdf(pages: Sequence[Sequence[Words]], *, extra: str = "", images: bool = False) -> bytes:
    """A PDF whose one font maps each code to a character through its ToUnicode table."""
    letters = sorted({char for page in pages for words in page for char in words.text})
    codes = {char: at + 1 for at, char in enumerate(letters)}
    rows = "\n".join(f"<{code:04x}> <{char.encode('utf-16-be').hex()}>" for char, code in codes.items())
    chunks = [rows.split("\n")[at : at + 100] for at in range(0, len(codes), 100)]
    table = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Made def\n"
        "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        + "\n".join(f"{len(chunk)} beginbfchar\n" + "\n".join(chunk) + "\nendbfchar" for chunk in chunks)
        + "\nendcmap end end"
    )
    narrow = [code for char, code in codes.items() if char.isascii()]
    widths = " ".join(f"{code} [500]" for code in narrow)
    kids = " ".join(f"{7 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /Made /Encoding /Identity-H"
        " /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>",
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Made /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity)"
        f" /Supplement 0 >> /FontDescriptor 6 0 R /DW 1000 /W [{widths}] >>",
        _stream(table.encode()),
        "<< /Type /FontDescriptor /FontName /Made /Flags 4 /FontBBox [0 -200 1000 900] /ItalicAngle 0 /Ascent 880"
        " /Descent -120 /CapHeight 700 /StemV 80 >>",
    ]
    for at, page in enumerate(pages):
        content = extra + "\n"
        for words in page:
            shown = "".join(f"{codes[char]:04x}" for char in words.text)
            a, b, c, d = words.matrix or (1, 0, 0, 1)
            content += (
                f"BT {words.colour} /F1 {words.size} Tf {a} {b} {c} {d} {words.x:.2f} "
                f"{PAGE_HEIGHT - words.y - words.size:.2f} Tm <{shown}> Tj ET\n"
            )
        if images:
            content += f"q {PAGE_WIDTH} 0 0 {PAGE_HEIGHT} 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \x80 EI Q\n"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {PAGE_WIDTH} {PAGE_HEIGHT}] /Contents {8 + 2 * at} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(_stream(content.encode("latin-1")))
    return _written(objects)


def _stream(data: bytes) -> bytes:
    packed = zlib.compress(data)
    return b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed)


def _written(objects: Iterable[str | bytes]) -> bytes:
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body.encode() if isinstance(body, str) else body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, start)


def make_word(paragraphs: Iterable[str], *, table: Sequence[Sequence[str]] = ()) -> bytes:
    document = docx.Document()
    for words in paragraphs:
        document.add_paragraph(words)
    if table:
        grid = document.add_table(rows=len(table), cols=len(table[0]))
        for row, cells in zip(grid.rows, table, strict=True):
            for cell, words in zip(row.cells, cells, strict=True):
                cell.text = words
    return saved(document)


def saved(document: docx.document.Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def numbered(document: docx.document.Document, levels: Sequence[tuple[str, str]]) -> str:
    """Add a list with (format, pattern) for each level; returns its number."""
    root = document.part.numbering_part.element
    body = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{pattern}"/></w:lvl>'
        for at, (kind, pattern) in enumerate(levels)
    )
    abstract = parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">{body}</w:abstractNum>')
    root.insert(0, abstract)
    root.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    return "77"


def in_list(paragraph: docx.text.paragraph.Paragraph, number: str, level: int = 0) -> None:
    properties = paragraph._p.get_or_add_pPr()
    properties.append(
        parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')
    )


def make_zip(entries: Iterable[tuple[str, bytes]], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return out.getvalue()


def make_page(text: str) -> bytes:
    """A site's page around a text: menus, share buttons, foot."""
    lines = text.splitlines()
    body = "\n".join(f"<p>　　{line}</p>" for line in lines[1:])
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{lines[0]}_乙市人民政府</title>
<script>var shown = "脚本里的字";</script></head><body>
<div class="top"><ul><li><a href="/">首页</a></li><li><a href="/zw">政务公开</a></li>
<li><a href="/hd">互动交流</a></li></ul></div>
<div class="path">当前位置：<a href="/">首页</a> &gt; <a href="/zw">政策文件</a></div>
<div class="article"><h1>{lines[0]}</h1><div class="share">分享到：<a>微信</a> <a>微博</a></div>
<div class="content">{body}</div></div>
<div class="foot"><p>主办：乙市人民政府办公室　网站标识码：1234567890</p><p>版权所有 ICP备00000000号</p></div>
</body></html>""".encode()
