"""The corpora of the benchmark as JSON lines that every system reads: {"id", "text"}; and the questions asked of them.

five     the five policies, whole; each system cuts them its own way
stard    58,491 articles of national law, one passage each (path of the benchmark folder by argument)
large    passages drawn from those articles with their numbers, amounts and places changed, up to a million
laws     the same articles put together again as whole laws, for the pipeline from text to answer
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

from assistant.evaluation.sources import read_sources
from assistant.evaluation.topics import Topic, read_topics
from assistant.interfaces.contract import read_item
from assistant.jurisdictions import Gazetteer

ROOT = Path(__file__).resolve().parents[2]
_ARTICLE = re.compile(r"(?P<law>.+?)(?P<article>第[〇零一二三四五六七八九十百千]+条(?:之[一二三四五六七八九十]+)?)$")
_DIGITS = "一二三四五六七八九"
_CHANGED = re.compile(r"\d+|(?<=[第满超处])[一二三四五六七八九](?=[年月日倍万])|[一二三四五六七八九](?=十|百|年|日)")
PLACES = (
    *("武汉市", "成都市", "西安市", "南京市", "长沙市", "郑州市", "济南市", "合肥市", "福州市"),
    *("南昌市", "昆明市", "贵阳市", "沈阳市", "长春市", "哈尔滨市", "石家庄市", "太原市", "兰州市"),
)
"""Cities the changed laws are given to; none of the five policies applies in them."""


def write_five(path: Path) -> int:
    sources = read_sources(ROOT / "corpus")
    rows = [{"id": str(s.path.with_suffix("")), "text": s.text} for s in sources.values()]
    return _write(path, rows)


def read_articles(stard: Path) -> list[dict[str, str]]:
    """Rows {"id", "name", "text"}."""
    with gzip.open(stard / "corpus.jsonl.gz", "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def write_articles(articles: list[dict[str, str]], path: Path) -> int:
    return _write(path, ({"id": row["id"], "text": f"{row['name']}\n{row['text']}"} for row in articles))


def write_passages(articles: list[dict[str, str]], count: int, path: Path) -> int:
    """`count` passages: the articles in turn, every round but the first with other numbers in another city."""

    def rows() -> Iterator[dict[str, str]]:
        for i in range(count):
            turn, at = divmod(i, len(articles))
            row = articles[at]
            name, text = (row["name"], row["text"]) if not turn else changed(row["name"], row["text"], turn, at)
            yield {"id": f"{row['id']}-{turn}", "text": f"{name}\n{text}"}

    return _write(path, rows())


def write_laws(articles: list[dict[str, str]], turns: int, path: Path) -> int:
    """Whole laws; the first turn unchanged and national, each further one of another city with other numbers."""
    laws: dict[str, list[tuple[str, str]]] = {}
    for row in articles:
        match = _ARTICLE.match(row["name"])
        law, article = (match["law"], match["article"]) if match else (row["name"], "")
        laws.setdefault(law, []).append((article, row["text"]))

    def rows() -> Iterator[dict[str, str]]:
        for turn in range(turns):
            place = "全国" if not turn else PLACES[(turn - 1) % len(PLACES)]
            for number, (law, parts) in enumerate(laws.items()):
                told = [changed(article, text, turn, number + i) for i, (article, text) in enumerate(parts)]
                title = law if not turn else f"{place}{law.removeprefix('中华人民共和国')}实施办法"
                issuer = "" if not turn else f"{place}人民政府\n\n"
                body = "\n".join(f"{article}　{text}" for (article, _), (_, text) in zip(parts, told, strict=True))
                yield {"id": f"{place}/law-{turn:02}-{number:04}", "text": f"{issuer}{title}\n\n{body}\n"}

    return _write(path, rows())


def changed(name: str, text: str, turn: int, seed: int) -> tuple[str, str]:
    """The same words with other numbers, in another city; unchanged in turn 0."""
    if not turn:
        return name, text
    draw = random.Random(turn * 1_000_003 + seed)
    place = PLACES[(turn - 1) % len(PLACES)]
    told = _CHANGED.sub(
        lambda m: str(draw.randint(1, 999)) if m.group().isdigit() else draw.choice(_DIGITS), text
    ).replace("国务院", f"{place}人民政府")
    return f"{place}{name}", told


def topics_of(paths: list[Path]) -> list[Topic]:
    """Questions with a gold passage that stand alone: a peer has no way to read the earlier ones."""
    return [t for path in paths for t in read_topics(path) if t.golds and not t.history]


def write_topic_queries(topics: list[Topic], gazetteer: Gazetteer, path: Path) -> int:
    """Ours gets the place chosen in the selector as such; a peer gets its name in front of the question."""
    rows = []
    for number, topic in enumerate(topics):
        item = read_item(
            {
                "id": topic.topic_id,
                "question": topic.question,
                "region": topic.region,
                "role": topic.role.value,
                "history": [],
            },
            gazetteer,
            "",
        )
        named = topic.region is None or topic.region in topic.question
        rows.append(
            {
                "id": str(number),
                "text": topic.question if named else f"{topic.region} {topic.question}",
                "question": topic.question,
                "region": item.question.jurisdiction,
                "role": topic.role.value,
            }
        )
    return _write(path, rows)


def write_stard_queries(stard: Path, path: Path) -> int:
    with gzip.open(stard / "queries_test.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return _write(
        path,
        (
            {"id": row["qid"], "text": row["query"], "question": row["query"], "region": None, "role": "other"}
            for row in rows
        ),
    )


def _write(path: Path, rows) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            count += 1
    return count
