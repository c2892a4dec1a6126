"""Corpora of many small policies for tests of ingestion, with texts that speak of and end one another."""

from __future__ import annotations

import json
from pathlib import Path

_LEVELS = ("高级工", "技师", "高级技师", "特级技师", "首席技师")
_CITIES = (("广州市", "穗"), ("深圳市", "深"), ("珠海市", "珠"), ("湛江市", "湛"), ("杭州市", "杭"), ("宁波市", "甬"))


def title(number: int) -> str:
    """The title of a policy."""
    return f"{_CITIES[number % len(_CITIES)][0]}技能办法之{number}"


def policy_text(number: int) -> str:
    """A policy of its own city, year and amounts; every third ends the one three before it."""
    city, short = _CITIES[number % len(_CITIES)]
    level, year = _LEVELS[number % len(_LEVELS)], 2001 + number % 24
    ends = f"《{title(number - 3)}》同时废止。" if number % 3 == 0 and number else ""
    articles = "\n".join(
        f"第{label}条　取得{level}证书满{i}年的，由{city}给予第{number}类补贴{1000 * i + number}元。"
        for i, label in enumerate("二三四五六七八九", start=1)
    )
    return (
        f"{title(number)}\n{short}府办规〔{year}〕{number + 1}号\n"
        f"第一条　为了鼓励提升{level}的技能，依照《{title(number - 1)}》制定本办法。\n{articles}\n"
        f"第十条　本办法自{year}年7月1日起施行。{ends}\n{city}人民政府办公厅\n{year}年6月3日\n"
    )


def write_corpus(corpus: Path, count: int) -> Path:
    """A corpus folder of `count` policies, the first with lay questions."""
    for number in range(count):
        place = corpus / _CITIES[number % len(_CITIES)][0]
        place.mkdir(parents=True, exist_ok=True)
        (place / f"made-{number:04d}.txt").write_text(policy_text(number), encoding="utf-8")
    ask(corpus, "made-0000", "取得高级工证书满1年的，由广州市给予第0类补贴1000元。", "高级工补多少钱", "高级工有钱拿吗")
    return corpus


def ask(corpus: Path, policy_id: str, sentence: str, *questions: str) -> None:
    """Write the lay questions of one sentence."""
    folder = corpus / "questions"
    folder.mkdir(exist_ok=True)
    line = json.dumps({"sentence": sentence, "questions": questions}, ensure_ascii=False)
    (folder / f"{policy_id}.jsonl").write_text(line + "\n", encoding="utf-8")
