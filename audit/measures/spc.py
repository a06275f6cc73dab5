"""Whether something changed, or only varies as it always does: XmR charts by the rules of NHS
England's "Making Data Count", and charts of what lies between rare events.

Limits are 2.66 times the mean moving range from the mean (Wheeler's XmR chart).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import log

from audit.measures.measure import Better

FEWEST = 10  # points without which nothing is said
_LIMITS = 2.66  # 3 / 1.128: three sigma, sigma being the mean moving range over d2
_OUTER = 2 / 3  # the outer third between mean and limit begins here: two sigma
_RUN = 7
_T_POWER = 3.6  # Nelson (1994): a waiting time to this root is nearly normal
_TAIL = 0.00135  # what lies beyond three sigma of a normal distribution, on one side
_EQUAL = 1e-9


class Rule(StrEnum):
    """Why a point is not chance, in words."""

    ASTRONOMICAL = "outside the limits"
    SHIFT = "7 or more in a row on one side of the mean"
    TWO_OF_THREE = "2 of 3 near a limit"
    TREND = "7 in a row rising or falling"


class Change(StrEnum):
    """The icon, in words."""

    BETTER = "getting better"
    WORSE = "getting worse"
    HIGHER = "going up"
    LOWER = "going down"
    SAME = "no change"
    TOO_FEW = "too few to say"


@dataclass(frozen=True, slots=True)
class Signal:
    """That a point is not chance: which rule, and whether it is higher or lower than usual."""

    rule: Rule
    up: bool


@dataclass(frozen=True, slots=True)
class Xmr:
    """A series with its mean and limits. `signals` has one for each value, None for chance."""

    values: tuple[float, ...]
    mean: float
    lower: float
    upper: float
    signals: tuple[Signal | None, ...]

    @property
    def n(self) -> int:
        """How many points."""
        return len(self.values)


def xmr(values: Sequence[float], *, low: float | None = None, high: float | None = None) -> Xmr:
    """The chart of a series from old to new; limits go no further than `low` and `high`.

    Raises ValueError without a value. With one value there is no range: the limits are the mean.
    """
    if not values:
        raise ValueError("A chart needs a value.")
    mean = sum(values) / len(values)
    ranges = [abs(after - before) for before, after in zip(values, values[1:], strict=False)]
    reach = _LIMITS * sum(ranges) / len(ranges) if ranges else 0.0
    lower, upper = mean - reach, mean + reach
    signals = _signals(values, mean, reach)
    return Xmr(
        tuple(values),
        mean,
        lower if low is None else max(lower, low),
        upper if high is None else min(upper, high),
        tuple(signals),
    )


def _signals(values: Sequence[float], mean: float, reach: float) -> list[Signal | None]:
    found: list[Signal | None] = [None] * len(values)
    apart = [value - mean for value in values]
    for rule, hits in (
        (Rule.ASTRONOMICAL, _astronomical(apart, reach)),
        (Rule.SHIFT, _runs([_sign(each) for each in apart], _RUN)),
        (Rule.TWO_OF_THREE, _two_of_three(apart, reach)),
        (Rule.TREND, _trends(values)),
    ):
        for index, sign in enumerate(hits):
            if sign and found[index] is None:
                found[index] = Signal(rule, sign > 0)
    return found


def _sign(value: float) -> int:
    return 0 if abs(value) < _EQUAL else (1 if value > 0 else -1)


def _astronomical(apart: Sequence[float], reach: float) -> list[int]:
    return [_sign(each) if abs(each) > reach + _EQUAL else 0 for each in apart]


def _runs(signs: Sequence[int], length: int) -> list[int]:
    """The sign of every point that is in a run of so many of one sign; 0 elsewhere."""
    hits, start = [0] * len(signs), 0
    for index in range(1, len(signs) + 1):
        if index < len(signs) and signs[index] == signs[start]:
            continue
        if index - start >= length:
            hits[start:index] = [signs[start]] * (index - start)
        start = index
    return hits


def _trends(values: Sequence[float]) -> list[int]:
    """7 points rising are 6 rises; the point they rise from belongs to them."""
    steps = [_sign(after - before) for before, after in zip(values, values[1:], strict=False)]
    hits = [0] * len(values)
    for index, sign in enumerate(_runs(steps, _RUN - 1)):
        if sign:
            hits[index], hits[index + 1] = hits[index] or sign, sign
    return hits


def _two_of_three(apart: Sequence[float], reach: float) -> list[int]:
    near = [_sign(each) if abs(each) > _OUTER * reach + _EQUAL else 0 for each in apart]
    hits = [0] * len(near)
    for start in range(len(near) - 2):
        window = near[start : start + 3]
        for sign in (1, -1):
            if window.count(sign) >= 2:
                for index in range(start, start + 3):
                    hits[index] = sign if near[index] == sign else hits[index]
    return hits


def change(chart: Xmr | None, better: Better) -> Change:
    """What the newest point says."""
    if chart is None or chart.n < FEWEST:
        return Change.TOO_FEW
    signal = chart.signals[-1]
    if signal is None:
        return Change.SAME
    if better is Better.NEITHER:
        return Change.HIGHER if signal.up else Change.LOWER
    return Change.BETTER if signal.up == (better is Better.MORE) else Change.WORSE


def days_between(days: Sequence[float]) -> Xmr:
    """A T chart: days between one rare event and the next, from old to new; more is rarer.

    An XmR chart of the 3.6th root, brought back to days. Raises ValueError without an interval or
    for a negative one.
    """
    if any(each < 0 for each in days):
        raise ValueError("Events must be in order of time.")
    rooted = xmr([each ** (1 / _T_POWER) for each in days], low=0.0)
    return Xmr(
        tuple(float(each) for each in days),
        rooted.mean**_T_POWER,
        rooted.lower**_T_POWER,
        rooted.upper**_T_POWER,
        rooted.signals,
    )


def cases_between(cases: Sequence[int]) -> Xmr:
    """A G chart: how many cases went well between one that did not and the next.

    Limits are those of the geometric distribution with the same mean at three sigma's chances; the
    middle is its median (Provost and Murray). Raises ValueError without a count or for a negative.
    """
    if not cases or any(each < 0 for each in cases):
        raise ValueError("A chart of cases between needs counts from 0.")
    average = sum(cases) / len(cases)
    lower, middle, upper = (_geometric(average, q) for q in (_TAIL, 0.5, 1 - _TAIL))
    apart = [each - middle for each in cases]
    shift = _runs([_sign(each) for each in apart], _RUN)
    signals = [
        Signal(Rule.ASTRONOMICAL, True)
        if value > upper + _EQUAL
        else (Signal(Rule.SHIFT, sign > 0) if sign else None)
        for value, sign in zip(cases, shift, strict=True)
    ]
    return Xmr(tuple(float(each) for each in cases), middle, lower, upper, tuple(signals))


def _geometric(average: float, share: float) -> float:
    """How many good cases there are at most before the next event, in this share of times."""
    if average <= 0:
        return 0.0
    chance = 1 / (average + 1)
    return max(log(1 - share) / log(1 - chance) - 1, 0.0)
