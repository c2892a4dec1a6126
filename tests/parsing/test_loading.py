"""Files: encodings read, everything else refused in one clear sentence."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from assistant.errors import CorpusError, TextDecodeError, TextTooLargeError
from assistant.parsing import loading
from assistant.parsing.loading import load_text

TEXT = "关于加强技能人才队伍建设的意见\r\n一、总则。\n"


@pytest.mark.parametrize(
    ("codec", "data"),
    [
        ("utf-8-sig", TEXT.encode()),  # plain UTF-8
        ("utf-8-sig", b"\xef\xbb\xbf" + TEXT.encode()),  # with its mark
        ("gb18030", TEXT.encode("gbk")),  # GBK
        ("gb18030", "㐂".encode("gb18030") + TEXT.encode("gb18030")),  # beyond GBK
        ("utf-16", TEXT.encode("utf-16")),  # Windows "Unicode"
        ("utf-16", b"\xfe\xff" + TEXT.encode("utf-16-be")),  # big endian
    ],
)
def test_encodings(tmp_path: Path, codec: str, data: bytes) -> None:
    path = tmp_path / "甲.txt"
    path.write_bytes(data)
    loaded = load_text(path)
    assert loaded.text.endswith(TEXT)
    assert not loaded.text.startswith("\ufeff")
    assert loaded.encoding == codec
    assert loaded.sha256 == hashlib.sha256(data).hexdigest()


REFUSED = [
    (b"", CorpusError, "是空的"),  # empty
    (b" \r\n\t\n", CorpusError, "是空的"),  # blanks only
    (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", TextDecodeError, "不是可读的文本"),  # a picture
    (b"\xff\xfe\x00", TextDecodeError, "不是可读的文本"),  # half a UTF-16 character
    ("甲".encode() + b"\xff\xff\xff", TextDecodeError, "不是可读的文本"),  # a damaged file
    ("甲乙\n".encode("utf-16-le"), TextDecodeError, "不是可读的文本"),  # UTF-16 without its mark
]


@pytest.mark.parametrize(("data", "error", "words"), REFUSED)
def test_refused(tmp_path: Path, data: bytes, error: type[CorpusError], words: str) -> None:
    path = tmp_path / "甲.txt"
    path.write_bytes(data)
    with pytest.raises(error, match=words) as raised:
        load_text(path)
    assert "甲.txt" in str(raised.value)
    assert str(tmp_path) not in str(raised.value)


def test_missing_file_and_folder(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="打不开"):
        load_text(tmp_path / "没有.txt")
    with pytest.raises(CorpusError, match="打不开"):
        load_text(tmp_path)


def test_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "甲.txt"
    path.write_bytes(b"a" * 100)
    monkeypatch.setattr(loading, "MAX_BYTES", 99)
    with pytest.raises(TextTooLargeError, match="上限"):
        load_text(path)
