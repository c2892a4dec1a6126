"""The texts that replies are checked against, read straight from the corpus folder.

On purpose not read through the assistant's own parser: an offset that is wrong in the same way on both sides would go
unseen.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from assistant.errors import CorpusError, TextDecodeError

# Folders of the corpus that hold no policy texts.
_NOT_POLICIES = frozenset({"lexicon", "questions"})


@dataclass(frozen=True, slots=True)
class SourceText:
    """One text of the corpus.

    Attributes:
        policy_id: the stem of its file name.
        path: where it lies below the corpus folder.
        text: the file decoded, nothing changed; citations count in its code points.
        sha256: of the file's bytes.
        dense: the text without white space, in which quotations are found and overlaps measured.
        positions: for each character of `dense`, its place in `text`; ascending.
    """

    policy_id: str
    path: PurePosixPath
    text: str = field(repr=False)
    sha256: str
    dense: str = field(repr=False)
    positions: tuple[int, ...] = field(repr=False)

    def dense_offset(self, offset: int) -> int:
        """How many characters other than white space stand before `offset` in the text."""
        return bisect_left(self.positions, offset)

    def is_named_by(self, source: str) -> bool:
        """Whether a printed source path means this file: it ends in this file's path below the corpus."""
        parts = PurePosixPath(source).parts
        return parts[-len(self.path.parts) :] == self.path.parts


def without_white_space(text: str) -> str:
    """The text with every white-space character left out, the full-width space included."""
    return "".join(text.split())


def source_text(path: PurePosixPath, raw: bytes) -> SourceText:
    """A corpus file's bytes as a text to check against.

    Raises:
        TextDecodeError: the bytes are in no encoding the corpus may use.
    """
    text = _decode(path, raw)
    positions = tuple(offset for offset, character in enumerate(text) if not character.isspace())
    return SourceText(
        policy_id=path.stem,
        path=path,
        text=text,
        sha256=hashlib.sha256(raw).hexdigest(),
        dense="".join(text[offset] for offset in positions),
        positions=positions,
    )


def read_sources(corpus_dir: Path) -> dict[str, SourceText]:
    """All policy texts of the corpus folder (`<place>/<policy id>.txt`), by policy id.

    Raises:
        CorpusError: there are none, two have the same file name, or one cannot be decoded.
    """
    sources: dict[str, SourceText] = {}
    for file in sorted(corpus_dir.glob("*/*.txt")):
        path = PurePosixPath(file.relative_to(corpus_dir).as_posix())
        if path.parts[0] in _NOT_POLICIES:
            continue
        if path.stem in sources:
            raise CorpusError(f"{path} 与 {sources[path.stem].path} 同名，依据会分不清。请改名其中一个。")
        sources[path.stem] = source_text(path, file.read_bytes())
    if not sources:
        raise CorpusError(f"{corpus_dir} 里没有政策文本，无法核对引文。请检查路径。")
    return sources


def _decode(path: PurePosixPath, raw: bytes) -> str:
    for encoding in ("utf-16",) if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise TextDecodeError(f"{path} 不是 UTF-8、UTF-16 或 GB18030 文本，无法核对引文。请转存为 UTF-8。")
