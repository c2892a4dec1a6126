"""Synthetic policies of any number: real sentences recombined, over the places of a province.

Two or three sentences of the five policies make a clause, with an amount of its own, so that no two are the same and
every word of a question has a long list of clauses that hold it: harder than real texts.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from indexing.samples import document

from assistant.model import Chunk, PolicyDocument, Span

PROVINCE = "440000"
CITIES = tuple(f"44{number:02}00" for number in range(1, 22))
DISTRICTS = tuple(f"{city[:4]}{number:02}" for city in CITIES for number in range(2, 8))
SHARES = ((PROVINCE,), 0.2), (CITIES, 0.4), (DISTRICTS, 0.4)
"""A fifth of all clauses is the province's, two fifths the cities', two fifths the districts'."""
A_DOCUMENT = 100
ASKED_ABOUT = 0.1
"""Share of the clauses that have a lay question."""


def policies(
    clauses: int, sentences: Sequence[str], asked: Sequence[str], seed: int = 7
) -> Iterator[tuple[PolicyDocument, list[Chunk]]]:
    """Documents of `A_DOCUMENT` clauses each, with their chunks."""
    chance = random.Random(seed)
    for number in range(clauses // A_DOCUMENT):
        places = chance.choices([places for places, _ in SHARES], [share for _, share in SHARES])[0]
        place, policy_id = chance.choice(places), f"made-{number:06}"
        texts = [
            "".join(chance.sample(sentences, chance.randint(1, 2))) + f"标准为{chance.randint(1, 10**6)}元。"
            for _ in range(A_DOCUMENT)
        ]
        made = document(policy_id, place, texts)
        chunks = [
            Chunk(
                f"{policy_id}@{sentence.span.start}-{sentence.span.end}",
                policy_id,
                sentence.clause_id,
                place,
                Span(sentence.span.start, sentence.span.end),
                "text",
                text,
                f"关于第{number}号事项的实施意见 一、总则",
                (chance.choice(asked),) if chance.random() < ASKED_ABOUT else (),
            )
            for sentence, text in zip(made.sentences, texts, strict=True)
        ]
        yield made, chunks
