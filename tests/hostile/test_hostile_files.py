"""B2: files that attack. Each is refused with a Chinese reason, or read; within limits, and nothing else is touched."""

from __future__ import annotations

import io
import os
import re
import stat
import time
import zipfile
import zlib

import pytest
from made_files import RULES, Words, laid_out, make_page, make_pdf, make_word, make_zip

from assistant.errors import ExtractionError, UnsafeFileError
from assistant.ingesting.gathering import gather
from assistant.parsing.formats.containers import unpack
from assistant.parsing.formats.extraction import RefusedFileError
from assistant.parsing.formats.isolation import FileReader, Limits, extract_file

WORD = make_word(RULES.splitlines())
PDF = make_pdf(laid_out(RULES))
BOMB = b"\0" * (60 * 2**20)


def word_with(part: str, data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(WORD)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return make_zip({**parts, part: data}.items())


def word_body(xml: str) -> bytes:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    return word_with("word/document.xml", f"<w:document {space}><w:body>{xml}</w:body></w:document>".encode())


def understated(data: bytes, size: int) -> bytes:
    """A ZIP whose directory says that each file is small."""
    out = bytearray(data)
    for mark, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        place = out.find(mark)
        while place >= 0:
            out[place + at : place + at + 4] = size.to_bytes(4, "little")
            place = out.find(mark, place + 4)
    return bytes(out)


def pdf_object(body: bytes) -> bytes:
    return b"%PDF-1.7\n1 0 obj\n" + body + b"\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF"


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "哈哈哈哈哈哈哈哈哈哈">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(8))
    + "]><l>&i;</l>"
)
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LOOP = (
    b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Count 99999999 "
    b"/Kids [2 0 R 2 0 R] /Parent 2 0 R >>\nendobj\ntrailer << /Root 1 0 R /Size 3 /Prev 9 >>\nstartxref\n9\n%%EOF"
)
SWOLLEN = (
    b"%%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n"
    b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>\n"
    b"endobj\n3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>\nendobj\n4 0 obj\n"
    b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>\n"
    b"stream\n%s\nendstream\nendobj\ntrailer << /Root 1 0 R >>\n%%%%EOF"
)
_twice = zlib.compress(zlib.compress(b" " * (900 * 2**20), 9), 9)

