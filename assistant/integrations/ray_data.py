"""Workers as Ray Data actors: processes of this machine, or of all machines of a Ray cluster (docs/adr/0013).

    4                   four processes on this machine; everything listens on 127.0.0.1 and is stopped at the end
    ray://host:port     a running cluster by its client port; files are read here and sent there
    host:port           a running cluster of which this machine is a node

Nothing is reported to Ray's makers, and no dashboard is started. Ray is imported when a crew is opened, not before.
"""

from __future__ import annotations

import logging
import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, redirect_stdout
from typing import Any

from assistant.errors import IndexStoreError, SettingsError
from assistant.ingesting.jobs import Report, Task, as_rows, reports_of
from assistant.ingesting.working import DocumentWorker, OpenTarget
from assistant.settings import Settings

OBJECT_STORE_BYTES = 200 * 1024 * 1024
"""Shared memory of a cluster of this machine: some windows of files."""
TASKS_A_BLOCK = 8
"""Documents handed to an actor at once, and lost together where its process is killed each time it works on them."""
RETRIES = 2
_QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_USAGE_STATS_PROMPT_ENABLED": "0",
    "RAY_BACKEND_LOG_LEVEL": "fatal",  # what went wrong is in our own messages
}
_ALONE = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0", "RAY_AUTH_MODE": "token"}
"""The first is how Ray is told, on any system, to stay on 127.0.0.1 where it starts a cluster itself."""


class RayCrew:
    """See `assistant.ingesting.spreading.Crew`; made by `ray_crew`.

    Args:
        workers: actors.
        settings, open_target, recipe: see `DocumentWorker`.
        remote: the driver of the work must run in the cluster, for a client's connection cannot be one.
    """

    def __init__(self, workers: int, settings: Settings, open_target: OpenTarget, recipe: str, *, remote: bool) -> None:
        self.workers, self._remote = workers, remote
        self._worker = (settings, open_target, recipe)

    def work(self, tasks: Sequence[Task]) -> Iterator[Report]:
        """See `Crew`. Over a client's connection the reports come when all tasks are done."""
        import ray

        rows = as_rows(tasks)
        try:
            if self._remote:
                # not retried by Ray but by the next run: two drivers of one window would do everything twice
                driver = ray.remote(num_cpus=0, max_retries=0)(_spread_all)
                yield from reports_of(ray.get(driver.remote(rows, self.workers, self._worker)))
            else:
                yield from reports_of(spread(rows, self.workers, self._worker))
        except (ray.exceptions.RayError, ConnectionError) as error:
            raise IndexStoreError(
                f"Ray 集群中断（{type(error).__name__}），入库已停下。已写入的不受影响，集群恢复后重新运行会接着做。"
            ) from error


def spread(rows: list[dict[str, object]], workers: int, worker: tuple[Settings, OpenTarget, str]) -> Iterator[str]:
    """Hand rows of tasks to actors; their reports as they come, none for a block that lost its actor every time."""
    import ray.data
    from ray.data import ActorPoolStrategy, DataContext

    context = DataContext.get_current()
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    context.max_errored_blocks = -1
    for name in ("ray", "ray.data"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    # a window of a few files is for all actors
    blocks = max(-(-len(rows) // TASKS_A_BLOCK), min(workers, len(rows)))
    dataset = ray.data.from_items(rows, override_num_blocks=blocks).map_batches(
        DocumentWorker,
        fn_constructor_args=worker,
        batch_size=None,
        compute=ActorPoolStrategy(min_size=1, max_size=workers, initial_size=workers, max_tasks_in_flight_per_actor=2),
        ray_remote_args_fn=_persistence,
    )
    for row in dataset.iter_rows():
        yield row["report"]


def _persistence() -> dict[str, Any]:
    """An actor that is killed comes back and does its block again, but not for ever."""
    return {"max_restarts": -1, "max_task_retries": RETRIES}


def _spread_all(rows: list[dict[str, object]], workers: int, worker: tuple[Settings, OpenTarget, str]) -> list[str]:
    return list(spread(rows, workers, worker))


@contextmanager
def ray_crew(workers: str, settings: Settings, open_target: OpenTarget, recipe: str) -> Iterator[RayCrew]:
    """Open the crew that `--workers` names, and let it go at the end.

    Raises:
        SettingsError: Ray is not installed, or there is no such cluster.
    """
    with ExitStack() as stack:
        stack.enter_context(redirect_stdout(sys.stderr))  # Ray prints what it has to say; stdout is for data
        os.environ.update(_QUIET)
        alone = workers.isdecimal()
        if alone:
            os.environ.update(_ALONE, RAY_AUTH_TOKEN=secrets.token_hex(32))
        try:
            import ray
        except ImportError as error:
            raise SettingsError(
                "没有安装 Ray，不能用多个工人进程入库。请运行 pip install 'policy-assistant[ray]'，或用 --workers 1。"
            ) from error
        options: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.CRITICAL}
        if alone:
            folder = tempfile.mkdtemp(prefix="ray-")  # short: a socket's path may have 107 characters
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            options |= {
                "num_cpus": int(workers),
                "include_dashboard": False,
                "object_store_memory": OBJECT_STORE_BYTES,
                "_temp_dir": folder,
            }
        else:
            options["address"] = workers
        stack.callback(ray.shutdown)
        try:
            ray.init(**options)
        except (ConnectionError, RuntimeError, ValueError, ray.exceptions.RayError) as error:
            raise SettingsError(
                f"连不上 Ray 集群 {workers[:60]}，没有开始入库。请检查地址、端口、节点上的 Ray 版本和 RAY_AUTH_TOKEN。"
            ) from error
        count = int(workers) if alone else max(1, int(ray.cluster_resources().get("CPU", 1)))
        yield RayCrew(count, settings, open_target, recipe, remote=workers.startswith("ray://"))
