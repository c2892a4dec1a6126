"""Ingest every file of a folder and print how each reads; for twins (one name as PDF and as HTML), how well they agree.

    python eval/ingest/measure.py FOLDER

Nothing is written. Twins are compared from the first words of the page on, blanks left out: a PDF carries a title above
them that a saved page may lack. Characters that agree are counted over the longer of the two.
"""

from __future__ import annotations

import difflib
import re
import sys
import time
import unicodedata
from datetime import date
from pathlib import Path

from assistant.errors import CorpusError
from assistant.ingesting.gathering import gather
from assistant.ingesting.preparing import Prepared, prepare
from assistant.ingesting.reviewing import clauses_in
from assistant.jurisdictions import load_gazetteer
from assistant.model import STATUS_LABELS, Level
from assistant.parsing.formats.isolation import FileReader
from assistant.parsing.status import status_on
from assistant.settings import Settings


def main() -> int:
    folder = Path(sys.argv[1])
    as_of = date.fromisoformat(sys.argv[2]) if len(sys.argv) > 2 else date(2026, 11, 20)
    gazetteer = load_gazetteer(Settings().lexicon_dir / "divisions.tsv")
    read: dict[str, Prepared] = {}
    begun = time.perf_counter()
    print("| 文件 | 题名 | 文号 | 成文 | 施行 | 有效期到 | 状态 | 条款 | 字 |\n" + "| --- " * 9 + "|")
    reader = FileReader()
    for member in gather([folder]):
        if member.refusal:
            print(f"| {member.name} | 未收：{member.refusal} |")
            continue
        try:
            prepared = prepare(member.data, member.name, gazetteer, extract=reader.extract)
        except CorpusError as error:
            print(f"| {member.name} | 未收：{error} |")
            continue
        read[member.name] = prepared
        policy = prepared.document.policy
        until = [deadline.on for deadline in policy.deadlines if deadline.kind == "valid_until"]
        cells = (
            member.name,
            policy.title,
            policy.document_number or "",
            policy.issued_on or "",
            policy.effective_from or "",
            max(until) if until else "",
            STATUS_LABELS[status_on(policy, as_of).status],
            clauses_in(prepared.document),
            len(policy.text),
        )
        print("| " + " | ".join(str(cell) for cell in cells) + " |")
    reader.close()
    print(f"\n{len(read)} 份，{time.perf_counter() - begun:.1f} 秒\n")
    for name in sorted(read):
        twin = Path(name).stem + ".html"
        if name.endswith(".pdf") and twin in read:
            agree, same_tree = compare(read[name], read[twin])
            print(f"{Path(name).stem}：{agree:.2%}，条款树{'相同' if same_tree else '不同'}")
    return 0


def compare(one: Prepared, other: Prepared) -> tuple[float, bool]:
    """The share of characters that agree, and whether the clauses from the common beginning on are the same."""
    opening = bare(other.document.policy.text)[:20]
    texts = [bare(prepared.document.policy.text) for prepared in (one, other)]
    texts = [text[max(0, text.find(opening)) :] for text in texts]
    matcher = difflib.SequenceMatcher(None, *texts, autojunk=False)
    same = sum(block.size for block in matcher.get_matching_blocks())
    return same / max(map(len, texts)), clauses(one) == clauses(other)


def clauses(prepared: Prepared) -> list[tuple[str, str]]:
    """Path and first words of every labelled clause; the title above them may stand in one of the twins only."""
    text = prepared.document.policy.text
    unlabelled = (Level.DOCUMENT, Level.HEADER, Level.NOTICE, Level.PREAMBLE, Level.CLOSING, Level.FURNITURE)
    return [
        (node.clause_id.partition("#")[2], bare(node.span.of(text))[:12])
        for node in prepared.document.root.walk()
        if node.level not in unlabelled
    ]


def bare(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


if __name__ == "__main__":
    sys.exit(main())
