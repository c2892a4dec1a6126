"""When not to answer. Three kinds are kept apart: not in the corpus, in it but not stated, outside what it is for.

What a question demands is data (corpus/lexicon/demands.tsv): a question for an amount is answered only by a sentence
that holds one. The table names question words, the evidence an answer needs, and the reason to give without it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import SettingsError
from assistant.model import RefusalReason

# 「失业金能领多少」 is first not in the corpus at all, then without an amount.
_WIDEST = (RefusalReason.OUT_OF_SCOPE, RefusalReason.NOT_IN_CORPUS, *RefusalReason)
_OFFICE = re.compile(r"[局厅委办部]$|部门$|政府$")
_TARGET_YEAR = re.compile(
    r"(?:到|至)\s*((?:19|20)\d\d)\s*年?|((?:19|20)\d\d)\s*年[^，。；,;？?]{0,20}(?:多少|几(?!级|月|号))"
)
_LABEL = re.compile(r"(?<![A-Za-z])([A-Z])(?=[类級级档等])")


@dataclass(frozen=True, slots=True)
class Demand:
    """Something a question may ask for, and how a text looks that can answer it.

    Attributes:
        name: what would be missing, as said to the person ("金额").
        question: pattern of asking for it.
        evidence: pattern of text that states it.
        reason: why there is no answer without it.
        depth: how many of the best sentences may state it; a number in the third is often another matter's.
    """

    name: str
    question: re.Pattern[str]
    evidence: re.Pattern[str]
    reason: RefusalReason
    depth: int = 3


def read_demands(path: Path) -> tuple[Demand, ...]:
    """Read the table.

    Raises:
        SettingsError: The file is missing or a row cannot be used.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
        return tuple(
            Demand(
                row["name"],
                re.compile(row["question"]),
                re.compile(row["evidence"]),
                RefusalReason(row["reason"]),
                int(row["depth"]),
            )
            for row in rows
        )
    except (OSError, KeyError, ValueError, TypeError, re.error, csv.Error) as error:
        raise SettingsError(
            f"词表 {path.name} 读不出来（{error}），无法判断哪些问题文件没有回答。请恢复该文件。"
        ) from error


def unmet_demand(question: str, sentences: Iterable[str], demands: Iterable[Demand]) -> Demand | None:
    """What the question asks for that none of the sentences states: what is outside the corpus first, then in order.

    Example: 「技能津贴一个月多少钱」 against 「支持企业设立技能津贴」 is an unmet 金额.
    """
    held = tuple(sentences)
    unmet = [
        d for d in demands if d.question.search(question) and not any(d.evidence.search(s) for s in held[: d.depth])
    ]
    return min(unmet, key=lambda demand: _WIDEST.index(demand.reason), default=None)


def term_held_elsewhere(
    question: str, terms: Iterable[str], in_scope: Iterable[str], elsewhere: Iterable[str]
) -> str | None:
    """A policy term of the question that other places' texts use and none in scope does: 「湛江人才绿卡怎么申请」.

    Args:
        question: its text.
        terms: the corpus's own terms; those of three characters or more name something definite.
        in_scope: texts the question may be answered from.
        elsewhere: the other texts.
    """
    # an office goes by many names (人社局, 人力资源社会保障部门): that one is not printed here tells nothing
    asked = [term for term in terms if len(term) >= 3 and term in question and not _OFFICE.search(term)]
    if not asked:
        return None
    own, others = tuple(in_scope), tuple(elsewhere)
    # a compound whose halves are in scope (薪酬 and 分配) is only another way to put it
    unheld = (t for t in asked if not any(t in x or (t[:2] in x and t[-2:] in x) for x in own))
    return next((term for term in unheld if any(term in text for text in others)), None)


def unheard_year(question: str, texts: Iterable[str]) -> str | None:
    """A year whose figure is asked for and that no text in scope mentions: 「到2030年达到多少」, 「2022年培训多少」.

    Returns:
        The year's digits, or None.
    """
    match = _TARGET_YEAR.search(question)
    year = (match.group(1) or match.group(2)) if match else None
    if year is None:
        return None
    mention = re.compile(rf"(?<![〔\[（(]){year}")  # 〔2022〕24号 is the number of a document
    return None if any(mention.search(text) for text in texts) else year


def unheard_label(question: str, texts: Iterable[str]) -> str | None:
    """A class by letter that the question is about and that no text in scope has: 「D类E类要啥条件」 where A to C are.

    Returns:
        The first such class as the person wrote it, or None; None too where another class asked about is held.
    """
    labels = [question[match.start() : match.end() + 1] for match in _LABEL.finditer(question)]
    if not labels:
        return None
    held = tuple(texts)
    return None if any(label in text for label in labels for text in held) else labels[0]
