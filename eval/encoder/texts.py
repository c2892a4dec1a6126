"""Reading the sets, cutting sentences, and the check that no test question is trained on."""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

_TERMINAL = re.compile(r"(?<=[。；;！？!?])(?![”’」』）)])")
_ARTICLE_NUMBER = re.compile(r"第[〇零一二三四五六七八九十百千0-9]+条(之[一二三四五六七八九十]+)?$")
_CLOSED = re.compile(r"([。；;！？!?:：]|意见|方案|计划|通知|办法)$")
_HEADING = re.compile(r"^\s*([一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[)）]|——)")


@dataclass(frozen=True, slots=True)
class Pair:
    """A training pair; `group` names what the positive belongs to, so that siblings are no negatives."""

    query: str
    passage: str
    title: str = ""
    source: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a policy document: `start`, `end` count the document's characters without white space."""

    document: str
    start: int
    end: int
    text: str
    context: str
    questions: tuple[str, ...] = field(default=())


def read_rows(path: Path) -> list[dict]:
    """The rows of a JSON lines file, gzip or plain."""
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    return [json.loads(line) for line in text.split("\n") if line.strip()]


def fold(text: str) -> str:
    """Normal form for comparing questions: NFKC, lower case, letters and digits only."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).lower() if c.isalnum())


def bare_title(name: str) -> str:
    """A law's title without its article number and without the state's name."""
    return _ARTICLE_NUMBER.sub("", name).replace("中华人民共和国", "")


def sentences_of(text: str) -> list[str]:
    """Cut at 。；！？ and line ends; pieces under six characters join their neighbour."""
    pieces: list[str] = []
    for line in text.splitlines():
        for piece in _TERMINAL.split(line):
            piece = piece.strip()
            if not piece:
                continue
            if pieces and len(piece) < 6:
                pieces[-1] += piece
            else:
                pieces.append(piece)
    return pieces


def _joined_lines(text: str) -> Iterator[str]:
    """Lines of a policy document; one that stops in mid sentence runs on into the next."""
    open_line = ""
    for line in text.splitlines():
        line = line.strip()
        if not line:
            continue
        if open_line and not _HEADING.match(line):
            line = open_line + line
        elif open_line:
            yield open_line
        open_line = ""
        if len(line) > 24 and not _CLOSED.search(line):
            open_line = line
        else:
            yield line
    if open_line:
        yield open_line


def document_sentences(name: str, text: str) -> list[Sentence]:
    """Sentences of a policy document with the headings above them as context."""
    found: list[Sentence] = []
    at, chapter, section, title = 0, "", "", ""
    for line in _joined_lines(text):
        marker = _HEADING.match(line)
        head = re.split(r"[。：:]", line, maxsplit=1)[0]
        if marker and "、" in marker.group(1):
            chapter, section = head, ""
        elif marker and len(head) < 40:
            section = head
        elif not title and not marker and len(line) < 60 and re.search("意见|计划|方案|办法|规定", line):
            title = line
        for piece in _TERMINAL.split(line):
            length = len(re.sub(r"\s", "", piece))
            if length:
                context = " ".join(part for part in (chapter, section) if part and part not in piece)
                found.append(Sentence(name, at, at + length, piece.strip(), context))
                at += length
    return found


def attach_questions(sentences: list[Sentence], rows: Iterable[dict], squeezed: str) -> dict[int, list[str]]:
    """Which question belongs to which sentence, by where the row's sentence stands in the squeezed document."""
    owned: dict[int, list[str]] = {}
    for row in rows:
        wanted = re.sub(r"\s", "", row["sentence"])
        start = squeezed.find(wanted)
        if start < 0:
            continue
        end = start + len(wanted)
        shares = [(min(end, s.end) - max(start, s.start), i) for i, s in enumerate(sentences)]
        for share, i in shares:
            length = sentences[i].end - sentences[i].start
            if share > 0 and (share >= 0.6 * (end - start) or share >= 0.6 * length):
                owned.setdefault(i, []).extend(row["questions"])
    return owned


def test_questions(bench: Path, sample: Path | None) -> set[str]:
    """Every test question in normal form: both benchmarks and the sample with its histories."""
    asked: set[str] = set()
    for path in sorted(bench.glob("*/queries*")):
        asked |= {fold(row["query"]) for row in read_rows(path)}
    if sample is not None:
        for row in read_rows(sample):
            asked |= {fold(text) for text in (row["question"], *row.get("history", ()))}
    return asked - {""}


def refuse_leaks(queries: Iterable[str], tests: set[str]) -> None:
    """Stop when a training query equals a test question in normal form.

    Raises:
        ValueError: with the questions found.
    """
    leaked = sorted({query for query in queries if fold(query) in tests})
    if leaked:
        raise ValueError(f"{len(leaked)} test questions stand in the training data: {leaked[:5]}")