FILES: dict[str, tuple[str, bytes]] = {
    # Word
    "word bomb": ("a.docx", word_with("word/document.xml", BOMB)),
    "word bomb in a picture": ("a.docx", word_with("word/media/a.png", BOMB)),
    "word understates": ("a.docx", understated(word_with("word/document.xml", BOMB[: 2**20]), 100)),
    "word with 3000 parts": (
        "a.docx",
        word_with("x", b"") and make_zip([("word/document.xml", b"")] + [(f"p{n}", b"") for n in range(3000)]),
    ),
    "word laughs": ("a.docx", word_with("word/document.xml", LAUGHS.encode())),
    "word entity outside": ("a.docx", word_with("word/document.xml", (OUTSIDE + "<l>&x;</l>").encode())),
    "word laughs in styles": ("a.docx", word_with("word/styles.xml", LAUGHS.encode())),
    "word laughs in utf-16": ("a.docx", word_with("word/document.xml", LAUGHS.encode("utf-16-le"))),
    "word deep": ("a.docx", word_body("<w:sdt><w:sdtContent>" * 5000 + "</w:sdtContent></w:sdt>" * 5000)),
    "word deep tables": ("a.docx", word_body("<w:tbl><w:tr><w:tc>" * 220 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 220)),
    "word without body": ("a.docx", word_with("word/document.xml", b"<x/>")),
    "word broken xml": ("a.docx", word_with("word/document.xml", b"<w:document><w:bo")),
    "word cut": ("a.docx", WORD[: len(WORD) // 2]),
    "word empty": ("a.docx", make_word([])),
    "word with a macro": ("a.docm", word_with("word/vbaProject.bin", b"\xd0\xcf\x11\xe0" + b"x" * 500)),
    "word numbered without end": (
        "a.docx",
        word_body(
            '<w:p><w:pPr><w:numPr><w:numId w:val="' + "9" * 4000 + '"/></w:numPr></w:pPr><w:r><w:t>字</w:t></w:r></w:p>'
        ),
    ),
    "word external template": (
        "a.docx",
        word_with(
            "word/_rels/settings.xml.rels",
            b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            b'<Relationship Id="r9" Type="http://x/attachedTemplate" '
            b'Target="http://127.0.0.1:9/x" TargetMode="External"/></Relationships>',
        ),
    ),
    "ole": ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + os.urandom(512)),
    # PDF
    "pdf loop": ("a.pdf", LOOP),
    "pdf swollen": ("a.pdf", SWOLLEN % (len(_twice), _twice)),
    "pdf root to itself": ("a.pdf", pdf_object(b"<< /Type /Catalog /Pages 1 0 R /Kids [1 0 R] >>")),
    "pdf deep array": ("a.pdf", pdf_object(b"[" * 100_000)),
    "pdf deep dictionary": ("a.pdf", pdf_object(b"<< /A " * 50_000)),
    "pdf cut": ("a.pdf", PDF[:-300]),
    "pdf header only": ("a.pdf", b"%PDF-"),
    "pdf locked": (
        "a.pdf",
        PDF.replace(
            b"/Root 1 0 R",
            b"/Root 1 0 R /Encrypt << /Filter /Standard /V 1 /R 2 /O ("
            + b"o" * 32
            + b") /U ("
            + b"u" * 32
            + b") /P -4 >> /ID [(a) (a)]",
        ),
    ),
    "pdf with huge numbers": ("a.pdf", make_pdf([[Words(1e30, 100, 1e9, "大字号")]])),
    "pdf with a thousand pages of nothing": ("a.pdf", make_pdf([[]] * 2100)),
    "pdf that is a script": ("a.pdf", b"%PDF-1.7\n<< /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>"),
    # pages
    "page deep": ("a.html", b"<div>" * 100_000 + "字".encode()),
    "page with laughs": ("a.html", LAUGHS.encode()),
    "page with an entity outside": ("a.html", (OUTSIDE + "<p>&x;</p>").encode()),
    "page of one line": ("a.html", b"<p>" + "字".encode() * 1_500_000),
    "page of attributes": ("a.html", b"<p " + b"a=1 " * 500_000 + b">x"),
    "page of scripts": ("a.html", b"<script>while(1){}</script>"),
    "page of NUL": ("a.html", b"<p>\0\0\0</p>"),
    "archive of a page without end": (
        "a.mht",
        b"Mime-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n"
        + b"--b\nContent-Type: multipart/mixed; boundary=b\n\n" * 3000,
    ),
    # text
    "NUL": ("a.txt", b"\0" * 1000),
    "empty": ("a.txt", b""),
    "blanks": ("a.txt", "　\n\u200b\n".encode()),
    "one line of 9 MB": ("a.txt", "一、".encode() * 1_500_000),
    "half a character": ("a.txt", "政策".encode()[:-1] + b"\xff\xfe\xfd"),
    "tag characters only": ("a.txt", "".join(chr(0xE0041 + n % 26) for n in range(3000)).encode()),
    "markdown of brackets": ("a.md", b"[" * 300_000 + b"](" * 100_000),
    "markdown of stars": ("a.md", b"**a" * 300_000),
    "markdown table": ("a.md", b"|-" * 200_000 + b"\n" + b"|:-" * 100_000),
    # others
    "program": ("a.docx", b"MZ\x90\0" + b"\0" * 500),
    "gzip": ("a.txt", b"\x1f\x8b\x08\0" + b"\0" * 500),
    "picture": ("a.pdf", b"\x89PNG\r\n\x1a\n" + b"\0" * 500),
    "large": ("a.txt", b"a" * (21 * 2**20)),
}


def test_there_are_enough():
    assert len(FILES) >= 40


@pytest.fixture(scope="module")
def reader():
    """One for all hostile files: none may spoil it for the next."""
    with FileReader() as reader:
        yield reader


@pytest.mark.parametrize("case", FILES)
def test_a_hostile_file_is_refused_or_read_within_limits(case, reader):
    name, data = FILES[case]
    begun = time.perf_counter()
    refusal, found = "", None
    try:
        found = reader.extract(data, name)
    except ExtractionError as error:
        refusal = str(error)
    assert found is not None or re.search(r"[\u4e00-\u9fff]{4}", refusal)
    assert "Traceback" not in refusal
    assert len(refusal) < 200
    assert time.perf_counter() - begun < 35
    if found is not None:
        assert found.text.strip()
        assert "root:" not in found.text
    assert "第一条" in reader.extract(WORD, "b.docx").text


def test_memory_and_time_are_limited():
    tight = Limits(memory=120 * 2**20, seconds=30)
    with pytest.raises(ExtractionError, match=r"内存|出错"):
        extract_file(word_with("word/media/a.bin", os.urandom(2**20)) and make_page("字" * 3_000_000), "a.html", tight)
    with pytest.raises(UnsafeFileError, match=r"处理器时间|没有读完"):
        extract_file(
            make_pdf([[Words(70, 90 + n, 9, "政策条文" * 12) for n in range(700)]] * 40), "a.pdf", Limits(seconds=1)
        )


ODD_NAMES = ("../../etc/cron.d/x.txt", "/etc/passwd.txt", "..\\..\\x.txt", "C:\\x.txt", "a/../../b.txt")


@pytest.mark.parametrize("name", ODD_NAMES)
def test_paths_out_of_a_parcel_are_refused(name):
    (member,) = unpack(make_zip([(name, b"x")]))
    assert "路径指向压缩包之外" in member.refusal
    assert "/" not in member.name
    assert "\\" not in member.name


def test_parcels_in_parcels_links_locks_and_twice_the_same_name():
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(link, "/etc/passwd")
        archive.writestr("inner.zip", make_zip([("a.txt", b"x")]))
        archive.writestr("inner.7z", b"7z\xbc\xaf\x27\x1c" + b"\0" * 100)
        archive.writestr("a.txt", "甲")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.txt", "乙")
        archive.writestr("b\u202efdp.txt", "丙")
    members = {(member.name, member.refusal[:4]) for member in unpack(out.getvalue())}
    assert members == {
        ("link.txt", "它是指向"),
        ("inner.zip", "压缩包里"),
        ("inner.7z", "压缩包里"),
        ("a.txt", ""),
        ("a.txt", "压缩包里"),
        ("bfdp.txt", ""),
    }


def test_a_name_in_gbk_is_read_as_meant():
    data = make_zip([("XXXX.txt", b"x")]).replace(b"XXXX", "政策".encode("gbk"))
    assert [member.name for member in unpack(data)] == ["政策.txt"]


@pytest.mark.parametrize(
    "data",
    [
        make_zip([("a.txt", BOMB)]),
        make_zip([(f"{n}.txt", b"") for n in range(2001)]),
        make_zip([("a.txt", b"x")])[:-10],
    ],
)
def test_a_parcel_that_cannot_be_trusted_is_refused_whole(data):
    with pytest.raises(RefusedFileError):
        list(unpack(data))


def test_a_parcel_that_understates_its_files():
    (member,) = unpack(understated(make_zip([("a.txt", b"x" * 100_000)]), 10))
    assert member.refusal


def test_pipes_links_and_devices_are_not_read(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    os.symlink("/etc/passwd", tmp_path / "link.txt")
    os.symlink("/etc", tmp_path / "folder")
    found = {member.name: member.refusal for member in gather([tmp_path, tmp_path / "none.txt"])}
    assert set(found) == {"pipe.txt", "link.txt", "folder", "none.txt"}
    assert all(found.values())
