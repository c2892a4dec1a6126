"""What each command does, apart from parsing its arguments: call, then write text or JSON through `write`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from pathlib import Path

from assistant.answering.answerer import open_answerer
from assistant.answering.searching import find_sentences
from assistant.errors import CorpusError, JurisdictionError
from assistant.evaluation.command import question_files, run
from assistant.evaluation.registers import run_registers
from assistant.indexing.pipeline import build_index, open_index
from assistant.interfaces.batch import answer_batch
from assistant.interfaces.contract import check_question, json_line
from assistant.interfaces.opening import open_with_model
from assistant.interfaces.outline import clause_text, policy_outline
from assistant.model import Question
from assistant.registers.register import open_register
from assistant.settings import ROOT, Settings

Write = Callable[[str], object]
"""Takes text; `sys.stdout.write` is one."""


def build(settings: Settings, write: Write, tell: Write) -> int:
    """Build the index."""

    def progress(stage: str, done: int, total: int) -> None:
        tell(f"{stage} {done}/{total}\n")

    generation_id = build_index(settings, progress)
    counts = open_index(settings).store.counts
    write(f"{generation_id}：{counts.documents} 份文件，{counts.chunks} 句，{counts.questions} 条问法。\n")
    return 0


def show(settings: Settings, policy_id: str, path: str | None, write: Write) -> int:
    """Print a policy's header, clause tree and ledger, or one clause."""
    library = open_index(settings)
    document = library.store.documents.get(policy_id)
    if document is None:
        held = "、".join(sorted(library.store.documents))
        raise CorpusError(f"库里没有编号为“{policy_id[:40]}”的文件。现有：{held}。")
    write(clause_text(document, path) if path else policy_outline(document, library.gazetteer))
    return 0


def search(settings: Settings, text: str, region: str | None, k: int, as_json: bool, write: Write) -> int:
    """Print the best hits for some words."""
    check_question(text)
    opened = open_answerer(settings)
    question = Question(text, opened.holdings.gazetteer.resolve(region).code if region else None)
    for found in find_sentences(opened, question, max(1, k)):
        chunk, clause = found.chunk, found.clause
        row = {"score": round(found.score, 3), "policy_id": chunk.policy_id, "clause": clause.path, "text": chunk.text}
        write(json_line(row) if as_json else f"{found.score:8.2f}  {chunk.policy_id} {clause.path}  {chunk.text}\n")
    return 0


def verify(settings: Settings, write: Write) -> int:
    """Check corpus and index: files, hashes, tiling, and that every sentence is a slice of its text."""
    library = open_index(settings)
    for document in library.store.documents.values():
        policy = document.policy
        for node in document.root.walk():
            if sum(len(s) for s in (*node.own_spans(), *(c.span for c in node.children))) != len(node.span):
                raise CorpusError(f"《{policy.title}》{node.path} 的条款没有铺满原文，条款树有错。请重新建立索引。")
        write(f"{policy.policy_id}：{len(document.sentences)} 句，文件与索引一致。\n")
    write(f"索引 {library.store.generation} 完好，共 {library.store.counts.chunks} 句。\n")
    return 0


def evaluate(
    settings: Settings, files: Sequence[Path], outside: Path | None, out: Path, as_of: date, write: Write
) -> int:
    """Answer the evaluation questions and print the figures."""
    opened = open_with_model(settings)
    gazetteer = opened.holdings.gazetteer

    @cache
    def code(name: str) -> str | None:
        try:
            return gazetteer.resolve(name).code
        except JurisdictionError:
            return None

    def covers(place: str, other: str) -> bool:
        above, below = code(place), code(other)
        return above is not None and below is not None and gazetteer.covers(above, below)

    def ask_file(source: Path, target: Path) -> None:
        with source.open(encoding="utf-8") as lines, target.open("w", encoding="utf-8") as answers:
            answer_batch(lines, answers, opened, as_of, lambda done: None)

    def show(text: str) -> None:
        write(text)

    golds, limits = ROOT / "eval" / "registers", ROOT / "eval" / "conditions.toml"
    lists = 0 if files else run_registers(open_register(settings), golds, limits, out, as_of, show)
    chosen = list(files) or question_files(ROOT / "eval", outside=outside)
    places = {d.policy.policy_id: d.policy.jurisdiction or "" for d in opened.documents}
    asked = run(
        chosen,
        out / "answers",
        settings.corpus_dir,
        limits,
        out,
        ask_file,
        covers=covers,
        write=show,
        policy_places=places,
    )
    return max(lists, asked)
