"""Whether a hospital differs from the others by more than chance: exact binomial limits.

After Spiegelhalter (2005), "Funnel plots for comparing institutional performance": the limits are
interpolated quantiles of the binomial distribution with the share of all together. The upper ones
are counted from above, so that "this many or more" is as unlikely there as "this few or fewer" is
below.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from math import exp, lgamma, log, sqrt

# Two-sided: 1 in 40 lies beyond each of the inner limits by chance, 1 in 1,000 beyond the outer.
INNER, OUTER = 0.025, 0.001
# Where the sum of the distribution begins: so many standard deviations out nothing is left of it.
_REACH = 8


class Standing(StrEnum):
    """Where one lies, in words."""

    WITHIN = "within what chance does"
    HIGH = "higher than 95% limits"
    LOW = "lower than 95% limits"
    VERY_HIGH = "higher than 99.8% limits"
    VERY_LOW = "lower than 99.8% limits"


@dataclass(frozen=True, slots=True)
class Limits:
    """Shares between 0 and 1 for one number of cases."""

    n: int
    low_998: float
    low_95: float
    high_95: float
    high_998: float


def limits(n: int, share: float) -> Limits:
    """The limits for `n` cases when `share` (0 to 1) of all were met.

    Raises ValueError for fewer than one case or a share that is none.
    """
    if n < 1 or not 0 <= share <= 1:
        raise ValueError("Limits need a case and a share from 0 to 1.")
    low_998, low_95 = (quantile(n, share, tail) for tail in (OUTER, INNER))
    high_998, high_95 = (1 - quantile(n, 1 - share, tail) for tail in (OUTER, INNER))
    return Limits(n, low_998, low_95, high_95, high_998)


def standing(met: int, n: int, share: float) -> Standing:
    """Where `met` of `n` lies among all, of whom `share` were met."""
    found, own = limits(n, share), met / n
    if own > found.high_998:
        return Standing.VERY_HIGH
    if own < found.low_998:
        return Standing.VERY_LOW
    if own > found.high_95:
        return Standing.HIGH
    return Standing.LOW if own < found.low_95 else Standing.WITHIN


def quantile(n: int, share: float, tail: float) -> float:
    """The share below which `tail` (0 to 1) of the distribution lies, between two counts by line.

    With r the smallest count whose cumulative chance F(r) reaches the tail, it is
    (r - (F(r) - tail) / (F(r) - F(r - 1))) / n, kept within 0 and 1.
    """
    if share in (0.0, 1.0):
        return share
    below = 0.0
    count = 0
    for count, chance in _chances(n, share):
        if below + chance >= tail:
            part = (below + chance - tail) / chance
            return min(max((count - part) / n, 0.0), 1.0)
        below += chance
    return count / n


def _chances(n: int, share: float) -> Iterator[tuple[int, float]]:
    """Each count with its binomial chance, upwards."""
    spread = sqrt(n * share * (1 - share))
    first = max(int(n * share - _REACH * spread) - 1, 0)
    last = min(int(n * share + _REACH * spread) + 1, n)
    ways = lgamma(n + 1) - lgamma(first + 1) - lgamma(n - first + 1)
    chance = exp(ways + first * log(share) + (n - first) * log(1 - share))
    odds = share / (1 - share)
    for count in range(first, last + 1):
        yield count, chance
        # Each from the one before: a chart asks for thousands of them.
        chance *= odds * (n - count) / (count + 1)
