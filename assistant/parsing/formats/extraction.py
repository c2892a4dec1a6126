"""What comes out of a file: its text, where its pages begin, and what was left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

MAX_BYTES = 20 * 1024 * 1024
"""Size of one file."""
MAX_CHARACTERS = 2_000_000
"""Length of one text; the Civil Code has a hundred thousand."""
MAX_PAGES = 2_000
_SHOWN = 80


@dataclass(frozen=True, slots=True)
class SetAside:
    """Something that stands in the file and not in the text.

    Attributes:
        kind: "furniture" (navigation, page heads, page numbers), "hidden" (invisible or white text), "character"
            (zero-width, control and tag characters), "watermark", "image", "markup" or "note".
        at: where in the text it would stand.
        words: its beginning.
        length: its characters, or how many of them there were.
    """

    kind: str
    at: int
    words: str
    length: int


@dataclass(frozen=True, slots=True)
class Extraction:
    """The text of one file.

    Attributes:
        text: what is stored and quoted.
        format: "html", "docx", "pdf", "markdown", "text".
        pages: where each page begins in `text`; empty where the format has no pages.
        set_aside: what was left out, in order.
        doubts: Chinese sentences about what a person should check.
        title: what the file itself gives as its title outside the text, "" where nothing.
        site: the office whose site a page comes from, as the page names it, "" where nothing.
    """

    text: str
    format: str
    pages: tuple[int, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    doubts: tuple[str, ...] = ()
    title: str = ""
    site: str = ""


class RefusedFileError(Exception):
    """Raised inside the child: the file is not read; the text is a Chinese sentence that says why and what to do."""


def aside(kind: str, at: int, words: str, length: int | None = None) -> SetAside:
    """A `SetAside` with its words cut short."""
    plain = " ".join(words.split())
    shown = plain if len(plain) <= _SHOWN else plain[:_SHOWN] + "…"
    return SetAside(kind, at, shown, len(plain) if length is None else length)


def extraction_of(row: dict[str, Any]) -> Extraction:
    """Read back what `dataclasses.asdict` made of an extraction.

    Raises:
        KeyError, TypeError, ValueError: It is not one.
    """
    left_out = tuple(
        SetAside(str(entry["kind"]), int(entry["at"]), str(entry["words"]), int(entry["length"]))
        for entry in row["set_aside"]
    )
    return Extraction(
        str(row["text"]),
        str(row["format"]),
        tuple(int(page) for page in row["pages"]),
        left_out,
        tuple(str(doubt) for doubt in row["doubts"]),
        str(row["title"]),
        str(row.get("site", "")),
    )
