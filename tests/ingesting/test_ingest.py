"""Received files become texts of the corpus: stored whole, once, and removed whole."""

from __future__ import annotations

import hashlib
import json
import os
from datetime import date

import pytest
from made_files import laid_out, make_page, make_pdf, make_word, make_zip

from assistant.errors import CorpusError, IndexBusyError
from assistant.ingesting import filing
from assistant.ingesting.filing import corpus_lock
from assistant.ingesting.ingest import ingest, remove, review
from assistant.ingesting.preparing import place_code
from assistant.model import Status
from assistant.parsing.origins import read_origin
from assistant.parsing.reading import read_corpus
from assistant.parsing.status import status_on

NOTICE = """广州市人民政府办公厅关于印发广州市技能补贴办法的通知
穗府办规〔2024〕13号
各区人民政府，市政府各部门：
现将《广州市技能补贴办法》印发给你们，请认真贯彻执行。
广州市人民政府办公厅
2024年6月3日
广州市技能补贴办法
第一条　为了鼓励提升技能，制定本办法。
第二条　取得技师证书的，给予补贴3000元。
第三条　本办法自2024年7月1日起施行，有效期5年。《广州市技能补贴暂行办法》（穗府办〔2019〕8号）同时废止。
"""
OLD = """广州市技能补贴暂行办法
穗府办〔2019〕8号
第一条　取得技师证书的，给予补贴1000元。
第二条　本办法自2019年3月1日起施行。
广州市人民政府办公厅
2019年2月1日
"""


def put(folder, name, data):
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def files_in(corpus):
    return {p.relative_to(corpus).as_posix(): p.read_bytes() for p in sorted(corpus.rglob("*")) if p.is_file()}


def take(paths, corpus, gazetteer, place=None, **options):
    return list(ingest(paths, corpus, gazetteer, place, **options))


def test_a_text_is_stored_byte_for_byte(tmp_path, corpus, gazetteer):
    data = NOTICE.encode("gb18030")
    (report,) = take([put(tmp_path, "a.txt", data)], corpus, gazetteer)
    policy = report.document.policy
    assert (report.outcome, policy.document_number, policy.jurisdiction) == ("stored", "穗府办规〔2024〕13号", "440100")
    assert (policy.signed_on, policy.effective_from) == (date(2024, 6, 3), date(2024, 7, 1))
    assert policy.policy_id == f"440100-2024-{hashlib.sha256(data).hexdigest()[:8]}"
    assert (corpus / "广州市" / f"{policy.policy_id}.txt").read_bytes() == data
    (document,) = read_corpus(corpus, gazetteer)
    assert document.root == report.document.root
    assert document.sentences == report.document.sentences


@pytest.mark.parametrize(
    ("name", "data", "kept"),
    [
        ("a.html", make_page(NOTICE), "html"),
        ("a.docx", make_word(NOTICE.splitlines()), "docx"),
        ("a.pdf", make_pdf(laid_out(NOTICE, lines=9)), "pdf"),
        ("a.md", ("# " + NOTICE).encode(), "md"),
        ("a.txt", NOTICE.replace("技师", "技\u200b师").encode(), "raw"),
    ],
)
def test_the_original_is_kept_and_the_text_cited(tmp_path, corpus, gazetteer, name, data, kept):
    (report,) = take([put(tmp_path, name, data)], corpus, gazetteer)
    policy = report.document.policy
    folder = corpus / "广州市"
    assert (folder / f"{policy.policy_id}.{kept}").read_bytes() == data
    text = (folder / f"{policy.policy_id}.txt").read_text(encoding="utf-8")
    origin = read_origin(folder / f"{policy.policy_id}.txt")
    assert origin.sha256 == hashlib.sha256(data).hexdigest()
    assert origin.text_sha256 == hashlib.sha256(text.encode()).hexdigest()
    (document,) = read_corpus(corpus, gazetteer)
    assert document.policy.text == text
    assert "".join(text.split()) == "".join(NOTICE.split())
    assert all(sentence.span.of(text).strip() for sentence in document.sentences)
    assert policy.document_number == "穗府办规〔2024〕13号"


