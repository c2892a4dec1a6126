"""The scores that a change must not lose, kept in `eval/conditions.toml`.

Why a file with limits: a figure that is only printed is not defended. `eval` compares each run with the limits of its
question set and ends with exit code 1 on a drop, so a loss is met by whoever causes it. Why TOML: it takes comments,
so each limit can say which run it comes from, and Python reads it without another package.

    [every.at_least]            # holds for every question set
    verbatim_quotes = 1.0

    [sets.sample]               # the question file's name without .jsonl
    questions = 69              # so that a shortened file does not pass unseen
    [sets.sample.at_least]      # names are those of scoring.Figures
    answer_right = 0.0
    [sets.sample.at_most]
    wrong_place_rate = 1.0
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from assistant.errors import SettingsError
from assistant.evaluation.measures import Mean
from assistant.evaluation.scoring import Figures

_FIGURES = frozenset(field.name for field in fields(Figures)) - {"questions"}
# Figures are kept to four places in the file; a limit written that way must not fail by rounding.
_ROUNDING = 0.00005


@dataclass(frozen=True, slots=True)
class Limit:
    """A bound on one figure of `Figures`, from below or from above."""

    figure: str
    bound: float
    at_least: bool


@dataclass(frozen=True, slots=True)
class Conditions:
    """What one question set has to reach; `questions` is how many it must have, where that is laid down."""

    limits: tuple[Limit, ...] = ()
    questions: int | None = None


@dataclass(frozen=True, slots=True)
class SetConditions:
    """The conditions written for one question set."""

    set_name: str
    conditions: Conditions


@dataclass(frozen=True, slots=True)
class ConditionsFile:
    """All conditions: those of every set, and those of named sets."""

    every: Conditions = Conditions()
    sets: tuple[SetConditions, ...] = ()

    def of(self, set_name: str) -> Conditions:
        """The conditions for a question set; its own limit on a figure replaces the general one."""
        own = next((entry.conditions for entry in self.sets if entry.set_name == set_name), Conditions())
        taken = {(limit.figure, limit.at_least) for limit in own.limits}
        general = tuple(limit for limit in self.every.limits if (limit.figure, limit.at_least) not in taken)
        return Conditions(general + own.limits, own.questions)


@dataclass(frozen=True, slots=True)
class Drop:
    """A condition that was not met; `found` is None where the figure has no value."""

    figure: str
    found: float | None
    expected: str

    def __str__(self) -> str:
        return (
            f"{self.figure}：要求 {self.expected}，实得 {'无可计算的题' if self.found is None else f'{self.found:.4g}'}"
        )


def check(figures: Figures, conditions: Conditions) -> tuple[Drop, ...]:
    """The conditions that the figures do not meet.

    A figure without value does not meet a limit: whoever set the limit expected cases to be there.
    """
    drops = []
    if conditions.questions is not None and figures.questions != conditions.questions:
        drops.append(Drop("questions", float(figures.questions), f"= {conditions.questions}"))
    for limit in conditions.limits:
        found = _value(figures, limit.figure)
        if found is None or (found < limit.bound - _ROUNDING if limit.at_least else found > limit.bound + _ROUNDING):
            drops.append(Drop(limit.figure, found, f"{'≥' if limit.at_least else '≤'} {limit.bound:g}"))
    return tuple(drops)


def read_conditions(path: Path) -> ConditionsFile:
    """The conditions of a file.

    Raises:
        SettingsError: it cannot be read, or holds a name that is no figure or a value that is no number.
    """
    try:
        content: dict[str, object] = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"无法读取 {path}：{error.strerror}。请检查路径。") from error
    except ValueError as error:
        raise SettingsError(f"{path.name} 不是合法的 TOML（{error}），无法核对分数。请改正。") from error
    _only(content, {"every", "sets", "registers"}, path.name)  # [registers] is read by registers.py
    sets = _table(content.get("sets", {}), f"{path.name} 的 [sets]")
    return ConditionsFile(
        every=_conditions(content.get("every", {}), f"{path.name} 的 [every]"),
        sets=tuple(
            SetConditions(name, _conditions(value, f"{path.name} 的 [sets.{name}]")) for name, value in sets.items()
        ),
    )


def _conditions(value: object, where: str) -> Conditions:
    table = _table(value, where)
    _only(table, {"questions", "at_least", "at_most"}, where)
    questions = table.get("questions")
    if questions is not None and (not isinstance(questions, int) or isinstance(questions, bool)):
        raise SettingsError(f"{where}：questions 应为整数。请改正。")
    limits = (
        Limit(figure, _number(bound, f"{where} {figure}"), side == "at_least")
        for side in ("at_least", "at_most")
        for figure, bound in _limits(table.get(side, {}), f"{where} {side}").items()
    )
    return Conditions(tuple(limits), questions)


def _limits(value: object, where: str) -> Mapping[str, object]:
    table = _table(value, where)
    _only(table, _FIGURES, where)
    return table


def _table(value: object, where: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise SettingsError(f"{where}应为一张表。请改正。")
    return value


def _number(value: object, where: str) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise SettingsError(f"{where} 应为数字。请改正。")
    return float(value)


def _only(table: Mapping[str, object], known: set[str] | frozenset[str], where: str) -> None:
    unknown = sorted(table.keys() - known)
    if unknown:
        raise SettingsError(f"{where} 里有不认识的“{'、'.join(unknown)}”。可用的有：{'、'.join(sorted(known))}。")


def _value(figures: Figures, name: str) -> float | None:
    found = getattr(figures, name)
    return found.value if isinstance(found, Mean) else found
