"""What there is to do: files or corpus → jobs for the workers, and reports on what needs none.

A plan is a generator that reads one file at a time, so that no more than a window of files is in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from assistant.errors import CorpusError
from assistant.ingesting.digests import FILED, RECEIVED, Digest, filed_content, received_content, short
from assistant.ingesting.gathering import gather
from assistant.ingesting.jobs import PRESENT, REFUSED, SAME, Filed, Job, Report, Task
from assistant.parsing.loading import MAX_BYTES
from assistant.parsing.origins import read_origin
from assistant.parsing.reading import corpus_files

Planned = Task | Report
"""A task for a worker, or the report on what needs none."""


def plan_files(
    paths: Iterable[Path], held: Mapping[str, str], recipe: str, questions_dir: Path, place: str | None
) -> Iterator[Planned]:
    """Jobs for received files; of files with the same bytes the first counts.

    Args:
        paths: files, folders, ZIP parcels.
        held: policy id → digest.
        recipe: see `Digest.recipe`.
        questions_dir: lay questions by policy.
        place: division code of all of them; None reads it from each.
    """
    earlier = _by_content(held, RECEIVED)
    names: dict[str, str] = {}
    for member in gather(paths):
        if member.refusal:
            yield Report(-1, member.name, REFUSED, reason=member.refusal)
            continue
        content = received_content(member.data)
        if content in names:
            yield Report(-1, member.name, SAME, reason=f"与“{names[content]}”逐字节相同，只读一份。")
            continue
        names[content] = member.name
        known = earlier.get(content, ())
        policy_id, questions = _questions_of(known, questions_dir)
        digest = Digest(RECEIVED, content, short(questions), recipe)
        if len(known) == 1 and held[known[0]] == str(digest):
            yield Report(-1, member.name, PRESENT, known[0])
            continue
        job = Job(len(names), member.name, content, None, place, policy_id, questions, known)
        yield job, member.data


def plan_corpus(corpus: Path, held: Mapping[str, str], recipe: str, questions_dir: Path) -> Iterator[Planned]:
    """Jobs for the texts of the corpus folder.

    Raises:
        CorpusError: The folder holds no text, two texts share a name, or `metadata.jsonl` cannot be used.
    """
    paths, values = corpus_files(corpus)
    for number, path in enumerate(paths):
        own = tuple(value for value in values if value.policy_id == path.stem)
        try:
            data, origin, questions = _bytes(path), read_origin(path), _questions(path.stem, questions_dir)
        except CorpusError as error:
            yield Report(-1, path.name, REFUSED, path.stem, str(error))
            continue
        content = filed_content(data, own, origin)
        if held.get(path.stem) == str(Digest(FILED, content, short(questions), recipe)):
            yield Report(-1, path.name, PRESENT, path.stem)
            continue
        source = path.relative_to(corpus.parent).as_posix()
        filed = Filed(path.stem, source, own, origin)
        yield Job(number, path.name, content, filed, None, path.stem if questions else "", questions), data


def gone_from(corpus: Path, held: Mapping[str, str]) -> list[str]:
    """Policies that were put in from the corpus folder and have no text there any more."""
    there = {path.stem for path in corpus_files(corpus)[0]}
    return sorted(key for key, digest in held.items() if Digest.read(digest).kind == FILED and key not in there)


def _by_content(held: Mapping[str, str], kind: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for policy_id in sorted(held):
        digest = Digest.read(held[policy_id])
        if digest.kind == kind:
            found[digest.content] = (*found.get(digest.content, ()), policy_id)
    return found


def _questions_of(policy_ids: tuple[str, ...], folder: Path) -> tuple[str, str]:
    """The policy of some that lay questions are filed for, with the file's content."""
    for policy_id in policy_ids:
        if questions := _questions(policy_id, folder):
            return policy_id, questions
    return "", ""


def _questions(policy_id: str, folder: Path) -> str:
    path = folder / f"{policy_id}.jsonl"
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"问法文件 {path.name} 读不出来，问法未能读入。请检查它是不是 UTF-8 文本。") from error


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise CorpusError(f"文件 {path.name} 打不开（{error.strerror}），请检查读取权限。") from error
    if len(data) > MAX_BYTES:
        raise CorpusError(f"文件 {path.name} 超过 {MAX_BYTES // 2**20} MB 的上限，未读取。请拆分后再放入。")
    return data
