"""Which format a file has, by its content: government sites name web archives and new Word files `.doc`."""

from __future__ import annotations

import codecs
import io
import re
import zipfile

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|meta|title|div|table|p|h[1-6]|span|article|section)\b", re.I)
_OTHER_ARCHIVES = (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM")
_DATA = re.compile(r"jsonl?|m?js|css|map|xml|xs[ld]|ya?ml|toml|ini|cfg|log|[ct]sv|py|java|[ch]|cpp|sh|bat|ps1|sql|svg")
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe")


def format_of(data: bytes, name: str) -> str:
    """One of pdf, docx, doc, mhtml, html, markdown, text, zip, rtf; or, refused: xlsx, pptx, archive, picture, data.

    Example:
        >>> format_of(b"%PDF-1.7", "a.doc"), format_of("# 标题".encode(), "a.md")
        ('pdf', 'markdown')
    """
    head = data[:1024].lstrip(codecs.BOM_UTF8).lstrip()
    if head.startswith(b"%PDF-") or b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK"):
        return _zip_kind(data)
    if data.startswith(_OLE):
        return "doc"
    if head.startswith(b"{\\rtf"):
        return "rtf"
    for kind, marks in (("archive", _OTHER_ARCHIVES), ("picture", _PICTURES), ("program", _PROGRAMS)):
        if data.startswith(marks) and b"\0" in data[:4096]:
            return kind
    if re.match(rb"(?:mime-version|from|content-type):", head, re.I) and b"multipart/" in data[:4096].lower():
        return "mhtml"
    suffix = name.lower().rpartition(".")[2]
    if suffix in ("md", "markdown"):
        return "markdown"
    if suffix in ("html", "htm", "shtml", "xhtml") or (suffix != "txt" and _HTML.search(_plain(data[:4096]))):
        return "html"
    return "data" if _DATA.fullmatch(suffix) else "text"


def _plain(head: bytes) -> bytes:
    return head.replace(b"\0", b"") if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else head


def _zip_kind(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return "zip"
    for part, kind in (("word/document.xml", "docx"), ("xl/workbook.xml", "xlsx"), ("ppt/presentation.xml", "pptx")):
        if part in names:
            return kind
    return "zip"
