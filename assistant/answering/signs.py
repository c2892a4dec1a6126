"""The signs by which the learned judge (`answerability.py`) tells an answer from what only lies near."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from assistant.answering.answerability import Signs
from assistant.answering.hints import Hint, hinted, residue
from assistant.answering.nearness import Nearness, compare
from assistant.indexing.dense import Vectors
from assistant.indexing.protocol import WordStatistics
from assistant.indexing.static_encoder import Pieces, StaticEncoder
from assistant.model import Chunk, Ranking
from assistant.retrieval.understanding import Understanding
from assistant.tokenization import Tokenizer

READ = 3
"""Best sentences that are read."""
KEPT = 1000
"""Sentences whose reading is kept; what is read depends on nothing but the sentence."""
_ASKED = re.compile(
    r"多少|几|幾|哪|谁|什么|啥|怎么|怎样|咋|多久|何时|百分之|吗|没|不|边|乜|点样|多大|多长|是否|能否|名单|电话|地址|清单|流程"
)
_ASKS = re.compile(
    r"[吗嗎呢么咩]$|怎|如何|多|几|哪|谁|什么|啥|能不能|可不可以|有没有|有冇|是不是|要不要|会不会|算不算|行不行|咋|各|边|乜|没$|点样"
)


@dataclass(frozen=True)
class _Reading:
    """A sentence cut up for the judge: search tokens of its words, its headings and its lay questions; their pieces.

    `vectors` are the unit vectors of the sentence in its place and of each lay question.
    """

    text: frozenset[str]
    context: frozenset[str]
    asked: frozenset[str]
    placed: Pieces
    questions: tuple[Pieces, ...]
    vectors: Vectors


@dataclass(frozen=True)
class SignReader:
    """Measures the signs with the bundled encoder and the store's word statistics.

    Attributes:
        encoder: the bundled one.
        statistics: how rare a word is.
        tokenizer: cuts search tokens.
        hints: kinds of thing that may be asked for.
    """

    encoder: StaticEncoder
    statistics: WordStatistics
    tokenizer: Tokenizer
    hints: tuple[Hint, ...] = ()
    _kept: dict[str, _Reading] = field(default_factory=dict, repr=False, compare=False)

    def read(
        self,
        asked: Understanding,
        words: Sequence[str],
        hits: Ranking,
        chunks: Sequence[Chunk],
        others: Mapping[str, float],
    ) -> Signs:
        """The signs of one question.

        Args:
            asked: the question.
            words: its search tokens.
            hits: what search found, best first; at least one.
            chunks: of the first `READ` hits.
            others: signs that the sentences alone do not tell, by name.
        """
        text = f"{asked.carried_topic} {asked.search_text}".strip()
        readings = [self._reading(chunk) for chunk in chunks]
        stretches = _asking(asked.text)
        around, behind = _windows(asked.text, stretches[-1])
        near = compare(
            self.encoder,
            [text, *stretches, *around, *behind],
            [pieces for reading in readings for pieces in (reading.placed, *reading.questions)],
        )
        whole, last = self.encoder.embed_queries([text, stretches[-1]])
        own = len(readings[0].questions)
        values = {
            **_scores(hits),
            **_similar(near, readings, whole),
            **self._covered(words, readings),
            **_weakest(near, len(near.passages)),
            **_stretches(near, own, len(stretches), len(around)),
            **hinted(asked, chunks, self.hints),
            "parts": float(len(asked.parts)),
            "length": float(len(asked.text)),
            "follow_up": float(bool(asked.carried_topic)),
            "has_questions": float(bool(own)),
            **others,
        }
        pieces = self.encoder.pieces([text])[0]
        return Signs(values, whole, last, residue(asked, chunks[0]), pieces, tuple(chunk.chunk_id for chunk in chunks))

    def _reading(self, chunk: Chunk) -> _Reading:
        reading = self._kept.get(chunk.chunk_id)
        if reading is None:
            cut = self.encoder.pieces([chunk.placed, *chunk.questions])
            pieces = self.encoder.distinct(cut)
            reading = _Reading(
                frozenset(self.tokenizer.tokens(chunk.text)),
                frozenset(self.tokenizer.tokens(chunk.context)),
                frozenset(token for question in chunk.questions for token in self.tokenizer.tokens(question)),
                pieces[0],
                tuple(pieces[1:]),
                self.encoder.embed_pieces(cut),
            )
            if len(self._kept) >= KEPT:
                self._kept.clear()
            self._kept[chunk.chunk_id] = reading
        return reading

    def _covered(self, words: Sequence[str], readings: Sequence[_Reading]) -> dict[str, float]:
        """Shares of the question's words, the rarer the heavier, that the sentences and their company hold."""
        idf = self.statistics.idf(words)
        total = sum(idf.values()) or 1.0
        best = readings[0]
        three = frozenset().union(*(reading.text for reading in readings))
        headed = three.union(*(reading.context for reading in readings))
        asked_near = headed.union(*(reading.asked for reading in readings))
        left = [weight for word, weight in idf.items() if word not in asked_near]
        rarest = self.statistics.idf([""])[""]
        pools = {
            "first": best.text,
            "three": three,
            "headed": headed,
            "questions": asked_near,
            "first_questions": best.text | best.context | best.asked,
        }
        return {
            **{
                f"covered_{name}": sum(w for word, w in idf.items() if word in pool) / total
                for name, pool in pools.items()
            },
            "left_heaviest": max(left, default=0.0),
            "left_sum": sum(left),
            "left_count": float(len(left)),
            "unknown": float(sum(weight >= rarest - 1e-6 for weight in idf.values())),
        }


