"""Bytes → Extraction, by format. Runs inside the child process; `FileReader` is the door from outside."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from assistant.errors import TextDecodeError
from assistant.parsing.formats.characters import unseen_characters, visible
from assistant.parsing.formats.extraction import (
    MAX_BYTES,
    MAX_CHARACTERS,
    Extraction,
    RefusedFileError,
)
from assistant.parsing.formats.legacy import read_legacy
from assistant.parsing.formats.markdown import read_markdown
from assistant.parsing.formats.sniffing import format_of
from assistant.parsing.loading import decode

_REFUSED = {
    "xlsx": "这是 Excel 表格，不是政策正文，未入库。请把正文另存为 Word 或文本。",
    "pptx": "这是演示文稿，不是政策正文，未入库。请把正文另存为 Word 或文本。",
    "archive": "这种压缩包（rar、7z、gz 等）不会解，未读取。请解开后直接放文件，或改用 zip。",
    "picture": "这是图片，没有文字层，逐字引用无从核对，未入库。请要文字版。",
    "program": "这是程序文件，不是文件正文，未读取。",
    "data": "这是数据、网页样式或程序代码文件，不是政策正文，未入库。",
    "zip": "这是压缩包，不是一份文件。请直接把它交给 ingest，程序会逐个读取里面的文件。",
}


def extract_or_refuse(data: bytes, name: str) -> Extraction | str:
    """As `extract`, with the reason of a refusal in place of an error; a parser that fails is a refusal too."""
    try:
        return extract(data, name)
    except RefusedFileError as refusal:
        return str(refusal)
    except RecursionError:
        return "文件的结构层层相套，不像正常的文件，未读取。请另存后再试。"
    except MemoryError:
        raise
    except Exception as error:  # the libraries raise anything on a broken file; the file is the cause
        return f"文件已损坏或不合格式（{type(error).__name__}），读不下去，未入库。请另存后再试。"


def extract(data: bytes, name: str) -> Extraction:
    """The text of one file.

    Raises:
        RefusedFileError: It cannot be read; the text says why.
    """
    if len(data) > MAX_BYTES:
        raise RefusedFileError(f"文件有 {len(data) // 2**20} MB，超过 20 MB 的上限，未读取。请拆分后再试。")
    if not data.strip():
        raise RefusedFileError("文件是空的，没有可以引用的文字，未入库。请检查是否保存完整。")
    kind = format_of(data, name)
    if kind in _REFUSED:
        raise RefusedFileError(_REFUSED[kind])
    found = _read(kind, data, name)
    unseen = unseen_characters(found.text)
    if unseen:
        found = _without_unseen(found)
        letters = "、".join(dict.fromkeys(entry.words for entry in unseen))
        doubt = f"文中有看不见的字符（{letters}，共 {sum(entry.length for entry in unseen)} 个），已从正文去掉。"
        found = replace(found, set_aside=(*found.set_aside, *unseen), doubts=(*found.doubts, doubt))
    else:
        found = replace(found, text=visible(found.text)) if not found.pages else _without_unseen(found)
    if not found.text.strip():
        raise RefusedFileError("文件里没有看得见的文字，没有可以引用的内容，未入库。请检查是否保存完整。")
    if len(found.text) > MAX_CHARACTERS:
        raise RefusedFileError(f"文字有 {len(found.text)} 字，超过 {MAX_CHARACTERS} 字的上限，未入库。请拆分后再试。")
    return replace(found, set_aside=tuple(replace(e, at=min(e.at, len(found.text))) for e in found.set_aside))


def _read(kind: str, data: bytes, name: str) -> Extraction:
    match kind:
        case "pdf":
            from assistant.parsing.formats.printed_pages import read_printed  # each library is loaded when needed

            return read_printed(data, name)
        case "docx":
            from assistant.parsing.formats.word import read_word

            return read_word(data, name)
        case "doc" | "rtf":
            from assistant.parsing.formats.word import read_word

            converted = read_word(read_legacy(data, kind), name)
            return replace(converted, format=kind)
        case "html" | "mhtml":
            from assistant.parsing.formats.pages import read_page, read_web_archive

            return read_page(data, name) if kind == "html" else read_web_archive(data, name)
    try:
        source, _ = decode(data, name)
    except TextDecodeError as error:
        raise RefusedFileError(str(error)) from error
    return read_markdown(source.replace("\r\n", "\n")) if kind == "markdown" else Extraction(source, "text")


def _without_unseen(found: Extraction) -> Extraction:
    """Clean the text page by page, so that pages still begin where they begin."""
    cuts = (0, *found.pages, len(found.text))
    pieces = [visible(found.text[start:end]) for start, end in pairwise(cuts)]
    starts, at = [], 0
    for piece in pieces[:-1]:
        at += len(piece)
        starts.append(at)
    return replace(found, text="".join(pieces), pages=tuple(starts))
