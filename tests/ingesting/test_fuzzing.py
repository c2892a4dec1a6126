"""Every parser on damaged files: never an error but a refusal, never an offset outside the text (pytest -m fuzz)."""

from __future__ import annotations

import io
import os
import random
import zipfile

import pytest
from made_files import RULES, laid_out, make_page, make_pdf, make_word, make_zip

from assistant.parsing.formats.extracting import extract_or_refuse
from assistant.parsing.formats.extraction import Extraction

pytestmark = pytest.mark.fuzz
CASES = int(os.environ.get("FUZZ_CASES", "4000"))
"""For each format; six formats."""

TABLE = [["等级", "补贴"], ["技师", "3000元"]]
SEEDS = {
    "a.txt": RULES.encode(),
    "a.md": ("# " + RULES + "| 级 | 额 |\n| --- | --- |\n| 甲 | 1 |\n").encode(),
    "a.html": make_page(RULES),
    "a.pdf": make_pdf(laid_out(RULES, lines=8)),
    "a.docx": make_word(RULES.splitlines(), table=TABLE),
    "document.xml": make_word(RULES.splitlines(), table=TABLE),
}


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Flip, cut, double, swap or overwrite pieces."""
    out = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(max(1, len(out)))
        size = chance.randint(1, 64)
        match chance.randrange(6):
            case 0:
                out[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del out[at : at + size]
            case 2:
                out[at:at] = out[at : at + size] * chance.randint(1, 4)
            case 3:
                out[at:at] = chance.randbytes(size)
            case 4:
                other = chance.randrange(max(1, len(out)))
                out[at : at + size], out[other : other + size] = out[other : other + size], out[at : at + size]
            case _:
                out[at:at] = chance.choice(
                    [b"<", b">", b"<div>", b"<!--", b"\0", b"endobj", b"<< /Kids [2 0 R] >>", b"|", b"**"]
                )
        if not out:
            break
    return bytes(out)


def damaged_inside(data: bytes, chance: random.Random) -> bytes:
    """A Word file, sound as a ZIP, with one part damaged."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice(["word/document.xml", "word/numbering.xml", "word/styles.xml", "[Content_Types].xml"])
    return make_zip({**parts, name: damaged(parts[name], chance)}.items(), zipfile.ZIP_STORED)


@pytest.mark.parametrize("name", SEEDS)
def test_damaged_files(name):
    chance = random.Random(20261120)
    read = 0
    for case in range(CASES):
        inside = name == "document.xml"
        data = (damaged_inside if inside else damaged)(SEEDS[name], chance)
        found = extract_or_refuse(data, "a.docx" if inside else name)
        if isinstance(found, Extraction):
            read += 1
            assert found.text.strip(), case
            assert list(found.pages) == sorted(found.pages), case
            assert all(0 <= entry.at <= len(found.text) for entry in found.set_aside), case
        else:
            assert "\u4e00" <= found[0] <= "\u9fff" or found[:3].isascii(), case
    assert read or name == "a.docx"  # a ZIP knows when it was damaged
