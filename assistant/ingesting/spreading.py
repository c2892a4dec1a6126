"""A whole run: plan → windows of tasks → workers → reports, then the links, and one summary.

What a run leaves undone, the next one does: a document is held with its digest or it is not, whoever was killed when.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Protocol

from assistant.errors import IndexStoreError
from assistant.indexing.weighting import FIELDS, MeanLengths
from assistant.ingesting.jobs import FAILED, MEASURED, PRESENT, REFUSED, SAME, STORED, Report, Task, as_rows, reports_of
from assistant.ingesting.linking import relink
from assistant.ingesting.planning import Planned, gone_from, plan_corpus, plan_files
from assistant.ingesting.target import Target
from assistant.ingesting.working import DocumentWorker
from assistant.settings import Settings

WINDOW_BYTES, WINDOW_TASKS = 32 * 1024 * 1024, 2048
"""Tasks handed over at once hold at most so much, one file excepted."""
SAMPLE = 300
"""Documents from which the mean lengths of a new store are taken; of a smaller corpus, all."""
_TELL_EVERY_S = 2.0

Tell = Callable[[str], object]


class Crew(Protocol):
    """Workers, and how tasks get to them."""

    def work(self, tasks: Sequence[Task]) -> Iterator[Report]:
        """Hand all tasks over, and give each report as it comes.

        A task whose worker was lost again and again has no report.

        Raises:
            AssistantError: The crew itself is lost.
        """
        ...


class OneWorker:
    """The crew of one that works in this process."""

    def __init__(self, worker: DocumentWorker) -> None:
        self._worker = worker

    def work(self, tasks: Sequence[Task]) -> Iterator[Report]:
        """See `Crew`."""
        for row in as_rows(tasks):
            yield from reports_of(self._worker({"job": [row["job"]], "data": [row["data"]]})["report"])


@dataclass
class Summary:
    """What became of a run; grows while it runs.

    Attributes:
        counts: documents by outcome.
        refused: the reports of what could not be read.
        doubtful: the reports of what a person should look at.
        removed: policies taken out because their text is gone from the corpus.
        relinked: documents whose links to others changed.
        sentences, questions: put in by this run.
        seconds: from start to end.
    """

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys((STORED, PRESENT, SAME, REFUSED), 0))
    refused: list[Report] = field(default_factory=list)
    doubtful: list[Report] = field(default_factory=list)
    removed: tuple[str, ...] = ()
    relinked: int = 0
    sentences: int = 0
    questions: int = 0
    seconds: float = 0.0

    def add(self, report: Report) -> None:
        """Count a document."""
        self.counts[report.outcome] += 1
        if report.outcome == REFUSED:
            self.refused.append(report)
        if report.outcome == STORED:
            self.sentences += report.sentences
            self.questions += report.questions
            if report.doubts:
                self.doubtful.append(report)


def put_files(
    paths: Sequence[Path], crew: Crew, target: Target, recipe: str, settings: Settings, place: str | None, tell: Tell
) -> Summary:
    """Put received files into a store; nothing is written to the corpus folder.

    Raises:
        IndexStoreError: The store did not take a document; what it took before stays.
    """

    def plan() -> Iterator[Planned]:
        return plan_files(paths, target.digests() if target.exists() else {}, recipe, settings.questions_dir, place)

    return _run(plan, crew, target, tell)


def put_corpus(crew: Crew, target: Target, recipe: str, settings: Settings, tell: Tell) -> Summary:
    """Bring a store to what the corpus folder says; what `put_files` put in stays.

    Raises:
        CorpusError: The folder as a whole cannot be used; the store stays as it was.
        IndexStoreError: As `put_files`.
    """
    corpus = settings.corpus_dir

    def plan() -> Iterator[Planned]:
        return plan_corpus(corpus, target.digests() if target.exists() else {}, recipe, settings.questions_dir)

    def gone() -> Sequence[str]:
        return gone_from(corpus, target.digests())

    return _run(plan, crew, target, tell, gone)


def _run(
    plan: Callable[[], Iterator[Planned]],
    crew: Crew,
    target: Target,
    tell: Tell,
    gone: Callable[[], Sequence[str]] = tuple,
) -> Summary:
    started = time.monotonic()
    if not target.exists():
        target.create(_means(plan, crew, tell))
    summary, pace = Summary(), _Pace(tell)
    for window in _windows(plan(), summary):
        for report in _worked(crew, window):
            if report.outcome == FAILED:
                raise IndexStoreError(
                    f"{report.name} 没有写进数据库，入库已停下：{report.reason}已写入的不受影响，重新运行会接着做。"
                )
            # Not held when the run began: what a worker finds there was put in by one that was killed after it.
            summary.add(replace(report, outcome=STORED) if report.outcome == PRESENT else report)
            pace.told(summary)
    pace.told(summary, last=True)
    summary.removed = tuple(gone())
    target.remove(summary.removed)
    tell("正在核对文件之间的引用和废止…\n")
    summary.relinked = relink(target)
    target.finish()
    summary.seconds = time.monotonic() - started
    return summary


def _windows(planned: Iterable[Planned], summary: Summary) -> Iterator[list[Task]]:
    """Tasks in windows; reports go straight to the summary."""
    window: list[Task] = []
    held = 0
    for item in planned:
        if isinstance(item, Report):
            summary.add(item)
            continue
        if window and (held + len(item[1]) > WINDOW_BYTES or len(window) == WINDOW_TASKS):
            yield window
            window, held = [], 0
        window.append(item)
        held += len(item[1])
    if window:
        yield window


def _worked(crew: Crew, window: Sequence[Task]) -> Iterator[Report]:
    """A report for every task of a window; a task that was lost with its worker is tried once more, alone."""
    waiting = {job.number: (job, data) for job, data in window}
    for report in crew.work(window):
        if waiting.pop(report.number, None) is not None:  # a batch done twice by a crew gives its reports twice
            yield report
    for job, data in waiting.values():
        alone = list(crew.work([(job, data)]))
        reason = "处理它的工人进程反复中断（可能是内存不够），没有入库。请单独处理这份文件。"
        yield from alone or [Report(job.number, job.name, REFUSED, reason=reason)]


def _means(plan: Callable[[], Iterator[Planned]], crew: Crew, tell: Tell) -> MeanLengths:
    """Mean lengths of the fields, from documents spread evenly over the plan."""
    count = sum(not isinstance(item, Report) for item in plan())
    step = max(1, -(-count // SAMPLE))
    tasks = (item for item in plan() if not isinstance(item, Report))
    sample = ((replace(job, purpose=MEASURED), data) for job, data in islice(tasks, 0, None, step))
    tell(f"新建库：先量 {-(-count // step)} 份文件的句长…\n")
    chunks, lengths = 0, [0] * len(FIELDS)
    for window in _windows(sample, Summary()):
        for report in _worked(crew, window):
            if report.outcome == FAILED:
                raise IndexStoreError(f"入库没有开始：{report.reason}")
            if report.outcome == MEASURED:
                chunks += report.sentences
                lengths = [total + own for total, own in zip(lengths, report.lengths, strict=True)]
    return MeanLengths(*(total / chunks if total else 1.0 for total in lengths))


class _Pace:
    """Says now and then how far a run is and how fast it goes."""

    def __init__(self, tell: Tell) -> None:
        self._tell, self._started, self._next = tell, time.monotonic(), 0.0

    def told(self, summary: Summary, *, last: bool = False) -> None:
        """Say it, if it is time."""
        passed = time.monotonic() - self._started
        if passed < self._next and not last:
            return
        self._next = passed + _TELL_EVERY_S
        stored, present, refused = (summary.counts[key] for key in (STORED, PRESENT, REFUSED))
        rates = f"每秒 {stored / max(passed, 1e-3):.1f} 份、{summary.sentences / max(passed, 1e-3):.0f} 句"
        self._tell(f"入库 {stored} 份（{summary.sentences} 句），已在库中 {present}，未收 {refused}；{rates}\n")
