"""ZIP files, whether a document in parts (DOCX) or a parcel of files: looked over before anything is unpacked."""

from __future__ import annotations

import io
import re
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.parsing.formats.extraction import MAX_BYTES, RefusedFileError
from assistant.parsing.formats.sniffing import format_of

MAX_ENTRIES = 2_000
MAX_UNPACKED = 50 * 1024 * 1024
"""What a document may hold unpacked."""
MAX_PARCEL = 400 * 1024 * 1024
"""What a parcel of documents may hold unpacked."""
_RATIO = 200
_RATIO_FROM = 1024 * 1024

_DAMAGED = "压缩包已损坏，打不开，未读取。请重新打包或下载。"
_BOMB = "压缩包解开后大得不正常（压缩炸弹的特征），未解开。请确认来源，重新打包后再试。"


@dataclass(frozen=True, slots=True)
class Member:
    """A file in a parcel: its bytes, or the reason why it is not unpacked."""

    name: str
    data: bytes = b""
    refusal: str = ""


def check_parts(data: bytes) -> None:
    """Refuse a document whose parts are too many, too large, or declare entities.

    Raises:
        RefusedFileError: See above.
    """
    with _opened(data) as archive:
        entries = _checked(archive, MAX_UNPACKED)
        for entry in entries:
            if entry.filename.endswith((".xml", ".rels")):
                part = _read(archive, entry, MAX_UNPACKED)
                if re.search(rb"<!(?:DOCTYPE|ENTITY)", part) or re.search(rb"<\0!\0(?:D\0O\0C|E\0N\0T)", part):
                    raise RefusedFileError(
                        "文件里有 XML 实体声明，正常的 Word 文件没有，未读取。请在 Word 里另存后再试。"
                    )


def unpack(data: bytes) -> Iterator[Member]:
    """The files of a parcel, in order; archives inside it, links and odd paths come with a refusal.

    Raises:
        RefusedFileError: The parcel itself cannot be trusted or opened.
    """
    with _opened(data) as archive:
        seen: set[str] = set()
        for entry in _checked(archive, MAX_PARCEL):
            name = _name(entry)
            if entry.is_dir() or re.search(r"(?:^|/)(?:__MACOSX/|\.(?!\.))", name):
                continue
            if refusal := _refusal(entry, name, seen):
                yield Member(shown(name), refusal=refusal)
                continue
            seen.add(name)
            try:
                content = _read(archive, entry, MAX_BYTES)
            except RefusedFileError as error:
                yield Member(shown(name), refusal=str(error))
                continue
            if format_of(content, name) == "zip" or format_of(content, name) == "archive":
                yield Member(shown(name), refusal="压缩包里还有压缩包，未解开。请先解开一层再入库。")
            else:
                yield Member(shown(name), content)


def shown(name: str) -> str:
    """A file name that can be printed: no folders, no control or direction characters, not long."""
    last = re.split(r"[\\/]", name)[-1]
    return (
        re.sub(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", "", last)[:120]
        or "（无名）"
    )


def _opened(data: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise RefusedFileError(_DAMAGED) from error


def _checked(archive: zipfile.ZipFile, most: int) -> list[zipfile.ZipInfo]:
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise RefusedFileError(f"压缩包里有 {len(entries)} 个文件，超过 {MAX_ENTRIES} 个的上限，未解开。请分成几个包。")
    if sum(entry.file_size for entry in entries) > most:
        raise RefusedFileError(_BOMB)
    for entry in entries:
        if entry.file_size > _RATIO_FROM and entry.file_size > _RATIO * max(1, entry.compress_size):
            raise RefusedFileError(_BOMB)
    return entries


def _refusal(entry: zipfile.ZipInfo, name: str, seen: set[str]) -> str:
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "它是指向别处的链接，未跟过去。请把原文件放进来。"
    if name.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", name) or ".." in re.split(r"[\\/]", name):
        return "它的路径指向压缩包之外，未解开。请重新打包。"
    if entry.flag_bits & 0x1:
        return "它有密码，解不开。请去掉密码后再试。"
    if entry.file_size > MAX_BYTES:
        return "它超过 20 MB 的上限，未读取。请拆分后再试。"
    if name in seen:
        return "压缩包里有两个同名文件，只取第一个。请改名后重新打包。"
    return ""


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    """The bytes of an entry, never more than declared: a false size does not fill the memory."""
    try:
        with archive.open(entry) as file:
            content = file.read(min(most, entry.file_size) + 1)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise RefusedFileError("它在压缩包里已损坏，解不开。请重新打包。") from error
    except Exception as error:  # zlib and lzma raise errors of their own
        raise RefusedFileError("它在压缩包里已损坏，解不开。请重新打包。") from error
    if len(content) > entry.file_size:
        raise RefusedFileError(_BOMB)
    return content


def _name(entry: zipfile.ZipInfo) -> str:
    """The name as its maker meant it: archives made in China hold GBK and do not say so."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("gb18030")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return entry.filename
