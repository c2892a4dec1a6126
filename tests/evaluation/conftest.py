"""A corpus of two short texts and four topics on it, and factories for what a test wants to differ."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from assistant.evaluation.sources import SourceText, source_text
from assistant.evaluation.topics import Gold, Role, Topic
from assistant.model import Force, reading_text

CITY = "甲市办法\n\n一、企业应当每年培训技师。\n二、鼓励企业设立津贴，金额由企\n\n业自定。\n三、到2027年培训100人。\n"
DRAFT = "乙市办法（征求意见稿）\n一、企业可以设立津贴。\n"

# 甲市 and 乙市 lie in 丙省; 丁区 lies in 甲市.
_INSIDE = {("丙省", "甲市"), ("丙省", "乙市"), ("丙省", "丁区"), ("甲市", "丁区")}


def covers(place: str, other: str) -> bool:
    return (place, other) in _INSIDE


def make_topic(**changes: Any) -> Topic:
    values: dict[str, Any] = {
        "topic_id": "t",
        "question": "每年要培训吗",
        "kind": "obligation",
        "role": Role.HR,
        "region": "甲市",
        "history": (),
        "golds": (Gold("city", "一", "企业应当每年培训技师"),),
        "must": ("每年",),
        "must_not": (),
        "force": Force.MUST,
        "draft": False,
        "answerable": True,
    }
    return Topic(**(values | changes))


def topic_line(**changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "id": "must-train",
        "question": "每年要培训吗",
        "kind": "obligation",
        "role": "hr",
        "region": "甲市",
        "history": [],
        "gold": [{"doc": "city", "clause": "一", "quote": "企业应当每年培训技师"}],
        "must": ["每年"],
        "must_not": [],
        "force": "must",
        "draft": False,
        "answerable": True,
    }
    return values | changes


def citation_line(source: SourceText, first: str, last: str, place: str, /, **changes: Any) -> dict[str, Any]:
    """A true citation of the stretch from the words `first` to the words `last`."""
    start = source.text.index(first)
    end = source.text.index(last, start) + len(last)
    values: dict[str, Any] = {
        "n": 1,
        "policy_id": source.policy_id,
        "title": "办法",
        "document_number": None,
        "issuers": [],
        "jurisdiction": place,
        "policy_status": "unknown",
        "issued_on": None,
        "clause": "一",
        "heading": "",
        "quote": reading_text(source.text[start:end]),
        "start": start,
        "end": end,
        "source": f"corpus/{source.path}",
        "sha256": source.sha256,
        "force": "must",
        "duty_bearer": "企业",
    }
    return values | changes


def reply_line(**changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "id": "must-train",
        "status": "answered",
        "reason": None,
        "answer": "必须。\n[1] 甲市办法",
        "statements": [{"text": "必须。", "force": "must", "citations": []}],
        "citations": [],
        "notices": [],
        "scope": {"jurisdictions": [], "expanded_terms": []},
        "timing_ms": {"total": 10.0},
    }
    return values | changes


def write_lines(path: Path, *lines: dict[str, Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    return path


@pytest.fixture
def sources() -> dict[str, SourceText]:
    texts = {"jia/city.txt": CITY, "yi/draft.txt": DRAFT}
    found = [source_text(PurePosixPath(path), text.encode()) for path, text in texts.items()]
    return {source.policy_id: source for source in found}


@pytest.fixture
def small_corpus(tmp_path: Path) -> Path:
    for path, text in {"jia/city.txt": CITY, "yi/draft.txt": DRAFT, "lexicon/words.txt": "词典"}.items():
        (tmp_path / "corpus" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "corpus" / path).write_bytes(text.encode())
    return tmp_path / "corpus"


@pytest.fixture
def topic_lines() -> list[dict[str, Any]]:
    """Answered right; answered with everything wrong; rightly refused; wrongly answered."""
    return [
        topic_line(),
        topic_line(
            id="allowance-draft",
            question="乙市津贴是强制的吗<b>",
            kind="comparison",
            region="乙市",
            gold=[
                {"doc": "draft", "clause": "一", "quote": "企业可以设立津贴"},
                {"doc": "city", "clause": "二", "quote": "鼓励企业设立津贴，金额由企业自定", "force": "encouraged"},
            ],
            must=["可以", "一百元|100元"],
            must_not=["必须设立"],
            force="may",
            draft=True,
        ),
        topic_line(id="no-amount", question="津贴几元", kind="unanswerable", gold=[], must=[], answerable=False),
        topic_line(id="no-leave", question="放几天假", kind="unanswerable", gold=[], must=[], answerable=False),
    ]


@pytest.fixture
def reply_lines(sources: dict[str, SourceText]) -> list[dict[str, Any]]:
    city, draft = sources["city"], sources["draft"]
    return [
        reply_line(citations=[citation_line(city, "企业应当", "技师", "甲市")], answer="要，每年都要。\n[1] 甲市办法"),
        reply_line(
            id="allowance-draft",
            answer="必须设立。",
            citations=[
                citation_line(city, "到2027年", "100人", "甲市", force="goal"),
                citation_line(city, "企业应当", "技师", "甲市", n=2),
                citation_line(city, "金额", "自定", "甲市", n=3),
                citation_line(draft, "企业可以", "津贴", "乙市", n=4, force="must", quote="企业必须设立津贴"),
            ],
            timing_ms={"total": 30.0},
        ),
        reply_line(id="no-amount", status="refused", reason="not_stated", answer="文件没有写金额。"),
        reply_line(id="no-leave", answer="放五天假。", timing_ms={"total": 20.0}),
    ]


@pytest.fixture
def scripted_batch(reply_lines: list[dict[str, Any]]) -> Callable[[Path, Path], None]:
    """An assistant that says what is written for it."""

    def ask_batch(asked: Path, answers: Path) -> None:
        write_lines(answers, *reply_lines)

    return ask_batch
