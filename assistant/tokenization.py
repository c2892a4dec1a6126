"""Words of clauses and questions: one function for both, so that what was indexed is what is looked up.

A text is folded (NFKC, lower case) and split into Han runs and runs of Latin letters and digits. Han runs go to
jieba's search mode; the other runs stay whole; the rest (punctuation, blanks) is dropped. Splitting first makes jieba
and its Rust port agree on every token (tests/test_tokenization.py compares them over the corpus), so the port, which
starts four times as fast and cuts ten times as fast, does the work and jieba itself is the reference.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from threading import Lock

from assistant.errors import SettingsError
from assistant.keeping import kept

# Raised when the rules below change, so that an index built by older rules is not searched by newer ones.
_RULES_VERSION = 1

# jieba's own range of Han characters. "3.5" is one token, "2025-04-21" three, "1+4+n" three.
_HAN = r"[\u4e00-\u9fd5]+"
_RUN = re.compile(rf"(?P<han>{_HAN})|[0-9a-z]+(?:\.[0-9]+)*|[^\W_]")
_DICTIONARY_LINE = re.compile(rf"({_HAN})(?: ([1-9][0-9]*))?(?: [a-z]+)?")

_KEPT = 8192
_ENGINE_TAKEN = Lock()
"""Held from the first tokenizer on, which uses rjieba's own engine; nothing else in the process may call that."""

Word = tuple[str, int | None]
"""A word of the user dictionary with its frequency; None lets jieba choose one high enough to keep it whole."""


def fold(text: str) -> str:
    """The search copy of a text: compatibility forms and letter case made equal. Never shown, never quoted.

    Example:
        >>> fold("ＡＩ技能６０％")
        'ai技能60%'
    """
    return unicodedata.normalize("NFKC", text).lower()


@dataclass(frozen=True)
class Tokenizer:
    """Cuts texts into search tokens; made by `load_tokenizer`.

    Attributes:
        fingerprint: sha256 of all that decides the tokens: rules, engine version, dictionary and extra words. An index
            is searched only with the tokenizer it was built with.
    """

    fingerprint: str
    _cut: Callable[[str, bool], Iterable[str]]

    def tokens(self, text: str) -> tuple[str, ...]:
        """The search tokens of `text`; long words also give the shorter dictionary words in them.

        Example:
            >>> load_tokenizer().tokens("补贴 60% 以上？")
            ('补贴', '60', '以上')
        """
        return self._kept(text)

    @kept(_KEPT)
    def distinct(self, text: str) -> frozenset[str]:
        """The same without order and repeats."""
        return frozenset(self.cut(text))

    def cut(self, text: str) -> list[str]:
        """The same, for texts that are cut once; `tokens` keeps what it cut last."""
        return self._pieces(text, guessed=True)

    def dictionary_tokens(self, text: str) -> tuple[str, ...]:
        """The same with words of the dictionary only: what is none is cut into its characters, not guessed to be one.

        Example:
            >>> load_tokenizer().tokens("津帖多少"), load_tokenizer().dictionary_tokens("津帖多少")
            (('津帖', '多少'), ('津', '帖', '多少'))
        """
        return tuple(self._pieces(text, guessed=False))

    def _pieces(self, text: str, *, guessed: bool) -> list[str]:
        found: list[str] = []
        for run in _RUN.finditer(fold(text)):
            if run["han"]:
                found.extend(self._cut(run["han"], guessed))
            else:
                found.append(run[0])
        return found

    @cached_property
    def _kept(self) -> Callable[[str], tuple[str, ...]]:
        return lru_cache(maxsize=_KEPT)(lambda text: tuple(self.cut(text)))


def load_tokenizer(
    user_dictionary: Path | None = None, extra_words: Iterable[str] = (), *, engine: str = "rjieba"
) -> Tokenizer:
    """Load the dictionary (about 0.2 s with rjieba, 0.8 s with jieba) and make a tokenizer.

    Nothing is written: jieba's own cache, a marshal file in the shared temporary folder, is not used.

    Args:
        user_dictionary: a file in jieba's format (`word [frequency] [tag]` per line) with `#` comments; Han words only.
        extra_words: further words to keep whole, such as lay terms; of each, the Han runs of two characters or more.
        engine: "rjieba", or "jieba" for the reference implementation: equal tokens, another fingerprint.

    Raises:
        SettingsError: the dictionary cannot be read, or the engine is unknown.
    """
    words = read_dictionary(user_dictionary) if user_dictionary else []
    known = {word for word, _ in words}
    extra = {run for word in extra_words for run in re.findall(_HAN, fold(word)) if len(run) > 1}
    # Sorted: the frequency jieba chooses for a word depends on the words added before it.
    words += [(word, None) for word in sorted(extra - known)]
    if engine not in _ENGINES:
        raise SettingsError(f"没有名为“{engine}”的分词引擎，因此无法切分文本。请改用 {' 或 '.join(_ENGINES)}。")
    recipe = (_RULES_VERSION, engine, importlib.metadata.version(engine), words)
    return Tokenizer(hashlib.sha256(repr(recipe).encode()).hexdigest(), _ENGINES[engine](words))


def _rjieba_cut(words: Iterable[Word]) -> Callable[[str, bool], Iterable[str]]:
    import rjieba  # loads a dictionary of its own, 0.1 s: not at the import of this module

    # That is for calls of its module; the first tokenizer takes it over, and later ones, of other words, load theirs.
    engine = rjieba if _ENGINE_TAKEN.acquire(blocking=False) else rjieba.Jieba()
    for word, frequency in words:
        engine.add_word(word, frequency, None)
    return engine.cut_for_search


def _jieba_cut(words: Iterable[Word]) -> Callable[[str, bool], Iterable[str]]:
    import jieba  # only the reference needs it

    engine = jieba.Tokenizer()
    # What initialize() does, without its cache file and without its log lines on stderr.
    engine.FREQ, engine.total = engine.gen_pfdict(engine.get_dict_file())
    engine.initialized = True
    for word, frequency in words:
        engine.add_word(word, frequency)
    cut: Callable[[str, bool], Iterable[str]] = engine.cut_for_search
    return cut


_ENGINES: dict[str, Callable[[Iterable[Word]], Callable[[str, bool], Iterable[str]]]] = {
    "rjieba": _rjieba_cut,
    "jieba": _jieba_cut,
}


def read_dictionary(path: Path) -> list[Word]:
    """The words of a user dictionary, in its order.

    Raises:
        SettingsError: the file cannot be read, or a line is not in its format.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"用户词典 {path.name} 读不出来（{error}），分词会与索引不一致。请恢复该文件。") from error
    words: list[Word] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        match = _DICTIONARY_LINE.fullmatch(line.strip())
        if match is None:
            raise SettingsError(
                f"用户词典 {path.name} 第 {number} 行“{line.strip()[:30]}”不合格式，无法据此分词。"
                "每行应为“汉字词”，其后可加空格和词频；说明文字请以 # 开头。"
            )
        words.append((match[1], int(match[2]) if match[2] else None))
    return words