def _similar(near: Nearness, readings: Sequence[_Reading], vector: Vectors) -> dict[str, float]:
    """Nearness of the whole question to the sentences and to the questions they are known to answer."""
    starts = np.cumsum([0, *(1 + len(reading.questions) for reading in readings)]).tolist()
    late = near.late(0, starts[:-1])
    questions = near.late(0, [i for i in range(starts[-1]) if i not in starts])
    own = len(readings[0].questions)
    cosines = readings[0].vectors @ vector
    return {
        "late_first": float(late[0]),
        "late_best": float(late.max()),
        "late_question_first": float(questions[:own].max()) if own else float(late[0]),
        "late_question": float(questions.max()) if len(questions) else float(late[0]),
        "cosine": float(cosines[0]),
        "cosine_question": float(cosines[1:].max()) if own else float(cosines[0]),
    }


def _weakest(near: Nearness, passages: int) -> dict[str, float]:
    """How well each piece of the question is matched anywhere near, and how badly the worst ones are."""
    best, weights = near.matched(0, range(passages))
    if not len(best):
        return {"piece_least": 0.0, "piece_mean": 0.0, "piece_gap": 0.0, "piece_gaps": 0.0}
    gaps = np.sort((1 - best) * weights)[::-1]
    return {
        "piece_least": float(best.min()),
        "piece_mean": float(best @ weights / weights.sum()),
        "piece_gap": float(gaps[0]),
        "piece_gaps": float(gaps[:3].sum()),
    }


def _stretches(near: Nearness, own: int, stretches: int, around: int) -> dict[str, float]:
    """The same for the stretches that ask and for the few characters around each question word.

    Args:
        near: texts are the question, the stretches, the windows around, those behind; the best sentence comes first.
        own: lay questions of the best sentence.
        stretches: how many stretches there are.
        around: how many windows around a question word.
    """
    told = range(1 + own)
    asking = range(1, 1 + stretches)
    windows = range(1 + stretches, 1 + stretches + around)
    behind = range(1 + stretches + around, len(near.texts))
    in_told = [near.union(text, told) for text in asking]
    in_text = [near.union(text, (0,)) for text in asking]
    around_told = [near.union(text, told) for text in windows]
    return {
        "asking_least": min(in_told),
        "asking_last": in_told[-1],
        # of several things asked one may be answered
        "asking_most": max(in_told) if len(in_told) > 1 else 0.0,
        "asking_text_most": max(in_text) if len(in_text) > 1 else 0.0,
        "asking_spread": max(in_told) - min(in_told),
        "asking_text_least": min(in_text),
        "asking_text_last": in_text[-1],
        "asking_question": float(near.late(stretches, told[1:]).max()) if own else in_text[-1],
        "window_least": min(around_told),
        "window_mean": sum(around_told) / len(around_told),
        "behind_least": min(near.union(text, (0,)) for text in behind),
    }


def _scores(hits: Ranking) -> dict[str, float]:
    scores = [hit.score for hit in hits]
    second = scores[1] if len(scores) > 1 else 0.0
    fifth = scores[4] if len(scores) > 4 else 0.0
    return {"score": scores[0], "score_second": second, "score_ahead": scores[0] - second, "score_fifth": fifth}


def _asking(text: str) -> tuple[str, ...]:
    """The stretches between stops that ask something; the last one, or the whole, where none does."""
    stretches = [part for part in re.split(r"[,，。;；?？!！:： ]", text) if len(part) >= 2]
    return tuple([part for part in stretches if _ASKS.search(part)] or stretches[-1:] or [text])


def _windows(text: str, otherwise: str) -> tuple[list[str], list[str]]:
    """The few characters around each question word, and those right behind it; never empty."""
    found = [match.span() for match in _ASKED.finditer(text)]
    around = [text[max(0, start - 5) : end + 6] for start, end in found]
    behind = [text[end : end + 5] for _, end in found if text[end : end + 5]]
    return around or [otherwise], behind or [otherwise]
