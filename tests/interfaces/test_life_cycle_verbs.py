"""The commands that keep a corpus: lists, a watched folder, replace, diff, deep verification, suggestions."""

from __future__ import annotations

import json
import threading

import pytest
from made_files import laid_out, make_pdf

from assistant.errors import CorpusError, SettingsError
from assistant.indexing.pipeline import build_index, open_gazetteer
from assistant.ingesting.gathering import gather, listed
from assistant.ingesting.ingest import ingest
from assistant.ingesting.watching import Watched
from assistant.interfaces import cli
from assistant.interfaces.progress import Progress
from assistant.interfaces.verifying import verify_deeply
from assistant.interfaces.watching import watch
from assistant.settings import Settings

TEXT = """广州市技能津贴办法
穗府办规〔2025〕{0}号
第一条　企业可以发放津贴，每月{0}元。
第二条　本办法自2025年6月1日起施行。
"""


@pytest.fixture
def place(tmp_path, monkeypatch):
    for name in ("corpus", "index"):
        monkeypatch.setenv(f"POLICY_{name.upper()}", str(tmp_path / name))
    (tmp_path / "corpus").mkdir()
    return tmp_path


def put(folder, number):
    folder.mkdir(exist_ok=True)
    path = folder / f"{number}.txt"
    path.write_text(TEXT.format(number), encoding="utf-8")
    return path


def run(capsys, *arguments):
    code = cli.main([str(one) for one in arguments])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_the_life_of_a_text(place, capsys):
    first, second = put(place / "in", 500), put(place / "in", 800)
    (place / "list.txt").write_text("# 两份里的第一份\nin/500.txt\n\n", encoding="utf-8")
    assert run(capsys, "ingest", "--list", place / "list.txt")[0] == 0
    code, out, err = run(capsys, "ingest", first)
    assert (code, "已在库中 1 份" in out, "索引" in out) == (0, True, False)
    assert "已读 1/1 个文件" in err
    (name, *_) = run(capsys, "list")[1].split("\t")
    code, out, _ = run(capsys, "diff", name, second)
    assert code == 0
    assert "【改写】第一条　数字：500元 → 800元" in out
    row = json.loads(run(capsys, "diff", name, second, "--json")[1].splitlines()[0])
    assert (row["change"], row["new"]["clause"], row["figures_added"]) == ("changed", "第一条", ["800元"])
    code, out, _ = run(capsys, "replace", name, second)
    assert code == 0
    assert "未变 1 句" in out
    assert "800元" in run(capsys, "ask", "广州技能津贴多少")[1]
    assert run(capsys, "verify", "--deep")[0] == 0
    suggested = [json.loads(line) for line in run(capsys, "review", "--suggest")[1].splitlines()]
    assert {row["field"] for row in suggested} >= {"issuers", "signed_on"}
    assert all(row["evidence"]["note"].startswith("待核对") for row in suggested)
    assert run(capsys, "ingest")[0] == 1
    assert run(capsys, "replace", "nobody", first)[0] == 1


def test_an_interrupted_run_goes_on_where_it_stopped(place, capsys):
    settings = Settings(corpus_dir=place / "corpus", index_dir=place / "index")
    list(ingest([put(place / "in", 500)], place / "corpus", open_gazetteer(settings)))  # killed before the index
    code, out, _ = run(capsys, "ingest", place / "in")
    assert code == 0
    assert "已在库中 1 份" in out
    assert "索引 gen-000001 已更新" in out


def test_deep_verification_names_what_differs(place, capsys):
    settings = Settings(corpus_dir=place / "corpus", index_dir=place / "index")
    page = place / "in.md"
    page.write_text("# " + TEXT.format(500), encoding="utf-8")
    assert run(capsys, "ingest", page)[0] == 0
    told: list[str] = []
    assert verify_deeply(settings, told.append) == 0
    original = next((place / "corpus").glob("*/*.md"))
    original.write_bytes(original.read_bytes() + b"\n")
    told.clear()
    assert verify_deeply(settings, told.append) == 1
    assert "原件" in "".join(told)


def test_a_watched_folder_hands_out_what_no_longer_changes(tmp_path):
    watched = Watched(tmp_path)
    path = put(tmp_path, 1)
    assert watched.settled() == ()  # first seen
    assert watched.settled() == (path,)
    watched.finish((path,))
    assert watched.settled() == ()
    path.write_text("changed", encoding="utf-8")
    assert watched.settled() == ()
    assert watched.settled() == (path,)
    path.unlink()
    assert watched.settled() == ()


def test_watching_goes_on_after_a_bad_file_and_stops_when_told(tmp_path):
    folder = tmp_path / "in"
    put(folder, 1)
    settings = Settings(corpus_dir=tmp_path / "corpus", index_dir=tmp_path / "index")
    stop, taken = threading.Event(), []

    def take(paths):
        taken.append([path.name for path in paths])
        if len(taken) == 1:
            put(folder, 2)
            raise CorpusError("坏了。")
        stop.set()
        return 0

    assert watch(folder, 0.01, settings, take, lambda _: None, stop) == 0
    assert taken[0] == ["1.txt"]
    assert set(taken[-1]) <= {"1.txt", "2.txt"}
    for wrong in (tmp_path / "none", tmp_path / "corpus"):
        (tmp_path / "corpus").mkdir(exist_ok=True)
        with pytest.raises(SettingsError):
            watch(wrong, 1, settings, take, lambda _: None, stop)


def test_a_list_that_cannot_be_read_is_said(tmp_path):
    (tmp_path / "list").write_bytes(b"\xff\xfe\x00")
    for name in ("list", "none"):
        with pytest.raises(CorpusError, match="清单"):
            listed(tmp_path / name)


def test_what_a_browser_saves_beside_a_page_is_left_out(tmp_path):
    (tmp_path / "通知.html").write_text("<p>第一条　甲。</p>", encoding="utf-8")
    (tmp_path / "通知_files").mkdir()
    (tmp_path / "通知_files" / "a.js").write_text("var a;")
    (tmp_path / "data.json").write_text("{}")
    assert [member.name for member in gather([tmp_path])] == ["data.json", "通知.html"]


def test_progress_tells_done_rate_and_time_left():
    told: list[str] = []
    progress = Progress(4, told.append, here=False)
    progress.step(10)
    progress.step(5)
    progress.end()
    assert "已读 1/4 个文件，10 条" in told[0]
    assert "约剩" in told[0]
    assert "已读 2/4 个文件，15 条" in told[-1]


def test_building_twice_leaves_the_ids_as_they_were(place):
    settings = Settings(corpus_dir=place / "corpus", index_dir=place / "index")
    list(ingest([put(place / "in", 500)], place / "corpus", open_gazetteer(settings)))
    build_index(settings)
    before = (place / "index" / "gen-000001" / "chunks.jsonl").read_bytes()
    build_index(settings)
    assert (place / "index" / "gen-000002" / "chunks.jsonl").read_bytes() == before


def test_the_page_of_a_pdf_stays_with_the_quotation(place, capsys):
    text = TEXT.format(500).replace("第二条", "第二条　企业应当提供津贴发放的说明。\n" * 6 + "第三条")
    path = place / "in.pdf"
    path.write_bytes(make_pdf(laid_out(text, lines=4)))
    assert run(capsys, "ingest", path)[0] == 0
    answer = json.loads(run(capsys, "ask", "广州技能津贴每月多少", "--json")[1])
    cited = {citation["clause"]: citation["page"] for citation in answer["citations"]}
    assert cited["第一条"] == 1
    assert max(cited.values()) >= 2
    assert "第一条（第1页）" in answer["answer"]
