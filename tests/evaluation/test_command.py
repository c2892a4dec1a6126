from __future__ import annotations

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import BatchError
from assistant.evaluation.command import question_files, run, set_names
from assistant.evaluation.measures import Mean
from assistant.evaluation.report import short, shown

from .conftest import covers, topic_line, write_lines

AskBatch = Callable[[Path, Path], None]


class _Tags(HTMLParser):
    """Checks that elements close in order and gathers what is written outside them."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        assert not any(name in ("src", "href") for name, _ in attrs), "nothing is loaded from elsewhere"
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture
def questions(tmp_path: Path, topic_lines: list[dict[str, Any]]) -> Path:
    return write_lines(tmp_path / "questions" / "small.jsonl", *topic_lines)


def run_small(
    tmp_path: Path, questions: Path, corpus: Path, ask_batch: AskBatch | None, conditions: str = ""
) -> tuple[int, list[str]]:
    (tmp_path / "conditions.toml").write_text(conditions, encoding="utf-8")
    written: list[str] = []
    code = run(
        [questions],
        tmp_path / "answers",
        corpus,
        tmp_path / "conditions.toml",
        tmp_path / "out",
        ask_batch,
        covers=covers,
        write=written.append,
    )
    return code, written


def test_a_run_writes_its_reports(
    tmp_path: Path, questions: Path, small_corpus: Path, scripted_batch: AskBatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, written = run_small(tmp_path, questions, small_corpus, scripted_batch, "[every.at_least]\nright = 0.5\n")
    assert code == 0
    assert written == [(tmp_path / "out" / "small.txt").read_text(encoding="utf-8")]
    assert "50.0 %（2/4）" in written[0]
    figures = json.loads((tmp_path / "out" / "small.json").read_text(encoding="utf-8"))
    assert figures["right"] == {"total": 2.0, "count": 4, "value": 2 / 4}
    assert figures["questions"] == 4
    assert capsys.readouterr() == ("", "")


def test_the_assistant_is_never_shown_the_golds(tmp_path: Path, questions: Path, small_corpus: Path) -> None:
    seen: list[str] = []

    def ask_batch(asked: Path, answers: Path) -> None:
        seen.append(asked.read_text(encoding="utf-8"))
        raise BatchError("停")

    with pytest.raises(BatchError, match="停"):
        run_small(tmp_path, questions, small_corpus, ask_batch)
    lines = [json.loads(line) for line in seen[0].splitlines()]
    assert [line["id"] for line in lines] == ["must-train", "allowance-draft", "no-amount", "no-leave"]
    assert {key for line in lines for key in line} == {"id", "question", "region", "role", "history"}


def test_answers_can_be_scored_again_and_old_ones_never_stand_in(
    tmp_path: Path, questions: Path, small_corpus: Path, scripted_batch: AskBatch
) -> None:
    first = run_small(tmp_path, questions, small_corpus, scripted_batch)
    assert run_small(tmp_path, questions, small_corpus, None) == first
    with pytest.raises(BatchError, match="无法读取"):
        run_small(tmp_path, questions, small_corpus, lambda asked, answers: None)


def test_a_drop_is_said_and_ends_with_1(
    tmp_path: Path, questions: Path, small_corpus: Path, scripted_batch: AskBatch
) -> None:
    code, written = run_small(
        tmp_path, questions, small_corpus, scripted_batch, "[sets.small.at_least]\nverbatim_quotes = 1.0\n"
    )
    assert code == 1
    assert "verbatim_quotes：要求 ≥ 1，实得 0.8" in written[0]
    assert "verbatim_quotes：要求 ≥ 1，实得 0.8" in (tmp_path / "out" / "small.html").read_text(encoding="utf-8")


def test_a_wrong_gold_is_found_before_anything_is_asked(tmp_path: Path, small_corpus: Path) -> None:
    line = topic_line(gold=[{"doc": "city", "clause": "一", "quote": "没有的话"}])

    def ask_batch(asked: Path, answers: Path) -> None:
        pytest.fail("asked in vain")

    with pytest.raises(BatchError, match="找不到“没有的话”"):
        run_small(tmp_path, write_lines(tmp_path / "q.jsonl", line), small_corpus, ask_batch)


def test_the_page_is_whole_escaped_and_worst_first(
    tmp_path: Path, questions: Path, small_corpus: Path, scripted_batch: AskBatch
) -> None:
    run_small(tmp_path, questions, small_corpus, scripted_batch)
    page = (tmp_path / "out" / "small.html").read_text(encoding="utf-8")
    tags = _Tags()
    tags.feed(page)
    assert tags.open == []
    assert "b" not in tags.seen  # the question's <b> is text
    assert "乙市津贴是强制的吗&lt;b&gt;" in page
    assert "script" not in tags.seen
    places = [page.index(question) for question in ("乙市津贴是强制的吗", "放几天假", "每年要培训吗")]
    assert places == sorted(places)  # the false quote, the made-up answer, the right ones
    assert "缺要点</span>：可以、一百元|100元" in page
    assert "prefers-color-scheme: dark" in page


def test_columns_of_the_table_line_up(
    tmp_path: Path, questions: Path, small_corpus: Path, scripted_batch: AskBatch
) -> None:
    """Chinese takes two columns; the number of questions begins at the same column in every row."""
    _, (table,) = run_small(tmp_path, questions, small_corpus, scripted_batch)
    lines = [line for line in table.split("按题型（%）")[1].split("题型与答复")[0].splitlines() if line]
    before = [line[: re.search(r"题数|\d", line).start()] for line in lines]
    assert len(lines) == 1 + 3 + 1  # header, kinds, all
    assert len({sum(2 if ord(letter) > 0x2E7F else 1 for letter in text) for text in before}) == 1


def test_a_figure_without_value_is_a_dash() -> None:
    assert shown(None) == shown(Mean(0.0, 0)) == short(Mean(0.0, 0)) == "—"
    assert shown(Mean(2.0, 3)) == "66.7 %（2/3）"
    assert shown(Mean(1.5, 3), "平均") == "50.0 %（3 题平均）"
    assert shown(12.0, "字") == "12.0 字"


def test_question_files_of_the_project_and_of_a_folder_kept_elsewhere(tmp_path: Path) -> None:
    own = write_lines(tmp_path / "eval" / "questions" / "b.jsonl", topic_line())
    outside = write_lines(tmp_path / "elsewhere" / "questions.jsonl", topic_line())
    (tmp_path / "elsewhere" / "README.md").write_text("说明", encoding="utf-8")
    assert question_files(tmp_path / "eval") == [own]
    assert question_files(tmp_path / "eval", tmp_path / "elsewhere") == [own, outside]
    with pytest.raises(BatchError, match="不是文件夹"):
        question_files(tmp_path / "eval", tmp_path / "none")
    with pytest.raises(BatchError, match="没有题目文件"):
        question_files(tmp_path / "elsewhere")


def test_sets_are_named_by_file_and_where_need_be_by_folder() -> None:
    assert set_names([Path("a/x.jsonl"), Path("b/y.jsonl")]) == ("x", "y")
    assert set_names([Path("a/x.jsonl"), Path("b/x.jsonl")]) == ("a-x", "b-x")
    with pytest.raises(BatchError, match="同名"):
        set_names([Path("a/x.jsonl"), Path("a/x.jsonl")])