def test_the_same_file_is_taken_once(tmp_path, corpus, gazetteer):
    path = put(tmp_path, "a.txt", NOTICE)
    (first,) = take([path], corpus, gazetteer)
    before = files_in(corpus)
    again = take([path, put(tmp_path, "b.doc", NOTICE)], corpus, gazetteer)
    assert [(r.outcome, r.reason) for r in again] == [("present", first.document.policy.policy_id)] * 2
    assert files_in(corpus) == before


def test_a_dry_run_writes_nothing(tmp_path, corpus, gazetteer):
    (report,) = take([put(tmp_path, "a.html", make_page(NOTICE))], corpus, gazetteer, dry_run=True)
    assert report.outcome == "stored"
    assert files_in(corpus) == {}


def test_the_order_of_ingest_makes_no_difference(tmp_path, gazetteer):
    parcel = put(
        tmp_path, "b.zip", make_zip([("旧.txt", OLD.encode()), ("网页.html", make_page(OLD.replace("1000", "2000")))])
    )
    paths = [put(tmp_path, "a.txt", NOTICE), parcel]
    stored = []
    for order in (paths, paths[::-1]):
        corpus = tmp_path / f"corpus-{len(stored)}"
        corpus.mkdir()
        take(order, corpus, gazetteer)
        stored.append({name: data for name, data in files_in(corpus).items() if "lock" not in name})
    assert stored[0] == stored[1]
    assert len(stored[0]) == 7


def test_a_text_repealed_by_another_shows_as_repealed(tmp_path, corpus, gazetteer):
    take([put(tmp_path, "new.txt", NOTICE), put(tmp_path, "old.txt", OLD)], corpus, gazetteer)
    documents = {d.policy.document_number: d for d in read_corpus(corpus, gazetteer)}
    old = documents["穗府办〔2019〕8号"].policy
    reading = status_on(old, date(2026, 11, 20))
    assert reading.status is Status.REPEALED
    assert "穗府办规〔2024〕13号" in reading.explanation
    assert "同时废止" in reading.explanation
    assert status_on(old, date(2024, 6, 30)).status is Status.IN_FORCE
    assert status_on(documents["穗府办规〔2024〕13号"].policy, date(2026, 11, 20)).status is Status.IN_FORCE


def test_a_place_given_by_a_person_goes_over_the_text(tmp_path, corpus, gazetteer):
    text = "关于发放补贴的通知\n第一条　发放补贴。\n"
    (report,) = take([put(tmp_path, "a.txt", text)], corpus, gazetteer, place_code("武汉", gazetteer))
    assert report.document.policy.jurisdiction == "420100"
    (document,) = read_corpus(corpus, gazetteer)
    assert document.policy.jurisdiction == "420100"
    assert any(
        "--place" in d for d in take([put(tmp_path, "b.txt", text + "甲")], corpus, gazetteer, dry_run=True)[0].doubts
    )


def test_a_title_missing_in_the_text_is_taken_from_the_file_name(tmp_path, corpus, gazetteer):
    path = put(
        tmp_path,
        "3.丁省职业培训条例(2020-03-26).html",
        "<p>（2020年3月26日通过）</p><p>第一条　为了培训，制定本条例。</p>",
    )
    (report,) = take([path], corpus, gazetteer)
    assert report.document.policy.title == "丁省职业培训条例"
    assert any("取自文件名" in doubt for doubt in report.doubts)


def test_one_bad_file_stops_no_other(tmp_path, corpus, gazetteer):
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    put(folder, "1.pdf", b"%PDF-1.7 broken")
    put(folder, "2.txt", NOTICE)
    put(folder / "sub", "3.xlsx", make_zip([("xl/workbook.xml", b"<x/>")]))
    put(folder, "README.md", "说明")
    os.symlink(folder / "2.txt", folder / "4.txt")
    outcomes = {report.name: report.outcome for report in take([folder], corpus, gazetteer)}
    assert outcomes == {"1.pdf": "refused", "2.txt": "stored", "4.txt": "refused", "3.xlsx": "refused"}


