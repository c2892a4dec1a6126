"""What a person names (files, folders, ZIP parcels) → the single files in it, in a fixed order."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from assistant.errors import CorpusError
from assistant.parsing.formats.containers import Member, shown, unpack
from assistant.parsing.formats.extraction import MAX_BYTES, RefusedFileError
from assistant.parsing.formats.sniffing import format_of

MAX_FILES = 10_000
_ASIDE = re.compile(r"\.|README\b|~\$|Thumbs\.db$|desktop\.ini$", re.IGNORECASE)
_PARCEL_BYTES = 200 * 1024 * 1024


def gather(paths: Iterable[Path]) -> Iterator[Member]:
    """Every file under `paths`, each with its bytes or the reason why it is not read.

    Folders are walked in the order of names, links in them are not followed; a ZIP is opened one level deep.
    """
    for count, path in enumerate(files_in(paths)):
        if count >= MAX_FILES:
            yield Member(shown(path.name), refusal=f"一次最多 {MAX_FILES} 个文件，后面的没有读。请分几次入库。")
            return
        yield from _read(path)


def files_in(paths: Iterable[Path]) -> Iterator[Path]:
    """The files under `paths`, in a fixed order; links are named and not followed, hidden ones left out."""
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            for folder, below, names in os.walk(path, followlinks=False):
                pages = {name.rpartition(".")[0] for name in names}
                below[:] = sorted(name for name in below if not name.startswith(".") and not _is_attire(name, pages))
                yield from (Path(folder) / name for name in sorted(names) if not _ASIDE.match(name))
                yield from (Path(folder) / name for name in below if (Path(folder) / name).is_symlink())
        else:
            yield path


def listed(names: Path) -> tuple[Path, ...]:
    """The paths that a list names, one a line, relative to the list; blank lines and those after # are left out.

    Raises:
        CorpusError: It cannot be read.
    """
    try:
        lines = names.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"清单 {names.name} 读不出来，没有入库任何文件。请用 UTF-8 文本，一行一个路径。") from error
    plain = (line.strip() for line in lines)
    return tuple(names.parent / line for line in plain if line and not line.startswith("#"))


def _is_attire(folder: str, pages: set[str]) -> bool:
    """「某通知_files」 beside 「某通知.html」: pictures and scripts that a browser saved with the page."""
    found = re.fullmatch(r"(.+?)(?:_files|\.files|_文件)", folder)
    return found is not None and found.group(1) in pages


def _read(path: Path) -> Iterator[Member]:
    name = shown(path.name)
    try:
        # without following links, without waiting on pipes
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        link = path.is_symlink()
        reason = (
            "它是指向别处的链接，未跟过去。请给出原文件。"
            if link
            else f"打不开（{error.strerror}）。请检查路径和权限。"
        )
        yield Member(name, refusal=reason)
        return
    with os.fdopen(handle, "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            yield Member(name, refusal="它不是普通文件（管道、设备等），未读取。")
            return
        if found.st_size > _PARCEL_BYTES:
            yield Member(name, refusal=f"它有 {found.st_size // 2**20} MB，太大，未读取。请拆分后再试。")
            return
        data = file.read(_PARCEL_BYTES + 1)
    if format_of(data, path.name) == "zip":
        try:
            yield from unpack(data)
        except RefusedFileError as error:
            yield Member(name, refusal=str(error))
    elif len(data) > MAX_BYTES:
        yield Member(name, refusal=f"它有 {len(data) // 2**20} MB，超过 20 MB 的上限，未读取。请拆分后再试。")
    else:
        yield Member(name, data)
