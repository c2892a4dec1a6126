"""Versions of a text: what the newer changes, what it ends or extends, and which of them answers rest on."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from made_files import make_page

from assistant.errors import CorpusError
from assistant.ingesting.differing import Change, compare
from assistant.ingesting.ingest import ingest, open_version, replace_text, review
from assistant.ingesting.reviewing import readings
from assistant.model import Hit, Status
from assistant.parsing.mentions import find_extensions, find_repeals
from assistant.parsing.reading import read_corpus
from assistant.parsing.status import status_on
from assistant.retrieval.versions import without_older

DAY = date(2026, 11, 20)
SITES = Path(__file__).parents[1] / "fixtures" / "sites"
DRAFT = """广州市技能津贴办法（征求意见稿）
第一条　为了鼓励技能，制定本办法。
第二条　企业可以对高级技师发放津贴，每月500元。
第三条　用人单位应当组织培训。
第四条　市总工会每年通报一次。
"""
FINAL = """广州市技能津贴办法
穗府办规〔2025〕3号
第一条　为了鼓励技能，制定本办法。
第二条　企业应当对高级技师发放津贴，每月800元。
第三条　鼓励用人单位组织培训。
第四条　设立技能大师工作室的，给予资助。
第五条　本办法自2025年6月1日起施行，有效期5年。
广州市人民政府办公厅
2025年5月1日
"""
OLDER = FINAL.replace("〔2025〕3号", "〔2021〕8号").replace("2025年", "2021年").replace("800元", "600元")
EXTENDED = """广州市人民政府办公厅关于延长《广州市技能津贴办法》有效期的通知
穗府办规〔2030〕1号
各区人民政府：
经研究，《广州市技能津贴办法》（穗府办规〔2025〕3号）有效期延长至2032年12月31日。
广州市人民政府办公厅
2030年5月1日
"""


@pytest.fixture
def take(tmp_path, corpus, gazetteer):
    """Ingest texts; returns the documents by title and number."""

    def taking(*texts: str):
        for number, text in enumerate(texts):
            path = tmp_path / f"{number}-{len(text)}.txt"
            path.write_text(text, encoding="utf-8")
            (report,) = ingest([path], corpus, gazetteer)
            assert report.outcome == "stored", report.reason
        return {(d.policy.title, d.policy.document_number): d for d in read_corpus(corpus, gazetteer)}

    return taking


def test_the_changes_of_a_draft_to_the_final_text(take, corpus, gazetteer):
    held = take(DRAFT, FINAL)
    old, new = (
        held["广州市技能津贴办法（征求意见稿）", None],
        held["广州市技能津贴办法", "穗府办规〔2025〕3号"],
    )
    found = compare(old, new)
    told = [(one.change, (one.old or one.new).path) for one in found.differences]
    assert told == [
        (Change.STRONGER, "第二条"),
        (Change.WEAKER, "第三条"),
        (Change.REMOVED, "第四条"),
        (Change.ADDED, "第四条"),
        (Change.ADDED, "第五条"),
    ]
    assert found.differences[0].figures == (("500元",), ("800元",))
    assert found.same == 1
    assert compare(new, new).differences == ()


def test_renumbering_alone_changes_nothing(take):
    moved = FINAL.replace("第一条", "第一条　本市实行本办法。\n第二条", 1)
    for old, new in (("第五条", "第六条"), ("第四条", "第五条"), ("第三条", "第四条")):
        moved = moved.replace(old, new)
    moved = moved.replace("第二条　企业", "第三条　企业").replace("3号", "4号")
    held = take(FINAL, moved)
    found = compare(*(held["广州市技能津贴办法", f"穗府办规〔2025〕{number}号"] for number in (3, 4)))
    assert [(one.change, one.new.words) for one in found.differences] == [(Change.ADDED, "第一条　本市实行本办法。")]
    assert found.moved == found.same == 5


def test_the_draft_of_a_held_text_is_said_to_be_one(take):
    draft = take(DRAFT, FINAL)["广州市技能津贴办法（征求意见稿）", None]
    reading = status_on(draft.policy, DAY)
    assert reading.status is Status.DRAFT
    assert "穗府办规〔2025〕3号" in reading.explanation


def test_an_older_text_of_the_same_title_is_not_called_in_force(take):
    held = take(FINAL, OLDER)
    older, newer = (held["广州市技能津贴办法", number] for number in ("穗府办规〔2021〕8号", "穗府办规〔2025〕3号"))
    assert status_on(newer.policy, DAY).status is Status.IN_FORCE
    assert status_on(older.policy, date(2025, 12, 1)).status is Status.UNKNOWN
    assert "穗府办规〔2025〕3号" in status_on(older.policy, date(2025, 12, 1)).explanation
    assert status_on(older.policy, DAY).status is Status.EXPIRED  # its own words come first


def test_answers_rest_on_the_newer_from_its_first_day_on(take):
    held = {d.policy.policy_id: d for d in take(FINAL, OLDER).values()}
    ids = {d.policy.document_number: name for name, d in held.items()}
    older, newer = ids["穗府办规〔2021〕8号"], ids["穗府办规〔2025〕3号"]
    hits = (Hit(f"{older}@1-9", 9.0), Hit(f"{newer}@1-9", 8.0))
    assert without_older(hits, held.__getitem__, DAY) == hits[1:]
    assert without_older(hits, held.__getitem__, date(2025, 5, 31)) == hits
    assert without_older(hits[:1], held.__getitem__, DAY) == hits[:1]


def test_a_longer_validity_is_read_with_the_words_that_give_it(take):
    held = take(FINAL, EXTENDED)
    text = held["广州市技能津贴办法", "穗府办规〔2025〕3号"]
    reading = status_on(text.policy, date(2031, 1, 1))
    assert reading.status is Status.IN_FORCE
    assert "穗府办规〔2030〕1号" in reading.explanation
    assert "2032年12月31日" in reading.explanation
    assert status_on(text.policy, date(2033, 1, 1)).status is Status.EXPIRED


@pytest.mark.parametrize(
    ("words", "until", "years"),
    [
        ("《甲办法》（甲府〔2020〕1号）有效期延长至2027年6月30日。", date(2027, 6, 30), 0),
        ("《甲办法》继续有效，有效期至2028年1月1日。", None, 0),  # no word of extension before the day
        ("将《甲办法》的有效期延续到2026年12月31日。", date(2026, 12, 31), 0),
        ("《甲办法》有效期延长3年。", None, 3),
        ("《甲办法》延期执行至2026年12月31日。", date(2026, 12, 31), 0),
        ("按照《甲办法》执行。", None, None),
    ],
)
def test_extensions(take, words, until, years):
    (document,) = take(f"关于甲办法的通知\n一、{words}\n").values()
    found = [(one.until, one.years) for one in find_extensions(document)]
    if years is None or (until is None and years == 0):
        assert all(day is not None for day, _ in found) or found == []
    else:
        assert found == [(until, years)]


def test_a_table_of_repealed_texts_repeals_them(tmp_path, take, corpus, gazetteer):
    page = tmp_path / "list.html"
    page.write_bytes((SITES / "repeal-decision.html").read_bytes())
    list(ingest([page], corpus, gazetteer))
    held = take(
        "安徽省人力资源和社会保障厅关于高级技师岗位津贴的通知\n皖人社发〔2017〕5号\n一、高级技师每月津贴100元。\n"
        "安徽省人力资源和社会保障厅\n2017年3月1日\n"
    )
    decision = next(d for d in held.values() if "废止" in d.policy.title)
    assert [repeal.reference.document_number for repeal in find_repeals(decision)] == [
        "皖人社发〔2016〕33号",
        "皖人社发〔2016〕33号",
        "皖人社发〔2017〕5号",
        "皖人社秘〔2015〕120号",
    ]
    ended = next(d for d in held.values() if d.policy.document_number == "皖人社发〔2017〕5号")
    assert status_on(ended.policy, DAY).status is Status.REPEALED


def test_replace_puts_one_version_for_another(tmp_path, take, corpus, gazetteer):
    (old,) = take(DRAFT).values()
    path = tmp_path / "new.html"
    path.write_bytes(make_page(FINAL))
    report, found = replace_text(old.policy.policy_id, path, corpus, gazetteer)
    assert [d.policy.policy_id for d in read_corpus(corpus, gazetteer)] == [report.document.policy.policy_id]
    assert found.differences
    with pytest.raises(CorpusError, match="没有编号"):
        replace_text(old.policy.policy_id, path, corpus, gazetteer)
    with pytest.raises(CorpusError, match="一字不差"):
        replace_text(report.document.policy.policy_id, path, corpus, gazetteer)
    with pytest.raises(CorpusError, match="打不开"):
        replace_text(report.document.policy.policy_id, tmp_path / "none.txt", corpus, gazetteer)
    assert len(read_corpus(corpus, gazetteer)) == 1


def test_versions_are_named_by_id_or_by_file(tmp_path, take, corpus, gazetteer):
    (held,) = take(FINAL).values()
    path = tmp_path / "file.txt"
    path.write_text(DRAFT, encoding="utf-8")
    assert open_version(held.policy.policy_id, corpus, gazetteer) == held
    assert open_version(str(path), corpus, gazetteer).policy.draft_mark is not None
    with pytest.raises(CorpusError, match="没有这个编号"):
        open_version("nobody", corpus, gazetteer)


def test_every_fact_says_how_sure_it_is(tmp_path, corpus, gazetteer):
    page = tmp_path / "faq.html"
    page.write_bytes((SITES / "faq-dl.html").read_bytes())
    (report,) = ingest([page], corpus, gazetteer)
    sure = {
        reading.field: (reading.value, reading.sure, reading.basis)
        for reading in readings(report.document, report.origin)
    }
    assert sure["title"] == ("工伤保险常见问题", "sure", "正文")
    assert sure["jurisdiction"] == ("520100", "unsure", "网站名（贵阳市人力资源和社会保障局）")
    assert sure["issuers"][1] == "unsure"
    assert sure["effective_from"] == ("", "sure", "文中没有")
    (again,) = review(corpus, gazetteer)
    assert readings(again.document, again.origin) == readings(report.document, report.origin)
