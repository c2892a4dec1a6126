"""Search over hand-made rankings: scope before ranking, the discount per level, the seats."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.model import Hit, Scope
from assistant.retrieval.retrievers import Query
from assistant.retrieval.search import TIER_DISCOUNT, Searcher, seat
from assistant.retrieval.weights import LEXICAL_FLOORS

DISTRICT, CITY, PROVINCE = frozenset({"440105"}), frozenset({"440100"}), frozenset({"440000"})
QUERY = Query("首席技师", ("首席技师",))


class Scripted:
    """A retriever with one ranking per place; remembers what it was asked."""

    def __init__(self, **by_place: list[tuple[str, float]]) -> None:
        self.by_place = {place.removeprefix("p"): hits for place, hits in by_place.items()}
        self.asked: list[tuple[Scope, int]] = []

    def retrieve(self, query, scope, k):
        self.asked.append((scope, k))
        assert query is QUERY
        hits = [hit for tier in scope.tiers for place in tier for hit in self.by_place.get(place, [])]
        return tuple(Hit(chunk_id, score) for chunk_id, score in hits)


def ids(ranking):
    return [hit.chunk_id for hit in ranking]


def test_each_level_up_counts_less():
    retriever = Scripted(p440105=[("d", 10.0)], p440100=[("c", 11.0)], p440000=[("p", 13.0)])
    found = Searcher(retriever, LEXICAL_FLOORS).search(QUERY, Scope((DISTRICT, CITY, PROVINCE)))
    scores = {hit.chunk_id: hit.score for hit in found.kept}
    assert scores == {
        "d": 10.0,
        "c": pytest.approx(11.0 * TIER_DISCOUNT),  # 9.35: the district's own clause comes first
        "p": pytest.approx(13.0 * TIER_DISCOUNT**2),  # 9.39
    }
    assert ids(found.kept) == ["d", "p", "c"]


def test_every_tier_is_asked_for_itself_alone():
    retriever = Scripted(p440105=[("d", 1.0)])
    scope = Scope((DISTRICT, PROVINCE), "440105", True, frozenset({"haizhu"}))
    Searcher(retriever, LEXICAL_FLOORS).search(QUERY, scope, k=12)
    assert retriever.asked == [
        (Scope((DISTRICT,), "440105", True, frozenset({"haizhu"})), 24),  # as many as are kept, and as many rejected
        (Scope((PROVINCE,), "440105", True, frozenset({"haizhu"})), 24),
    ]


class CutOff(Scripted):
    """Gives no more than it is asked for."""

    def retrieve(self, query, scope, k):
        return super().retrieve(query, scope, k)[:k]


TIER = st.lists(st.integers(1, 9), max_size=30).map(lambda scores: sorted(map(float, scores), reverse=True))


@given(TIER, TIER, st.integers(1, 12))
def test_hits_beyond_those_asked_for_change_nothing(own, above, k):
    held = {
        "p440105": [(f"d{i}", s) for i, s in enumerate(own)],
        "p440000": [(f"p{i}", s) for i, s in enumerate(above)],
    }
    scope = Scope((DISTRICT, PROVINCE))
    one, other = (Searcher(kind(**held), LEXICAL_FLOORS).search(QUERY, scope, k) for kind in (CutOff, Scripted))
    assert (one.kept, one.rejected) == (other.kept, other.rejected)


def test_an_empty_scope_asks_nobody():
    retriever = Scripted(p440105=[("d", 1.0)])
    found = Searcher(retriever, LEXICAL_FLOORS).search(QUERY, Scope(()))
    assert (found.kept, found.rejected, retriever.asked) == ((), (), [])


def test_a_long_provincial_text_cannot_crowd_the_district_out():
    province = [(f"p{i}", 100.0 - i) for i in range(30)]
    found = Searcher(Scripted(p440105=[("d", 2.0)], p440000=province), LEXICAL_FLOORS).search(
        QUERY, Scope((DISTRICT, PROVINCE)), k=5
    )
    assert ids(found.kept) == ["p0", "p1", "d", "p2", "p3"]


def test_what_is_set_aside_is_told():
    province = [(f"p{i}", 100.0 - i) for i in range(4)]
    found = Searcher(Scripted(p440000=province), LEXICAL_FLOORS).search(QUERY, Scope((PROVINCE,)), k=3)
    assert (ids(found.kept), ids(found.rejected)) == (["p0", "p1", "p2"], ["p3"])
    assert [timing.stage for timing in found.timings] == ["retrieve", "merge"]


SEATS = [
    # nearest first; k; what is kept
    ([["d9"], ["c8"], ["p7"]], 3, ["d9", "c8", "p7"]),  # already seated
    ([["d1"], ["c9", "c8", "c7"]], 4, ["c9", "c8", "d1", "c7"]),  # the nearest is never below third
    ([["d9", "d8", "d7", "d6"], ["p1"]], 3, ["d9", "d8", "p1"]),  # the furthest has the last seat
    ([["d9", "d8", "d7"], ["c2"], ["p1"]], 3, ["d9", "c2", "p1"]),  # one seat each
    ([["d1"], ["c1"], ["p3", "p2"]], 3, ["p3", "d1", "c1"]),  # a later seat does not push an earlier one out
    ([[], ["c9", "c8", "c7", "c6"]], 3, ["c9", "c8", "c7"]),  # a tier without hits has no seat
    ([["d9"]], 5, ["d9"]),  # fewer than asked for
    ([[], []], 3, []),
    ([["d1"], ["c9"]], 1, ["c9"]),  # fewer places than tiers: the score decides
]


@pytest.mark.parametrize(("tiers", "k", "kept"), SEATS)
def test_seats(tiers, k, kept):
    rankings = [tuple(Hit(name, float(name[1:])) for name in tier) for tier in tiers]
    assert ids(seat(rankings, k)) == kept


rankings = st.lists(st.lists(st.integers(1, 99), max_size=8), min_size=1, max_size=3)


@given(rankings, st.integers(3, 6))
def test_seating_keeps_k_of_the_hits_and_the_nearest_among_the_first_three(scores, k):
    tiers = [
        tuple(Hit(f"{level}-{n}", float(score)) for n, score in enumerate(sorted(tier, reverse=True)))
        for level, tier in enumerate(scores)
    ]
    every = [hit for tier in tiers for hit in tier]
    kept = seat(tiers, k)
    assert len(kept) == min(k, len(every))
    assert set(kept) <= set(every)
    assert len(set(kept)) == len(kept)
    assert all(tier[0] in kept for tier in tiers if tier)
    filled = [tier for tier in tiers if tier]
    if filled:
        assert filled[0][0] in kept[:3]
