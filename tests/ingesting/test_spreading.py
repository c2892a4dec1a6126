"""Ingestion by workers, here without Ray: the same callable, called in this process."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from functools import cache, partial

import pytest
from made_files import make_word, make_zip

from assistant.chunking import chunks_of
from assistant.errors import IndexStoreError
from assistant.indexing.build import words_of
from assistant.indexing.lay_questions import read_lay_questions
from assistant.indexing.pipeline import open_gazetteer, open_tokenizer
from assistant.indexing.weighting import MeanLengths
from assistant.ingesting import spreading, working
from assistant.ingesting.jobs import PRESENT, REFUSED, SAME, STORED, Report, as_rows, tasks_of
from assistant.ingesting.planning import plan_corpus, plan_files
from assistant.ingesting.spreading import OneWorker, put_corpus, put_files
from assistant.ingesting.working import DocumentWorker
from assistant.parsing.reading import read_corpus
from assistant.settings import Settings
from ingesting.fake_target import FileTarget
from ingesting.made_corpora import ask, policy_text, write_corpus
from ingesting.test_ingest import NOTICE, OLD

NUL = b"\0\1\2\3" * 64


def quiet(text: str) -> None:
    """Progress nobody watches."""


class Site:
    """A corpus, a store in a folder, and workers for it."""

    def __init__(self, folder) -> None:
        corpus = folder / "corpus"
        corpus.mkdir()
        self.folder, self.corpus = folder, corpus
        self.settings = Settings(corpus_dir=corpus, questions_dir=corpus / "questions", encoder="none")
        self.opening = partial(FileTarget, folder / "held")
        self.target = self.opening("", None)

    def worker(self, recipe: str = "") -> DocumentWorker:
        return DocumentWorker(self.settings, self.opening, recipe)

    def build(self, crew=None):
        worker = self.worker()
        return put_corpus(crew or OneWorker(worker), self.target, worker.recipe, self.settings, quiet)

    def ingest(self, *paths, crew=None, place=None):
        with closing(self.worker()) as worker:
            crew = crew or OneWorker(worker)
            return put_files(paths, crew, self.target, worker.recipe, self.settings, place, quiet)

    def received(self, name: str, data: bytes | str):
        path = self.folder / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return path

    def held(self):
        """Policy id → document and chunks: what a reader may find."""
        return {d.policy.policy_id: (d, self.target.chunks(d.policy.policy_id)) for d in self.target.documents()}


@pytest.fixture
def site(tmp_path, monkeypatch):
    monkeypatch.setattr(working, "open_tokenizer", lambda settings: tokenizer())
    monkeypatch.setattr(working, "open_gazetteer", lambda settings: places())
    return Site(tmp_path)


@cache
def tokenizer():
    return open_tokenizer(Settings())


@cache
def places():
    return open_gazetteer(Settings())


def counted(summary) -> tuple[int, int, int]:
    return tuple(summary.counts[key] for key in (STORED, PRESENT, REFUSED))


def test_the_store_holds_what_one_build_of_the_whole_would(site):
    """Documents with their links, chunks, lay questions, and the mean lengths the weights are reckoned with."""
    write_corpus(site.corpus, 12)
    summary = site.build()
    assert counted(summary) == (12, 0, 0)
    documents = read_corpus(site.corpus, places())
    chunks = [chunk for document in documents for chunk in chunks_of(document)]
    questions = read_lay_questions(site.settings.questions_dir, documents, chunks)
    asked = [replace(chunk, questions=questions.get(chunk.chunk_id, ())) for chunk in chunks]
    expected = {d.policy.policy_id: (d, [c for c in asked if c.policy_id == d.policy.policy_id]) for d in documents}
    assert site.held() == expected
    assert summary.sentences == len(chunks)
    assert summary.questions == 2
    # some are ended by others, some mention others: the links are not empty
    assert any(d.policy.evidence[-1].field == "repealed_by" for d in documents)
    assert any(reference.policy_id for d in documents for reference in d.references)
    means = MeanLengths.of(words_of(chunk, tokenizer()) for chunk in asked)
    assert site.target._read(site.target.folder / "means") == pytest.approx(
        [means.text, means.context, means.questions]
    )


def test_a_second_run_does_nothing(site):
    write_corpus(site.corpus, 4)
    site.build()
    before = site.held()
    site.target.writes.clear()
    again = site.build()
    assert counted(again) == (0, 4, 0)
    assert (again.relinked, again.removed) == (0, ())
    assert site.held() == before


@pytest.mark.parametrize("change", ["text", "questions", "metadata", "rules"])
def test_what_changed_is_put_in_anew_and_nothing_else(site, change, monkeypatch):
    write_corpus(site.corpus, 4)
    site.build()
    name = "made-0001"
    match change:
        case "text":
            path = next(site.corpus.glob(f"*/{name}.txt"))
            path.write_text(policy_text(1).replace("第1类补贴1001元", "第1类补贴9999元"), encoding="utf-8")
        case "questions":
            ask(site.corpus, name, "取得技师证书满1年的", "技师一年给多少")
        case "metadata":
            line = '{"policy_id":"made-0001","field":"title","value":"别的题名","evidence":{"note":"某人"}}\n'
            (site.corpus / "metadata.jsonl").write_text(line, encoding="utf-8")
        case "rules":
            monkeypatch.setattr(working, "recipe_of", lambda *parts: "another program")
    summary = site.build()
    if change == "rules":
        assert counted(summary) == (4, 0, 0)
        return
    assert counted(summary) == (1, 3, 0)
    document, chunks = site.held()[name]
    texts = "".join(chunk.text for chunk in chunks)
    assert ("9999" in texts) is (change == "text")
    assert ("1001元" in texts) is (change != "text")
    assert any(chunk.questions for chunk in chunks) is (change == "questions")
    assert (document.policy.title == "别的题名") is (change == "metadata")


def test_a_text_that_left_the_corpus_leaves_the_store(site):
    write_corpus(site.corpus, 4)
    site.build()
    site.ingest(site.received("通知.txt", NOTICE))
    next(site.corpus.glob("*/made-0003.txt")).unlink()
    summary = site.build()
    assert summary.removed == ("made-0003",)
    # what was received was never in the corpus, and stays
    assert sorted(site.held())[0].startswith("440100-2024-")
    assert sorted(site.held())[1:] == ["made-0000", "made-0001", "made-0002"]
    # 0003 ended 0000; it is gone, and so is its mark
    assert all(e.field != "repealed_by" for e in site.held()["made-0000"][0].policy.evidence)


def test_files_that_cannot_be_read_are_named_and_stop_nobody(site):
    word = make_word(OLD.splitlines())
    parcel = make_zip([("甲.docx", word), ("乙.bin", NUL), ("丙.txt", NOTICE.encode())])
    summary = site.ingest(
        site.received("坏.txt", NUL), site.received("包.zip", parcel), site.received("又一份.txt", NOTICE), place=None
    )
    assert counted(summary) == (2, 0, 1)
    assert summary.counts[SAME] == 2
    assert {report.name for report in summary.refused} == {"坏.txt"}
    assert all(report.reason for report in summary.refused)
    titles = {document.policy.title: document.policy for document, _ in site.held().values()}
    assert sorted(titles) == ["广州市技能补贴办法", "广州市技能补贴暂行办法"]
    assert titles["广州市技能补贴暂行办法"].source == "received/广州市/甲.docx"
    assert any(e.field == "repealed_by" for e in titles["广州市技能补贴暂行办法"].evidence)
    assert list(site.corpus.iterdir()) == []


def test_a_received_file_is_known_again_under_another_name(site):
    site.ingest(site.received("一.txt", NOTICE))
    summary = site.ingest(site.received("二.txt", NOTICE), place="330100")
    assert counted(summary) == (0, 1, 0)
    assert len(site.held()) == 1


def test_a_file_read_to_another_number_by_newer_rules_is_held_once(site, monkeypatch):
    site.ingest(site.received("一.txt", NOTICE))
    (before,) = site.held()
    monkeypatch.setattr(working, "recipe_of", lambda *parts: "another program")
    summary = site.ingest(site.received("一.txt", NOTICE), place="330100")
    assert counted(summary) == (1, 0, 0)
    (after,) = site.held()
    assert (before[:6], after[:6]) == ("440100", "330100")


def test_one_broken_reader_is_no_broken_run(site, monkeypatch, caplog):
    write_corpus(site.corpus, 3)
    real = working.read_filed

    def breaking(policy_id, *rest):
        if policy_id == "made-0001":
            raise RecursionError
        return real(policy_id, *rest)

    monkeypatch.setattr(working, "read_filed", breaking)
    summary = site.build()
    assert counted(summary) == (2, 0, 1)
    assert "RecursionError" in summary.refused[0].reason
    assert sorted(site.held()) == ["made-0000", "made-0002"]


class Losing(OneWorker):
    """Loses some jobs with their worker: always, or until they are handed over alone."""

    def __init__(self, worker, lost, *, always: bool) -> None:
        super().__init__(worker)
        self._lost, self._always = lost, always

    def work(self, tasks):
        kept = [task for task in tasks if task[0].name not in self._lost or (len(tasks) == 1 and not self._always)]
        yield from super().work(kept)


@pytest.mark.parametrize(("always", "expected"), [(False, (4, 0, 0)), (True, (3, 0, 1))])
def test_jobs_lost_with_their_worker_are_done_alone_or_reported(site, always, expected):
    write_corpus(site.corpus, 4)
    site.target.create(MeanLengths(10, 10, 1))
    summary = site.build(Losing(site.worker(), {"made-0002.txt"}, always=always))
    assert counted(summary) == expected
    assert ("made-0002" in site.held()) is not always
    assert all("反复中断" in report.reason for report in summary.refused)


def test_a_worker_that_finds_its_own_earlier_try_counts_it_as_stored(site):
    """Killed after the store took the document and before the report: the next try finds it there."""
    write_corpus(site.corpus, 2)
    site.target.create(MeanLengths(10, 10, 1))

    class Twice(OneWorker):
        def work(self, tasks):
            list(super().work(tasks[:1]))  # nobody hears of it
            yield from super().work(tasks)

    summary = site.build(Twice(site.worker()))
    assert counted(summary) == (2, 0, 0)
    assert summary.sentences == sum(len(chunks) for _, chunks in site.held().values())


def test_a_store_that_goes_away_stops_the_run_and_keeps_what_it_has(site, monkeypatch):
    write_corpus(site.corpus, 4)
    monkeypatch.setattr(working, "PAUSE_S", 0.0)
    real = FileTarget.replace

    def failing(self, document, *rest):
        if document.policy.policy_id == "made-0002":
            raise IndexStoreError("数据库连不上。")
        return real(self, document, *rest)

    monkeypatch.setattr(FileTarget, "replace", failing)
    with pytest.raises(IndexStoreError, match=r"made-0002.*数据库连不上.*重新运行会接着做"):
        site.build()
    assert sorted(site.held()) == ["made-0000", "made-0001", "made-0003"]  # by the folders' names it comes last
    monkeypatch.setattr(FileTarget, "replace", real)
    assert counted(site.build()) == (1, 3, 0)


def test_a_store_that_comes_back_is_asked_again(site, monkeypatch):
    write_corpus(site.corpus, 2)
    monkeypatch.setattr(working, "PAUSE_S", 0.0)
    real, failures = FileTarget.replace, [3]

    def failing(self, *rest):
        if failures[0]:
            failures[0] -= 1
            raise IndexStoreError("连接中断。")
        return real(self, *rest)

    monkeypatch.setattr(FileTarget, "replace", failing)
    assert counted(site.build()) == (2, 0, 0)


def test_a_worker_with_another_dictionary_or_program_puts_nothing_in(site):
    write_corpus(site.corpus, 2)
    with pytest.raises(IndexStoreError, match="与发起入库的机器不同"):
        site.build(OneWorker(site.worker("the recipe of another machine")))
    assert not site.target.exists()


def test_windows_are_bounded_and_lose_nothing(site, monkeypatch):
    write_corpus(site.corpus, 9)
    monkeypatch.setattr(spreading, "WINDOW_TASKS", 4)
    sizes = []

    class Watched(OneWorker):
        def work(self, tasks):
            sizes.append(len(tasks))
            yield from super().work(tasks)

    site.target.create(MeanLengths(10, 10, 1))
    assert counted(site.build(Watched(site.worker()))) == (9, 0, 0)
    assert sizes == [4, 4, 1]
    monkeypatch.setattr(spreading, "WINDOW_BYTES", 1)
    sizes.clear()
    site.target.remove(site.target.digests())
    assert counted(site.build(Watched(site.worker()))) == (9, 0, 0)
    assert sizes == [1] * 9


def test_of_many_documents_some_are_measured_evenly(site, monkeypatch):
    write_corpus(site.corpus, 9)
    monkeypatch.setattr(spreading, "SAMPLE", 3)
    measured = []

    class Watched(OneWorker):
        def work(self, tasks):
            measured.extend(job.number for job, _ in tasks if job.purpose == "measured")
            yield from super().work(tasks)

    site.build(Watched(site.worker()))
    assert measured == [0, 3, 6]
    assert len(site.held()) == 9


def test_jobs_travel_as_plain_columns(site):
    write_corpus(site.corpus, 1)
    received = site.received("通知.txt", NOTICE)
    planned = [
        *plan_corpus(site.corpus, {}, "", site.settings.questions_dir),
        *plan_files([received], {}, "", site.settings.questions_dir, "440100"),
    ]
    rows = as_rows(planned)
    assert all({type(value) for value in row.values()} == {str, bytes} for row in rows)
    columns = {name: [row[name] for row in rows] for name in ("job", "data")}
    assert list(tasks_of(columns)) == planned
    assert not any(isinstance(item, Report) for item in planned)
