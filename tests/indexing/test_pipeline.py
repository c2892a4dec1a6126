from __future__ import annotations

import hashlib
import shutil

import pytest

from assistant.errors import CorpusError, IndexCorruptError, IndexUnwritableError, SettingsError
from assistant.indexing import refreshing
from assistant.indexing.pipeline import build_index, load_encoder, open_index, own_encoder, source_files
from assistant.indexing.static_encoder import StaticEncoder
from assistant.settings import BUNDLED, BUNDLED_ENCODER, Settings

KNOWN = {  # the five texts as received; nothing of ours changes them
    "guangdong-2022-industrial-workers": "0f95c2efb6ca543da11b1da3f1130398f033cbbca91eed522f5f54709bf5a270",
    "guangzhou-2025-skilled-talent": "ed69d734b6809624af50ef9d78fea972798ae14c7a72ca66884a638c6ebf7722",
    "haizhu-2020-skill-upgrading": "2f56e15fb02495b8ae465c58c171e6fb5b88b8e014e17d0f912356289a12dd4c",
    "zhanjiang-draft-skilled-talent": "d0b1439bb9be81e8e0ad52115e07d5ec861a90a839094e0788e7645e5373af42",
    "zhejiang-2023-skilled-talent": "3ddea238669fbd6a7f5edb88841c96dc96f45c0118040483679ceaed647fd306",
}


@pytest.fixture
def own(root, tmp_path) -> Settings:
    """A copy of the corpus and lexicon that a test may change, with an index of its own."""
    shutil.copytree(root / "corpus", tmp_path / "corpus")
    corpus = tmp_path / "corpus"
    return Settings(corpus, corpus / "lexicon", corpus / "questions", tmp_path / "index")


def test_the_texts_are_byte_for_byte_those_received(corpus_dir):
    texts = [path for path in corpus_dir.glob("*/*.txt") if path.parent.name != "lexicon"]
    assert {path.stem: hashlib.sha256(path.read_bytes()).hexdigest() for path in texts} == KNOWN
    assert {path.parent.name for path in texts} == {"guangdong", "guangzhou", "haizhu", "zhanjiang", "zhejiang"}


def test_the_sources_are_texts_questions_and_lexicon(real_settings):
    sources = {source.path: source.sha256 for source in source_files(real_settings)}
    texts = {path.split("/")[-1]: sha for path, sha in sources.items() if not path.startswith("corpus/lexicon/")}
    assert {f"{name}.txt": sha for name, sha in KNOWN.items()}.items() <= texts.items()
    lexicon = {f"corpus/lexicon/{name}" for name in ("divisions.tsv", "stopwords.txt", "user_dictionary.txt")}
    assert lexicon <= sources.keys()
    assert sum(path.startswith("corpus/questions/") for path in sources) == 5
    assert "rules" in sources


def test_a_first_use_builds_and_a_second_opens_the_same(own):
    stages: list[str] = []
    first = open_index(own, lambda stage, done, total: stages.append(stage))
    assert stages
    stages.clear()
    again = open_index(own, lambda stage, done, total: stages.append(stage))
    assert stages == []
    assert again.store.generation == first.store.generation
    assert len(again.store.documents) == 5


@pytest.mark.parametrize(
    "path",
    [
        "haizhu/haizhu-2020-skill-upgrading.txt",
        "questions/haizhu-2020-skill-upgrading.jsonl",
        "lexicon/stopwords.txt",
        "lexicon/user_dictionary.txt",
    ],
)
def test_a_changed_source_makes_a_new_generation(own, path):
    before = open_index(own).store.generation
    target = own.corpus_dir / path
    target.write_bytes(target.read_bytes() + b"\n")
    assert open_index(own).store.generation != before


def test_a_text_taken_out_is_gone(own):
    assert "haizhu-2020-skill-upgrading" in open_index(own).store.documents
    (own.corpus_dir / "haizhu" / "haizhu-2020-skill-upgrading.txt").unlink()
    assert "haizhu-2020-skill-upgrading" not in open_index(own).store.documents


def test_a_corpus_without_lay_questions_works(own):
    shutil.rmtree(own.questions_dir)
    assert open_index(own).store.counts.questions == 0


def test_a_damaged_index_is_not_rebuilt_in_silence(own):
    build_index(own)
    (chunks,) = own.index_dir.glob("gen-*/chunks.jsonl")
    chunks.write_bytes(chunks.read_bytes() + b"\n")
    with pytest.raises(IndexCorruptError, match=r"chunks\.jsonl"):
        open_index(own)
    build_index(own)
    assert len(open_index(own).store.documents) == 5


def test_a_failed_build_leaves_the_old_index(own):
    before = build_index(own)
    path = own.corpus_dir / "haizhu" / "haizhu-2020-skill-upgrading.txt"
    whole = path.read_bytes()
    path.write_bytes(bytes(range(256)) * 8)
    with pytest.raises(CorpusError, match="不是可读的文本"):
        open_index(own)
    path.write_bytes(whole)
    assert open_index(own).store.generation == before


@pytest.mark.parametrize("breaking", ["folder", "dangling"])
def test_a_text_that_cannot_be_read_is_named(own, breaking):
    path = own.corpus_dir / "haizhu" / "new.txt"
    path.mkdir() if breaking == "folder" else path.symlink_to("nowhere")
    with pytest.raises(CorpusError, match=r"haizhu/new\.txt 读不出来"):
        open_index(own)


@pytest.mark.parametrize("content", [None, b"code\nabc\n", b"\xff\xfe\xfa"])
def test_a_table_of_places_that_cannot_be_read_is_named(own, content):
    path = own.lexicon_dir / "divisions.tsv"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SettingsError, match=r"行政区划表 divisions\.tsv 读不出来"):
        build_index(own)


def test_the_index_tells_its_sources_by_name_not_by_folder(own):
    assert not any(source.path.startswith("/") for source in source_files(own))
    elsewhere = Settings(own.corpus_dir, own.lexicon_dir, own.corpus_dir.parent / "nowhere", own.index_dir)
    assert not any("questions" in source.path for source in source_files(elsewhere))


def test_an_encoder_made_by_the_same_recipe_is_read_as_the_bundled_one_is(tmp_path):
    folder = tmp_path / "mine"
    shutil.copytree(BUNDLED_ENCODER, folder)
    assert own_encoder(BUNDLED) == BUNDLED_ENCODER
    assert own_encoder(str(folder)) == folder
    loaded = load_encoder(str(folder))
    assert isinstance(loaded, StaticEncoder)
    assert loaded.name == "mine"
    (folder / "translations.json").unlink()
    assert own_encoder(str(folder)) is None
    assert own_encoder("BAAI/bge-m3") is None
    assert load_encoder("none") is None


def test_a_full_disk_leaves_the_old_index_answering(own, monkeypatch, caplog):
    before = open_index(own).store.generation
    text = own.corpus_dir / "haizhu" / "haizhu-2020-skill-upgrading.txt"
    added = text.with_name("added.txt")
    added.write_bytes(text.read_bytes() + b"\n")

    def full(*_):
        raise IndexUnwritableError("索引没有写成（No space left on device）。")

    monkeypatch.setattr(refreshing, "refresh", full)
    assert open_index(own).store.generation == before
    assert "新加的文件没有算进去" in caplog.text
    added.unlink()
    text.unlink()
    with pytest.raises(IndexUnwritableError):  # what was taken out is not quoted
        open_index(own)
    shutil.rmtree(own.index_dir)
    with pytest.raises(IndexUnwritableError):
        open_index(own)
