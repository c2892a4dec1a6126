"""The two losses: in-batch negatives over mean vectors, and over late interaction."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from pieces import Encoded
from torch import nn
from torch.nn import functional


@dataclass(frozen=True)
class Pairs:
    """Encoded pairs; `groups` are numbers, equal where a passage of one pair may answer the other's query.

    `negatives` holds passage numbers of `pool` for each pair, or has no columns.
    """

    queries: Encoded
    passages: Encoded
    groups: np.ndarray
    pool: Encoded | None = None
    negatives: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.queries)


def _bag(rows: Sequence[np.ndarray]) -> tuple[torch.Tensor, torch.Tensor]:
    rows = [row if len(row) else np.zeros(1, np.int32) for row in rows]
    starts = np.zeros(len(rows), dtype=np.int64)
    np.cumsum([len(row) for row in rows[:-1]], out=starts[1:])
    return torch.from_numpy(np.concatenate(rows).astype(np.int64)), torch.from_numpy(starts)


def _thin(rows: Sequence[np.ndarray], share: float, rng: np.random.Generator) -> list[np.ndarray]:
    """Each row without a random share of its pieces, but never empty."""
    thinned = []
    for row in rows:
        kept = row[rng.random(len(row)) > share]
        thinned.append(kept if len(kept) else row)
    return thinned


def _batches(size: int, batch: int, rng: np.random.Generator) -> list[np.ndarray]:
    order = rng.permutation(size)
    return [order[i : i + batch] for i in range(0, size - batch // 2, batch)]


def _negatives(pairs: Pairs, chosen: np.ndarray, count: int, rng: np.random.Generator) -> list[np.ndarray]:
    if pairs.pool is None or pairs.negatives is None or not count:
        return []
    columns = rng.integers(0, pairs.negatives.shape[1], size=(len(chosen), count))
    numbers = np.take_along_axis(pairs.negatives[chosen], columns, axis=1).ravel()
    return [pairs.pool[number] for number in numbers if number >= 0]


def train_means(
    table: torch.Tensor,
    stages: Sequence[Pairs],
    *,
    epochs: float,
    batch: int,
    rate: float,
    negatives: int,
    seed: int,
    scale: float = 12.0,
    dropped: float = 0.2,
    nested: tuple[int, ...] = (256, 128, 64),
) -> torch.Tensor:
    """Train the piece table so that a query's mean vector is nearest its passage's (InfoNCE, Matryoshka sizes).

    Each step takes a batch from every member of `stages`; an epoch is one round of the first. A share `dropped` of the
    pieces is left out at random, so that no single word carries a pair.
    """
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    bag = nn.EmbeddingBag.from_pretrained(table.clone(), freeze=False, mode="mean")
    optimiser = torch.optim.Adam(bag.parameters(), lr=rate, betas=(0.9, 0.99))
    steps = int(epochs * math.ceil(len(stages[0]) / batch))
    queues: list[list[np.ndarray]] = [[] for _ in stages]
    began, shown = time.monotonic(), 0.0
    for step in range(steps):
        for group in optimiser.param_groups:
            group["lr"] = rate * min(1.0, (step + 1) / (0.1 * steps + 1)) * max(0.02, 1 - step / steps)
        loss = torch.zeros(())
        for number, pairs in enumerate(stages):
            if not queues[number]:
                queues[number] = _batches(len(pairs), batch, rng)
            chosen = queues[number].pop()
            hard = _negatives(pairs, chosen, negatives, rng)
            query = bag(*_bag(_thin([pairs.queries[i] for i in chosen], dropped, rng)))
            passage = bag(*_bag(_thin([*(pairs.passages[i] for i in chosen), *hard], dropped, rng)))
            group_of = torch.from_numpy(pairs.groups[chosen])
            same = (group_of[:, None] == group_of[None, :]) & ~torch.eye(len(chosen), dtype=torch.bool)
            target = torch.arange(len(chosen))
            for size in nested:
                q = functional.normalize(query[:, :size], dim=1)
                p = functional.normalize(passage[:, :size], dim=1)
                scores = scale * q @ p.T
                forward = scores.clone()
                forward[:, : len(chosen)].masked_fill_(same, -1e4)
                backward = scores[:, : len(chosen)].T.masked_fill(same, -1e4)
                part = functional.cross_entropy(forward, target) + 0.5 * functional.cross_entropy(backward, target)
                loss = loss + part / len(nested)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        shown = 0.98 * shown + 0.02 * float(loss.detach()) if step else float(loss.detach())
        if step % 100 == 0 or step == steps - 1:
            print(f"  step {step + 1}/{steps} loss {shown:.3f} {time.monotonic() - began:.0f} s", flush=True)
    return bag.weight.detach().clone()


class LateInteraction(nn.Module):
    """Σ w(q) · max cos(q, d) / Σ w(q) over the pieces of a query, with a learned weight per piece."""

    def __init__(self, table: torch.Tensor, weights: torch.Tensor) -> None:
        super().__init__()
        self.table = nn.Parameter(table.clone())
        self.log_weight = nn.Parameter(weights.clamp_min(1e-3).log())

    def forward(self, queries: Sequence[np.ndarray], passages: Sequence[np.ndarray]) -> torch.Tensor:
        """Scores of every query with every passage."""
        asked, where = np.unique(np.concatenate(queries), return_inverse=True)
        owner = np.repeat(np.arange(len(queries)), [len(row) for row in queries])
        longest = max(len(row) for row in passages)
        grid = np.stack([np.pad(row, (0, longest - len(row)), mode="edge") for row in passages])
        seen, place = np.unique(grid, return_inverse=True)
        asked_at, seen_at = torch.from_numpy(asked.astype(np.int64)), torch.from_numpy(seen.astype(np.int64))
        cosine = functional.normalize(self.table[asked_at], dim=1) @ functional.normalize(self.table[seen_at], dim=1).T
        best = cosine[:, torch.from_numpy(place.reshape(-1).astype(np.int64))]
        best = best.view(len(asked), len(passages), longest).amax(dim=2)
        weight = self.log_weight[asked_at].exp()
        share = torch.zeros(len(queries), len(asked))
        share.index_put_(
            (torch.from_numpy(owner), torch.from_numpy(where.reshape(-1))), torch.ones(len(owner)), accumulate=True
        )
        share = share * weight[None, :]
        return (share / share.sum(dim=1, keepdim=True)) @ best


def train_late(
    table: torch.Tensor,
    weights: torch.Tensor,
    stages: Sequence[Pairs],
    *,
    epochs: float,
    batch: int,
    rate: float,
    negatives: int,
    seed: int,
    scale: float = 30.0,
    longest_query: int = 48,
    longest_passage: int = 128,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Train piece vectors and weights for late interaction; the same batches and negatives as for the means."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    model = LateInteraction(table, weights)
    groups = [{"params": [model.table], "lr": rate}, {"params": [model.log_weight], "lr": rate * 3}]
    optimiser = torch.optim.Adam(groups, betas=(0.9, 0.99))
    steps = int(epochs * math.ceil(len(stages[0]) / batch))
    queues: list[list[np.ndarray]] = [[] for _ in stages]
    began, shown = time.monotonic(), 0.0
    for step in range(steps):
        factor = min(1.0, (step + 1) / (0.1 * steps + 1)) * max(0.02, 1 - step / steps)
        optimiser.param_groups[0]["lr"], optimiser.param_groups[1]["lr"] = rate * factor, 3 * rate * factor
        loss = torch.zeros(())
        for number, pairs in enumerate(stages):
            if not queues[number]:
                queues[number] = _batches(len(pairs), batch, rng)
            chosen = queues[number].pop()
            chosen = np.array([i for i in chosen if len(pairs.queries[i]) and len(pairs.passages[i])])
            hard = [row for row in _negatives(pairs, chosen, negatives, rng) if len(row)]
            passages = [np.unique(row[:longest_passage]) for row in (*(pairs.passages[i] for i in chosen), *hard)]
            scores = scale * model([pairs.queries[i][:longest_query] for i in chosen], passages)
            group_of = torch.from_numpy(pairs.groups[chosen])
            same = (group_of[:, None] == group_of[None, :]) & ~torch.eye(len(chosen), dtype=torch.bool)
            mask = torch.zeros_like(scores, dtype=torch.bool)
            mask[:, : len(chosen)] = same
            loss = loss + functional.cross_entropy(scores.masked_fill(mask, -1e4), torch.arange(len(chosen)))
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        shown = 0.98 * shown + 0.02 * float(loss.detach()) if step else float(loss.detach())
        if step % 100 == 0 or step == steps - 1:
            print(f"  late step {step + 1}/{steps} loss {shown:.3f} {time.monotonic() - began:.0f} s", flush=True)
    return model.table.detach().clone(), model.log_weight.detach().exp().clone()
