"""Figures of the service itself, from plain facts: cover, incidence (1.1.2, 1.1.7)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from math import exp, lgamma, log, sqrt

from audit.measures.story import elapsed


@dataclass(frozen=True, slots=True)
class CoverShare:
    """How much of a time was covered, in seconds, and the gaps in it, in order."""

    covered_s: int
    total_s: int
    gaps: tuple[tuple[datetime, datetime], ...]

    @property
    def share(self) -> float | None:
        """Covered of the whole, 0 to 1; None of no time at all."""
        return self.covered_s / self.total_s if self.total_s else None

    @property
    def longest_gap_s(self) -> int:
        """The longest gap in seconds; 0 when there is none."""
        return max((elapsed(start, end) for start, end in self.gaps), default=0)


def cover(turns: Iterable[tuple[datetime, datetime]], start: datetime, end: datetime) -> CoverShare:
    """What share of the time from `start` to `end` these turns cover (1.1.7: all of it).

    Turns may overlap and may reach over either end; one that ends before it begins covers nothing.
    Elapsed time: the night the clocks go back has an hour more to cover. ValueError when a time has
    no zone.
    """
    total = max(elapsed(start, end), 0)
    at, until = start.astimezone(UTC), end.astimezone(UTC)
    gaps: list[tuple[datetime, datetime]] = []
    for begins, ends in sorted((_utc(one), _utc(other)) for one, other in turns):
        if ends <= at or begins >= until or ends <= begins:
            continue
        if begins > at:
            gaps.append((at, begins))
        at = ends
    if at < until:
        gaps.append((at, until))
    missing = sum(elapsed(one, other) for one, other in gaps)
    return CoverShare(total - missing, total, tuple(gaps))


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("A turn without a zone covers nobody knows when: give it one.")
    return moment.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Incidence:
    """Cases a year in 100,000 people, with the exact 95 % interval of a Poisson count."""

    cases: int
    rate: float
    low: float
    high: float


def incidence(cases: int, population: int, years: float) -> Incidence | None:
    """New cases per 100,000 a year (1.1.2); None without a population or time.

    The interval is Garwood's (1936): the limits under which as few, or as many, cases have a
    chance of 2.5 %. ValueError when cases are fewer than none.
    """
    if cases < 0:
        raise ValueError("There cannot be fewer cases than none.")
    if population <= 0 or years <= 0:
        return None
    per = 100_000 / (population * years)
    low, high = poisson_limits(cases)
    return Incidence(cases, cases * per, low * per, high * per)


def poisson_limits(count: int, tail: float = 0.025) -> tuple[float, float]:
    """The exact lower and upper limit of a count; `tail` is the chance beyond each."""
    # P(at least `count` | mean) is the regularised gamma function P(count, mean).
    low = 0.0 if count == 0 else _mean_where(lambda mean: _gamma(count, mean), tail, count)
    high = _mean_where(lambda mean: _gamma(count + 1, mean), 1 - tail, count)
    return low, high


def _mean_where(chance: Callable[[float], float], wanted: float, near: int) -> float:
    """The mean at which a chance that grows with it has this value, by halving."""
    low, high = 0.0, near + 10 * sqrt(near + 1) + 10
    for _ in range(100):
        middle = (low + high) / 2
        if chance(middle) < wanted:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _gamma(shape: float, x: float) -> float:
    """The regularised lower incomplete gamma function, by series or by continued fraction."""
    if x <= 0:
        return 0.0
    scale = exp(shape * log(x) - x - lgamma(shape))
    if x < shape + 1:
        term = total = 1 / shape
        step = shape
        while term > total * 1e-15:
            step += 1
            term *= x / step
            total += term
        return total * scale
    return 1 - scale * _fraction(shape, x)


def _fraction(shape: float, x: float) -> float:
    """Lentz's continued fraction of the upper function (Numerical Recipes 6.2)."""
    tiny = 1e-300
    b = x + 1 - shape
    c, d = 1 / tiny, 1 / b
    value = d
    for n in range(1, 100_000):
        a = -n * (n - shape)
        b += 2
        d = 1 / (a * d + b or tiny)
        c = b + a / c or tiny
        value *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return value
