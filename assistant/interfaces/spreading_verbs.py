"""`ingest --workers` and `build --workers`: documents straight into a shared store, by one worker or many."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from assistant.errors import CorpusError, SettingsError
from assistant.indexing.build import encoder_record
from assistant.indexing.pipeline import open_gazetteer
from assistant.ingesting.jobs import PRESENT, REFUSED, SAME, STORED
from assistant.ingesting.linking import relink
from assistant.ingesting.opening import open_target
from assistant.ingesting.preparing import place_code
from assistant.ingesting.spreading import Crew, OneWorker, Summary, put_corpus, put_files
from assistant.ingesting.target import Target
from assistant.ingesting.working import DocumentWorker
from assistant.settings import Settings

Write = Callable[[str], object]
MAX_WORKERS = 256
_WORKERS = re.compile(r"[1-9][0-9]{0,2}|(?:ray://)?[A-Za-z0-9._\-\[\]:]+:[0-9]{1,5}")


def add_option(parser: argparse.ArgumentParser) -> None:
    """Add `--workers`."""
    parser.add_argument(
        "--workers",
        metavar="N|ray://主机:端口",
        help="逐份写进 --store 的数据库：1 是本进程，2 起是本机的多个进程，或一个 Ray 集群（要装 Ray）",
    )


def ingest(args: argparse.Namespace, settings: Settings, write: Write, tell: Write) -> int:
    """Put received files into the store; 1 where some were refused."""
    if args.dry_run:
        raise SettingsError("--workers 直接写数据库，不能和 --dry-run 一起用。请先不带 --workers 试读，再正式入库。")
    place = place_code(args.place, open_gazetteer(settings)) if args.place else None
    with _opened(args.workers, settings, tell) as (crew, target, recipe):
        return _told(put_files(args.files, crew, target, recipe, settings, place, tell), write)


def build(args: argparse.Namespace, settings: Settings, write: Write, tell: Write) -> int:
    """Bring the store to what the corpus says; 1 where a text was refused."""
    with _opened(args.workers, settings, tell) as (crew, target, recipe):
        return _told(put_corpus(crew, target, recipe, settings, tell), write)


def remove(policy_id: str, settings: Settings, write: Write) -> int:
    """Take a policy out of the store that stands in no corpus folder.

    Raises:
        CorpusError: The store does not hold it either.
    """
    worker = DocumentWorker(settings, partial(open_target, settings.store))
    target = open_target(settings.store, worker.tokenizer.fingerprint, encoder_record(worker.embedder))
    try:
        if not target.exists() or policy_id not in target.digests():
            raise CorpusError(f"语料目录和数据库里都没有编号为“{policy_id[:40]}”的文件，没有移除任何东西。")
        target.remove([policy_id])
        relink(target)
    finally:
        target.close()
    write(f"已从数据库移除 {policy_id}。\n")
    return 0


@contextmanager
def _opened(workers: str, settings: Settings, tell: Write) -> Iterator[tuple[Crew, Target, str]]:
    """The crew, the store and what reading comes to, by the options."""
    if not _WORKERS.fullmatch(workers) or (workers.isdecimal() and int(workers) > MAX_WORKERS):
        raise SettingsError(
            f"--workers 写的是“{workers[:40]}”，看不懂，没有开始。请写 1 到 {MAX_WORKERS} 的整数，或 ray://主机:端口。"
        )
    opening = partial(open_target, settings.store)
    mine = DocumentWorker(settings, opening)
    target = opening(mine.tokenizer.fingerprint, encoder_record(mine.embedder))
    try:
        target.exists()  # whatever is wrong with the store is said before workers are started
        if workers == "1":
            yield OneWorker(mine), target, mine.recipe
            return
        from assistant.integrations.ray_data import ray_crew  # and that imports Ray when it is opened

        tell("正在启动工人进程…\n")
        with ray_crew(workers, settings, opening, mine.recipe) as crew:
            tell(f"{crew.workers} 个工人进程。\n")
            yield crew, target, mine.recipe
    finally:
        mine.close()
        target.close()


def _told(summary: Summary, write: Write) -> int:
    for report in summary.refused:
        write(f"✗ {report.name}\n  未收：{report.reason}\n")
    for report in summary.doubtful:
        write(f"？{report.name}（{report.policy_id}）\n" + "".join(f"  {doubt}\n" for doubt in report.doubts))
    counts, seconds = summary.counts, max(summary.seconds, 1e-3)
    write(
        f"入库 {counts[STORED]} 份（{summary.sentences} 句，{summary.questions} 条问法），"
        f"已在库中 {counts[PRESENT]} 份，重复 {counts[SAME]} 份，未收 {counts[REFUSED]} 份，"
        f"移除 {len(summary.removed)} 份，更新引用和废止关系 {summary.relinked} 份；"
        f"用时 {seconds:.1f} 秒，每秒 {counts[STORED] / seconds:.1f} 份、{summary.sentences / seconds:.0f} 句。\n"
    )
    return 1 if summary.refused else 0
