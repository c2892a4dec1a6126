"""Lay questions of the corpus (corpus/questions/*.jsonl): how people ask for what a sentence says.

They are editorial content, indexed as a field of their sentence; a corpus without them works, only less well.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from assistant.errors import CorpusError
from assistant.model import Chunk, PolicyDocument, Span


def read_lay_questions(
    folder: Path, documents: Iterable[PolicyDocument], chunks: Iterable[Chunk]
) -> Mapping[str, tuple[str, ...]]:
    """Chunk id → the lay questions it answers.

    Each line of `<policy_id>.jsonl` is {"sentence", "questions"}; the sentence is found in the policy text with white
    space ignored, and its questions go to every chunk it covers. Files of policies that are not there are passed over.

    Raises:
        CorpusError: A line cannot be read, or its sentence is not in the text.
    """
    found: dict[str, tuple[str, ...]] = {}
    if not folder.is_dir():
        return found
    own: dict[str, list[Chunk]] = {}
    for chunk in chunks:
        own.setdefault(chunk.policy_id, []).append(chunk)
    for document in documents:
        path = folder / f"{document.policy.policy_id}.jsonl"
        if path.exists():
            found.update(questions_in(_lines(path), path.name, document, own.get(document.policy.policy_id, ())))
    return found


def questions_in(
    lines: Iterable[str], name: str, document: PolicyDocument, chunks: Sequence[Chunk]
) -> Mapping[str, tuple[str, ...]]:
    """The lay questions of one policy from the lines of its file; see `read_lay_questions`."""
    found: dict[str, tuple[str, ...]] = {}
    locate = _Locator(document.policy.text)
    for number, line in enumerate(lines, 1):
        if line.strip():
            sentence, questions = _row(line, f"{name} 第 {number} 行")
            span = locate.find(sentence)
            if span is None:
                raise CorpusError(
                    f"{name} 第 {number} 行的句子「{sentence[:20]}」在政策原文里找不到，这些问法没有着落。请核对原文。"
                )
            for chunk in chunks:
                if chunk.span.overlaps(span):
                    found[chunk.chunk_id] = (*found.get(chunk.chunk_id, ()), *questions)
    return found


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").split("\n")  # not splitlines(): JSON strings may hold U+2028
    except OSError as error:
        raise CorpusError(f"问法文件 {path.name} 读不出来（{error.strerror}），问法未能读入。请检查它。") from error
    except UnicodeDecodeError as error:
        raise CorpusError(f"问法文件 {path.name} 不是 UTF-8 文本，问法未能读入。请另存为 UTF-8。") from error


def _row(line: str, where: str) -> tuple[str, tuple[str, ...]]:
    try:
        row = json.loads(line)
        sentence, questions = row["sentence"], row["questions"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise CorpusError(
            f'{where}不是 {{"sentence", "questions"}} 形式的 JSON，问法未能读入。请改正这一行。'
        ) from error
    if not isinstance(sentence, str) or not isinstance(questions, list):
        raise CorpusError(f"{where}的 sentence 应为文字、questions 应为列表，问法未能读入。请改正这一行。")
    return sentence, tuple(str(question) for question in questions)


class _Locator:
    """Finds a passage in a text with white space ignored; remembers where it was, so repeated sentences go in order."""

    def __init__(self, text: str) -> None:
        kept = [(at, char) for at, char in enumerate(text) if not char.isspace()]
        self._offsets = [at for at, _ in kept]
        self._folded = "".join(char for _, char in kept)
        self._from = 0

    def find(self, passage: str) -> Span | None:
        wanted = "".join(passage.split())
        at = self._folded.find(wanted, self._from)
        if at < 0:
            at = self._folded.find(wanted)
        if at < 0 or not wanted:
            return None
        self._from = at + 1
        return Span(self._offsets[at], self._offsets[at + len(wanted) - 1] + 1)
