"""Survival by the method of Kaplan and Meier: how many live how long, with some still alive.

Those who were last seen alive count as living up to that day and leave without a step. Formulas:
Kaplan and Meier 1958; Greenwood's variance; confidence limits on the log(-log) scale.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, log, sqrt

Z95 = 1.959964


@dataclass(frozen=True, slots=True)
class Step:
    """At `days`, `deaths` of `at_risk` people died: from then on the share `alive` (0 to 1) live,
    between `low` and `high` with 95 % confidence (None where they cannot be given).
    """

    days: int
    at_risk: int
    deaths: int
    alive: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Curve:
    """`n` people, of whom `deaths` died; `steps` are the days on which somebody did, in order.

    `median` is the first day on which half or fewer live; None when that was not reached.
    """

    n: int
    deaths: int
    steps: tuple[Step, ...]
    median: int | None
    followed_to: int | None  # the last day on which anybody was seen
    _leaving: tuple[tuple[int, int], ...] = ()

    def at_risk(self, days: int) -> int:
        """How many are still followed and alive just before that day."""
        return sum(number for day, number in self._leaving if day >= days)

    @property
    def median_words(self) -> str:
        """The median in words: "120 days", or that it was not reached."""
        if not self.n:
            return "nobody was followed"
        return "not reached" if self.median is None else f"{self.median} days"


def curve(rows: Iterable[tuple[int, bool, int]]) -> Curve:
    """The curve of (days followed, whether they died then, how many); any order, repeats add up.

    ValueError for negative days or numbers.
    """
    died: dict[int, int] = {}
    leaving: dict[int, int] = {}
    for days, dead, number in rows:
        if days < 0 or number < 0:
            raise ValueError("Days and numbers of people are never less than nothing.")
        leaving[days] = leaving.get(days, 0) + number
        if dead:
            died[days] = died.get(days, 0) + number
    leaving = {days: number for days, number in leaving.items() if number}
    n = sum(leaving.values())
    return Curve(
        n=n,
        deaths=sum(died.values()),
        steps=(steps := tuple(_steps(leaving, died, n))),
        median=next((step.days for step in steps if step.alive <= 0.5), None),
        followed_to=max(leaving, default=None),
        _leaving=tuple(sorted(leaving.items())),
    )


def _steps(leaving: dict[int, int], died: dict[int, int], n: int) -> list[Step]:
    steps: list[Step] = []
    at_risk, alive, variance = n, 1.0, 0.0
    for days in sorted(leaving):
        deaths = died.get(days, 0)
        if deaths:
            alive *= (at_risk - deaths) / at_risk
            if at_risk > deaths:
                variance += deaths / (at_risk * (at_risk - deaths))
            steps.append(Step(days, at_risk, deaths, alive, *_limits(alive, variance)))
        at_risk -= leaving[days]
    return steps


def _limits(alive: float, variance: float) -> tuple[float | None, float | None]:
    # Nobody left, or rounding so near to 0 or 1 that the double logarithm has no value.
    if not 1e-12 < alive < 1 - 1e-12:
        return None, None
    spread = Z95 * sqrt(variance) / abs(log(alive))
    return alive ** exp(spread), alive ** exp(-spread)
