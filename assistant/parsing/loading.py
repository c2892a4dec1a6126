"""File → text. Strict: what cannot be decoded without loss is refused, never guessed."""

from __future__ import annotations

import codecs
import hashlib
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import CorpusError, TextDecodeError, TextTooLargeError

MAX_BYTES = 20 * 1024 * 1024
"""A policy of 20 MB would be some seven million characters; anything larger is not one text."""


@dataclass(frozen=True, slots=True)
class LoadedText:
    """A file's text with what is needed to prove it later.

    Attributes:
        text: every code point of the file, a byte order mark excepted; line ends as they are.
        sha256: of the bytes.
        encoding: the codec that read it.
    """

    text: str
    sha256: str
    encoding: str


def load_text(path: Path) -> LoadedText:
    """Read a text file in UTF-8, UTF-16 (with its mark) or GB18030 (of which GBK and GB2312 are part).

    Raises:
        CorpusError: The file is missing, empty, or cannot be opened.
        TextTooLargeError: It is larger than `MAX_BYTES`.
        TextDecodeError: It is binary or in another encoding.
    """
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise TextTooLargeError(
                f"文件 {path.name} 有 {size // 2**20} MB，超过 20 MB 的上限，未读取。请拆分后再放入。"
            )
        data = path.read_bytes()
    except OSError as error:
        raise CorpusError(
            f"文件 {path.name} 打不开（{error.strerror}），请检查文件是否存在、是否有读取权限。"
        ) from error
    return loaded_text(data, path.name)


def loaded_text(data: bytes, name: str) -> LoadedText:
    """What `load_text` makes of the bytes of a file.

    Raises:
        CorpusError: There is nothing but white space.
        TextDecodeError: See `load_text`.
    """
    text, encoding = decode(data, name)
    if not text.strip():
        raise CorpusError(f"文件 {name} 是空的，没有可以引用的文字。请检查是否保存完整。")
    return LoadedText(text, hashlib.sha256(data).hexdigest(), encoding)


def decode(data: bytes, name: str) -> tuple[str, str]:
    """The text of `data` and the codec used; `name` is for the error message.

    Raises:
        TextDecodeError: See `load_text`.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates: tuple[str, ...] = ("utf-16",)
    else:
        candidates = ("utf-8-sig", "gb18030") if b"\0" not in data else ()
    for encoding in candidates:
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise TextDecodeError(
        f"文件 {name} 不是可读的文本（只接受 UTF-8、UTF-16 或 GB18030 编码），读下去会出现乱码，未读取。"
        "请另存为 UTF-8 文本后再试。"
    )
