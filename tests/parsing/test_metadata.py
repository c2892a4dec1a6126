"""metadata.jsonl: what a person adds, each value with its evidence, refused loudly when broken."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from assistant.errors import CorpusError, MetadataError
from assistant.jurisdictions import Gazetteer
from assistant.model import Status
from assistant.parsing.metadata import read_metadata
from assistant.parsing.reading import read_corpus
from assistant.parsing.status import status_on

TEXT = "关于技能人才的意见\n\n一、总则\n企业应当培训。根据广州市的部署。\n"


def _corpus(folder: Path, *lines: object) -> Path:
    (folder / "corpus" / "place").mkdir(parents=True)
    (folder / "corpus" / "place" / "a-1.txt").write_text(TEXT, encoding="utf-8")
    rows = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines]
    (folder / "corpus" / "metadata.jsonl").write_text("\n".join(rows), encoding="utf-8")
    return folder / "corpus"


def _line(field: str, value: str, policy_id: str = "a-1", **evidence: str) -> dict[str, object]:
    return {"policy_id": policy_id, "field": field, "value": value, "evidence": evidence or {"note": "文件名"}}


BROKEN = [
    ("{", "第 1 行不是有效的 JSON"),  # not JSON
    ("[]", "第 1 行缺少"),  # not an object
    ({"policy_id": "a-1", "field": "title", "value": "甲"}, "第 1 行缺少"),  # no evidence
    (_line("colour", "红"), "不认识"),  # no such field
    ({**_line("title", "甲"), "evidence": {}}, "evidence 要写"),  # evidence without words
    (_line("title", "甲", quote="没有这句话"), "找不到"),  # a quote that is not in the text
    (_line("signed_on", "2025年4月"), "不是 2025-04-10 这样的写法"),  # not a date
    (_line("jurisdiction", "广州"), "不是全国行政区划代码"),  # a name, not a code
    (_line("jurisdiction", "999999"), "不是全国行政区划代码"),  # no such code
    (_line("title", "甲", policy_id="b-2"), "没有对应文件"),  # no such text
]


@pytest.mark.parametrize(("line", "words"), BROKEN)
def test_a_broken_line_is_refused_in_chinese(tmp_path: Path, line: object, words: str, gazetteer: Gazetteer) -> None:
    with pytest.raises(MetadataError, match=words):
        read_corpus(_corpus(tmp_path, line), gazetteer)


def test_values_go_over_what_was_read(tmp_path: Path, gazetteer: Gazetteer) -> None:
    folder = _corpus(
        tmp_path,
        _line("title", "甲意见"),
        _line("document_number", "甲府〔2025〕1号"),
        _line("issuers", "甲局、乙局"),
        "",
        _line("jurisdiction", "440100", quote="广州市"),
        _line("signed_on", "2025-04-10"),
        _line("published_on", "2025-04-11"),
        _line("effective_from", "2025-05-01"),
        _line("valid_until", "2030-04-30", quote="根据广州市的部署。"),
    )
    (document,) = read_corpus(folder, gazetteer)
    policy = document.policy
    assert (policy.title, policy.document_number) == ("甲意见", "甲府〔2025〕1号")
    assert policy.issuers == ("甲局", "乙局")
    assert policy.jurisdiction == "440100"
    assert (policy.signed_on, policy.published_on) == (date(2025, 4, 10), date(2025, 4, 11))
    assert status_on(policy, date(2026, 1, 1)).status is Status.IN_FORCE
    assert status_on(policy, date(2030, 5, 1)).status is Status.EXPIRED
    basis = status_on(policy, date(2030, 5, 1)).basis
    assert basis is not None
    assert basis.of(policy.text) == "根据广州市的部署。"
    evidence = {entry.field: entry for entry in policy.evidence}
    assert evidence["jurisdiction"].span is not None
    assert evidence["title"].note == "文件名"


def test_a_repeal_set_by_a_person(tmp_path: Path, gazetteer: Gazetteer) -> None:
    (document,) = read_corpus(_corpus(tmp_path, _line("repealed_on", "2026-01-01")), gazetteer)
    assert status_on(document.policy, date(2025, 12, 31)).status is Status.UNKNOWN
    assert status_on(document.policy, date(2026, 1, 1)).status is Status.REPEALED


def test_no_file_is_no_values(tmp_path: Path) -> None:
    assert read_metadata(tmp_path / "metadata.jsonl") == ()


def test_an_empty_corpus_and_two_texts_of_one_name(tmp_path: Path, gazetteer: Gazetteer) -> None:
    with pytest.raises(CorpusError, match="没有政策文本"):
        read_corpus(tmp_path, gazetteer)
    for place in ("x", "y"):
        (tmp_path / place).mkdir()
        (tmp_path / place / "a.txt").write_text(TEXT, encoding="utf-8")
    with pytest.raises(CorpusError, match="同名"):
        read_corpus(tmp_path, gazetteer)


def test_the_real_file_is_valid_and_needed(corpus_dir: Path, gazetteer: Gazetteer) -> None:
    """The only value set by a person is the place of the draft, whose header names no issuer."""
    values = read_metadata(corpus_dir / "metadata.jsonl")
    assert all(value.quote or value.note for value in values)
    documents = {document.policy.policy_id: document for document in read_corpus(corpus_dir, gazetteer)}
    assert {(value.policy_id, value.field) for value in values} == {("zhanjiang-draft-skilled-talent", "jurisdiction")}
    assert {document.policy.jurisdiction for document in documents.values()} == {
        "440000",
        "440100",
        "440105",
        "440800",
        "330000",
    }


def test_a_file_that_is_not_utf8_is_one_clear_sentence(tmp_path):
    path = tmp_path / "metadata.jsonl"
    path.write_bytes('{"policy_id": "广州"}'.encode("gb18030"))
    with pytest.raises(MetadataError, match="UTF-8"):
        read_metadata(path)
