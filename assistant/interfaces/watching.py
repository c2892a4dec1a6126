"""`ingest --watch`: a folder kept watch over; what is put into it is ingested when it no longer changes."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from pathlib import Path

from assistant.errors import AssistantError, IndexBusyError, SettingsError
from assistant.ingesting.watching import Watched
from assistant.settings import Settings

Write = Callable[[str], object]
Take = Callable[[tuple[Path, ...]], int]
"""Ingests the paths and brings the index up to date."""


def watch(
    folder: Path, every_s: float, settings: Settings, take: Take, tell: Write, stop: threading.Event | None = None
) -> int:
    """Look into the folder until stopped; returns 0.

    A file that is refused, or a corpus that cannot be changed at the moment, ends nothing.

    Raises:
        SettingsError: There is no such folder, or it is the corpus itself.
    """
    if not folder.is_dir():
        raise SettingsError(f"没有“{folder.name}”这个文件夹，无从守着。请先建好。")
    corpus = settings.corpus_dir.resolve()
    if folder.resolve() == corpus or corpus in folder.resolve().parents:
        raise SettingsError("不能守着语料目录自己，入库会没有尽头。请另用一个收件的文件夹。")
    stopping = stop or _stopped_by_signals()
    watched = Watched(folder)
    tell(f"守着 {folder.name}，隔 {every_s:g} 秒看一次（Ctrl+C 停止）\n")
    while not stopping.is_set():
        ready = watched.settled()
        if ready:
            try:
                take(ready)
                watched.finish(ready)
            except IndexBusyError as error:
                tell(f"{error}下一轮再试。\n")
            except AssistantError as error:
                tell(f"{error}\n")
        stopping.wait(every_s)
    tell("已停止守候。\n")
    return 0


def _stopped_by_signals() -> threading.Event:
    stopping = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopping.set())
    return stopping
