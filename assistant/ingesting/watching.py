"""A folder that is looked into from time to time: which files in it are new and no longer being written."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from assistant.ingesting.gathering import files_in

Print = tuple[int, int]
"""Size and time of change of a file."""


@dataclass(slots=True)
class Watched:
    """A folder with what was seen in it.

    A file is handed out once it looks the same in two looks, and again only after it has changed: a refused file is
    not tried over and over.
    """

    folder: Path
    seen: dict[Path, Print] = field(default_factory=dict)
    done: dict[Path, Print] = field(default_factory=dict)

    def settled(self) -> tuple[Path, ...]:
        """Look; the files to take now, in the order of names. A folder that is away holds none."""
        now = {}
        for path in files_in([self.folder]) if self.folder.is_dir() else ():
            try:
                found = path.lstat()
            except OSError:
                continue  # taken away while we looked
            now[path] = (found.st_size, found.st_mtime_ns)
        ready = tuple(
            path for path, print_ in now.items() if self.seen.get(path) == print_ and self.done.get(path) != print_
        )
        self.seen = now
        self.done = {path: print_ for path, print_ in self.done.items() if path in now}
        return ready

    def finish(self, paths: tuple[Path, ...]) -> None:
        """Remember that these were dealt with, as they were when last looked at."""
        self.done.update({path: self.seen[path] for path in paths if path in self.seen})
