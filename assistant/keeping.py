"""What a method returned, kept on its object: for methods whose result depends on nothing but object and argument."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

S = TypeVar("S")
P = ParamSpec("P")
R = TypeVar("R")


def kept(most: int) -> Callable[[Callable[Concatenate[S, P], R]], Callable[Concatenate[S, P], R]]:
    """Keep the results for the last `most` arguments; they are gone with the object. Its class must not have slots."""

    def decorated(method: Callable[Concatenate[S, P], R]) -> Callable[Concatenate[S, P], R]:
        name = f"_kept_{method.__name__}"

        @wraps(method)
        def ask(self: S, /, *arguments: P.args, **named: P.kwargs) -> R:
            held: dict[str, Any] = vars(self)
            results = held.get(name)
            if results is None:  # of two threads that come first, one makes it
                results = held.setdefault(name, lru_cache(maxsize=most)(partial(method, self)))
            found: R = results(*arguments, **named)
            return found

        return ask

    return decorated
