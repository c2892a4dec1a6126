"""Train the bundled encoder: one command, seeded, two cores, no GPU.

    python eval/encoder/train.py --train DIR --bench DIR --corpus DIR --lay-questions DIR --sample FILE \\
        --work DIR --out index/encoder

Steps: vocabulary → co-occurrence vectors → first model → hard negatives → mean vectors → late interaction → int8.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import time
import unicodedata
from collections import Counter
from pathlib import Path

import jieba
import numpy as np
import torch
from card import card_text
from export import write_model
from mining import mine
from pieces import MAX_PIECE, Encoded, encode, words_tokenizer
from sets import Sources, document_pairs, plain_texts, question_pairs, question_texts
from texts import Pair, bare_title, document_sentences, refuse_leaks, test_questions
from tokenizers import Tokenizer
from training import Pairs, train_late, train_means
from translation import learn, translation_pairs, write
from vectors import cooccurrence_vectors

PIECES, DIMENSIONS = 40_000, 256
_WORD = re.compile(r"[a-z]+|[0-9]+(?:\.[0-9]+)?%?|[^\W\da-z_]+")


def vocabulary(plain: list[str], asked: list[str]) -> Tokenizer:
    """Dictionary words of the texts by frequency (everyday texts count three times), and every character."""
    words: Counter[str] = Counter()
    characters: set[str] = set()
    for share, texts in ((3, asked), (1, plain[::2])):
        for text in texts:
            folded = unicodedata.normalize("NFKC", text).lower()
            characters.update(c for c in folded if _WORD.fullmatch(c))
            words.update(
                {
                    w: share * n
                    for w, n in Counter(jieba.lcut(folded)).items()
                    if len(w) <= MAX_PIECE and _WORD.fullmatch(w)
                }
            )
    ranked = sorted(words.items(), key=lambda item: (-item[1], item[0]))
    singles = [(c, max(1, words[c])) for c in sorted(characters)]
    return words_tokenizer(ranked, singles, size=PIECES)


def prepare(sources: Sources, work: Path, seed: int) -> tuple[Tokenizer, np.ndarray]:
    """Tokenizer and first vectors; kept in `work`.

    The bundled documents' lay questions are not read here, so that models that leave one document's questions out can
    share both. The dev questions and their LeCoQA answers are: dev figures are a little too good, test figures are not.
    """
    stored, table = work / "tokenizer.json", work / "first.npy"
    if stored.is_file() and table.is_file():
        return Tokenizer.from_file(str(stored)), np.load(table)
    plain, asked = plain_texts(sources), question_texts(sources)
    tokenizer = vocabulary(plain, asked)
    told = [f"{row['query']}。{row['pos']}" for row in sources.rows("lecoqa_train")]
    encoded = encode(tokenizer, [*plain, *asked, *told], limit=2000)
    first = cooccurrence_vectors(encoded, tokenizer.get_vocab_size(), DIMENSIONS, window=5, seed=seed)
    tokenizer.save(str(stored))
    np.save(table, first)
    return tokenizer, first


def _passage(pair: Pair) -> str:
    return f"{pair.title}。{pair.passage}" if pair.title else pair.passage


def encode_pairs(tokenizer: Tokenizer, pairs: list[Pair]) -> Pairs:
    """Pairs as piece numbers, their groups as numbers."""
    numbers: dict[str, int] = {}
    groups = np.array([numbers.setdefault(pair.group, len(numbers)) for pair in pairs])
    return Pairs(
        encode(tokenizer, [pair.query for pair in pairs]),
        encode(tokenizer, [_passage(pair) for pair in pairs], limit=256),
        groups,
    )


def passage_pool(sources: Sources, tokenizer: Tokenizer) -> tuple[Encoded, list[str], dict[str, slice]]:
    """All articles and the documents' sentences, with the group each belongs to and each document's part."""
    texts, groups = [], []
    for row in sources.statutes():
        texts.append(f"{bare_title(row['name'])}。{row['text']}")
        groups.append(row["name"])
    for row in sources.rows("local_regulations"):
        texts.append(f"{row['law']}。{row['text']}")
        groups.append(row["name"])
    parts: dict[str, slice] = {}
    for path in sorted(sources.corpus.glob("*.txt")):
        begin = len(texts)
        for sentence in document_sentences(path.stem, path.read_text(encoding="utf-8")):
            texts.append(f"{sentence.context}。{sentence.text}")
            groups.append(f"{path.stem}:{sentence.start}")
        parts[path.stem] = slice(begin, len(texts))
    return encode(tokenizer, texts, limit=256), groups, parts


def answers_of(pairs: list[Pair], groups: list[str]) -> list[set[int]]:
    """For each pair, the pool numbers of every passage that answers its question."""
    owned: dict[str, set[int]] = {}
    for number, group in enumerate(groups):
        owned.setdefault(group, set()).add(number)
    answers: dict[str, set[int]] = {}
    for pair in pairs:
        answers.setdefault(pair.query, set()).update(owned.get(pair.group, set()))
    return [answers[pair.query] for pair in pairs]


def first_round(
    first: np.ndarray, encoded: Pairs, pairs: list[Pair], pool: Encoded, groups: list[str], stored: Path, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """A first model without hard negatives and the negatives it finds; kept in `stored` for models alike."""
    if stored.is_file():
        with np.load(stored) as kept:
            return kept["base"], kept["negatives"]
    print("first model", flush=True)
    base = train_means(
        torch.from_numpy(first), [encoded], epochs=6, batch=512, rate=0.003, negatives=0, seed=seed
    ).numpy()
    began = time.monotonic()
    negatives = mine(
        base,
        encoded.queries,
        encoded.passages,
        pool,
        answers_of(pairs, groups),
        within=[None] * len(pairs),
    )
    print(f"mined in {time.monotonic() - began:.0f} s", flush=True)
    np.savez(stored, base=base, negatives=negatives)
    return base, negatives


def train_model(
    sources: Sources, work: Path, documents: list[str], held_out: frozenset[str], seed: int
) -> tuple[Tokenizer, np.ndarray, np.ndarray, np.ndarray]:
    """Tokenizer, mean table, late table and late weights, trained on all but the held-out questions."""
    tokenizer, first = prepare(sources, work, seed)
    asked, told = question_pairs(sources, held_out), document_pairs(sources, documents)
    pool, groups, parts = passage_pool(sources, tokenizer)
    first_pairs = encode_pairs(tokenizer, asked)
    base, negatives = first_round(
        first, first_pairs, asked, pool, groups, work / f"round-{len(held_out)}-{seed}.npz", seed
    )
    if told:
        told_pairs = encode_pairs(tokenizer, told)
        within = [parts[pair.group.split(":")[0]] for pair in told]
        own = mine(base, told_pairs.queries, told_pairs.passages, pool, answers_of(told, groups), within=within)
        negatives = np.concatenate([negatives, own])
    encoded = encode_pairs(tokenizer, asked + told)
    ready = Pairs(encoded.queries, encoded.passages, encoded.groups, pool, negatives)
    means = train_means(torch.from_numpy(first), [ready], epochs=6, batch=384, rate=0.003, negatives=2, seed=seed)
    presence = np.bincount(np.concatenate([np.unique(pool[i]) for i in range(len(pool))]), minlength=len(first))
    inverse = np.log(1 + (len(pool) - presence + 0.5) / (presence + 0.5)).astype(np.float32)
    late, weights = train_late(
        torch.from_numpy(base),
        torch.from_numpy(inverse),
        [ready],
        epochs=2,
        batch=64,
        rate=0.002,
        negatives=2,
        seed=seed,
    )
    return tokenizer, means.numpy(), late.numpy(), weights.numpy()


def dev_questions(sources: Sources, size: int = 240) -> frozenset[str]:
    """Training questions of the statute set kept apart for choosing and for fusion weights; never test questions."""
    questions = sorted({row["query"] for row in sources.rows("stard_train")})
    random.Random(7).shuffle(questions)
    return frozenset(questions[:size])


def main() -> None:
    """Read the arguments, check for leaks, train, write the folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("train", "bench", "corpus", "lay-questions", "sample", "work", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--leave-out", default="", help="document whose lay questions are not read; 'all' for all")
    parser.add_argument("--hold-out-dev", action="store_true", help="keep the dev questions out")
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    began = time.monotonic()
    given.work.mkdir(parents=True, exist_ok=True)
    sources = Sources(given.train, given.bench, given.corpus, given.lay_questions)
    held_out = dev_questions(sources) if given.hold_out_dev else frozenset()
    documents = [name for name in sources.documents() if given.leave_out not in (name, "all")]
    told = [pair.query for pair in document_pairs(sources, documents)]
    refuse_leaks([*question_texts(sources), *told], test_questions(given.bench, given.sample))
    tokenizer, means, late, weights = train_model(sources, given.work, documents, held_out, given.seed)
    card = card_text(documents, left_out=given.leave_out, minutes=(time.monotonic() - began) / 60)
    table = learn(translation_pairs(sources, documents))
    given.out.mkdir(parents=True, exist_ok=True)
    write(given.out / "translations.json", table)
    print(f"{len(table)} lay words in the translation table")
    size = write_model(given.out, tokenizer, means, late, weights, card=card, seed=given.seed)
    print(json.dumps({"bytes": size, "minutes": round((time.monotonic() - began) / 60, 1)}))


if __name__ == "__main__":
    main()
