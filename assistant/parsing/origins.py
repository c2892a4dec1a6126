"""`<policy_id>.origin.json`, beside a text taken from another file: what it was taken from and what was left out.

    corpus/武汉市/420100-2025-1f3a9c07.txt            what is read, quoted and cited
    corpus/武汉市/420100-2025-1f3a9c07.html           the file as received, byte for byte
    corpus/武汉市/420100-2025-1f3a9c07.origin.json    this record

A text without a record is one that a person put there, as before.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.errors import CorpusError
from assistant.model import LedgerEntry, Span
from assistant.parsing.formats.extraction import SetAside
from assistant.parsing.metadata import FIELDS, MetadataValue

SUFFIX = ".origin.json"
_KINDS = {
    "furniture": "页面附带内容（导航、页眉、页码等），不在正文里",
    "hidden": "看不见的文字，不在正文里",
    "character": "看不见的字符，已从正文去掉",
    "watermark": "水印，不在正文里",
    "image": "图片，图里的文字没有收入",
    "markup": "排版标记，不在正文里",
    "note": "脚注或尾注，不在正文里",
}


@dataclass(frozen=True, slots=True)
class FoundValue:
    """A fact that the text itself does not tell; overridden by `metadata.jsonl`."""

    field: str
    value: str
    note: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a stored text comes from.

    Attributes:
        name: the file's name when it was received; shown, never used as a path.
        format: as `Extraction.format`.
        sha256: of the file as received.
        text_sha256: of the stored text.
        original: name of the kept file beside the text; None where the text is the file itself.
        pages, set_aside, doubts: as in `Extraction`.
        values: facts found elsewhere than in the text (file name, the page's own title, --place).
    """

    name: str
    format: str
    sha256: str
    text_sha256: str
    original: str | None = None
    pages: tuple[int, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    doubts: tuple[str, ...] = ()
    values: tuple[FoundValue, ...] = ()

    def ledger(self, length: int) -> tuple[LedgerEntry, ...]:
        """What was left out, as ledger entries at the places where it would stand."""
        entries = []
        for entry in self.set_aside:
            at = min(entry.at, length)
            note = f"{_KINDS.get(entry.kind, '不在正文里')}：{entry.words}"
            entries.append(LedgerEntry(entry.kind, Span(at, at), note))
        return tuple(entries)

    def metadata(self, policy_id: str) -> tuple[MetadataValue, ...]:
        """The found values as lines of metadata."""
        return tuple(MetadataValue(policy_id, v.field, v.value, None, v.note) for v in self.values)

    def page_of(self, offset: int) -> int | None:
        """The page, counted from 1, that a place in the text stands on; None where there are no pages."""
        return sum(start <= offset for start in self.pages) or None


def origin_path(text: Path) -> Path:
    """Where the record of a text stands."""
    return text.with_name(text.stem + SUFFIX)


def read_origin(text: Path) -> Origin | None:
    """The record of a text, None where there is none.

    Raises:
        CorpusError: It cannot be read.
    """
    path = origin_path(text)
    try:
        row = json.loads(path.read_text(encoding="utf-8"))
        return Origin(
            name=str(row["name"]),
            format=str(row["format"]),
            sha256=str(row["sha256"]),
            text_sha256=str(row["text_sha256"]),
            original=None if row["original"] is None else str(row["original"]),
            pages=tuple(int(page) for page in row["pages"]),
            set_aside=tuple(
                SetAside(e["kind"], max(0, int(e["at"])), e["words"], e["length"]) for e in row["set_aside"]
            ),
            doubts=tuple(str(doubt) for doubt in row["doubts"]),
            values=tuple(
                FoundValue(v["field"], str(v["value"]), str(v["note"])) for v in row["values"] if v["field"] in FIELDS
            ),
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CorpusError(
            f"来源记录 {path.name} 读不出来，不知道这份文字取自哪个文件。请从备份恢复，或移除这份文件后重新入库。"
        ) from error


def check_origin(origin: Origin, text: Path, sha256: str, *, deep: bool = False) -> None:
    """Whether the stored text, and with `deep` the kept file, are the ones recorded.

    Raises:
        CorpusError: One was changed or is missing.
    """
    if sha256 != origin.text_sha256:
        raise CorpusError(
            f"{text.name} 与入库时不同，引文可能已不是原文，没有采用。请从备份恢复，或用 ingest 重新入库原文件。"
        )
    if not deep or origin.original is None:
        return
    kept = text.with_name(Path(origin.original).name)
    try:
        same = hashlib.sha256(kept.read_bytes()).hexdigest() == origin.sha256
    except OSError:
        same = False
    if not same:
        raise CorpusError(f"原件 {kept.name} 不见了或与入库时不同，无法对照。请从备份恢复原件。")


def origin_json(origin: Origin) -> str:
    """The record as it is written."""
    return json.dumps(asdict(origin), ensure_ascii=False, indent=1) + "\n"
