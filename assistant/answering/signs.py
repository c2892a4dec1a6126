"""The signs by which the learned judge (`answerability.py`) tells an answer from what only lies near."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.answering.answerability import Signs
from assistant.indexing.dense import Vectors
from assistant.indexing.protocol import WordStatistics
from assistant.indexing.static_encoder import Pieces, StaticEncoder
from assistant.model import Chunk, Ranking
from assistant.retrieval.reranking import late_interaction, passage_pieces
from assistant.retrieval.understanding import Understanding
from assistant.tokenization import Tokenizer

READ = 3
"""Best sentences that are read."""
_ASKED = re.compile(
    r"多少|几|幾|哪|谁|什么|啥|怎么|怎样|咋|多久|何时|百分之|吗|没|不|边|乜|点样|多大|多长|是否|能否|名单|电话|地址|清单|流程"
)
_ASKS = re.compile(
    r"[吗嗎呢么咩]$|怎|如何|多|几|哪|谁|什么|啥|能不能|可不可以|有没有|有冇|是不是|要不要|会不会|算不算|行不行|咋|各|边|乜|没$|点样"
)


@dataclass(frozen=True)
class SignReader:
    """Measures the signs with the bundled encoder and the store's word statistics."""

    encoder: StaticEncoder
    statistics: WordStatistics
    tokenizer: Tokenizer

    def read(
        self, asked: Understanding, words: Sequence[str], hits: Ranking, chunks: Sequence[Chunk], tier: int
    ) -> Signs:
        """The signs of one question.

        Args:
            asked: the question.
            words: its search tokens.
            hits: what search found, best first; at least one.
            chunks: of the first `READ` hits.
            tier: how many levels above the place asked about the best sentence stands.
        """
        text = f"{asked.carried_topic} {asked.search_text}".strip()
        best = chunks[0]
        own, near = list(best.questions), [question for chunk in chunks for question in chunk.questions]
        vector = self.encoder.embed_queries([text])[0]
        stretches = _asking(asked.text)
        pieces = self._pieces([chunk.placed for chunk in chunks])
        own_pieces, near_pieces = self._pieces(own), self._pieces(near)
        values = {
            **_scores(hits),
            **self._similar(text, vector, best, own, (pieces, own_pieces, near_pieces)),
            **self._covered(words, chunks, own, near),
            **self._weakest(text, [*pieces, *near_pieces]),
            **self._stretches(asked.text, stretches, pieces[0], own_pieces),
            "parts": float(len(asked.parts)),
            "length": float(len(asked.text)),
            "follow_up": float(bool(asked.carried_topic)),
            "tier": float(tier),
            "has_questions": float(bool(own)),
        }
        return Signs(values, vector, self.encoder.embed_queries([stretches[-1]])[0])

    def _pieces(self, texts: Sequence[str]) -> list[Pieces]:
        return passage_pieces(self.encoder, list(texts))

    def _similar(
        self,
        text: str,
        vector: Vectors,
        best: Chunk,
        own: list[str],
        pieces: tuple[list[Pieces], list[Pieces], list[Pieces]],
    ) -> dict[str, float]:
        """Nearness of the whole question to the sentences and to the questions they are known to answer."""
        placed, own_pieces, near_pieces = pieces
        late = self._late(text, placed)
        sentence = float(self.encoder.embed_passages([best.placed])[0] @ vector)
        return {
            "late_first": float(late[0]),
            "late_best": float(late.max()),
            "late_question_first": float(self._late(text, own_pieces).max()) if own else float(late[0]),
            "late_question": float(self._late(text, near_pieces).max()) if near_pieces else float(late[0]),
            "cosine": sentence,
            "cosine_question": float((self.encoder.embed_queries(own) @ vector).max()) if own else sentence,
        }

    def _covered(
        self, words: Sequence[str], chunks: Sequence[Chunk], own: list[str], near: list[str]
    ) -> dict[str, float]:
        """Shares of the question's words, the rarer the heavier, that the sentences and their company hold."""
        idf = self.statistics.idf(words)
        total = sum(idf.values()) or 1.0
        first = self._tokens([chunks[0].text])
        three = self._tokens([chunk.text for chunk in chunks])
        headed = three | self._tokens([chunk.context for chunk in chunks])
        asked_near = headed | self._tokens(near)
        asked_first = first | self._tokens([chunks[0].context, *own])
        left = [weight for word, weight in idf.items() if word not in asked_near]
        rarest = self.statistics.idf([""])[""]
        pools = {
            "first": first,
            "three": three,
            "headed": headed,
            "questions": asked_near,
            "first_questions": asked_first,
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

    def _weakest(self, text: str, passages: list[Pieces]) -> dict[str, float]:
        """How well each piece of the question is matched anywhere near, and how badly the worst ones are."""
        asked = np.unique(self.encoder.pieces([text])[0])
        held = [pieces for pieces in passages if len(pieces)]
        if not len(asked) or not held:
            return {"piece_least": 0.0, "piece_mean": 0.0, "piece_gap": 0.0, "piece_gaps": 0.0}
        units, weights = self.encoder.late_units, self.encoder.late_weights[asked]
        best = (units[np.unique(np.concatenate(held))] @ units[asked].T).max(axis=0)
        gaps = np.sort((1 - best) * weights)[::-1]
        return {
            "piece_least": float(best.min()),
            "piece_mean": float(best @ weights / weights.sum()),
            "piece_gap": float(gaps[0]),
            "piece_gaps": float(gaps[:3].sum()),
        }

    def _stretches(self, text: str, stretches: Sequence[str], best: Pieces, own: list[Pieces]) -> dict[str, float]:
        """The same for the stretches that ask and for the few characters around each question word."""
        placed, told = [best], [np.unique(np.concatenate([best, *own]))]
        found = [match.span() for match in _ASKED.finditer(text)]
        around = [text[max(0, start - 5) : end + 6] for start, end in found] or [stretches[-1]]
        behind = [text[end : end + 5] for _, end in found if text[end : end + 5]] or [stretches[-1]]
        in_told = [float(self._late(stretch, told)[0]) for stretch in stretches]
        in_text = [float(self._late(stretch, placed)[0]) for stretch in stretches]
        windows = [float(self._late(window, told)[0]) for window in around]
        return {
            "asking_least": min(in_told),
            "asking_last": in_told[-1],
            "asking_text_least": min(in_text),
            "asking_text_last": in_text[-1],
            "asking_question": float(self._late(stretches[-1], own).max()) if own else in_text[-1],
            "window_least": min(windows),
            "window_mean": sum(windows) / len(windows),
            "behind_least": min(float(self._late(window, placed)[0]) for window in behind),
        }

    def _late(self, question: str, passages: list[Pieces]) -> Vectors:
        return late_interaction(self.encoder, question, passages)

    def _tokens(self, texts: Sequence[str]) -> frozenset[str]:
        return frozenset(token for text in texts for token in self.tokenizer.tokens(text))


def _scores(hits: Ranking) -> dict[str, float]:
    scores = [hit.score for hit in hits]
    second = scores[1] if len(scores) > 1 else 0.0
    fifth = scores[4] if len(scores) > 4 else 0.0
    return {"score": scores[0], "score_second": second, "score_ahead": scores[0] - second, "score_fifth": fifth}


def _asking(text: str) -> tuple[str, ...]:
    """The stretches between stops that ask something; the last one, or the whole, where none does."""
    stretches = [part for part in re.split(r"[,，。;；?？!！:： ]", text) if len(part) >= 2]
    return tuple([part for part in stretches if _ASKS.search(part)] or stretches[-1:] or [text])
