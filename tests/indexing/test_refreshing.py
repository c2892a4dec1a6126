"""A rebuild reads what changed and takes over the rest: the result is that of a build from nothing."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest

from assistant.indexing import refreshing
from assistant.indexing.pipeline import build_index, load_encoder, open_index
from assistant.indexing.refreshing import Reader
from assistant.indexing.store import open_generation
from assistant.settings import Settings

LAW = (
    "{title}\n\n第一章　总则\n第一条　为了{purpose}，制定本办法。\n第二条　企业应当按规定足额提取职工教育经费。{more}\n"
)
OLD, NEW = "420100-2020-old", "420100-2025-new"


@pytest.fixture
def own(root, tmp_path) -> Settings:
    corpus = tmp_path / "corpus"
    shutil.copytree(root / "corpus", corpus, ignore=shutil.ignore_patterns("zhejiang", "guangdong"))
    for name in ("zhejiang-2023-skilled-talent", "guangdong-2022-industrial-workers"):
        (corpus / "questions" / f"{name}.jsonl").unlink()
    metadata = corpus / "metadata.jsonl"
    lines = metadata.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not json.loads(line)["policy_id"].startswith(("zhejiang", "guangdong"))]
    metadata.write_text("\n".join(kept) + "\n", encoding="utf-8")
    return Settings(corpus, corpus / "lexicon", corpus / "questions", tmp_path / "index")


@pytest.fixture
def read(monkeypatch) -> list[str]:
    """The texts that were read anew."""
    names: list[str] = []
    real = Reader.read

    def reading(self, path):
        names.append(path.stem)
        return real(self, path)

    monkeypatch.setattr(Reader, "read", reading)
    return names


def write(settings: Settings, policy_id: str, purpose: str, more: str = "", title: str = "武汉市职工培训办法") -> None:
    folder = settings.corpus_dir / "武汉市"
    folder.mkdir(exist_ok=True)
    text = f"武汉市人民政府\n{LAW.format(title=title, purpose=purpose, more=more)}"
    (folder / f"{policy_id}.txt").write_text(text, encoding="utf-8")


def opened(settings: Settings):
    store = open_index(settings).store
    return store._held


def assert_same(settings: Settings, tmp_path) -> None:
    """The index is what a build from nothing makes."""
    fresh = Settings(settings.corpus_dir, settings.lexicon_dir, settings.questions_dir, tmp_path / "fresh")
    one, two = opened(settings), opened(fresh)
    assert list(one.documents.values()) == list(two.documents.values())
    assert list(one.chunks) == list(two.chunks)
    assert [one.words[row] for row in range(len(one.words))] == [two.words[row] for row in range(len(two.words))]
    for name in ("place", "policy", "kind", "start", "end", "first_question"):
        np.testing.assert_array_equal(getattr(one.columns, name), getattr(two.columns, name))
    for held in ("dense", "dense_questions"):
        a, b = getattr(one, held), getattr(two, held)
        assert a.count == b.count
        np.testing.assert_array_equal(a.vectors(range(a.count)), b.vectors(range(b.count)))
    assert [one.pieces.of(i).tolist() for i in range(len(one.pieces))] == [
        two.pieces.of(i).tolist() for i in range(len(two.pieces))
    ]
    terms = {"企业": 1.0, "经费": 1.0, "落户": 1.0}
    assert one.lexical.search(terms, 50, jurisdictions=None) == two.lexical.search(terms, 50, jurisdictions=None)


def test_only_a_changed_text_is_read(own, read, tmp_path):
    write(own, OLD, "提高技能")
    build_index(own)
    assert len(read) == 4
    read.clear()
    write(own, OLD, "提高技能水平", "60%以上用于一线职工。")
    build_index(own)
    assert read == [OLD]
    assert_same(own, tmp_path)


@pytest.mark.parametrize("change", ["lay question", "lay questions gone", "text gone", "text added"])
def test_what_else_changes_one_document(own, read, tmp_path, change):
    write(own, OLD, "提高技能")
    build_index(own)
    read.clear()
    asked = own.questions_dir / "haizhu-2020-skill-upgrading.jsonl"
    if change == "lay question":
        rows = asked.read_text(encoding="utf-8").splitlines()
        row = json.loads(rows[0])
        row["questions"].append("这个新问法有没有人管")
        asked.write_text("\n".join([json.dumps(row, ensure_ascii=False), *rows[1:]]) + "\n", encoding="utf-8")
    elif change == "lay questions gone":
        asked.unlink()
    elif change == "text gone":
        (own.corpus_dir / "武汉市" / f"{OLD}.txt").unlink()
    else:
        write(own, NEW, "规范培训", title="武汉市企业培训补充办法")
    build_index(own)
    expected = {"text gone": [], "text added": [NEW]}.get(change, ["haizhu-2020-skill-upgrading"])
    assert read == expected
    assert_same(own, tmp_path)


@pytest.mark.parametrize("path", ["lexicon/stopwords.txt", "metadata.jsonl", "lexicon/user_dictionary.txt"])
def test_what_all_are_read_by_changes_all(own, read, path):
    build_index(own)
    read.clear()
    target = own.corpus_dir / path
    target.write_text(target.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    build_index(own)
    if path != "lexicon/user_dictionary.txt":
        assert len(read) == 3
    read.clear()
    build_index(own)
    assert read == []


def test_a_text_ended_by_a_new_one_is_marked_though_it_is_not_read_again(own, read, tmp_path):
    write(own, OLD, "提高技能")
    build_index(own)
    write(
        own,
        NEW,
        "规范培训",
        "\n第三条　本办法自2025年1月1日起施行，《武汉市职工培训办法》同时废止。",
        "武汉市企业职工培训条例",
    )
    read.clear()
    build_index(own)
    assert read == [NEW]
    repealed = opened(own).documents[OLD].policy
    assert any(deadline.kind == "repealed" for deadline in repealed.deadlines)
    assert_same(own, tmp_path)
    (own.corpus_dir / "武汉市" / f"{NEW}.txt").unlink()
    build_index(own)
    again = opened(own).documents[OLD].policy
    assert not any(deadline.kind == "repealed" for deadline in again.deadlines)


def test_a_process_beside_reads_the_same(own, tmp_path, monkeypatch):
    monkeypatch.setattr(refreshing, "_IN_PROCESS_UP_TO", 0)
    build_index(own)
    monkeypatch.undo()
    assert_same(own, tmp_path)


def test_without_an_encoder_keywords_are_taken_over(own, read, tmp_path):
    keywords = Settings(own.corpus_dir, own.lexicon_dir, own.questions_dir, own.index_dir, encoder="none")
    build_index(keywords)
    read.clear()
    write(own, OLD, "提高技能")
    build_index(keywords)
    assert read == [OLD]
    assert open_generation(own.index_dir).dense is None
    read.clear()
    build_index(own)  # with the encoder everything must be embedded, and so is read
    assert len(read) == 4
    assert load_encoder(own.encoder) is not None
