"""The command `draft-questions`: a language model drafts lay questions of the texts, for an editor to look at."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path

from assistant.answering.describing import place_of
from assistant.answering.lay_drafts import Drafting
from assistant.answering.waiting import Waiter
from assistant.errors import CorpusError, PhraserError
from assistant.indexing.pipeline import open_index
from assistant.interfaces.opening import open_model
from assistant.settings import Settings

Write = Callable[[str], object]
VERBS = ("draft-questions",)
DRAFTS = "drafts"
"""The folder beside the questions that are indexed; nothing in it is."""


def add_parsers(add: Callable[..., argparse.ArgumentParser]) -> None:
    """Add the command with `add` (the `add_parser` of the command line)."""
    drafting = add("draft-questions", help="请语言模型为还没有问法的句子起草问法，供人审阅；不审阅不入索引")
    drafting.add_argument("policies", nargs="*", metavar="POLICY", help="文件编号，不写就是全部")
    drafting.add_argument("--llm", help="语言模型，如 ollama:qwen3 或 模型名@http://127.0.0.1:8080/v1")


def run(args: argparse.Namespace, settings: Settings, write: Write, tell: Write) -> int:
    """Draft, one text after another; 1 when a request failed. What is there already is kept and not asked for again."""
    if not settings.llm:
        raise PhraserError("没有指定语言模型，没有起草问法。请加 --llm，如 --llm ollama:qwen3，或设 POLICY_LLM。")
    library = open_index(settings)
    held = {document.policy.policy_id: document for document in library.store.documents.values()}
    if unknown := [policy_id for policy_id in args.policies if policy_id not in held]:
        raise CorpusError(f"库里没有编号为“{unknown[0][:40]}”的文件，没有起草问法。现有：{'、'.join(sorted(held))}。")
    drafting = Drafting(open_model(settings), Waiter(settings.llm_timeout))
    folder = settings.questions_dir / DRAFTS
    failures = 0

    def failed(why: str) -> None:
        nonlocal failures
        failures += 1
        tell(f"  {why}，这几句没有起草；再运行一次会接着做。\n")

    for policy_id in args.policies or sorted(held):
        path = folder / f"{policy_id}.jsonl"
        done = _sentences(settings.questions_dir / f"{policy_id}.jsonl") | _sentences(path)
        tell(f"{policy_id}\n")
        drafted = drafting.drafts(held[policy_id], place_of(held[policy_id].policy, library.gazetteer), done, failed)
        count = 0
        for draft in drafted:  # each is kept as soon as it is there: a long run may be broken off
            folder.mkdir(parents=True, exist_ok=True)
            with path.open("a", encoding="utf-8") as lines:
                lines.write(draft.line())
            count += 1
        write(f"{policy_id}：起草了 {count} 句的问法。\n")
    write(f"草稿在 {DRAFTS} 文件夹，没有入索引。审阅后把可用的行移到上一级同名文件，再运行 build。\n")
    return 1 if failures else 0


def _sentences(path: Path) -> set[str]:
    """The sentences of a questions file; a line that cannot be read counts as none."""
    found = set()
    for line in path.read_text(encoding="utf-8").split("\n") if path.is_file() else ():
        try:
            row = json.loads(line)
        except ValueError:
            continue
        if isinstance(row, dict) and isinstance(row.get("sentence"), str):
            found.add(row["sentence"])
    return found