def test_remove_takes_everything_away(tmp_path, corpus, gazetteer):
    (report,) = take([put(tmp_path, "a.html", make_page(NOTICE))], corpus, gazetteer)
    remove(report.document.policy.policy_id, corpus)
    assert {name for name in files_in(corpus) if "lock" not in name} == set()
    with pytest.raises(CorpusError, match="没有编号"):
        remove("../../etc", corpus)


def test_a_changed_text_and_a_lost_original_are_found(tmp_path, corpus, gazetteer):
    (report,) = take([put(tmp_path, "a.html", make_page(NOTICE))], corpus, gazetteer)
    policy_id = report.document.policy.policy_id
    assert len(review(corpus, gazetteer)) == 1
    original = corpus / "广州市" / f"{policy_id}.html"
    data = original.read_bytes()
    original.write_bytes(data + b" ")
    with pytest.raises(CorpusError, match="原件"):
        review(corpus, gazetteer)
    original.write_bytes(data)
    text = corpus / "广州市" / f"{policy_id}.txt"
    text.write_text(text.read_text(encoding="utf-8").replace("3000", "5000"), encoding="utf-8")
    with pytest.raises(CorpusError, match="与入库时不同"):
        read_corpus(corpus, gazetteer)


@pytest.mark.parametrize("damage", ["{", "[]", '{"name": 1}', '{"values": 3}'])
def test_a_broken_record_is_named(tmp_path, corpus, gazetteer, damage):
    (report,) = take([put(tmp_path, "a.html", make_page(NOTICE))], corpus, gazetteer)
    (corpus / "广州市" / f"{report.document.policy.policy_id}.origin.json").write_text(damage)
    with pytest.raises(CorpusError, match="来源记录"):
        read_corpus(corpus, gazetteer)


def test_what_an_interrupted_run_left_is_swept(tmp_path, corpus, gazetteer):
    (report,) = take([put(tmp_path, "a.html", make_page(NOTICE))], corpus, gazetteer)
    folder = corpus / "广州市"
    (folder / f"{report.document.policy.policy_id}.txt").unlink()  # killed before the last rename
    (folder / ".ingest-99").write_bytes(b"half")
    put(tmp_path, "b.txt", OLD)
    take([tmp_path / "b.txt"], corpus, gazetteer)
    assert {p.suffix for p in folder.iterdir()} == {".txt", ".json"}
    assert len(read_corpus(corpus, gazetteer)) == 1


def test_a_second_ingest_is_refused_at_once(tmp_path, corpus, gazetteer):
    path = put(tmp_path, "a.txt", NOTICE)
    with corpus_lock(corpus), pytest.raises(IndexBusyError, match="另一个进程"):
        take([path], corpus, gazetteer)


def test_the_record_is_plain_json_with_pages(tmp_path, corpus, gazetteer):
    (report,) = take([put(tmp_path, "a.pdf", make_pdf(laid_out(NOTICE, lines=6)))], corpus, gazetteer)
    record = json.loads((corpus / "广州市" / f"{report.document.policy.policy_id}.origin.json").read_text("utf-8"))
    assert record["format"] == "pdf"
    assert len(record["pages"]) == 2
    assert report.origin.page_of(record["pages"][1]) == 2
    assert any(entry.kind == "furniture" for entry in report.document.ledger)


@pytest.mark.parametrize("written", [0, 1, 2])
def test_a_disk_that_fills_leaves_the_corpus_as_it_was(tmp_path, corpus, gazetteer, monkeypatch, written):
    """Of original, record and text some are written: none stays, or the index would look older than its texts."""
    take([put(tmp_path, "old.txt", OLD)], corpus, gazetteer)
    before = files_in(corpus)
    left = iter(range(written))
    real = filing._write

    def write(path, data):
        if next(left, None) is None:
            raise OSError(28, "No space left on device")
        real(path, data)

    monkeypatch.setattr(filing, "_write", write)
    with pytest.raises(CorpusError, match="磁盘空间"):
        take([put(tmp_path, "a.html", make_page(NOTICE))], corpus, gazetteer)
    assert files_in(corpus) == before
