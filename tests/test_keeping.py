"""What a method returned is kept on its object, and only there."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.keeping import kept

MADE: list[tuple[str, int]] = []


@dataclass(frozen=True)
class Doubler:
    name: str

    @kept(2)
    def double(self, number: int) -> int:
        """Twice the number."""
        MADE.append((self.name, number))
        return 2 * number


def test_each_object_keeps_its_own_last_results():
    one, other = Doubler("one"), Doubler("other")
    assert [one.double(3), one.double(3), other.double(3)] == [6, 6, 6]
    assert MADE == [("one", 3), ("other", 3)]
    assert [one.double(number) for number in (4, 5, 3)] == [8, 10, 6]
    assert MADE.count(("one", 3)) == 2  # only the last two are kept
    assert one == Doubler("one")
    assert Doubler.double.__doc__ == "Twice the number."


def test_a_method_of_two_arguments_keeps_results_by_both():
    counted = []

    class Adder:
        @kept(4)
        def add(self, one: int, other: int) -> int:
            counted.append((one, other))
            return one + other

    adder = Adder()
    assert [adder.add(1, 2), adder.add(2, 1), adder.add(1, 2)] == [3, 3, 3]
    assert counted == [(1, 2), (2, 1)]
