"""The `eval` command without its command line: answers are generated, then scored, and the two meet only in files.

For each question file `NAME.jsonl` there is afterwards, in the answers folder, `NAME.input.jsonl` (what was asked,
without what is to be found) and `NAME.answers.jsonl`; in the output folder `NAME.txt`, `NAME.html` and `NAME.json`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from assistant.errors import BatchError
from assistant.evaluation.conditions import Conditions, ConditionsFile, check, read_conditions
from assistant.evaluation.matching import check_golds
from assistant.evaluation.measures import Covers, Mean
from assistant.evaluation.report import Report, text_table
from assistant.evaluation.report_page import html_page
from assistant.evaluation.runs import read_run
from assistant.evaluation.scoring import Figures, score, summarise, summarise_by_kind
from assistant.evaluation.sources import SourceText, read_sources
from assistant.evaluation.topics import Topic, read_topics


def question_files(eval_dir: Path, outside: Path | None = None) -> list[Path]:
    """The question files there are: all of `questions/*.jsonl`, then all `*.jsonl` of a folder kept elsewhere.

    Raises:
        BatchError: the outside folder is none, or there is no question file at all.
    """
    if outside is not None and not outside.is_dir():
        raise BatchError(f"{outside} 不是文件夹，找不到外部题目。请检查路径。")
    files = sorted((eval_dir / "questions").glob("*.jsonl")) + (sorted(outside.glob("*.jsonl")) if outside else [])
    if not files:
        raise BatchError(f"{eval_dir / 'questions'} 里没有题目文件（*.jsonl），无法评测。请指定题目文件。")
    return files


def run(
    questions: Sequence[Path],
    answers_dir: Path,
    corpus_dir: Path,
    conditions: Path | None,
    out_dir: Path,
    ask_batch: Callable[[Path, Path], None] | None,
    *,
    covers: Covers,
    write: Callable[[str], None],
    policy_places: Mapping[str, str] | None = None,
) -> int:
    """Evaluate each question file and write its reports.

    Args:
        questions: question files; a file's name without suffix names its set in the reports and the conditions.
        answers_dir: where answers are put.
        corpus_dir: the texts that quotations are checked against.
        conditions: the file of limits, or None for no check.
        out_dir: where reports are put.
        ask_batch: the assistant's batch command (input file, output file); None to score the answers already there.
        covers: whether the first place holds the second; must take what `region` and `jurisdiction` are written as.
        write: takes the text table of each set.
        policy_places: the place of each policy id; where it is silent, what the replies print as `jurisdiction`.

    Returns:
        0, or 1 where a condition is not met.

    Raises:
        AssistantError: a file cannot be read or does not follow its schema. What is wrong with the questions, the
            corpus or the conditions is found before anything is asked.
    """
    limits = read_conditions(conditions) if conditions else ConditionsFile()
    sources = read_sources(corpus_dir)
    sets = [(name, read_topics(path)) for name, path in zip(set_names(questions), questions, strict=True)]
    for _, topics in sets:
        check_golds(topics, sources)
    answers_dir.mkdir(parents=True, exist_ok=True)
    out_dir.mkdir(parents=True, exist_ok=True)
    dropped = False
    for name, topics in sets:
        answers = answers_dir / f"{name}.answers.jsonl"
        if ask_batch is not None:
            asked = answers_dir / f"{name}.input.jsonl"
            asked.write_text("".join(_input_line(topic) for topic in topics), encoding="utf-8")
            answers.unlink(missing_ok=True)  # the answers of an earlier run must not stand in for missing ones
            ask_batch(asked, answers)
        report = _report(name, topics, answers, sources, limits.of(name), covers=covers, policy_places=policy_places)
        table = text_table(report)
        (out_dir / f"{name}.txt").write_text(table, encoding="utf-8")
        (out_dir / f"{name}.html").write_text(html_page(report), encoding="utf-8")
        (out_dir / f"{name}.json").write_text(_figures_json(name, report.figures), encoding="utf-8")
        write(table)
        dropped = dropped or bool(report.drops)
    return 1 if dropped else 0


def set_names(questions: Sequence[Path]) -> tuple[str, ...]:
    """A name for each question file: its stem, with its folder before it where stems are the same.

    Raises:
        BatchError: two files cannot be told apart even so.
    """
    stems = [path.stem for path in questions]
    names = [
        stem if stems.count(stem) == 1 else f"{path.resolve().parent.name}-{stem}"
        for path, stem in zip(questions, stems, strict=True)
    ]
    if len(set(names)) < len(names):
        raise BatchError("有题目文件同名，报告会互相覆盖。请改名其中一个。")
    return tuple(names)


def _report(
    name: str,
    topics: Sequence[Topic],
    answers: Path,
    sources: Mapping[str, SourceText],
    conditions: Conditions,
    *,
    covers: Covers,
    policy_places: Mapping[str, str] | None,
) -> Report:
    outcomes = score(topics, read_run(answers), sources, covers=covers, policy_places=policy_places)
    figures = summarise(outcomes)
    return Report(name, figures, summarise_by_kind(outcomes), outcomes, check(figures, conditions))


def _input_line(topic: Topic) -> str:
    """What the assistant is given: the question alone, never its golds."""
    asked = {
        "id": topic.topic_id,
        "question": topic.question,
        "region": topic.region,
        "role": topic.role,
        "history": topic.history,
    }
    return json.dumps(asked, ensure_ascii=False) + "\n"


def _figures_json(name: str, figures: Figures) -> str:
    """The figures for programs: shares with their cases, null without value."""
    values = {
        key: {**asdict(value), "value": value.value} if isinstance(value, Mean) else value
        for key in Figures.__dataclass_fields__
        for value in (getattr(figures, key),)
    }
    return json.dumps({"set": name, **values}, ensure_ascii=False, indent=1) + "\n"
