from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import SettingsError
from assistant.tokenization import Tokenizer, load_tokenizer


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return load_tokenizer()


@pytest.fixture(scope="module")
def dictionary(root):
    return root / "corpus" / "lexicon" / "user_dictionary.txt"


TABLE = [
    ("补贴 60% 以上？", ("补贴", "60", "以上")),  # signs and blanks dropped
    ("２０２５年，ＡＩ", ("2025", "年", "ai")),  # full width folded
    ("穗府办〔2025〕7号", ("穗府", "办", "2025", "7", "号")),  # a document number falls into its parts
    ("2025-04-21", ("2025", "04", "21")),  # the case where jieba and its port differ on unsplit text
    ("3.5万元", ("3.5", "万元")),  # a decimal stays whole
    ("1+4+N", ("1", "4", "n")),
    ("VR工程师", ("vr", "工程", "工程师")),  # search mode gives the word inside the word
    ("Ａ类、①", ("a", "类", "1")),
    ("二〇二五", ("二", "〇", "二五")),  # 〇 is outside jieba's range
    ("𠀀", ("𠀀",)),  # so is a rare character
    ("\ud800\x00\u202e！，。（）…—— \u3000\n", ()),
    ("", ()),
]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_tokens(tokenizer, text, expected):
    assert tokenizer.tokens(text) == expected


def test_user_dictionary_keeps_its_words_whole(dictionary):
    tokenizer = load_tokenizer(dictionary)
    assert "人才绿卡" in tokenizer.tokens("可纳入广州市人才绿卡申领范围")
    assert "人才绿卡" not in load_tokenizer().tokens("可纳入广州市人才绿卡申领范围")
    words = [line for line in dictionary.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert len(words) == len(set(words)) > 200
    assert [word for word in words if word not in tokenizer.tokens(word)] == []


def test_extra_words_are_folded_and_need_two_han_characters():
    tokenizer = load_tokenizer(extra_words=["匠才码", "ＶＲ匠才圈", "匠", "abc"])
    assert tokenizer.tokens("匠才码匠才圈") == ("匠才码", "匠才圈")


def test_fingerprint_changes_with_what_decides_the_tokens(dictionary, tokenizer):
    prints = [
        tokenizer.fingerprint,
        load_tokenizer(dictionary).fingerprint,
        load_tokenizer(extra_words=["匠才"]).fingerprint,
    ]
    assert len(set(prints)) == 3
    assert load_tokenizer(extra_words=["匠才", "师带徒"]).fingerprint == (
        load_tokenizer(extra_words=["师带徒", "匠才", "匠才"]).fingerprint
    )


def test_rjieba_equals_jieba_over_the_corpus(corpus_dir, dictionary, capfd):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # jieba's own source warns when it is compiled
        reference = load_tokenizer(dictionary, ["师傅带徒弟"], engine="jieba")
    tokenizer = load_tokenizer(dictionary, ["师傅带徒弟"])
    texts = [path.read_text(encoding="utf-8") for path in sorted(corpus_dir.glob("*/*.txt"))]
    for path in sorted(corpus_dir.glob("questions/*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            texts += json.loads(line)["questions"]
    assert len(texts) > 5
    characters, draw = "".join(texts), random.Random(1)
    texts += ["".join(draw.choices(characters, k=draw.randint(1, 12))) for _ in range(3_000)]
    assert [text for text in texts if tokenizer.tokens(text) != reference.tokens(text)] == []
    assert capfd.readouterr() == ("", "")  # jieba talks on stderr unless kept from it


@settings(deadline=None)
@given(st.text())
def test_any_text_gives_tokens_an_index_can_hold(tokenizer, text):
    for token in tokenizer.tokens(text):
        assert token.split() == [token]
        token.encode("utf-8")


@pytest.mark.parametrize(
    ("content", "named"),
    [("高技能人才\nVR 眼镜\n", "第 2 行"), ("高技能人才 -3\n", "第 1 行"), ("红棉 匠才 9\n", "第 1 行")],
)
def test_a_broken_dictionary_line_is_named(tmp_path, content, named):
    path = tmp_path / "words.txt"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match=named):
        load_tokenizer(path)


def test_dictionary_takes_frequency_tag_and_comments(tmp_path):
    path = tmp_path / "words.txt"
    path.write_text("# 说明 文字\n\n匠才 30000 n\n匠谷 5\n", encoding="utf-8")
    assert load_tokenizer(path).tokens("匠才") == ("匠才",)


def test_a_missing_dictionary_and_an_unknown_engine_are_refused(tmp_path):
    with pytest.raises(SettingsError, match=r"words\.txt"):
        load_tokenizer(tmp_path / "words.txt")
    with pytest.raises(SettingsError, match="rjieba 或 jieba"):
        load_tokenizer(engine="other")


@pytest.mark.parametrize("engine", ["rjieba", "jieba"])
def test_nothing_is_written_to_the_shared_temporary_folder(tmp_path, root, engine):
    """jieba alone would put a marshal file there, and load whatever lies in its place."""
    code = (
        "from assistant.tokenization import load_tokenizer\n"
        f"print(load_tokenizer(engine={engine!r}).tokens('首席技师'))"
    )
    found = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": str(root)}
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], env=found, capture_output=True, text=True)
    assert "技师" in done.stdout, done.stderr
    assert list(tmp_path.iterdir()) == []
